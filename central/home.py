"""The folder that central lives in: database, scans, master key, demo mark."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from central.clock import Clock, DemoClock, SystemClock, demo_start
from ebp_desktop.crypto.keys import random_key
from ebp_desktop.domain.errors import SurroundingsError

HOME_VARIABLE = "EBP_CENTRAL_HOME"


@dataclass(frozen=True, slots=True)
class CentralHome:
    """Paths below one folder; nothing else of central writes outside it."""

    root: Path

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.root / "central.db"

    @property
    def blobs(self) -> Path:
        """The folder of scans."""
        return self.root / "blobs"

    @property
    def master_key_file(self) -> Path:
        """The key that seals private keys and second factors at rest; 0600."""
        return self.root / "master.key"

    @property
    def demo_mark(self) -> Path:
        """Its presence makes the home a demo."""
        return self.root / "demo"

    @property
    def demo_clock(self) -> Path:
        """The moment that a demo is set to."""
        return self.root / "demo-clock"

    @property
    def running(self) -> Path:
        """Where a serving process says its address and id."""
        return self.root / "serve.json"

    @property
    def lock(self) -> Path:
        """Held by the one embedded serving process."""
        return self.root / "serve.lock"

    @property
    def is_demo(self) -> bool:
        """Whether the home was made by ``demo-data``."""
        return self.demo_mark.exists()

    def prepare(self) -> None:
        """Make the folder, for its owner alone; raises SurroundingsError ``home_unusable``."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SurroundingsError(
                "home_unusable", f"无法使用数据目录：{error.strerror}", todo="检查 --home 的路径和权限。"
            ) from error

    def master_key(self) -> bytes:
        """The 32-byte master key, made at first use."""
        try:
            return self.master_key_file.read_bytes()
        except FileNotFoundError:
            return self._make_master_key()

    def _make_master_key(self) -> bytes:
        fresh = self.master_key_file.with_suffix(f".{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(random_key())
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails when another process was first; both then read the same key.
            os.link(fresh, self.master_key_file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return self.master_key_file.read_bytes()

    def clock(self) -> Clock:
        """A settable clock in a demo home, the machine's clock anywhere else."""
        return DemoClock(self.demo_clock, demo_start()) if self.is_demo else SystemClock()


def find_home(named: str | None) -> CentralHome:
    """The home named in the call, else EBP_CENTRAL_HOME, else the platform's data folder."""
    chosen = named or os.environ.get(HOME_VARIABLE) or ""
    return CentralHome(Path(chosen).expanduser().resolve() if chosen else _platform_folder() / "ebp-central")


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", "C:/ProgramData"))
    base = os.environ.get("XDG_DATA_HOME", "")
    return Path(base) if base else Path.home() / ".local" / "share"
