"""Half-done cases: they survive anything and can be taken over at another shift."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.services.ports import StoredDraft
from ebp_desktop.store.schema.tables import DRAFTS


class DraftsTable:
    """Drafts within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, draft: StoredDraft) -> None:
        """Write or replace a draft."""
        values = {
            "title": draft.title,
            "body": draft.body,
            "operator": draft.operator,
            "updated_at": draft.updated_at,
        }
        row = insert(DRAFTS).values(id=draft.id, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))

    def get(self, draft_id: UUID) -> StoredDraft | None:
        """Return the draft, or None."""
        row = self._connection.execute(select(DRAFTS).where(DRAFTS.c.id == draft_id)).one_or_none()
        return None if row is None else StoredDraft(**row._mapping)

    def list(self) -> tuple[StoredDraft, ...]:
        """Return all drafts, newest first."""
        rows = self._connection.execute(select(DRAFTS).order_by(DRAFTS.c.updated_at.desc(), DRAFTS.c.id))
        return tuple(StoredDraft(**row._mapping) for row in rows)

    def delete(self, draft_id: UUID) -> None:
        """Remove it, once registered or given up; its bytes are overwritten (``secure_delete``)."""
        self._connection.execute(delete(DRAFTS).where(DRAFTS.c.id == draft_id))
