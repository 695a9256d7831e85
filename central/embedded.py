"""The embedded central: one serving process a home, found again by whoever starts it a second time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from central.file_locks import lock_file
from central.home import CentralHome


@dataclass(frozen=True, slots=True)
class Address:
    """What ``serve --json`` says in its one line."""

    url: str
    pid: int
    ca: str | None = None

    def line(self) -> str:
        """The line."""
        return json.dumps(asdict(self))


@contextmanager
def serving_lock(home: CentralHome) -> Iterator[bool]:
    """Hold the home's lock while serving; False when another process has it. The system frees it at any death."""
    handle = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield lock_file(handle, wait=False)
    finally:
        os.close(handle)


def announce(home: CentralHome, address: Address) -> None:
    """Leave the address for those who come second."""
    fresh = home.running.with_suffix(".new")
    fresh.write_text(address.line(), encoding="utf-8")
    fresh.replace(home.running)


def withdraw(home: CentralHome) -> None:
    """Take the address away when serving ends."""
    home.running.unlink(missing_ok=True)


def running_address(home: CentralHome) -> Address | None:
    """Where the other process serves, or None while it has not said so."""
    return _read(home.running)


def _read(path: Path) -> Address | None:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Address(url=str(fields["url"]), pid=int(fields["pid"]), ca=fields.get("ca"))
    except (FileNotFoundError, ValueError, KeyError):
        return None
