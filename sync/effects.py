"""What the engine orders: changes of the stores, and one request at a time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sync.ports import BlobTask, EpochOrder, LeaseWish, Outage, Settlement
from sync.protocol.messages import HelloAnswer, LeaseBlock, PullAnswer


@dataclass(frozen=True, slots=True)
class Settle:
    """Store what became of facts."""

    settlements: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """Write a page of the feed with its cursor."""

    page: PullAnswer


@dataclass(frozen=True, slots=True)
class BeginRebuild:
    """Start the feed over into shadow tables."""


@dataclass(frozen=True, slots=True)
class StartEpoch:
    """This disk was restored or copied: begin anew."""

    order: EpochOrder


@dataclass(frozen=True, slots=True)
class HoldLeases:
    """Keep the granted blocks of project codes."""

    blocks: tuple[LeaseBlock, ...]


@dataclass(frozen=True, slots=True)
class MarkSent:
    """Central holds this scan."""

    sha256: str


@dataclass(frozen=True, slots=True)
class MarkBroken:
    """This scan cannot be sent as it is."""

    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteContact:
    """Central answered; how far the local clock is ahead."""

    skew_ms: int


@dataclass(frozen=True, slots=True)
class NoteGreeting:
    """Keep central's policy."""

    answer: HelloAnswer


@dataclass(frozen=True, slots=True)
class BeginOutage:
    """Remember since when central cannot be reached."""

    outage: Outage


@dataclass(frozen=True, slots=True)
class EndOutage:
    """The outage is over; a long one is reported (Art. 34(6))."""

    report: bool


StoreEffect = (
    Settle
    | ApplyPage
    | BeginRebuild
    | StartEpoch
    | HoldLeases
    | MarkSent
    | MarkBroken
    | NoteContact
    | NoteGreeting
    | BeginOutage
    | EndOutage
)


@dataclass(frozen=True, slots=True)
class SayHello:
    """Greet central with epoch, chain head and clock."""


@dataclass(frozen=True, slots=True)
class Push:
    """Send up to ``limit`` facts, at most ``max_bytes``, from number ``first`` on; lanes in ``hold`` are kept raw."""

    first: int
    limit: int
    max_bytes: int
    hold: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Reask:
    """Send the deferred facts of one lane again, to hear what has become of them."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class Pull:
    """Ask for the next page of the feed."""

    cursor: str
    limit: int


@dataclass(frozen=True, slots=True)
class AskLease:
    """Ask for project codes; the same ``request`` again gets the same answer."""

    request: UUID
    wish: LeaseWish


@dataclass(frozen=True, slots=True)
class OpenBlob:
    """Ask how much of a scan central holds."""

    task: BlobTask


@dataclass(frozen=True, slots=True)
class SendPart:
    """Send the next part of a scan."""

    task: BlobTask
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare the bucket sums of one collection and repair what differs."""

    collection: str
    cursor: str


@dataclass(frozen=True, slots=True)
class Rechain:
    """Put stranded facts into the present epoch; needs no line."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do before ``until`` (on the running clock), or until woken."""

    until: float | None


Request = SayHello | Push | Reask | Pull | AskLease | OpenBlob | SendPart | Compare | Rechain
