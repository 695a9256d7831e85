"""The QR token on every paper: what it says, how it is signed, and how a scanned text is read back.

``EBP1.`` + base32 without padding, so that the QR's alphanumeric mode, wedge scanners and input methods all carry
it. Inside: version, algorithm, key id, issue date, document type, number, signature, and a two-byte checksum that
tells a misread from a forgery. No personal data.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import ED25519, Keyring, Signer

PREFIX = "EBP1."
_CONTEXT = b"EBP token v1\x00"
_ALGS = {ED25519: 1}
_ALG_NAMES = {code: name for name, code in _ALGS.items()}
_SIGNATURE_BYTES = {1: 64}
_EPOCH = date(2020, 1, 1)
_HEAD = struct.Struct(">BB4sH")
_CHECKSUM_BYTES = 2
_LONGEST = 4096

# Input methods turn the full stop into these; NFKC alone folds only the full-width one.
_STOPS = str.maketrans({"。": ".", "｡": ".", "·": ".", "・": ".", "•": ".", "、": ".", ",": ".", "，": ".", "…": "."})
_START = re.compile(r"EBP([0-9])\.*")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")


class TokenProblem(Enum):
    """Why a scanned text is not a token that can be used."""

    NOT_A_TOKEN = "not_a_token"  # noqa: S105  # a reason, no secret
    HALF = "half"
    SEVERAL = "several"
    DAMAGED = "damaged"
    VERSION = "version"


class TokenVerdict(Enum):
    """What the signature says; whether the paper is void or used is for the case's records to say."""

    GENUINE = "genuine"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown_key"


class TokenRefusedError(CryptoError):
    """The text holds no usable token; ``problem`` says why."""

    def __init__(self, problem: TokenProblem) -> None:
        super().__init__(f"no usable token: {problem.value}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class TokenBody:
    """What a paper says about itself: type code (ASCII, as in the document kinds), number, issue date."""

    kind: str
    number: str
    issued: date


@dataclass(frozen=True, slots=True)
class Token:
    """A token as read: its body, who is said to have signed it, and the text in normal form."""

    body: TokenBody
    alg: str
    key_id: str
    text: str
    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)


def encode(body: TokenBody, signer: Signer) -> str:
    """Return the text for the QR; raises CryptoError when a field does not fit or the algorithm has no code."""
    if signer.alg not in _ALGS:
        raise CryptoError(f"tokens cannot carry {signer.alg!r} signatures")
    signed = _pack(body, _ALGS[signer.alg], bytes.fromhex(signer.key_id))
    payload = signed + signer.sign(_CONTEXT + signed)
    return _to_text(payload + _checksum(payload))


def _pack(body: TokenBody, alg: int, key_id: bytes) -> bytes:
    kind, number = body.kind.encode("utf-8"), body.number.encode("utf-8")
    days = (body.issued - _EPOCH).days
    if not kind or not number or max(len(kind), len(number)) > 255 or not 0 <= days < 2**16:
        raise CryptoError("kind, number or date does not fit a token")
    return _HEAD.pack(1, alg, key_id, days) + bytes([len(kind)]) + kind + bytes([len(number)]) + number


def _checksum(payload: bytes) -> bytes:
    return bytes.fromhex(digest(payload))[:_CHECKSUM_BYTES]


def _to_text(payload: bytes) -> str:
    return PREFIX + base64.b32encode(payload).decode("ascii").rstrip("=")


def decode(text: str) -> Token:
    """Read what a scanner or a hand typed: full width, lower case, line breaks, a URL around it, the same scan twice.

    Raises TokenRefusedError: HALF for a cut read, SEVERAL for two different tokens in one field, DAMAGED for
    a misread, VERSION for a token from a newer release, NOT_A_TOKEN for anything else.
    """
    pieces = _pieces(text)
    whole: dict[str, Token] = {}
    problems: list[TokenProblem] = []
    for version, body in pieces:
        try:
            token = _decode_piece(version, body)
            whole[token.text] = token
        except TokenRefusedError as refused:
            problems.append(refused.problem)
    if len(whole) > 1:
        raise TokenRefusedError(TokenProblem.SEVERAL)
    if whole:
        return next(iter(whole.values()))
    raise TokenRefusedError(problems[0] if problems else TokenProblem.NOT_A_TOKEN)


