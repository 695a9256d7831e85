"""The blob port over the local store: scans that central does not have yet."""

from __future__ import annotations

from datetime import datetime

from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.scans import CaseScans
from sync.ports import BlobTask


class StoredScans:
    """Scans kept here, opened for sending."""

    def __init__(self, store: CounterStore) -> None:
        self._store = store
        self._scans = CaseScans(store)

    def pending(self, limit: int = 100) -> tuple[BlobTask, ...]:
        """Scans to send, oldest first."""
        with self._store.read() as tx:
            waiting = tx.files.waiting(limit)
        return tuple(BlobTask(sha256=file.sha256, size=file.size, case_id=file.case_id) for file in waiting)

    def read(self, sha256: str, offset: int, length: int) -> bytes:
        """Plain bytes from ``offset``."""
        return self._scans.read_range(sha256, offset, length)

    def sent(self, sha256: str, at: datetime) -> None:
        """Central holds the scan whole and checked."""
        with self._store.begin() as tx:
            tx.files.sent(sha256)

    def broken(self, sha256: str, reason: str) -> None:
        """The scan cannot be sent as it is; a person must scan again."""
        with self._store.begin() as tx:
            tx.files.broken(sha256, reason)
