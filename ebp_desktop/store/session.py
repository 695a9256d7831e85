"""Everything that one transaction of the local store can touch."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from ebp_desktop.store.audit import AuditTable
from ebp_desktop.store.cases import CasesTable
from ebp_desktop.store.documents import DocumentsTable
from ebp_desktop.store.drafts import DraftsTable
from ebp_desktop.store.files import FilesTable
from ebp_desktop.store.inbox import InboxTable
from ebp_desktop.store.journal import JournalEntry, JournalSetting
from ebp_desktop.store.ledger import LedgerTable
from ebp_desktop.store.numbers import NumbersTable
from ebp_desktop.store.outbox import OutboxTable
from ebp_desktop.store.people import PeopleTable
from ebp_desktop.store.reference import ReferenceTable
from ebp_desktop.store.sealing import CaseKeys
from ebp_desktop.store.settings import SettingsTable

# Without central's published keys a rebuilt store could trust no receipt and check no paper.
_PUBLISHED_KEY: Final = "reference/key/"


class StoreSession:
    """The repositories over one connection; satisfies ``services.ports.Session`` and carries what sync needs too."""

    __slots__ = (
        "audit",
        "cases",
        "documents",
        "drafts",
        "files",
        "inbox",
        "keys",
        "ledger",
        "numbers",
        "outbox",
        "people",
        "purged",
        "reference",
        "settings",
    )

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.keys = CaseKeys(connection, now)
        self.settings = SettingsTable(connection)
        self.ledger = LedgerTable(connection, self.keys)
        self.outbox = OutboxTable(connection, self.keys, self.settings)
        self.inbox = InboxTable(connection, self.keys)
        self.audit = AuditTable(connection)
        self.cases = CasesTable(connection)
        self.numbers = NumbersTable(connection)
        self.documents = DocumentsTable(connection, self.keys)
        self.drafts = DraftsTable(connection)
        self.reference = ReferenceTable(connection)
        self.files = FilesTable(connection, self.keys)
        self.people = PeopleTable(connection)
        self.purged: list[str] = []

    def destroy_case_key(self, case_id: UUID) -> None:
        """Destroy the key under which bodies and scans of a case are sealed, and all that was derived (rule 10).

        The ledger keeps ids and digests, the chain its hashes, the audit trail its acts without their words.
        """
        for table in (self.ledger, self.outbox, self.inbox, self.documents, self.files):
            table.purge(case_id)
        self.cases.remove(case_id)
        self.drafts.delete(case_id)
        self.audit.forget_detail(str(case_id))
        key_id = self.keys.destroy(case_id)
        if key_id is not None:
            self.purged.append(key_id)

    def journal_entries(self) -> tuple[JournalEntry, ...]:
        """Return what the journal must learn once this transaction is committed."""
        return (*self.settings.written.values(), *self.keys.made, *self.outbox.added)

    def journal_image(self) -> tuple[JournalEntry, ...]:
        """Return all that the journal must hold: settings, central's keys, living case keys, every unconfirmed fact."""
        settings = [JournalSetting(name=name, value=value) for name, value in self.settings.all().items()]
        published = [
            JournalSetting(name=_PUBLISHED_KEY + key, value=body.decode()) for key, body in self.reference.all("key")
        ]
        return (*settings, *published, *self.keys.all(), *self.outbox.unconfirmed())

    def take_journal_setting(self, setting: JournalSetting) -> None:
        """Put back a setting or a published key that the journal held."""
        if setting.name.startswith(_PUBLISHED_KEY):
            self.reference.put("key", setting.name.removeprefix(_PUBLISHED_KEY), setting.value.encode())
        else:
            self.settings.set(setting.name, setting.value)
