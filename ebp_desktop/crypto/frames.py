"""Sealed files: AES-256-GCM in 1 MiB frames that can be written and read in flat memory.

A file starts with a head: magic, algorithm, the name of the key that wraps the file's own random key, that wrapped
key, and a nonce prefix. Each frame's nonce is prefix + counter + last-frame flag (the STREAM construction), so a
file that was cut, extended or reordered does not open. Destroying the named key destroys every file under it.
The wrapped key is not bound to the frames: a file can change hands from one key to another without re-sealing.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ebp_desktop.crypto.errors import DamagedSealError, UnknownAlgorithmError, WrongKeyError
from ebp_desktop.crypto.keys import SealingKey, random_key, unwrap_key, wrap_key

FRAME_BYTES = 1 << 20
TAG_BYTES = 16
_MAGIC = b"EBPF"
_VERSION = 1
_AES_256_GCM = 1
_FIXED = struct.Struct(">4sBB7sBB")
_NONCE_TAIL = struct.Struct(">IB")
_MAX_FRAMES = 2**32 - 1

KeyFinder: TypeAlias = Callable[[str], SealingKey | None]


@dataclass(frozen=True, slots=True)
class SealHead:
    """The clear head of a sealed file."""

    key_id: str
    nonce_prefix: bytes
    wrapped_key: bytes

    def to_bytes(self) -> bytes:
        """Return the head as it is written."""
        name = self.key_id.encode("utf-8")
        fixed = _FIXED.pack(_MAGIC, _VERSION, _AES_256_GCM, self.nonce_prefix, len(name), len(self.wrapped_key))
        return fixed + name + self.wrapped_key


def read_head(source: BinaryIO) -> SealHead:
    """Read the head and leave ``source`` at the first frame; raises DamagedSealError or UnknownAlgorithmError."""
    magic, version, alg, prefix, name_length, key_length = _FIXED.unpack(_exactly(source, _FIXED.size))
    if magic != _MAGIC:
        raise DamagedSealError("not a sealed file")
    if (version, alg) != (_VERSION, _AES_256_GCM):
        raise UnknownAlgorithmError(f"sealed file of version {version}, algorithm {alg}")
    try:
        name = _exactly(source, name_length).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DamagedSealError("the key name is not readable") from error
    return SealHead(name, prefix, _exactly(source, key_length))


def _exactly(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) != length:
        raise DamagedSealError("the head is cut")
    return data


class SealedWriter:
    """A write-only stream that seals what it is given; only ``close`` makes the file whole.

    Leaving a ``with`` block by an exception, or forgetting ``close``, leaves the file without its last frame: it will
    not open. The target is not closed.
    """

    __slots__ = ("_buffer", "_cipher", "_counter", "_open", "_prefix", "_target")

    def __init__(self, target: BinaryIO, key: SealingKey) -> None:
        file_key, self._prefix = random_key(), secrets.token_bytes(7)
        self._target, self._cipher = target, AESGCM(file_key)
        self._buffer, self._counter, self._open = bytearray(), 0, True
        head = SealHead(key.key_id, self._prefix, wrap_key(key.secret, file_key, key.key_id))
        target.write(head.to_bytes())

    def write(self, data: bytes) -> int:
        """Take bytes; whole frames leave at once, so memory stays at one frame."""
        if not self._open:
            raise ValueError("the sealed stream is closed")
        self._buffer += data
        while len(self._buffer) > FRAME_BYTES:
            self._emit(bytes(self._buffer[:FRAME_BYTES]), last=False)
            del self._buffer[:FRAME_BYTES]
        return len(data)

    def close(self) -> None:
        """Write the last frame, once."""
        if self._open:
            self._open = False
            self._emit(bytes(self._buffer), last=True)

    def abandon(self) -> None:
        """End without the last frame: what was written so far will not open."""
        self._open = False

    def __enter__(self) -> SealedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def _emit(self, plain: bytes, *, last: bool) -> None:
        if self._counter >= _MAX_FRAMES:
            raise DamagedSealError("a sealed file cannot hold more than 4 PiB")
        nonce = _nonce(self._prefix, self._counter, last=last)
        self._target.write(self._cipher.encrypt(nonce, plain, _MAGIC))
        self._counter += 1


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + _NONCE_TAIL.pack(counter, int(last))


def open_frames(source: BinaryIO, find_key: KeyFinder) -> Iterator[bytes]:
    """Yield the plaintext of a sealed file, at most 1 MiB at a time.

    Raises WrongKeyError when the named key is unknown or another, DamagedSealError at the first frame that fails;
    what was yielded before that is authentic but incomplete.
    """
    head = read_head(source)
    cipher = AESGCM(_file_key(head, find_key))
    sealed, counter = source.read(FRAME_BYTES + TAG_BYTES), 0
    while True:
        following = source.read(FRAME_BYTES + TAG_BYTES)
        last = not following
        try:
            yield cipher.decrypt(_nonce(head.nonce_prefix, counter, last=last), sealed, _MAGIC)
        except (InvalidTag, ValueError) as error:
            raise DamagedSealError(f"frame {counter} is damaged, out of place or the end is missing") from error
        if last:
            return
        sealed, counter = following, counter + 1


def _file_key(head: SealHead, find_key: KeyFinder) -> bytes:
    key = find_key(head.key_id)
    if key is None:
        raise WrongKeyError("the key of this file is not here")
    return unwrap_key(key.secret, head.wrapped_key, head.key_id)


def seal_stream(source: BinaryIO, target: BinaryIO, key: SealingKey) -> int:
    """Seal ``source`` to its end into ``target``; return the plaintext size in bytes."""
    size = 0
    with SealedWriter(target, key) as sealed:
        while chunk := source.read(FRAME_BYTES):
            size += sealed.write(chunk)
    return size


def open_stream(source: BinaryIO, target: BinaryIO, find_key: KeyFinder) -> int:
    """Open ``source`` into ``target``; return the plaintext size in bytes; raises as ``open_frames``."""
    return sum(target.write(chunk) for chunk in open_frames(source, find_key))


def rewrap_stream(source: BinaryIO, target: BinaryIO, find_key: KeyFinder, new_key: SealingKey) -> None:
    """Copy a sealed file so that ``new_key`` opens it instead; the frames stay as they are."""
    head = read_head(source)
    wrapped = wrap_key(new_key.secret, _file_key(head, find_key), new_key.key_id)
    target.write(SealHead(new_key.key_id, head.nonce_prefix, wrapped).to_bytes())
    while chunk := source.read(FRAME_BYTES):
        target.write(chunk)


def only(key: SealingKey) -> KeyFinder:
    """Return a finder that knows one key."""
    return {key.key_id: key}.get
