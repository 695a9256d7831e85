"""How patient the counter is: limits, waiting times and breakers, as numbers and pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sync.failures import Failure, FailureKind
from sync.protocol.messages import MAX_BATCH, MAX_BATCH_BYTES

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every number of the engine in one place; times in seconds, sizes in bytes."""

    batch: int = MAX_BATCH
    batch_bytes: int = MAX_BATCH_BYTES
    page: int = 500
    poll_every: float = 5.0
    poll_overdue: float = 10.0
    backoff_floor: float = 1.0
    backoff_cap: float = 300.0
    retry_after_cap: float = 3600.0
    breaker_failures: int = 5
    breaker_open: float = 30.0
    poison_failures: int = 3
    reask_every: float = 60.0
    check_every: float = 86_400.0
    greet_every: float = 3600.0
    chunk_first: int = 16 * MIB
    chunk_least: int = MIB
    chunk_most: int = 32 * MIB
    chunk_quick: float = 1.0
    chunk_slow: float = 4.0
    outage_after: float = 300.0
    epochs_at_most: int = 3
    repairs_at_most: int = 3
    note_every: float = 30.0


SKEW_WARNS_MS: Final = 60_000
SKEW_CONFIRMS_MS: Final = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One kind of request (greeting, push, pull, lease, blob, check): failures in a row and when it may try again."""

    failures: int = 0
    ready_at: float = 0.0
    is_open: bool = False

    def ready(self, mono: float) -> bool:
        """Whether a request may go out; an open breaker lets one probe through each time it is ready."""
        return mono >= self.ready_at


def backoff(failures: int, policy: Policy, chance: float) -> float:
    """Seconds to wait after so many failures in a row: full jitter between the floor and a doubling, capped ceiling.

    ``chance`` is a random number in [0, 1).
    """
    exponent = min(failures, 32)
    ceiling = min(policy.backoff_cap, policy.backoff_floor * 2.0**exponent)
    return policy.backoff_floor + chance * (ceiling - policy.backoff_floor)


def after_failure(channel: Channel, failure: Failure, policy: Policy, mono: float, chance: float) -> Channel:
    """The channel after one more failure: Retry-After is obeyed, else backoff; five in a row open the breaker."""
    failures = channel.failures + 1
    wait = backoff(failures, policy, chance)
    if failure.retry_after is not None:
        wait = min(max(failure.retry_after, policy.backoff_floor), policy.retry_after_cap)
    is_open = failures >= policy.breaker_failures
    if is_open:
        wait = max(wait, policy.breaker_open)
    return Channel(failures=failures, ready_at=mono + wait, is_open=is_open)


def at_once(channel: Channel) -> Channel:
    """The channel when the link came up again: waiting is over, the count of failures stays."""
    return replace(channel, ready_at=0.0)


def next_chunk(size: int, seconds: float, policy: Policy) -> int:
    """The size of the next part of a scan: larger while the line is quick, smaller while it is slow."""
    if seconds < policy.chunk_quick:
        return min(size * 2, policy.chunk_most)
    if seconds > policy.chunk_slow:
        return max(size // 2, policy.chunk_least)
    return size


def is_outage(failure: Failure) -> bool:
    """Whether a failure means that central cannot be reached or does not work (Art. 34(6))."""
    return failure.kind in {FailureKind.UNREACHABLE, FailureKind.BUSY, FailureKind.BROKEN, FailureKind.GARBAGE}
