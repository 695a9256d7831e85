"""Hash chains: every entry names the hash of the one before, so that a gap or an edit shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ebp_desktop.crypto.errors import BrokenChainError

GENESIS = "0" * 64
_CONTEXT = b"EBP chain v1\x00"


def link(prev_hash: str, data: bytes) -> str:
    """Return the hash of an entry with canonical bytes ``data`` that follows ``prev_hash`` (hex, 64 characters)."""
    return hashlib.sha256(_CONTEXT + bytes.fromhex(prev_hash) + data).hexdigest()


def verify_chain(entries: Iterable[tuple[str, bytes, str]], start: str = GENESIS) -> str:
    """Walk (prev, data, hash) entries from ``start`` and return the head; raises BrokenChainError at a fault."""
    head = start
    for position, (prev, data, stated) in enumerate(entries):
        if prev != head:
            raise BrokenChainError(position, f"entry {position} does not follow the one before it")
        if link(prev, data) != stated:
            raise BrokenChainError(position, f"entry {position} was altered")
        head = stated
    return head
