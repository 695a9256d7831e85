"""Fetching scans and licence files: resumed where the last attempt ended, believed only by their digest."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from sync.failures import Failure, FailureKind, LinkError
from sync.ports import CentralLink

_PIECE = 1 << 20


def download(link: CentralLink, sha256: str, size: int, target: BinaryIO) -> None:
    """Completes ``target`` (readable, writable, seekable; it may hold the beginning already) to the whole file.

    Raises LinkError: when the line broke, what came so far stays in ``target`` and the next call goes on from there;
    when the whole does not have the digest, ``target`` is emptied.
    """
    digest = hashlib.sha256()
    target.seek(0)
    while piece := target.read(_PIECE):
        digest.update(piece)
    offset = target.tell()
    if offset < size:
        for part in link.read_blob(sha256, offset):
            target.write(part)
            digest.update(part)
            offset += len(part)
            if offset > size:
                break
    if 0 <= offset < size:
        raise LinkError(Failure(kind=FailureKind.UNREACHABLE, message="文件没有传完，稍后从断点继续。"))
    if offset != size or digest.hexdigest() != sha256:
        target.seek(0)
        target.truncate()
        raise LinkError(Failure(kind=FailureKind.GARBAGE, message="收到的文件与其摘要不符，已丢弃。"))
