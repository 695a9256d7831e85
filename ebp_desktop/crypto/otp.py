"""One-time codes by time (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app makes them."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import struct
from datetime import datetime

from ebp_desktop.crypto.errors import CryptoError

STEP_SECONDS = 30
DIGITS = 6
_DRIFT = 1


def new_secret() -> str:
    """A fresh secret of 160 bits in base32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def otp_at(secret: str, at: datetime) -> str:
    """The code at a moment; raises CryptoError for a secret that is no base32."""
    return _code(_raw(secret), int(at.timestamp()) // STEP_SECONDS)


def otp_step(secret: str, otp: str, at: datetime) -> int | None:
    """The time step at which a typed code holds, one step of drift either way allowed, or None.

    The caller keeps the step and refuses it a second time: a code is good once.
    """
    raw, now = _raw(secret), int(at.timestamp()) // STEP_SECONDS
    typed = otp.strip()
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if hmac.compare_digest(_code(raw, step), typed):
            return step
    return None


def _raw(secret: str) -> bytes:
    cleaned = secret.replace(" ", "").upper()
    try:
        return base64.b32decode(cleaned + "=" * (-len(cleaned) % 8))
    except (binascii.Error, ValueError) as error:
        raise CryptoError("the one-time secret is not base32") from error


def _code(raw: bytes, step: int) -> str:
    mac = hmac.digest(raw, struct.pack(">Q", step), "sha1")
    place = mac[-1] & 0x0F
    number = struct.unpack_from(">I", mac, place)[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)
