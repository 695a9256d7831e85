"""One-time codes of the second factor (RFC 6238: TOTP, HMAC-SHA1, 30 s, six digits), as every authenticator makes them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from typing import Final

from ebp_desktop.crypto.errors import CryptoError

STEP_SECONDS: Final = 30
DIGITS: Final = 6
_SECRET_BYTES: Final = 20


def new_secret() -> str:
    """A fresh shared secret in base32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def step_of(moment: datetime) -> int:
    """The number of the 30-second step that ``moment`` lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_for(secret: str, step: int) -> str:
    """The code of a step; raises CryptoError when the secret is no base32."""
    try:
        key = base64.b32decode(secret.strip().upper() + "=" * (-len(secret.strip()) % 8))
    except (binascii.Error, ValueError) as error:
        raise CryptoError("not a base32 secret") from error
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: str, code: str, moment: datetime, *, after: int = -1, drift: int = 1) -> int | None:
    """The step whose code was typed, within ``drift`` steps of ``moment``, or None.

    Steps up to ``after`` are used up: a code that was seen once is never good again.
    """
    typed = code.strip().replace(" ", "")
    here = step_of(moment)
    for step in range(here - drift, here + drift + 1):
        if step > after and step >= 0 and hmac.compare_digest(code_for(secret, step).encode(), typed.encode()):
            return step
    return None
