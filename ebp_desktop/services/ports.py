"""What the use cases need from the outside, as Protocols: time, ids, store, papers, tokens, share look-up, blobs.

Implementations live in the sibling packages and are put together in ``ebp_desktop.bootstrap`` alone.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ebp_desktop.domain.facts import Fact
from ebp_desktop.domain.material import Page, Share
from ebp_desktop.domain.project import Party, Project


class Clock(Protocol):
    """The counter's time; injected everywhere, so that tests and the demo day run on their own."""

    def now(self) -> datetime:
        """The present, timezone-aware."""
        ...


class Ids(Protocol):
    """Makes UUIDv7 identities."""

    def new(self) -> UUID:
        """A fresh id, ordered by time of making."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The next place in the outbox chain of this device and epoch."""

    device: str
    epoch: str
    seq: int
    prev: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFact:
    """A fact as it will travel: its exact envelope bytes and their chain hash."""

    hash: str
    raw: bytes


class EnvelopeSealer(Protocol):
    """Puts a fact into the envelope of the wire protocol and chains it."""

    def seal(self, fact: Fact, slot: Slot, blobs: tuple[Page, ...], supersedes: UUID | None) -> SealedFact:
        """The envelope for this place in the chain."""
        ...


class Ledger(Protocol):
    """The append-only facts."""

    def append(self, fact: Fact) -> None:
        """Adds a fact; the same id twice is one fact."""
        ...

    def of_case(self, case_id: UUID) -> tuple[Fact, ...]:
        """Every fact of an aggregate that is readable here."""
        ...

    def has(self, fact_id: UUID) -> bool:
        """Whether the fact is there already."""
        ...


class SendState(StrEnum):
    """Where a fact of this counter stands on its way to central."""

    NEW = "new"
    SENDING = "sending"
    RECEIPTED = "receipt_saved"
    SEEN = "seen_in_feed"
    PARKED = "parked"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One fact on its way; ``reason`` and ``todo`` are words for the clerk when it waits or was refused."""

    seq: int
    fact_id: UUID
    case_id: UUID
    kind: str
    state: SendState
    recorded_at: datetime
    legal_at: datetime
    hash: str
    raw: bytes
    code: str = ""
    reason: str = ""
    todo: str = ""
    attempts: int = 0


class Outbox(Protocol):
    """Facts recorded here and not yet confirmed by central."""

    def next_slot(self) -> Slot:
        """The next gapless place; read inside the writing transaction."""
        ...

    def put(self, slot: Slot, fact: Fact, sealed: SealedFact) -> None:
        """Queues the sealed fact at its place."""
        ...

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Everything without a receipt, oldest first."""
        ...

    def pending_facts(self, case_id: UUID) -> frozenset[UUID]:
        """Facts of a case that central has not confirmed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to what; ``detail`` holds digests and numbers, never personal data."""

    act: str
    actor: str
    object: str
    detail: str = ""
    at: datetime


class Audit(Protocol):
    """The hash-chained journal of acts and of every look at personal data."""

    def append(self, entry: AuditEntry) -> None:
        """Adds a record to the chain."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """The row of a case in lists and search; ``numbers`` are all codes that lead to it."""

    case_id: UUID
    registration_no: str
    project_number: str
    project_name: str
    applicant: str
    stage: str
    stage_name: str
    state: str
    is_open: bool
    received_at: datetime
    next_due: date | None
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A keyset page of a list: rows, and the key of the next page or None."""

    rows: tuple[CaseSummary, ...]
    next_key: str | None


class Cases(Protocol):
    """The projected rows, the numbers that lead to them, and full-text search."""

    def save(self, summary: CaseSummary) -> None:
        """Writes or replaces the row, its numbers and its search words."""
        ...

    def find_number(self, number: str) -> UUID | None:
        """The case that a code, alias, registration, temporary or national number belongs to."""
        ...

    def by_project(self, project_code: str) -> tuple[UUID, ...]:
        """All filings of one project."""
        ...

    def search(self, text: str, *, after: str | None = None, limit: int = 50) -> CasePage:
        """Cases whose words hold every term: two characters and pinyin initials suffice."""
        ...

    def recent(self, *, only_open: bool = False, after: str | None = None, limit: int = 50) -> CasePage:
        """The newest cases first."""
        ...

    def open_ids(self) -> tuple[UUID, ...]:
        """Every case that is still open or has something to hand out."""
        ...

    def touched_since(self, moment: datetime) -> tuple[UUID, ...]:
        """Every case to which something happened since, closed ones too."""
        ...

    def remove(self, case_id: UUID) -> None:
        """Takes a purged case out of every list and index."""
        ...


class Numbers(Protocol):
    """The counter's own gapless series and its leased project codes."""

    def next_registration(self, day: date) -> int:
        """The next serial of this counter and day, within the writing transaction."""
        ...

    def next_paper(self, registration_no: str) -> int:
        """The next suffix for papers that the counter makes for a registration."""
        ...

    def take_leased(self, year: int, on: date) -> int | None:
        """The next project serial of a lease valid on that day, or None when all are used up or expired."""
        ...

    def next_temporary(self) -> int:
        """The next temporary number of this counter."""
        ...

    def leased_left(self, year: int, on: date) -> tuple[int, date | None]:
        """How many leased numbers are left, and until when they hold."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A paper that was made: ``data`` is the JSON it was rendered from; the same data gives the same bytes."""

    number: str
    kind: str
    case_id: UUID | None
    data: bytes
    token: str
    template_version: str
    pdf_sha256: str
    made_at: datetime
    prints: int = 0


