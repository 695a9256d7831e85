"""What the engine hears: answers, failures and calls from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sync.effects import Request
from sync.failures import Failure
from sync.ports import BlobTask, InboxPosition, LeaseWish, OutboxLevel
from sync.protocol.messages import BlobState, FactResult, HelloAnswer, LeaseAnswer, PullAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The present: wall clock, running clock, one random number in [0, 1) and one fresh id."""

    wall: datetime
    mono: float
    chance: float
    new_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What lies here at this moment, read from the stores."""

    outbox: OutboxLevel
    inbox: InboxPosition
    wish: LeaseWish | None = None
    blobs: tuple[BlobTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """One fact of a request: its number, id and lane."""

    seq: int
    fact_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Woke:
    """Time passed, or something new lies here."""


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The network came up, or a person asked to try now."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """Central knows this counter."""

    answer: HelloAnswer
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Pushed:
    """Central answered to facts, each one checked: the same order, and every receipt genuine."""

    sent: tuple[Sent, ...]
    results: tuple[FactResult, ...]
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Reasked:
    """Central answered again to deferred facts."""

    case_id: UUID
    results: tuple[FactResult, ...]
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Pulled:
    """A page of the feed."""

    page: PullAnswer
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Leased:
    """Blocks of project codes."""

    answer: LeaseAnswer


@dataclass(frozen=True, slots=True)
class BlobMoved:
    """Central holds so much of a scan; the part took ``seconds``."""

    task: BlobTask
    state: BlobState
    seconds: float


@dataclass(frozen=True, slots=True)
class BlobUnreadable:
    """A scan cannot be read here."""

    task: BlobTask
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A collection was compared; ``differing`` buckets were repaired."""

    collection: str
    differing: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A request failed; ``sent`` are the facts that it carried."""

    request: Request
    failure: Failure
    sent: tuple[Sent, ...] = ()


Event = Woke | LinkUp | Greeted | Pushed | Reasked | Pulled | Leased | BlobMoved | BlobUnreadable | Compared | Failed
