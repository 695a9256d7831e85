"""Scan-to-folder devices: tells which files of a shared folder have come to rest and may be imported."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path

from ebp_desktop.domain.errors import SurroundingsError

SETTLE_SECONDS = 2.0
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(slots=True)
class FolderWatch:
    """One watched folder; nothing in it is ever moved or deleted, the device's own copy stays.

    ``taken`` are files that were handed out already, by name, size and time: the same name with new content is new.
    """

    folder: Path
    settle_seconds: float = SETTLE_SECONDS
    taken: set[tuple[str, int, int]] = field(default_factory=set)
    _resting: dict[tuple[str, int, int], float] = field(default_factory=dict)

    def poll(self, now: float) -> tuple[Path, ...]:
        """Files that have not changed for the settling time, oldest first; ``now`` is a monotonic clock in seconds.

        Raises SurroundingsError ``folder_unreachable`` where the share is gone; the next poll may find it again.
        """
        present = self._present()
        self._resting = {mark: self._resting.get(mark, now) for mark in present}
        ready = [
            mark
            for mark, since in self._resting.items()
            if mark not in self.taken and now - since >= self.settle_seconds
        ]
        self.taken.update(ready)
        return tuple(self.folder / name for name, _, _ in sorted(ready, key=lambda mark: (mark[2], mark[0])))

    def _present(self) -> list[tuple[str, int, int]]:
        """Plain, visible files with size and time."""
        marks = []
        try:
            for path in self.folder.iterdir():
                if path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED:
                    continue
                found = path.lstat()
                if stat.S_ISREG(found.st_mode) and found.st_size:
                    marks.append((path.name, found.st_size, found.st_mtime_ns))
        except OSError as error:
            raise SurroundingsError(
                "folder_unreachable",
                "扫描共享文件夹打不开",
                place=str(self.folder),
                safe="已取走的文件不受影响",
                todo="请检查网络和共享权限",
            ) from error
        return marks
