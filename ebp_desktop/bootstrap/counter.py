"""The counter put together: an unlocked home with its desk, its services and its line to central."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import resources
from ebp_desktop import __version__
from ebp_desktop.bootstrap.adapters import (
    DemoSharedRecords,
    FileImporter,
    LocalProofs,
    SignedTokens,
    UnconnectedSharedRecords,
)
from ebp_desktop.bootstrap.bridge import StoredContact, StoredInbox, StoredLeases, StoredOutbox, StoredScans
from ebp_desktop.bootstrap.children import child_command
from ebp_desktop.bootstrap.home import Identity
from ebp_desktop.bootstrap.people import LinkPermits, StoredPermits
from ebp_desktop.bootstrap.recovery import open_or_rebuild
from ebp_desktop.clock import Uuid7Ids
from ebp_desktop.crypto.signatures import Ed25519Signer, Keyring, from_base64
from ebp_desktop.documents.composer import Composer
from ebp_desktop.documents.renderer import Renderer
from ebp_desktop.domain.calendar import WorkCalendar
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.facts import Body
from ebp_desktop.services.amending import Amendments
from ebp_desktop.services.complaints import ComplaintDesk
from ebp_desktop.services.context import Desk
from ebp_desktop.services.guides import GuideShelf
from ebp_desktop.services.handover import HandoverDesk
from ebp_desktop.services.intake import IntakeDesk
from ebp_desktop.services.papers_owed import OwedPapers
from ebp_desktop.services.ports import Clock
from ebp_desktop.services.queries import Queries
from ebp_desktop.services.recording import record, refresh_row
from ebp_desktop.services.registration import Registration
from ebp_desktop.services.results import ResultDesk
from ebp_desktop.services.sign_in import SignIn
from ebp_desktop.services.supplement import SupplementDesk
from ebp_desktop.services.telling import NoticeDesk, Reprints
from ebp_desktop.services.window import Operator
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.locks import ProcessLock
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.session import StoreSession
from sync.enrolment import CentralDirectory, keyring_of
from sync.outgoing import Circumstances, Sealer
from sync.performer import Performer
from sync.protocol.codec import from_json
from sync.protocol.messages import PublishedKey
from sync.runner import SyncRunner, run_once
from sync.runner import status as sync_status
from sync.status import SyncReport
from sync.transport import DeviceIdentity, HttpLink, tls_context

DEVICE_KEY = "device_key"
IDENTITY = "identity"
MACHINE = Operator(user="counter", display_name="本机", staff_no="", roles=frozenset())


@dataclass(frozen=True, slots=True)
class RunningTime:
    """The ticker of sync: the counter's clock, the machine's running time, chance and ids."""

    clock: Clock

    def now(self) -> datetime:
        """The wall clock."""
        return self.clock.now()

    def mono(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def chance(self) -> float:
        """A random number in [0, 1)."""
        return random.random()  # noqa: S311  # spreads retries, guards nothing

    def new_id(self) -> UUID:
        """A fresh UUIDv7."""
        return Uuid7Ids().new()


class DeviceKeys:
    """Keys of both ends: central's as last received, and this device's own."""

    def __init__(self, store: CounterStore, signer: Ed25519Signer) -> None:
        self._store = store
        self._signer = signer

    def central(self) -> Keyring:
        """Central's published keys together with this counter's own, which signs its papers."""
        with self._store.read() as tx:
            entries = tx.reference.all("key")
        published = [from_json(body, PublishedKey) for _, body in entries]
        found = keyring_of(tuple(published))
        own = self._signer.verifier
        verifiers = [v for key in published if (v := found.find(key.key_id)) is not None]
        return Keyring([*verifiers, own])

    def sign(self, data: bytes) -> bytes:
        """The device's signature."""
        return self._signer.sign(data)


