"""Is everything that this counter holds whole? Database, ledger, both chains, journal and scans, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ebp_desktop.crypto.chain import GENESIS
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.files import StoredFile, Upload
from ebp_desktop.store.session import StoreSession


class Part(StrEnum):
    """What was looked at."""

    DATABASE = "database"
    LEDGER = "ledger"
    OUTBOX = "outbox"
    AUDIT = "audit"
    JOURNAL = "journal"
    SCANS = "scans"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be: where, and in words."""

    part: Part
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The outcome: how much was looked at, and every fault."""

    facts: int
    audit_records: int
    scans: int
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(store: CounterStore) -> StoreReport:
    """Read everything and name every fault; takes as long as reading every scan takes."""
    words = store.database_fault()
    if words is not None:
        # Nothing below can be trusted, and reading on would only fail.
        return StoreReport(0, 0, 0, (Fault(Part.DATABASE, store.paths.database.name, words),))
    with store.read() as session:
        files = session.files.all()
        faults = (*_ledger(session), *_outbox(session), *_audit(session), *_scans(store, session, files))
        facts, records = sum(1 for _ in session.ledger.marks()), session.audit.head()[0]
    return StoreReport(facts, records, len(files), (*faults, *_journal(store)))


def _ledger(session: StoreSession) -> Iterator[Fault]:
    for fact_id in session.ledger.faults():
        yield Fault(Part.LEDGER, str(fact_id), "登记记录与其摘要不符")


def _outbox(session: StoreSession) -> Iterator[Fault]:
    epoch, seq, head = "", 0, GENESIS
    for link in session.outbox.links():
        if link.epoch != epoch:
            epoch, seq, head = link.epoch, link.seq - 1, link.prev
        if link.seq != seq + 1 or link.prev != head:
            yield Fault(Part.OUTBOX, f"{link.epoch}/{link.seq}", "待发队列不连续")
        seq, head = link.seq, link.hash


def _audit(session: StoreSession) -> Iterator[Fault]:
    words = session.audit.verify()
    if words is not None:
        yield Fault(Part.AUDIT, "audit", words)


def _scans(store: CounterStore, session: StoreSession, files: tuple[StoredFile, ...]) -> Iterator[Fault]:
    for file in files:
        if not store.scans.has(file.sha256, file.key_id):
            # Central holds it whole: the local copy may have been tidied away.
            if file.upload is not Upload.DONE:
                yield Fault(Part.SCANS, file.sha256, "扫描件缺失")
            continue
        key = session.keys.find(file.case_id)
        if key is None or not store.scans.is_whole(file.sha256, key):
            yield Fault(Part.SCANS, file.sha256, "扫描件已损坏")


def _journal(store: CounterStore) -> Iterator[Fault]:
    damaged = store.journal.read().damaged
    if damaged:
        yield Fault(Part.JOURNAL, store.paths.journal.name, f"待发日志有 {damaged} 处损坏")
