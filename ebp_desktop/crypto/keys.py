"""Symmetric keys: making them, deriving purposes from them, and wrapping them under keys or passwords."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, hash_secret_raw, verify_secret
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ebp_desktop.crypto.errors import WrongKeyError

KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A named 256-bit key; the name travels in the clear, the secret never prints."""

    key_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """The price of one guess at a password: memory in KiB, passes, lanes."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class PasswordSlot:
    """A secret wrapped under a password (AES-256-GCM under Argon2id); safe to store in the clear."""

    cost: Argon2Cost
    salt: bytes
    wrapped: bytes


def random_key() -> bytes:
    """Return 32 bytes from the system's generator."""
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """Return the 256-bit key for one purpose (HKDF-SHA256), so that no key ever serves two ends."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"EBP " + purpose.encode()).derive(key)


def seal_bytes(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Return nonce + AES-256-GCM ciphertext of a small value, bound to ``context`` (what and whose it is)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def open_bytes(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Undo ``seal_bytes``; raises WrongKeyError when key, context or bytes do not match."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise WrongKeyError("the key does not open this value, or the value was altered") from error


def wrap_key(wrapping: bytes, key: bytes, name: str) -> bytes:
    """Return ``key`` sealed under ``wrapping`` and bound to its ``name``."""
    return seal_bytes(wrapping, key, b"EBP key " + name.encode())


def unwrap_key(wrapping: bytes, wrapped: bytes, name: str) -> bytes:
    """Undo ``wrap_key``; raises WrongKeyError."""
    return open_bytes(wrapping, wrapped, b"EBP key " + name.encode())


def make_slot(password: str, secret: bytes, cost: Argon2Cost | None = None) -> PasswordSlot:
    """Wrap ``secret`` under ``password`` with a fresh salt."""
    price, salt = cost or Argon2Cost(), secrets.token_bytes(_SALT_BYTES)
    return PasswordSlot(price, salt, seal_bytes(_stretch(password, salt, price), secret, b"EBP slot"))


def open_slot(password: str, slot: PasswordSlot) -> bytes:
    """Return the secret of a slot; raises WrongKeyError for another password."""
    return open_bytes(_stretch(password, slot.salt, slot.cost), slot.wrapped, b"EBP slot")


def _stretch(password: str, salt: bytes, cost: Argon2Cost) -> bytes:
    return hash_secret_raw(password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def hash_password(password: str, cost: Argon2Cost | None = None) -> str:
    """Return the encoded Argon2id verifier of a password (``$argon2id$…``), with its salt and cost inside."""
    price = cost or Argon2Cost()
    salt = secrets.token_bytes(_SALT_BYTES)
    encoded = hash_secret(password.encode(), salt, price.passes, price.memory_kib, price.lanes, KEY_BYTES, Type.ID)
    return encoded.decode("ascii")


def password_matches(password: str, verifier: str) -> bool:
    """Tell whether ``password`` made this encoded Argon2id verifier; a malformed verifier matches nothing."""
    try:
        return verify_secret(verifier.encode("ascii"), password.encode(), Type.ID)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def same(one: bytes, other: bytes) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one, other)
