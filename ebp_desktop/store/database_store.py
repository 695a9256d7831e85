"""The counter's store: one writer transaction at a time that happens whole or not at all, readers beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from ebp_desktop.crypto.keys import derive
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.blobs import LocalBlobStore
from ebp_desktop.store.engine import ChangeWatch, Database, copy_database, lost, open_database
from ebp_desktop.store.journal import OutboxJournal
from ebp_desktop.store.platform_files import private_folder
from ebp_desktop.store.schema.migrations import migrate
from ebp_desktop.store.session import StoreSession
from ebp_desktop.store.space import MEBIBYTE, SpaceGuard

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class StorePaths:
    """Where the parts of a home lie."""

    home: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.home / "counter.db"

    @property
    def journal(self) -> Path:
        """The second copy of what is unsent."""
        return self.home / "outbox.journal"

    @property
    def scans(self) -> Path:
        """The sealed scans."""
        return self.home / "scans"

    @property
    def backups(self) -> Path:
        """Copies made before migrations."""
        return self.home / "backups"

    @property
    def vault(self) -> Path:
        """The wrapped data key."""
        return self.home / "vault.json"

    @property
    def sync_lock(self) -> Path:
        """Held by the one process that syncs."""
        return self.home / "sync.lock"


class CounterStore:
    """The open store of a home; made by ``open_store``. Safe to use from several threads."""

    def __init__(self, paths: StorePaths, database: Database, data_key: bytes, guard: SpaceGuard, now: Now) -> None:
        self.paths, self.guard = paths, guard
        self.journal = OutboxJournal(paths.journal, derive(data_key, "journal"))
        self.scans = LocalBlobStore(paths.scans, guard)
        self._database, self._database_key, self._now = database, derive(data_key, "database"), now
        self._writing = threading.local()
        self._journal_behind, self._journal_limit = False, MEBIBYTE

    @contextmanager
    def begin(self) -> Iterator[StoreSession]:
        """Give a writing transaction (BEGIN IMMEDIATE): all of it is durable when the block ends well, else none of it.

        Raises SurroundingsError ``disk_full``, ``database_busy`` or ``database_damaged``.
        """
        if self.writing_here is not None:
            raise RuntimeError("this thread already has a writing transaction open")
        with self._database.writing() as connection:
            session = StoreSession(connection, self._now())
            self._writing.session = session
            try:
                yield session
            finally:
                self._writing.session = None
        self._after_commit(session)

    @contextmanager
    def join(self) -> Iterator[StoreSession]:
        """Give this thread's open writing transaction if there is one, else a new one."""
        here = self.writing_here
        if here is not None:
            yield here
            return
        with self.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[StoreSession]:
        """Give a reading transaction: one consistent snapshot on a connection that cannot write."""
        with self._database.reading() as connection:
            yield StoreSession(connection, self._now())

    @property
    def writing_here(self) -> StoreSession | None:
        """The writing transaction that this thread has open, if any."""
        session: StoreSession | None = getattr(self._writing, "session", None)
        return session

    @property
    def journal_behind(self) -> bool:
        """Whether the second copy lacks something because the disk failed; the next commit or start mends it."""
        return self._journal_behind

    def _after_commit(self, session: StoreSession) -> None:
        # The facts are durable already: a failing second copy is remembered and mended, never taken for a failed act.
        try:
            if session.purged or self._journal_behind or self.journal.size() > self._journal_limit:
                self.rewrite_journal()
            else:
                self.journal.append(session.journal_entries())
        except SurroundingsError:
            self._journal_behind = True
        for key_id in session.purged:
            self.scans.remove_all(key_id)
        if session.purged:
            self._database.vacuum()

    def rewrite_journal(self) -> None:
        """Make the journal hold exactly what is unconfirmed, with the keys and settings that belong to it."""
        with self._database.writing() as connection:
            self.journal.rewrite(StoreSession(connection, self._now()).journal_image())
        self._journal_behind = False
        self._journal_limit = 2 * self.journal.size() + MEBIBYTE

    def settle(self) -> None:
        """Give a new store its epoch, bring the second copy up to date, and tidy up.

        Raises SurroundingsError ``database_lost`` when the journal holds facts that the database has never seen.
        """
        with self.begin() as tx:
            if any(tx.outbox.find(fact.fact_id) is None for fact in self.journal.read().facts):
                raise lost()
            if not tx.settings.get("epoch"):
                tx.settings.set("epoch", uuid4().hex)
        self.rewrite_journal()
        self.scans.sweep()
        self.guard.lay_ballast()

    def copy_database(self, target: Path, key: bytes) -> None:
        """Copy the database under another key while it is in use."""
        copy_database(self.paths.database, self._database_key, target, key)

    def watch(self) -> ChangeWatch:
        """Return a watch that tells when any other connection or process committed."""
        return self._database.watch()

    def database_fault(self) -> str | None:
        """Read every page and index; return None when all is well, else SQLite's words."""
        return self._database.fault()

    def close(self) -> None:
        """Fold the log back and close; the store cannot be used after."""
        self._database.close()


def open_store(home: Path, data_key: bytes, now: Now, *, guard: SpaceGuard | None = None) -> CounterStore:
    """Open or create the store of a home, bring it to this version's shape, and mend what a crash left.

    Raises SurroundingsError ``database_damaged`` or ``database_lost`` (both: see ``rescue``), ``database_newer``,
    ``disk_full``.
    """
    store = assemble_store(home, data_key, now, guard=guard)
    try:
        store.settle()
    except BaseException:
        store.close()
        raise
    return store


def assemble_store(home: Path, data_key: bytes, now: Now, *, guard: SpaceGuard | None = None) -> CounterStore:
    """Open or create the store of a home without looking at its journal; raises as ``open_store``."""
    paths = StorePaths(private_folder(home))
    database_key = derive(data_key, "database")
    database = open_database(paths.database, database_key)
    try:
        migrate(database, database_key, paths.backups)
        database.require_whole()
    except BaseException:
        database.dispose()
        raise
    return CounterStore(paths, database, data_key, guard or SpaceGuard(home), now)
