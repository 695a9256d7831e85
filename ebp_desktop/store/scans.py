"""The ``Blobs`` of the use cases: scans by case, found again by digest alone."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from ebp_desktop.crypto.keys import SealingKey
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.services.ports import FileInfo
from ebp_desktop.store.blobs import StoredBlob
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.platform_files import said


class CaseScans:
    """Scans under their cases' keys; joins the caller's transaction where there is one."""

    __slots__ = ("_store",)

    def __init__(self, store: CounterStore) -> None:
        self._store = store

    def put(self, case_id: UUID, path: Path, mime: str) -> FileInfo:
        """Seal the file's bytes durably and name them by digest.

        Raises SurroundingsError ``disk_full`` or ``file_failed``, RefusedError ``case_purged``.
        """
        key = self._key(case_id)
        try:
            with path.open("rb") as source:
                blob = self._store.scans.put(source, key)
        except OSError as error:
            raise said(error) from error
        return self._keep(case_id, blob, mime)

    def put_bytes(self, case_id: UUID, data: bytes, mime: str) -> FileInfo:
        """Seal bytes that are in memory; as ``put``."""
        return self._keep(case_id, self._store.scans.put_bytes(data, self._key(case_id)), mime)

    def adopt(self, case_id: UUID, spooled: Path, batch_key_id: str, mime: str) -> FileInfo:
        """Take over a page that the scanner's child sealed under its batch key."""
        with self._store.read() as session:
            batch = session.keys.batch(batch_key_id)
        if batch is None:
            raise SurroundingsError("scan_batch_unknown", "该批扫描件的密钥不在本机。", place=spooled.name)
        return self._keep(case_id, self._store.scans.adopt(spooled, batch, self._key(case_id)), mime)

    def read(self, sha256: str) -> bytes:
        """Return the plain bytes; raises SurroundingsError ``scan_missing`` or ``scan_damaged``."""
        return self._store.scans.read(sha256, self._key_of(sha256))

    def read_range(self, sha256: str, offset: int, length: int) -> bytes:
        """Return plain bytes from ``offset``, for a resumed upload; raises as ``read``."""
        return self._store.scans.read_range(sha256, self._key_of(sha256), offset, length)

    def has(self, sha256: str) -> bool:
        """Tell whether the file is here."""
        with self._store.read() as session:
            known = session.files.find(sha256)
        return known is not None and self._store.scans.has(sha256, known.key_id)

    def _key(self, case_id: UUID) -> SealingKey:
        with self._store.read() as session:
            known = session.keys.find(case_id)
        if known is not None:
            return known
        with self._store.join() as session:
            return session.keys.ensure(case_id)

    def _keep(self, case_id: UUID, blob: StoredBlob, mime: str) -> FileInfo:
        file = FileInfo(sha256=blob.digest, size=blob.size, mime=mime)
        with self._store.join() as session:
            session.files.keep(case_id, file)
        return file

    def _key_of(self, sha256: str) -> SealingKey:
        with self._store.join() if self._store.writing_here else self._store.read() as session:
            known = session.files.find(sha256)
            key = session.keys.find(known.case_id) if known else None
        if key is None:
            raise SurroundingsError(
                "scan_missing", "扫描件不在本机。", place=sha256, safe="登记信息不受影响。", todo="请待同步后取回。"
            )
        return key
