"""Files that must still be there after a power cut: write beside, flush, rename, flush the folder.

Windows cannot flush a folder and does not rename over an open file; the first is skipped there (NTFS journals the
rename), the second surfaces as OSError like any other.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ebp_desktop.domain.errors import SurroundingsError

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TEMPORARY_SUFFIX = ".part"


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter, with its parents; return it."""
    path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def flush_folder(path: Path) -> None:
    """Make renames inside a folder durable."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_private(path: Path) -> BinaryIO:
    """Open a new file for writing that only its owner can read; raises FileExistsError when it is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _PRIVATE_FILE)
    return os.fdopen(handle, "wb")


@contextmanager
def durable_file(target: Path) -> Iterator[BinaryIO]:
    """Give a temporary file that becomes ``target`` when the block ends well, and is removed otherwise.

    Raises SurroundingsError ``disk_full`` when the bytes do not fit; ``target`` is then what it was before.
    """
    beside = target.with_name(f"{target.name}.{uuid4().hex[:8]}{TEMPORARY_SUFFIX}")
    try:
        with open_private(beside) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, target)  # noqa: PTH105  # named for what it does: atomic, over an old file too
        flush_folder(target.parent)
    except OSError as error:
        _remove(beside)
        raise said(error) from error
    except BaseException:
        _remove(beside)
        raise


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def write_durably(target: Path, data: bytes) -> None:
    """Replace a file's content as one step; raises as ``durable_file``."""
    with durable_file(target) as out:
        out.write(data)


def move_durably(source: Path, target: Path) -> None:
    """Rename within one volume and make it durable in both folders."""
    os.replace(source, target)  # noqa: PTH105
    flush_folder(target.parent)
    if source.parent != target.parent:
        flush_folder(source.parent)


def erase(path: Path) -> None:
    """Overwrite a file with zeros, then remove it; the best a file system offers, the seal is the real protection."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as out:
            left = path.stat().st_size
            while left > 0:
                left -= out.write(b"\x00" * min(left, 1 << 20))
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
        flush_folder(path.parent)


def is_full(error: OSError) -> bool:
    """Tell whether an operation failed for want of space."""
    return error.errno in _FULL


def said(error: OSError) -> SurroundingsError:
    """Return an operating system's failure in the clerk's words."""
    if is_full(error):
        return disk_full()
    return SurroundingsError(
        "file_failed",
        "本机磁盘读写失败。",
        place=str(error.filename or ""),
        safe="已登记的内容没有丢失。",
        todo="请检查磁盘后重试；仍不行请联系系统管理员。",
    )


def disk_full() -> SurroundingsError:
    """Return the one wording for a full disk."""
    return SurroundingsError(
        "disk_full",
        "磁盘空间不足，本次操作没有保存。",
        safe="此前已登记的内容都已保存，没有丢失。",
        todo="请清理磁盘空间后重新操作。",
    )
