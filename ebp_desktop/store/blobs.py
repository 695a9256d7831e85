"""Scans on this machine: sealed files, named by the digest of what they hold, one folder per case key.

Destroying a case key destroys its folder's scans (rule 10); the same page in two cases is kept twice on purpose.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.frames import FRAME_BYTES, SealedWriter, only, open_frames, rewrap_stream
from ebp_desktop.crypto.keys import SealingKey
from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from ebp_desktop.store.platform_files import (
    durable_file,
    erase,
    flush_folder,
    move_durably,
    private_folder,
    said,
)
from ebp_desktop.store.space import SpaceGuard


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What a stored scan is: hex SHA-256 of its plaintext and its size in bytes."""

    digest: str
    size: int


class LocalBlobStore:
    """A folder of sealed scans; a scan is there whole and durable, or not at all."""

    __slots__ = ("_guard", "_root")

    def __init__(self, root: Path, guard: SpaceGuard) -> None:
        self._root = private_folder(root)
        self._guard = guard

    def put(self, source: BinaryIO, key: SealingKey) -> StoredBlob:
        """Seal ``source`` to its end; flat memory; the same bytes again are kept once.

        Raises SurroundingsError ``disk_full`` before the last page fits, with nothing left behind.
        """
        digest, size = hashlib.sha256(), 0
        self._guard.require(_size_ahead(source))
        incoming = self._incoming(key.key_id)
        with durable_file(incoming) as out, SealedWriter(out, key) as sealed:
            while chunk := source.read(FRAME_BYTES):
                digest.update(chunk)
                size += sealed.write(chunk)
        return self._settle(incoming, key, StoredBlob(digest.hexdigest(), size))

    def put_bytes(self, data: bytes, key: SealingKey) -> StoredBlob:
        """Seal a page that is in memory; as ``put``."""
        return self.put(io.BytesIO(data), key)

    def adopt(self, spooled: Path, batch: SealingKey, key: SealingKey) -> StoredBlob:
        """Take over a file that the scanner's child sealed under its batch key; the spooled file is removed.

        Raises SurroundingsError ``scan_damaged`` when it is not whole.
        """
        incoming = self._incoming(key.key_id)
        try:
            with spooled.open("rb") as source:
                self._guard.require(spooled.stat().st_size)
                with durable_file(incoming) as out:
                    rewrap_stream(source, out, only(batch), key)
            blob = _measure(incoming, key)
        except OSError as error:
            raise said(error) from error
        except CryptoError as error:
            incoming.unlink(missing_ok=True)
            raise _damaged(spooled.name) from error
        stored = self._settle(incoming, key, blob)
        spooled.unlink(missing_ok=True)
        return stored

    def _settle(self, incoming: Path, key: SealingKey, blob: StoredBlob) -> StoredBlob:
        target = self._path(blob.digest, key.key_id)
        if not target.parent.exists():
            private_folder(target.parent)
            flush_folder(target.parent.parent)
        if target.exists() and self.is_whole(blob.digest, key):
            incoming.unlink()
        else:
            move_durably(incoming, target)
        return blob

    def chunks(self, digest: str, key: SealingKey) -> Iterator[bytes]:
        """Yield a scan's bytes, at most 1 MiB at a time; raises ``scan_missing`` or ``scan_damaged``."""
        try:
            with self._path(digest, key.key_id).open("rb") as source:
                yield from open_frames(source, only(key))
        except FileNotFoundError as error:
            raise _missing(digest) from error
        except CryptoError as error:
            raise _damaged(digest) from error
        except OSError as error:
            raise said(error) from error

    def read(self, digest: str, key: SealingKey) -> bytes:
        """Return a scan's bytes, checked against its name; raises as ``chunks``."""
        data = b"".join(self.chunks(digest, key))
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(digest)
        return data

    def read_range(self, digest: str, key: SealingKey, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``, for a resumed upload; raises as ``chunks``."""
        taken, place, end = bytearray(), 0, offset + length
        for chunk in self.chunks(digest, key):
            taken += chunk[max(0, offset - place) : max(0, end - place)]
            place += len(chunk)
            if place >= end:
                break
        return bytes(taken)

    def is_whole(self, digest: str, key: SealingKey) -> bool:
        """Read a scan to its end and tell whether it is what its name says; False also when it is not there."""
        try:
            return _measure(self._path(digest, key.key_id), key).digest == digest
        except (CryptoError, OSError):
            return False

    def has(self, digest: str, key_id: str) -> bool:
        """Tell whether a file of that name is there; ``is_whole`` tells whether it is good."""
        return self._path(digest, key_id).exists()

    def sealed_path(self, digest: str, key_id: str) -> Path:
        """Return the sealed file, for a backup that copies it as it is; raises ``scan_missing``."""
        path = self._path(digest, key_id)
        if not path.exists():
            raise _missing(digest)
        return path

    def place(self, sealed: BinaryIO, digest: str, key_id: str) -> None:
        """Put back a sealed file that a backup held."""
        incoming = self._incoming(key_id)
        with durable_file(incoming) as out:
            shutil.copyfileobj(sealed, out, FRAME_BYTES)
        target = self._path(digest, key_id)
        private_folder(target.parent)
        move_durably(incoming, target)

    def remove(self, digest: str, key_id: str) -> None:
        """Remove one scan; harmless when it is gone."""
        erase(self._path(digest, key_id))

    def remove_all(self, key_id: str) -> None:
        """Remove every scan under a destroyed key, and the folder's name with it."""
        folder = self._root / _name(key_id)
        if not folder.exists():
            return
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            erase(path)
        shutil.rmtree(folder)
        flush_folder(self._root)

    def sweep(self, untouched_seconds: float = 3600) -> int:
        """Remove what a crash left half-written; return how many files that were.

        Another process may be writing right now, so only files that nobody touched for a while are taken.
        """
        before = time.time() - untouched_seconds
        stale = [path for path in self._root.glob("*/incoming-*") if path.stat().st_mtime <= before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _incoming(self, key_id: str) -> Path:
        folder = self._root / _name(key_id)
        if not folder.exists():
            private_folder(folder)
            flush_folder(self._root)
        return folder / f"incoming-{uuid4().hex}"

    def _path(self, digest: str, key_id: str) -> Path:
        name = _name(digest)
        return self._root / _name(key_id) / name[:2] / name


def _name(text: str) -> str:
    """Refuse anything that is not a plain name: a digest from outside must not climb out of the folder."""
    if not text or not text.replace("-", "").isalnum() or not text.isascii():
        raise BadInputError("bad_digest", "文件摘要格式不正确。", place=text[:80])
    return text


def _size_ahead(source: BinaryIO) -> int:
    if not source.seekable():
        return 0
    here = source.tell()
    size = source.seek(0, io.SEEK_END) - here
    source.seek(here)
    return size


def _measure(path: Path, key: SealingKey) -> StoredBlob:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        for chunk in open_frames(source, only(key)):
            digest.update(chunk)
            size += len(chunk)
    return StoredBlob(digest.hexdigest(), size)


def _missing(digest: str) -> SurroundingsError:
    return SurroundingsError(
        "scan_missing",
        "扫描件不在本机。",
        place=digest,
        safe="登记信息不受影响。",
        todo="请重新扫描该页，或待同步后取回。",
    )


def _damaged(place: str) -> SurroundingsError:
    return SurroundingsError(
        "scan_damaged", "扫描件已损坏，不能使用。", place=place, safe="登记信息不受影响。", todo="请重新扫描该页。"
    )