class CurrentTokens:
    """Tokens checked with the keys of this moment, so that a key that just arrived counts at once."""

    def __init__(self, signer: Ed25519Signer, keys: DeviceKeys) -> None:
        self.sign = SignedTokens(signer, Keyring()).sign
        self.read = lambda text: SignedTokens(signer, keys.central()).read(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case of the counter."""

    intake: IntakeDesk
    guides: GuideShelf
    registration: Registration
    notices: NoticeDesk
    reprints: Reprints
    supplements: SupplementDesk
    amendments: Amendments
    owed: OwedPapers
    results: ResultDesk
    handover: HandoverDesk
    queries: Queries
    complaints: ComplaintDesk


class Counter:
    """An open home; close it when done. ``services`` are rebuilt when a calendar arrives."""

    def __init__(self, home: Path, identity: Identity, data_key: bytes, clock: Clock) -> None:
        self.home = home
        self.identity = identity
        self.clock = clock
        self.store, self.rebuilt = open_or_rebuild(home, data_key, clock.now, identity.counter)
        with self.store.read() as tx:
            self._signer = Ed25519Signer(from_base64(tx.settings.get(DEVICE_KEY)))
        self.keys = DeviceKeys(self.store, self._signer)
        self.blobs = CaseScans(self.store)
        self.shares = DemoSharedRecords(clock) if identity.demo else UnconnectedSharedRecords()
        self._composer = Composer(Renderer())
        self._permit = ""
        self._boot = uuid4().hex
        self._lookup_link = self._link()
        self.desk = self._desk()
        self.services = self._services()
        if self.rebuilt is not None:
            self._project_all()

    def _project_all(self) -> None:
        """Shows again what a rebuilt store holds; the feed brings the rest."""
        with self.store.begin() as tx:
            for case_id in tx.ledger.case_ids():
                refresh_row(self.desk, tx, case_id)

    def _link(self) -> HttpLink:
        ca = Path(self.identity.ca) if self.identity.ca else None
        identity = DeviceIdentity(self.identity.device, self._signer.sign, self.clock.now)
        return HttpLink(self.identity.central, identity, tls_context(ca))

    def _circumstances(self) -> Circumstances:
        with self.store.read() as tx:
            skew = tx.settings.get("clock_skew_ms", "0")
        return Circumstances(
            permit_id=self._permit, boot_id=self._boot, mono_ms=int(time.monotonic() * 1000), skew_ms=int(skew)
        )

    def _desk(self) -> Desk:
        return Desk(
            store=self.store,
            clock=self.clock,
            ids=Uuid7Ids(),
            sealer=Sealer(self._circumstances),
            blobs=self.blobs,
            papers=self._composer,
            tokens=CurrentTokens(self._signer, self.keys),
            shares=self.shares,
            directory=CentralDirectory(self._lookup_link),
            window=self.identity.window,
            calendar=self._calendar(),
        )

    def _calendar(self) -> WorkCalendar:
        """The years that central published; the shipped ones stand in until the first contact."""
        with self.store.read() as tx:
            texts = [(key, body.decode()) for key, body in tx.reference.all("calendar")]
        if not texts:
            folder = resources.locate("calendars")
            texts = [(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
        return WorkCalendar(tuple(parse_calendar(text, name) for name, text in texts))

    def _services(self) -> Services:
        desk = self.desk
        guides = GuideShelf(self.store, demo=self.identity.demo)
        return Services(
            intake=IntakeDesk(desk, guides),
            guides=guides,
            registration=Registration(desk, guides),
            notices=NoticeDesk(desk),
            reprints=Reprints(desk),
            supplements=SupplementDesk(desk),
            amendments=Amendments(desk),
            owed=OwedPapers(desk),
            results=ResultDesk(desk),
            handover=HandoverDesk(desk),
            queries=Queries(desk),
            complaints=ComplaintDesk(desk),
        )

    def sign_in(self) -> SignIn:
        """The sign-in of this counter."""
        permits = StoredPermits(self.store, self.identity.device, self.keys.central)
        issuer = LinkPermits(self._lookup_link, self.identity.device, self.keys.central, self.clock)
        return SignIn(permits, issuer, LocalProofs(), self.clock)

    def act_under(self, operator: Operator) -> None:
        """From now on facts carry this person's permit."""
        self._permit = operator.permit

    def importer(self, operator: Operator) -> FileImporter:
        """Reads files for a person."""
        return FileImporter(operator.user, self.clock, child_command)

    def performer(self, link: HttpLink) -> Performer:
        """The hands of the sync engine over this store and a line of its own."""
        return Performer(
            outbox=StoredOutbox(self.store),
            inbox=StoredInbox(self.store, self._refresh, self._on_reference),
            leases=StoredLeases(self.store),
            blobs=StoredScans(self.store),
            contact=StoredContact(self.store, Uuid7Ids().new, self._record_own),
            keys=self.keys,
            link=link,
            ticker=RunningTime(self.clock),
            app_version=__version__,
        )

    def _refresh(self, tx: StoreSession, case_id: UUID) -> object:
        return refresh_row(self.desk, tx, case_id)

    def _record_own(self, tx: StoreSession, case_id: UUID, body: Body, at: datetime) -> object:
        return record(self.desk, tx, MACHINE, case_id, body, legal_at=at)

    def _on_reference(self, collections: frozenset[str]) -> None:
        if "calendar" in collections:
            self.desk = replace(self.desk, calendar=self._calendar())
            self.services = self._services()

    @contextlib.contextmanager
    def syncing(self) -> Iterator[bool]:
        """Holds the sync lock of the home for the block; False when another process has it."""
        with ProcessLock(self.store.paths.sync_lock) as held:
            yield held

    def sync_once(self) -> SyncReport:
        """Sends and receives until nothing moves; says busy when another process syncs."""
        with self._link() as link:
            performer = self.performer(link)
            with self.syncing() as held:
                return run_once(performer) if held else sync_status(performer, busy=True)

    def sync_status(self) -> SyncReport:
        """What waits, without touching the line."""
        with self._link() as link, self.syncing() as held:
            return sync_status(self.performer(link), busy=not held)

    def runner(self, on_change: Callable[[object], None] | None = None) -> SyncRunner:
        """The sync thread of the window, with a line of its own."""
        return SyncRunner(self.performer(self._link()), on_change=on_change)

    def close(self) -> None:
        """Closes line and store."""
        self._lookup_link.close()
        self.store.close()
