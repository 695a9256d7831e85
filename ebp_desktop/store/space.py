"""Room on the disk: a guard that speaks before the last page fits, and a ballast that can be let go."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.platform_files import disk_full, flush_folder, open_private, private_folder, said

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class SpaceGuard:
    """Refuses new scans and registrations while less than ``reserve`` bytes would stay free in ``folder``.

    A full disk lets not even a DELETE through, so a ballast file of ``ballast`` bytes lies beside the database and is
    let go when the disk did fill up: enough for the outbox to drain and the clerk to tidy up.
    """

    folder: Path
    reserve: int = 128 * MEBIBYTE
    ballast: int = 64 * MEBIBYTE

    @property
    def _ballast_file(self) -> Path:
        return self.folder / "ballast"

    def free(self) -> int:
        """Return the free bytes of the volume."""
        return shutil.disk_usage(self.folder).free

    def require(self, size: int) -> None:
        """Raise SurroundingsError ``disk_full`` when ``size`` more bytes would eat into the reserve."""
        if self.free() < self.reserve + size:
            raise disk_full()

    def is_low(self) -> bool:
        """Tell whether the screen should warn: less than twice the reserve is free."""
        return self.free() < 2 * self.reserve

    def lay_ballast(self) -> bool:
        """Make the ballast file if there is room for it and the reserve; return whether it lies there."""
        path = self._ballast_file
        if path.exists() and path.stat().st_size == self.ballast:
            return True
        if self.free() < self.reserve + self.ballast:
            return False
        path.unlink(missing_ok=True)
        try:
            _fill(path, self.ballast)
        except SurroundingsError:
            path.unlink(missing_ok=True)
            return False
        return True

    def drop_ballast(self) -> bool:
        """Let the ballast go; return whether that freed anything."""
        path = self._ballast_file
        if not path.exists():
            return False
        path.unlink()
        flush_folder(self.folder)
        return True


def _fill(path: Path, size: int) -> None:
    private_folder(path.parent)
    try:
        with open_private(path) as out:
            left = size
            while left > 0:
                left -= out.write(os.urandom(min(left, MEBIBYTE)))
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise said(error) from error
