"""Which scans belong to which case, and how far they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.services.ports import FileInfo
from ebp_desktop.store.schema.columns import AnyRow
from ebp_desktop.store.schema.tables import FILES
from ebp_desktop.store.sealing import CaseKeys


class Upload(StrEnum):
    """How far a scan is on its way: kept only here, to be sent, at central, or not sendable as it is."""

    LOCAL = "local"
    WAITING = "waiting"
    DONE = "done"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One scan of one case; ``key_id`` names the key and folder that hold it."""

    sha256: str
    case_id: UUID
    key_id: str
    size: int
    mime: str
    upload: Upload
    sent_bytes: int = 0
    attempts: int = 0
    reason: str = ""


class FilesTable:
    """Scans within one transaction; the bytes lie in the blob store."""

    __slots__ = ("_connection", "_keys")

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection, self._keys = connection, keys

    def note(self, case_id: UUID, file: FileInfo) -> None:
        """Remember that the case uses this file and that it is to be sent; a file at central is not sent again."""
        self._write(case_id, file, Upload.WAITING, raised=(Upload.LOCAL.value,))

    def keep(self, case_id: UUID, file: FileInfo) -> None:
        """Remember a file that no fact speaks of yet: a draft's page."""
        self._write(case_id, file, Upload.LOCAL, raised=())

    def received(self, case_id: UUID, file: FileInfo) -> None:
        """Remember a file that came from central, or that central already holds."""
        self._write(case_id, file, Upload.DONE, raised=(Upload.LOCAL.value, Upload.WAITING.value))

    def _write(self, case_id: UUID, file: FileInfo, upload: Upload, raised: tuple[str, ...]) -> None:
        row = insert(FILES).values(
            sha256=file.sha256,
            case_id=case_id,
            key_id=self._keys.ensure(case_id).key_id,
            size=file.size,
            mime=file.mime,
            upload=upload.value,
            sent_bytes=0,
            attempts=0,
            reason="",
        )
        self._connection.execute(
            row.on_conflict_do_update(
                index_elements=["sha256", "case_id"],
                set_={"upload": upload.value},
                where=FILES.c.upload.in_(raised),
            )
        )

    def find(self, sha256: str) -> StoredFile | None:
        """Return a file by its digest; of several cases that hold it, any one."""
        rows = self._list(FILES.c.sha256 == sha256, 1)
        return rows[0] if rows else None

    def of_case(self, case_id: UUID) -> tuple[StoredFile, ...]:
        """Return all files of a case."""
        return self._list(FILES.c.case_id == case_id)

    def waiting(self, limit: int = 100) -> tuple[StoredFile, ...]:
        """Return files to send, oldest first."""
        return self._list(FILES.c.upload == Upload.WAITING.value, limit)

    def all(self) -> tuple[StoredFile, ...]:
        """Return every file of every case."""
        return self._list(FILES.c.size >= 0)

    def _list(self, condition: ColumnElement[bool], limit: int | None = None) -> tuple[StoredFile, ...]:
        rows = self._connection.execute(select(FILES).where(condition).order_by(FILES.c.position).limit(limit))
        return tuple(_file(row) for row in rows)

    def progress(self, sha256: str, sent_bytes: int) -> None:
        """Remember how many bytes central holds durably."""
        self._connection.execute(update(FILES).where(FILES.c.sha256 == sha256).values(sent_bytes=sent_bytes))

    def sent(self, sha256: str) -> None:
        """Central holds the file whole and checked."""
        self._connection.execute(
            update(FILES)
            .where(FILES.c.sha256 == sha256)
            .values(upload=Upload.DONE.value, sent_bytes=FILES.c.size, reason="")
        )

    def broken(self, sha256: str, reason: str) -> None:
        """The file cannot be sent as it is; a person must scan again."""
        self._connection.execute(
            update(FILES)
            .where(FILES.c.sha256 == sha256, FILES.c.upload != Upload.DONE.value)
            .values(upload=Upload.BROKEN.value, reason=reason, attempts=FILES.c.attempts + 1)
        )

    def retry(self, sha256: str, at: datetime | None = None) -> None:
        """Send a broken file again, after it was scanned anew."""
        self._connection.execute(
            update(FILES)
            .where(FILES.c.sha256 == sha256, FILES.c.upload == Upload.BROKEN.value)
            .values(upload=Upload.WAITING.value, reason="", next_at=at)
        )

    def forget(self, sha256: str, case_id: UUID) -> None:
        """A draft's page was deleted."""
        self._connection.execute(delete(FILES).where(FILES.c.sha256 == sha256, FILES.c.case_id == case_id))

    def purge(self, case_id: UUID) -> None:
        """Remove every trace of a purged case's scans."""
        self._connection.execute(delete(FILES).where(FILES.c.case_id == case_id))


def _file(row: AnyRow) -> StoredFile:
    return StoredFile(
        sha256=row.sha256,
        case_id=row.case_id,
        key_id=row.key_id,
        size=row.size,
        mime=row.mime,
        upload=Upload(row.upload),
        sent_bytes=row.sent_bytes,
        attempts=row.attempts,
        reason=row.reason,
    )
