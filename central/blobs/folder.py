"""Scans in a local folder: partial files grow only behind a durable offset and become whole by digest and rename."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from central.file_locks import lock_file
from ebp_desktop.crypto.canonical import digest_file
from ebp_desktop.domain.errors import SurroundingsError

CHUNK: Final = 1 << 20
_STRIPES: Final = 64


class FolderBlobs:
    """Whole scans lie in ``aa/DIGEST``, unfinished ones in ``partial/DIGEST``; nothing is served that is not whole."""

    __slots__ = ("_stripes", "root")

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stripes = tuple(threading.Lock() for _ in range(_STRIPES))

    @contextmanager
    def exclusive(self, sha256: str) -> Iterator[None]:
        """Hold a scan against every other upload of it, in this process and in others on the same folder."""
        name = sha256[:2]
        try:
            lock_folder = self.root / "locks"
            lock_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(lock_folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _failed(error) from error
        try:
            with self._stripes[int(name, 16) % _STRIPES]:
                lock_file(handle, wait=True)
                yield
        finally:
            os.close(handle)

    def path(self, sha256: str) -> Path:
        """Where the whole scan lies."""
        return self.root / sha256[:2] / sha256

    def partial(self, sha256: str) -> Path:
        """Where an unfinished one grows."""
        return self.root / "partial" / sha256

    def is_whole(self, sha256: str) -> bool:
        """Whether the scan is there and was verified."""
        return self.path(sha256).exists()

    def append(self, sha256: str, offset: int, data: bytes) -> int:
        """Write ``data`` at the durable ``offset``, cutting off whatever an earlier crash left behind it, and sync.

        Returns the new end of the file; raises SurroundingsError ``blob_store_failed``.
        """
        target = self.partial(sha256)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(target, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.ftruncate(handle, offset)
                _write_all(handle, offset, data)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise _failed(error) from error
        return offset + len(data)

    def finish(self, sha256: str) -> bool:
        """Verify the digest over the whole file and give it its name; a wrong one is thrown away and False returned."""
        if self.is_whole(sha256):
            return True
        target = self.partial(sha256)
        try:
            found, _ = digest_file(target)
            if found != sha256:
                target.unlink()
                return False
            whole = self.path(sha256)
            whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.replace(whole)
            _sync_folder(whole.parent)
            _sync_folder(self.root)
        except OSError as error:
            raise _failed(error) from error
        return True

    def read(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` up to, not including, ``end``, in pieces; raises SurroundingsError."""
        try:
            with self.path(sha256).open("rb") as source:
                source.seek(start)
                left = end - start
                while left > 0 and (piece := source.read(min(CHUNK, left))):
                    left -= len(piece)
                    yield piece
        except OSError as error:
            raise _failed(error) from error

    def digest(self, sha256: str) -> tuple[str, int]:
        """Digest and size of what really lies there; raises SurroundingsError."""
        try:
            return digest_file(self.path(sha256))
        except OSError as error:
            raise _failed(error) from error

    def remove(self, sha256: str) -> None:
        """Delete a scan, whole or not."""
        self.path(sha256).unlink(missing_ok=True)
        self.partial(sha256).unlink(missing_ok=True)


def _write_all(handle: int, offset: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(handle, rest, offset)
        rest, offset = rest[written:], offset + written


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(error: OSError) -> SurroundingsError:
    return SurroundingsError(
        "blob_store_failed",
        f"扫描件存储失败：{error.strerror}",
        safe="已确认收到的部分不受影响。",
        todo="检查中心端磁盘空间和权限后自动续传。",
    )