def _pieces(text: str) -> list[tuple[str, str]]:
    if len(text) > _LONGEST:
        raise TokenRefusedError(TokenProblem.NOT_A_TOKEN)
    plain = unicodedata.normalize("NFKC", text.translate(_STOPS)).translate(_STOPS)
    plain = _INVISIBLE.sub("", plain).upper()
    # The digit 1 is no base32 letter, so the prefix can never occur inside a token's body.
    starts = list(_START.finditer(plain))
    ends = [start.start() for start in starts] + [len(plain)]
    return [(start[1], plain[start.end() : end]) for start, end in zip(starts, ends[1:], strict=True)]


def _decode_piece(version: str, body: str) -> Token:
    if version != "1":
        raise TokenRefusedError(TokenProblem.VERSION)
    letters = re.match(r"[A-Z0-9]*", body)
    run = letters[0] if letters else ""
    payload = _from_base32(run)
    signed, signature, body_fields, alg, key_id = _split(payload)
    if _checksum(payload[:-_CHECKSUM_BYTES]) != payload[-_CHECKSUM_BYTES:] or _to_text(payload) != PREFIX + run:
        raise TokenRefusedError(TokenProblem.DAMAGED)
    return Token(body_fields, _ALG_NAMES[alg], key_id.hex(), PREFIX + run, signature, signed)


def _from_base32(run: str) -> bytes:
    # A cut read can end inside a base32 group; drop the letters that cannot make a byte, the length check tells.
    usable = run if len(run) % 8 in (0, 2, 4, 5, 7) else run[:-1]
    try:
        return base64.b32decode(usable + "=" * (-len(usable) % 8))
    except binascii.Error as error:
        raise TokenRefusedError(TokenProblem.DAMAGED) from error


def _split(payload: bytes) -> tuple[bytes, bytes, TokenBody, int, bytes]:
    if len(payload) < _HEAD.size + 1:
        raise TokenRefusedError(TokenProblem.HALF)
    version, alg, key_id, days = _HEAD.unpack_from(payload)
    if version != 1 or alg not in _ALG_NAMES:
        raise TokenRefusedError(TokenProblem.VERSION)
    kind, place = _field(payload, _HEAD.size)
    number, place = _field(payload, place)
    end = place + _SIGNATURE_BYTES[alg]
    if len(payload) != end + _CHECKSUM_BYTES:
        raise TokenRefusedError(TokenProblem.HALF if len(payload) < end + _CHECKSUM_BYTES else TokenProblem.DAMAGED)
    body = TokenBody(kind, number, _EPOCH + timedelta(days=days))
    return payload[:place], payload[place:end], body, alg, key_id


def _field(payload: bytes, place: int) -> tuple[str, int]:
    if place >= len(payload):
        raise TokenRefusedError(TokenProblem.HALF)
    end = place + 1 + payload[place]
    if end > len(payload):
        raise TokenRefusedError(TokenProblem.HALF)
    try:
        return payload[place + 1 : end].decode("utf-8"), end
    except UnicodeDecodeError as error:
        raise TokenRefusedError(TokenProblem.DAMAGED) from error


def verify(token: Token, keyring: Keyring) -> TokenVerdict:
    """Check the signature with the published keys; needs no network."""
    verifier = keyring.find(token.key_id)
    if verifier is None or verifier.alg != token.alg:
        return TokenVerdict.UNKNOWN_KEY
    good = verifier.verify(_CONTEXT + token.signed, token.signature)
    return TokenVerdict.GENUINE if good else TokenVerdict.FORGED
