"""The one byte form of a JSON value (RFC 8785 without floats) and the digests taken over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

from cryptography.hazmat.primitives import hashes

from ebp_desktop.crypto.errors import NotCanonicalError, UnknownAlgorithmError

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

SHA256 = "sha256"
SM3 = "sm3"

_SAFE_INTEGER = 2**53 - 1
_CHUNK = 1 << 20


class Hasher(Protocol):
    """A running digest."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """Return the digest of all bytes so far, in lower-case hex."""


class _Sm3Hasher:
    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def hexdigest(self) -> str:
        return self._hash.copy().finalize().hex()


def canonical_json(value: JsonValue) -> bytes:
    """Return the UTF-8 bytes of RFC 8785: keys in UTF-16 order, no spaces, shortest escapes.

    Floats have more than one spelling and are refused; times and decimals are passed as strings.
    Raises NotCanonicalError with the place of the first value that has no canonical form.
    """
    ordered = _ordered(value, "$")
    try:
        return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"a string holds a lone surrogate: {error.reason}") from error


def _ordered(value: JsonValue, place: str) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise NotCanonicalError(f"{place}: integer beyond 2^53")
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonicalError(f"{place}: a key is not a string")
        return {key: _ordered(value[key], f"{place}.{key}") for key in sorted(value, key=_utf16_order)}
    if isinstance(value, (list, tuple)):
        return [_ordered(item, f"{place}[{index}]") for index, item in enumerate(value)]
    raise NotCanonicalError(f"{place}: {type(value).__name__} has no canonical form")


def _utf16_order(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def hasher(alg: str = SHA256) -> Hasher:
    """Return a running digest of ``alg``; raises UnknownAlgorithmError."""
    if alg == SHA256:
        return hashlib.sha256()
    if alg == SM3:
        return _Sm3Hasher()
    raise UnknownAlgorithmError(f"unknown digest algorithm {alg!r}")


def digest(data: bytes, alg: str = SHA256) -> str:
    """Return the digest in lower-case hex; the algorithm is kept in a field beside it, never inside."""
    running = hasher(alg)
    running.update(data)
    return running.hexdigest()


def digest_stream(source: BinaryIO, alg: str = SHA256) -> tuple[str, int]:
    """Read ``source`` to its end in flat memory; return its digest in hex and its size in bytes."""
    return _digest_chunks(iter(lambda: source.read(_CHUNK), b""), alg)


def digest_file(path: Path, alg: str = SHA256) -> tuple[str, int]:
    """Return digest and size in bytes of a file; raises OSError as the file system gives it."""
    with path.open("rb") as source:
        return digest_stream(source, alg)


def _digest_chunks(chunks: Iterable[bytes], alg: str) -> tuple[str, int]:
    running, size = hasher(alg), 0
    for chunk in chunks:
        running.update(chunk)
        size += len(chunk)
    return running.hexdigest(), size
