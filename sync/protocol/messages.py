"""The messages of EBP-Sync/1 as frozen values; JSON on the wire by msgspec.

Endpoints (all POST/GET below ``/v1``): ``enrol``, ``hello``, ``push``, ``pull``, ``codes/lease``, ``codes/return``,
``codes/lookup``, ``blobs/{sha256}``, ``check``, ``permits``. Every request but ``enrol`` is signed by the device key
(``signing.py``). Times are ISO 8601 strings with an offset, bodies are the JSON text of ``domain.facts``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

PROTOCOL = 1
MAX_BATCH = 200
MAX_BATCH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobRef:
    """A scan that a fact speaks of; its bytes travel apart and later."""

    sha256: str
    size: int
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One fact of a counter, hash-chained: ``hash`` covers all other fields in canonical JSON, ``prev`` the one before.

    ``seq`` is gapless per (device, epoch), starting at 1; ``body`` is the exact JSON text; ``supersedes`` names a
    rejected fact that this one mends.
    """

    v: int
    fact_id: UUID
    device: str
    epoch: str
    seq: int
    prev: str
    case_id: UUID
    kind: str
    body_v: int
    body: str
    actor: str
    recorded_at: str
    legal_at: str
    permit_id: str = ""
    boot_id: str = ""
    mono_ms: int = 0
    skew_ms: int = 0
    blobs: tuple[BlobRef, ...] = ()
    deps: tuple[UUID, ...] = ()
    supersedes: UUID | None = None
    hash: str = ""


class Outcome(StrEnum):
    """What central did with one fact; every one of them consumes the sequence number but RETRY."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    DEFERRED = "deferred"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Central's signed word that a fact is safe: over fact id, hash, server sequence and time."""

    fact_id: UUID
    hash: str
    server_seq: int
    received_at: str
    key_id: str
    alg: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactResult:
    """The answer to one pushed fact, in the order of the request."""

    fact_id: UUID
    outcome: Outcome
    receipt: Receipt | None = None
    code: str = ""
    message: str = ""
    article: str = ""
    todo: str = ""
    waiting: tuple[str, ...] = ()
    retry_from: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloRequest:
    """Who calls, how far its chain reaches and what its clock says."""

    device: str
    epoch: str
    app_version: str
    protocols: tuple[int, ...]
    chain_head: str
    seq_high: int
    lease_high: int
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloAnswer:
    """Central's time and policy; ``new_epoch`` orders a restored or cloned client to start anew."""

    protocol: int
    server_time: str
    feed_epoch: str
    resume_seq: int
    new_epoch: str = ""
    counter: str = ""
    registration_high: dict[str, int] = field(default_factory=dict)
    revoked: tuple[str, ...] = ()
    batch: int = MAX_BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """At most 200 envelopes in sequence; ``signature`` is the device's over the hash of the last one.

    ``hold`` names facts that central must keep raw, with a receipt and as DEFERRED with code ``held``, without applying
    them: applying one of them made central fail again and again, and the facts behind it must not wait for the repair.
    """

    device: str
    epoch: str
    envelopes: tuple[Envelope, ...]
    signature: str
    hold: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAnswer:
    """One result for each envelope, in order."""

    results: tuple[FactResult, ...]
    server_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One fact of the feed, from a counter or from central itself; ``collection`` is "fact", "guide", "calendar",
    "key", "person", "alias" or "lease"; for "fact" ``body`` is the fact's JSON text, else the document's."""

    seq: int
    collection: str
    id: str
    case_id: UUID | None
    kind: str
    body_v: int
    body: str
    actor: str
    origin: str
    legal_at: str
    recorded_at: str
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAnswer:
    """A page of the feed; the client commits ``next`` together with the items."""

    items: tuple[FeedItem, ...]
    next: str
    more: bool
    feed_epoch: str
    server_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseBlock:
    """号段租约: serial numbers first..last of one region and year, granted to one counter until ``expires``."""

    lease: UUID
    region: str
    year: int
    first: int
    last: int
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRequest:
    """Asks for blocks up to ``want`` unused numbers; the same ``request`` twice gets the same answer."""

    request: UUID
    year: int
    have: tuple[UUID, ...]
    want: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseAnswer:
    """The blocks that this counter holds for the year."""

    blocks: tuple[LeaseBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseReturn:
    """Gives back the unused tail of a block from serial ``first`` on; it is void for ever, with the reason."""

    lease: UUID
    first: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLookup:
    """Is this project known already? By national code, else name and USCC (Art. 6)."""

    national_code: str
    name: str
    party_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFound:
    """The project code that exists, or empty."""

    project_code: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobState:
    """How much of a scan central holds durably."""

    sha256: str
    size: int
    offset: int
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolRequest:
    """A workstation becomes a counter with the one-time code of ``ebp-central counter add``."""

    code: str
    device: str
    public_key: str
    epoch: str
    hostname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A public key that signs tokens, receipts or permits; ``raw`` is base64."""

    key_id: str
    alg: str
    raw: str
    owner: str
    not_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolAnswer:
    """The counter's number and name, its region, and the keys it trusts from now on."""

    counter: str
    name: str
    region: str
    keys: tuple[PublishedKey, ...]
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRequest:
    """Sign-in online: the person's password and second factor go to central once, over TLS or loopback."""

    user: str
    password: str
    otp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Central's signed leave to work offline, at most 72 h: who, which roles, an Argon2id verifier of the password and
    the sealed TOTP secret's verifier stay on this device; ``signature`` covers all other fields in canonical JSON."""

    permit_id: str
    user: str
    display_name: str
    staff_no: str
    unit: str
    roles: tuple[str, ...]
    device: str
    not_after: str
    totp_secret: str
    verifier: str
    revocation_epoch: int
    key_id: str
    alg: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error on the wire: the same words that a command prints."""

    code: str
    message: str
    article: str = ""
    safe: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSum:
    """Anti-entropy: count and xor of the row hashes whose id starts with ``prefix`` (two hex digits)."""

    prefix: str
    count: int
    xor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """The counter's bucket sums of one collection at a cursor."""

    cursor: str
    collection: str
    buckets: tuple[BucketSum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """The buckets that differ, with central's ids in them to pull again."""

    differing: tuple[str, ...]
    ids: tuple[str, ...]
