"""Papers made here or received: the data they were set from, so that each can be repeated byte for byte."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.services.ports import StoredDocument
from ebp_desktop.store.schema.columns import AnyRow
from ebp_desktop.store.schema.tables import DOCUMENTS
from ebp_desktop.store.sealing import HOUSE, CaseKeys


class DocumentsTable:
    """Papers within one transaction; their data is sealed under the case's key."""

    __slots__ = ("_connection", "_keys")

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection, self._keys = connection, keys

    def save(self, document: StoredDocument) -> None:
        """Store the snapshot; raises RefusedError ``document_exists`` when the number already names another paper."""
        known = self.get(document.number, document.kind)
        if known is not None:
            if (known.data, known.pdf_sha256) != (document.data, document.pdf_sha256):
                raise RefusedError(
                    "document_exists",
                    f"文书 {document.number} 已经存在，内容不同，不能覆盖。",
                    place=document.number,
                    safe="原文书未被改动。",
                )
            return
        self._connection.execute(
            insert(DOCUMENTS).values(
                number=document.number,
                kind=document.kind,
                case_id=document.case_id,
                sealed_data=self._keys.seal(document.case_id or HOUSE, document.data, _what(document)),
                token=document.token,
                template_version=document.template_version,
                pdf_sha256=document.pdf_sha256,
                made_at=document.made_at,
                prints=document.prints,
            )
        )

    def get(self, number: str, kind: str = "") -> StoredDocument | None:
        """Return the paper with this number, of this kind if one is named."""
        query = select(DOCUMENTS).where(DOCUMENTS.c.number == number).order_by(DOCUMENTS.c.made_at).limit(1)
        if kind:
            query = query.where(DOCUMENTS.c.kind == kind)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._document(row)

    def of_case(self, case_id: UUID) -> tuple[StoredDocument, ...]:
        """Return all papers of a case, in the order of making."""
        rows = self._connection.execute(
            select(DOCUMENTS).where(DOCUMENTS.c.case_id == case_id).order_by(DOCUMENTS.c.made_at, DOCUMENTS.c.number)
        )
        return tuple(self._document(row) for row in rows)

    def count_print(self, number: str, kind: str) -> int:
        """Count one more print and return how often it was printed, this one included."""
        counted = (
            update(DOCUMENTS)
            .where(DOCUMENTS.c.number == number, DOCUMENTS.c.kind == kind)
            .values(prints=DOCUMENTS.c.prints + 1)
            .returning(DOCUMENTS.c.prints)
        )
        prints = self._connection.execute(counted).scalar_one_or_none()
        if prints is None:
            raise RefusedError("document_unknown", f"没有编号为 {number} 的文书。", place=number)
        return int(prints)

    def purge(self, case_id: UUID) -> None:
        """Remove every paper of a purged case."""
        self._connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.case_id == case_id))

    def _document(self, row: AnyRow) -> StoredDocument:
        data = self._keys.open(row.case_id or HOUSE, row.sealed_data, f"document {row.kind} {row.number}")
        if data is None:
            raise SurroundingsError("document_unreadable", "文书内容不能读取。", place=str(row.number))
        return StoredDocument(
            number=row.number,
            kind=row.kind,
            case_id=row.case_id,
            data=data,
            token=row.token,
            template_version=row.template_version,
            pdf_sha256=row.pdf_sha256,
            made_at=row.made_at,
            prints=row.prints,
        )


def _what(document: StoredDocument) -> str:
    return f"document {document.kind} {document.number}"
