"""Anti-entropy sums: both sides hash the same rows into the same 256 buckets, so that only rows that differ travel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sync.protocol.messages import BucketSum, FeedItem

ROW_HEX = 16


def row_hash(item: FeedItem) -> str:
    """64 bits, in hex, over what a counter keeps of a feed item."""
    case_id = "" if item.case_id is None else str(item.case_id)
    fields = (item.collection, item.id, case_id, item.kind, str(item.body_v), item.body)
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()[:ROW_HEX]


def bucket_of(row_id: str) -> str:
    """Two hex digits; time-ordered ids all begin alike, so the digest of the id decides."""
    return hashlib.sha256(row_id.encode()).hexdigest()[:2]


def bucket_sums(rows: Iterable[tuple[str, str]]) -> tuple[BucketSum, ...]:
    """The sums over (id, row hash) pairs, only buckets that hold something, in order."""
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}
    for row_id, hashed in rows:
        bucket = bucket_of(row_id)
        counts[bucket] = counts.get(bucket, 0) + 1
        sums[bucket] = sums.get(bucket, 0) ^ int(hashed, 16)
    return tuple(
        BucketSum(prefix=bucket, count=counts[bucket], xor=f"{sums[bucket]:0{ROW_HEX}x}") for bucket in sorted(counts)
    )
