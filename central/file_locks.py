"""Advisory locks on open files, which the system frees at any death of their holder."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def lock_file(handle: int, *, wait: bool) -> bool:
        """Lock the first byte; False when another process has it and ``wait`` is off."""
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock_file(handle: int, *, wait: bool) -> bool:
        """Lock the whole file; False when another process has it and ``wait`` is off."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
