"""What sync needs from the rest of the counter and from the line, as Protocols with their values.

Every method of a store is one transaction: it has happened whole when it returns, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ebp_desktop.crypto.signatures import Keyring
from ebp_desktop.services.ports import OutboxEntry, SendState
from sync.protocol.messages import (
    BlobState,
    BucketSum,
    CheckAnswer,
    CheckRequest,
    CodeFound,
    CodeLookup,
    Envelope,
    FeedItem,
    HelloAnswer,
    HelloRequest,
    LeaseAnswer,
    LeaseBlock,
    LeaseRequest,
    PullAnswer,
    PushAnswer,
    PushRequest,
    Receipt,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLevel:
    """How far the outbox of the present epoch is: ``first_open`` is the lowest number without an answer.

    ``high`` and ``head`` are the last number and its hash (0 and the genesis hash in a new epoch). ``deferred`` names
    the lanes (cases) with facts of this epoch that central keeps without having applied them, ``held`` those of them
    whose fact has code "held" (applying it made central fail); ``stranded`` counts unanswered facts of earlier epochs.
    """

    device: str
    epoch: str
    first_open: int
    high: int
    head: str
    deferred: tuple[UUID, ...] = ()
    held: frozenset[UUID] = frozenset()
    stranded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of one sent fact; ``reason`` and ``todo`` are words for the clerk when it waits or was refused."""

    fact_id: UUID
    state: SendState
    code: str = ""
    reason: str = ""
    todo: str = ""
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochOrder:
    """Central orders a new start: this disk was restored or copied.

    ``counter`` is the new counter number when it changes, ``registration_high`` central's high marks by day.
    """

    epoch: str
    counter: str
    registration_high: tuple[tuple[str, int], ...]


class OutboxStore(Protocol):
    """Facts recorded here, chained in their order of recording."""

    def level(self) -> OutboxLevel:
        """Where the present epoch stands."""
        ...

    def load(self, first: int, limit: int) -> tuple[Envelope, ...]:
        """Envelopes of the present epoch from number ``first`` on, in order, answered ones included."""
        ...

    def load_deferred(self, case_id: UUID, limit: int) -> tuple[Envelope, ...]:
        """Facts of one lane in the present epoch that central keeps but has not applied, in order."""
        ...

    def settle(self, settlements: tuple[Settlement, ...], at: datetime) -> None:
        """Stores what became of facts; a receipted fact that supersedes another settles that one too.

        A later word replaces an earlier one, but a receipt is never lost and RECEIPTED or SEEN never falls back.
        """
        ...

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Everything that has not taken effect and is not superseded, oldest first."""
        ...

    def start_epoch(self, order: EpochOrder) -> None:
        """Burns every lease, strands unanswered facts, begins the new epoch and orders the inbox to be rebuilt."""
        ...

    def rechain(self) -> int:
        """Puts stranded facts, those that the feed did not bring back, into the present epoch; returns how many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPosition:
    """Where the feed stands; an empty cursor is its beginning."""

    cursor: str
    feed_epoch: str
    is_rebuilding: bool = False


class InboxStore(Protocol):
    """What central sent."""

    def position(self) -> InboxPosition:
        """The committed place in the feed."""
        ...

    def apply(self, page: PullAnswer) -> None:
        """Writes the items, their projections and the cursor in one transaction; own facts become SEEN.

        While rebuilding, items go to shadow tables and the page without ``more`` swaps them in.
        """
        ...

    def begin_rebuild(self) -> None:
        """Starts over with an empty cursor into shadow tables; the outbox and what is shown stay as they are."""
        ...

    def sums(self, collection: str) -> tuple[BucketSum, ...]:
        """Bucket sums of a collection at the present cursor (``sync.protocol.buckets``)."""
        ...

    def repair(self, collection: str, prefixes: tuple[str, ...], items: tuple[FeedItem, ...]) -> None:
        """Replaces the rows of these buckets by central's, leaving the cursor alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseWish:
    """Project codes run low: ask for this year's (or next year's) numbers."""

    year: int
    have: tuple[UUID, ...]
    want: int


class LeaseStore(Protocol):
    """The blocks of project codes that this counter holds."""

    def wish(self, now: datetime) -> LeaseWish | None:
        """What to ask for, or None while more than half is left."""
        ...

    def hold(self, blocks: tuple[LeaseBlock, ...]) -> None:
        """Adds new blocks; known ones keep their next number, burned ones stay burned."""
        ...

    def high(self) -> int:
        """The highest serial that was ever used here."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobTask:
    """A scan whose bytes central does not have yet."""

    sha256: str
    size: int
    case_id: UUID