class Documents(Protocol):
    """Papers made here or received, repeatable byte for byte."""

    def save(self, document: StoredDocument) -> None:
        """Stores the snapshot; the same number and kind twice must be the same data."""
        ...

    def get(self, number: str, kind: str = "") -> StoredDocument | None:
        """The paper with this number."""
        ...

    def of_case(self, case_id: UUID) -> tuple[StoredDocument, ...]:
        """All papers of a case."""
        ...

    def count_print(self, number: str, kind: str) -> int:
        """Counts one more print and returns how often it was printed, this one included."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A half-done case: survives anything, can be taken over at another shift."""

    id: UUID
    title: str
    body: bytes
    operator: str
    updated_at: datetime


class Drafts(Protocol):
    """Cases being taken in."""

    def save(self, draft: StoredDraft) -> None:
        """Writes or replaces a draft."""
        ...

    def get(self, draft_id: UUID) -> StoredDraft | None:
        """The draft, or None."""
        ...

    def list(self) -> tuple[StoredDraft, ...]:
        """All drafts, newest first."""
        ...

    def delete(self, draft_id: UUID) -> None:
        """Removes it, once registered or given up."""
        ...


class Reference(Protocol):
    """Published data from central: collections "guide", "calendar", "key", "person", "alias"."""

    def put(self, collection: str, key: str, body: bytes) -> None:
        """Writes or replaces one entry."""
        ...

    def get(self, collection: str, key: str) -> bytes | None:
        """One entry."""
        ...

    def all(self, collection: str) -> tuple[tuple[str, bytes], ...]:
        """All entries of a collection as (key, body), ordered by key."""
        ...


class Settings(Protocol):
    """Named texts of this home: counter, region, retention, switches."""

    def get(self, name: str, default: str = "") -> str:
        """The value, or the default."""
        ...

    def set(self, name: str, value: str) -> None:
        """Writes a value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """A stored file: name by digest of its plain bytes, size and type."""

    sha256: str
    size: int
    mime: str


class Files(Protocol):
    """Which scans and files belong to which case, and how far they are sent."""

    def note(self, case_id: UUID, file: FileInfo) -> None:
        """Remembers that the case uses this file and that it is to be sent."""
        ...


class Session(Protocol):
    """Everything that one transaction can touch."""

    @property
    def ledger(self) -> Ledger:
        """The facts."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What is on its way to central."""
        ...

    @property
    def audit(self) -> Audit:
        """The journal of acts and looks."""
        ...

    @property
    def cases(self) -> Cases:
        """List rows, numbers and search."""
        ...

    @property
    def numbers(self) -> Numbers:
        """Series and leases."""
        ...

    @property
    def documents(self) -> Documents:
        """Papers made here."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Cases being taken in."""
        ...

    @property
    def reference(self) -> Reference:
        """Published data."""
        ...

    @property
    def settings(self) -> Settings:
        """Named texts."""
        ...

    @property
    def files(self) -> Files:
        """Scans and their cases."""
        ...

    def destroy_case_key(self, case_id: UUID) -> None:
        """Destroys the key under which bodies and scans of a case are sealed (rule 10)."""
        ...


class Store(Protocol):
    """The local database: one writer at a time, readers beside it."""

    def begin(self) -> AbstractContextManager[Session]:
        """A writing transaction (BEGIN IMMEDIATE): commits whole at the end of the block, or nothing of it."""
        ...

    def read(self) -> AbstractContextManager[Session]:
        """A reading transaction on its own connection."""
        ...


class Blobs(Protocol):
    """Sealed, content-addressed files of scans and attachments."""

    def put(self, case_id: UUID, path: Path, mime: str) -> FileInfo:
        """Seals the file's bytes durably (temp, fsync, rename, fsync of the folder) and names them by digest."""
        ...

    def put_bytes(self, case_id: UUID, data: bytes, mime: str) -> FileInfo:
        """Seals bytes that are in memory, as ``put`` does; joins the transaction that is open."""
        ...

    def read(self, sha256: str) -> bytes:
        """The plain bytes; raises SurroundingsError when they are missing or damaged."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the file is here."""
        ...


class Judgement(StrEnum):
    """What a scanned code is worth."""

    GENUINE = "genuine"
    VOID = "void"
    USED = "used"
    UNKNOWN = "unknown"
    FORGED = "forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReading:
    """What a QR says and whether its signature holds; ``number`` is empty where nothing could be read."""

    judgement: Judgement
    kind: str = ""
    number: str = ""
    issued_on: date | None = None
    key_id: str = ""
    reason: str = ""


class Tokens(Protocol):
    """Signed codes on paper."""

    def sign(self, kind: str, number: str, issued_on: date) -> str:
        """The token text for a paper of this counter, signed by its own key."""
        ...

    def read(self, text: str) -> TokenReading:
        """Reads a token, however it was scanned, and checks its signature with the published keys."""
        ...


class SharedRecords(Protocol):
    """The look-up of materials that other organs hold (Art. 13)."""

    def look_up(self, material: str, source: str, project: Project, applicant: Party) -> Share:
        """Shared with source and time, pending while offline, or failed with its reason. Never raises."""
        ...


class ProjectDirectory(Protocol):
    """Asks central for an existing project before a new code is taken (Art. 6)."""

    def find(self, national_code: str, name: str, party_code: str) -> str | None:
        """The existing project code, or None when there is none or central cannot be reached."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOutcome:
    """What became of a print: ``ok`` with the printer's job name, or the reason in words."""

    ok: bool
    job: str
    reason: str = ""


class Printer(Protocol):
    """Sends a PDF to paper."""

    def print_pdf(self, pdf: bytes, title: str, copies: int = 1) -> PrintOutcome:
        """Prints after the commit; a failure is an outcome, not an exception."""
        ...
