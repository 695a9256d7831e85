"""Bytes of EBP-Sync/1: JSON in and out, and the canonical bytes that hashes and signatures cover."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import msgspec

from ebp_desktop.crypto.canonical import canonical_json, digest
from ebp_desktop.domain.errors import BadInputError
from sync.protocol.messages import Envelope, Permit, PublishedKey, Receipt

T = TypeVar("T")
GENESIS = "0" * 64


def to_json(message: object) -> bytes:
    """Wire bytes of any message."""
    return msgspec.json.encode(message)


def from_json(raw: bytes, wanted: type[T]) -> T:
    """A message of the wanted type; raises BadInputError ``bad_message`` with the place."""
    try:
        return msgspec.json.decode(raw, type=wanted)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError("bad_message", "报文格式不符合接口约定。", place=str(error)) from error


def envelope_hash(envelope: Envelope) -> str:
    """Hex SHA-256 over the canonical JSON of every field but ``hash``."""
    fields = msgspec.to_builtins(replace(envelope, hash=""))
    return digest(canonical_json(fields))


def sealed(envelope: Envelope) -> Envelope:
    """The envelope with its hash filled in."""
    return replace(envelope, hash=envelope_hash(envelope))


def content_hash(envelope: Envelope) -> str:
    """Hex SHA-256 over what an envelope says, its place in a chain left out.

    After a restore the same fact comes again at another place: another hash, the same content.
    """
    return envelope_hash(replace(envelope, epoch="", seq=0, prev=""))


def receipt_bytes(receipt: Receipt) -> bytes:
    """What central signs in a receipt."""
    return canonical_json(msgspec.to_builtins(replace(receipt, signature="")))


def permit_bytes(permit: Permit) -> bytes:
    """What central signs in a permit."""
    return canonical_json(msgspec.to_builtins(replace(permit, signature="")))


def key_bytes(keys: tuple[PublishedKey, ...]) -> bytes:
    """Canonical bytes of a set of published keys."""
    return canonical_json(msgspec.to_builtins(keys))


def push_bytes(envelopes: tuple[Envelope, ...]) -> bytes:
    """What the device signs in a push: the hash of the last envelope, in its own context."""
    return b"EBP push v1\x00" + bytes.fromhex(envelopes[-1].hash)