class BlobSource(Protocol):
    """Scans kept here, opened for sending."""

    def pending(self, limit: int = 100) -> tuple[BlobTask, ...]:
        """Scans to send, oldest first, broken ones left out."""
        ...

    def read(self, sha256: str, offset: int, length: int) -> bytes:
        """Plain bytes from ``offset``; raises SurroundingsError when the file is missing or damaged."""
        ...

    def sent(self, sha256: str, at: datetime) -> None:
        """Central holds the scan whole and checked."""
        ...

    def broken(self, sha256: str, reason: str) -> None:
        """The scan cannot be sent as it is; a person must scan again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """接口故障: since when central cannot be reached, and how it showed."""

    started_at: datetime
    cause: str


class ContactStore(Protocol):
    """What is remembered about the line to central."""

    def last_contact(self) -> datetime | None:
        """When central last answered."""
        ...

    def contacted(self, at: datetime, skew_ms: int) -> None:
        """Central answered; the local clock is ahead of central's by ``skew_ms``."""
        ...

    def greeted(self, answer: HelloAnswer) -> None:
        """Keeps central's policy: counter number, high marks, revoked people."""
        ...

    def outage(self) -> Outage | None:
        """The outage that is going on, also one that began before the last start."""
        ...

    def outage_began(self, outage: Outage) -> None:
        """Remembers since when, so that a restart does not shorten it."""
        ...

    def outage_ended(self, ended_at: datetime, *, report: bool) -> None:
        """Forgets the outage; with ``report`` records it as a fact in the same transaction (Art. 34(6))."""
        ...


class Keys(Protocol):
    """Keys of both ends."""

    def central(self) -> Keyring:
        """Central's published keys, as last received."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The device's signature."""
        ...


class CentralLink(Protocol):
    """The line to central: every call is one request; raises LinkError when it fails."""

    def hello(self, request: HelloRequest) -> HelloAnswer:
        """Greets."""
        ...

    def push(self, request: PushRequest) -> PushAnswer:
        """Sends facts."""
        ...

    def pull(self, cursor: str, limit: int) -> PullAnswer:
        """Asks for the next page of the feed."""
        ...

    def fetch(self, collection: str, ids: tuple[str, ...]) -> PullAnswer:
        """Asks for single rows of a collection again."""
        ...

    def lease(self, request: LeaseRequest) -> LeaseAnswer:
        """Asks for project codes."""
        ...

    def lookup(self, request: CodeLookup) -> CodeFound:
        """Asks for an existing project code."""
        ...

    def check(self, request: CheckRequest) -> CheckAnswer:
        """Compares bucket sums."""
        ...

    def open_blob(self, sha256: str, size: int) -> BlobState:
        """Starts or finds an upload."""
        ...

    def send_blob(self, sha256: str, offset: int, data: bytes, *, last: bool) -> BlobState:
        """Sends the next part."""
        ...

    def read_blob(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a scan from ``offset`` on."""
        ...


class Ticker(Protocol):
    """Time that only runs forward, and chance; injected, so that tests own both."""

    def now(self) -> datetime:
        """The wall clock, timezone-aware."""
        ...

    def mono(self) -> float:
        """Seconds that never go back."""
        ...

    def chance(self) -> float:
        """A random number in [0, 1)."""
        ...

    def new_id(self) -> UUID:
        """A fresh UUIDv7."""
        ...
