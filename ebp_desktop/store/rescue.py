"""A damaged database is put aside, never deleted; a new one starts from the journal, central's feed does the rest."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from ebp_desktop.crypto.keys import SealingKey
from ebp_desktop.domain.facts import CaseRegistered, Fact
from ebp_desktop.services.ports import FileInfo, SealedFact, Slot
from ebp_desktop.store.backup import RESTORED
from ebp_desktop.store.database_store import Now, StorePaths, assemble_store
from ebp_desktop.store.journal import JournalContent
from ebp_desktop.store.platform_files import flush_folder, move_durably, private_folder
from ebp_desktop.store.session import StoreSession
from ebp_desktop.store.space import SpaceGuard

_REGISTRATION = re.compile(r"-(?P<day>\d{8})-(?P<serial>\d+)$")


@dataclass(frozen=True, slots=True)
class RecoveredFact:
    """An envelope of the journal, read back: the fact, its place in the chain, its sealed form, the scans it names."""

    fact: Fact
    slot: Slot
    sealed: SealedFact
    files: tuple[FileInfo, ...] = ()


class EnvelopeReader(Protocol):
    """Reads the wire's envelopes; the opposite of ``services.ports.EnvelopeSealer``."""

    def read(self, raw: bytes) -> RecoveredFact:
        """Return what an envelope holds; raises BadInputError when it is none."""
        ...


@dataclass(frozen=True, slots=True)
class RescueReport:
    """What came back: unsent facts and case keys, damaged stretches of the journal, and where the old files lie."""

    facts: int
    keys: int
    journal_damage: int
    put_aside: Path


def put_aside(paths: StorePaths, at: datetime) -> Path:
    """Move the database and its logs into a dated folder; a copy of the journal goes along. Return the folder."""
    folder = _fresh_folder(paths.home / "damaged", at.strftime("%Y%m%d-%H%M%S"))
    if paths.journal.exists():
        (folder / paths.journal.name).write_bytes(paths.journal.read_bytes())
    for suffix in ("-wal", "-shm", ""):
        path = paths.database.with_name(paths.database.name + suffix)
        if path.exists():
            move_durably(path, folder / path.name)
    flush_folder(folder)
    return folder


def _fresh_folder(parent: Path, name: str) -> Path:
    """Make a folder of that name, numbered when there is one: nothing put aside is ever overwritten."""
    numbered = (parent / (name if number == 1 else f"{name}-{number}") for number in itertools.count(1))
    return private_folder(next(folder for folder in numbered if not folder.exists()))


def rebuild(
    home: Path, data_key: bytes, now: Now, reader: EnvelopeReader, *, guard: SpaceGuard | None = None
) -> RescueReport:
    """Put the damaged database aside and open a new one that holds everything unsent, in one transaction.

    The new store is marked as restored: it gives no number before central was asked (``backup.RESTORED``). A crash
    on the way leaves the journal as it was, and ``open_store`` then asks for the rebuild again.
    """
    paths = StorePaths(home)
    folder = put_aside(paths, now())
    store = assemble_store(home, data_key, now, guard=guard)
    try:
        content = store.journal.read()
        with store.begin() as tx:
            _refill(tx, content, reader)
            tx.settings.set(RESTORED, now().isoformat())
        store.settle()
    finally:
        store.close()
    return RescueReport(len(content.facts), len(content.keys), content.damaged, folder)


def _refill(tx: StoreSession, content: JournalContent, reader: EnvelopeReader) -> None:
    for setting in content.settings:
        tx.take_journal_setting(setting)
    for key in content.keys:
        tx.keys.hold(key.case_id, SealingKey(key.key_id, key.secret))
    recovered = [reader.read(entry.envelope) for entry in content.facts]
    for one in recovered:
        tx.ledger.append(one.fact)
        tx.outbox.put(one.slot, one.fact, one.sealed)
        for file in one.files:
            tx.files.note(one.fact.case_id, file)
        _keep_numbers(tx, one.fact)
    if recovered:
        tx.settings.set("epoch", recovered[-1].slot.epoch)


def _keep_numbers(tx: StoreSession, fact: Fact) -> None:
    """Never give a registration number again that an unsent registration carries already."""
    if isinstance(fact.body, CaseRegistered):
        found = _REGISTRATION.search(fact.body.registration_no)
        if found is not None:
            tx.numbers.raise_registration(date.fromisoformat(found["day"]), int(found["serial"]))
