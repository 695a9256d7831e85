"""Signatures behind an ``alg`` field, so that SM2 can join Ed25519 without a change elsewhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.errors import CryptoError, UnknownAlgorithmError

ED25519 = "ed25519"
_KEY_ID_LENGTH = 8


class Verifier(Protocol):
    """The public half of a signing key."""

    @property
    def alg(self) -> str:
        """The algorithm's name, as written beside every signature."""

    @property
    def key_id(self) -> str:
        """The first eight hex digits of the digest of the public key."""

    def public_bytes(self) -> bytes:
        """Return the raw public key."""

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` over ``data`` is by this key."""


class Signer(Protocol):
    """The private half of a signing key, wherever it lives."""

    @property
    def alg(self) -> str:
        """The algorithm's name."""

    @property
    def key_id(self) -> str:
        """The same id as the verifier's."""

    @property
    def verifier(self) -> Verifier:
        """The public half."""

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature over ``data``."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A published key as it is stored and sent: algorithm, id, raw key in base64."""

    alg: str
    key_id: str
    public: str


def key_id_of(public: bytes) -> str:
    """Return the short name of a raw public key."""
    return digest(public)[:_KEY_ID_LENGTH]


class Ed25519Verifier:
    """Ed25519 (RFC 8032) verification over the cryptography library."""

    __slots__ = ("_key", "_public", "key_id")

    alg = ED25519

    def __init__(self, public: bytes) -> None:
        try:
            self._key = Ed25519PublicKey.from_public_bytes(public)
        except ValueError as error:
            raise CryptoError("not an Ed25519 public key") from error
        self._public = public
        self.key_id = key_id_of(public)

    def public_bytes(self) -> bytes:
        """Return the 32 raw bytes."""
        return self._public

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether the 64-byte ``signature`` over ``data`` is by this key."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer:
    """Ed25519 (RFC 8032) signing with a key held in memory."""

    __slots__ = ("_key", "verifier")

    alg = ED25519

    def __init__(self, private: bytes) -> None:
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(private)
        except ValueError as error:
            raise CryptoError("not an Ed25519 private key") from error
        self.verifier: Verifier = Ed25519Verifier(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Ed25519Signer:
        """Return a signer with a fresh key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def key_id(self) -> str:
        """The verifier's id."""
        return self.verifier.key_id

    def private_bytes(self) -> bytes:
        """Return the 32 raw private bytes; only a sealed store may hold them."""
        return self._key.private_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature over ``data``."""
        return self._key.sign(data)


class Keyring:
    """The published keys that this place trusts, found by id."""

    __slots__ = ("_by_id",)

    def __init__(self, verifiers: Iterable[Verifier] = ()) -> None:
        self._by_id = {verifier.key_id: verifier for verifier in verifiers}

    def find(self, key_id: str) -> Verifier | None:
        """Return the key of that id, or None."""
        return self._by_id.get(key_id)

    def __len__(self) -> int:
        return len(self._by_id)


def publish(verifier: Verifier) -> PublicKey:
    """Return the storable form of a public key."""
    return PublicKey(verifier.alg, verifier.key_id, to_base64(verifier.public_bytes()))


def load_verifier(key: PublicKey) -> Verifier:
    """Return the verifier of a published key; raises UnknownAlgorithmError, or CryptoError when id and key disagree."""
    if key.alg != ED25519:
        raise UnknownAlgorithmError(f"unknown signature algorithm {key.alg!r}")
    verifier = Ed25519Verifier(from_base64(key.public))
    if verifier.key_id != key.key_id:
        raise CryptoError("the key id does not belong to the key")
    return verifier


def to_base64(data: bytes) -> str:
    """Return standard base64 text."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Undo ``to_base64``; raises CryptoError on anything else."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise CryptoError("not base64") from error
