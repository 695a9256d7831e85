"""Anti-entropy sums: both ends fold the rows of one collection into 256 buckets and compare counts and hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sync.protocol.messages import BucketSum

_HASH_BYTES = 8


def row_hash(row_id: str, body: str) -> int:
    """64 bits that stand for one row of the feed: its id and its exact body."""
    return int.from_bytes(hashlib.sha256(f"{row_id}\n{body}".encode()).digest()[:_HASH_BYTES], "big")


def bucket_of(row_id: str) -> str:
    """The two hex digits that name a row's bucket; ids are hashed, since UUIDv7 all begin alike."""
    return hashlib.sha256(row_id.encode()).hexdigest()[:2]


def bucket_sums(rows: Iterable[tuple[str, int]]) -> tuple[BucketSum, ...]:
    """The sums of (id, ``row_hash``) pairs, in the order of their prefixes; empty buckets are left out."""
    counts: dict[str, int] = {}
    folded: dict[str, int] = {}
    for row_id, hashed in rows:
        prefix = bucket_of(row_id)
        counts[prefix] = counts.get(prefix, 0) + 1
        folded[prefix] = folded.get(prefix, 0) ^ hashed
    return tuple(BucketSum(prefix=p, count=counts[p], xor=f"{folded[p]:016x}") for p in sorted(counts))


def differing(ours: Iterable[BucketSum], theirs: Iterable[BucketSum]) -> tuple[str, ...]:
    """Prefixes whose sums are not the same on both sides."""
    mine, yours = {one.prefix: one for one in ours}, {one.prefix: one for one in theirs}
    return tuple(sorted(p for p in mine.keys() | yours.keys() if mine.get(p) != yours.get(p)))
