"""Published data from central: guides, calendars, keys, persons, aliases, and when a status was last confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.store.schema.tables import REFERENCE, STATUS_CHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCheck:
    """What central last said about a licence or notice, and when (rule 8)."""

    kind: str
    id: str
    status: str
    reason: str
    checked_at: datetime


class ReferenceTable:
    """Published entries within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, collection: str, key: str, body: bytes) -> None:
        """Write or replace one entry."""
        row = insert(REFERENCE).values(collection=collection, key=key, body=body)
        self._connection.execute(row.on_conflict_do_update(index_elements=["collection", "key"], set_={"body": body}))

    def get(self, collection: str, key: str) -> bytes | None:
        """Return one entry."""
        return self._connection.execute(
            select(REFERENCE.c.body).where(REFERENCE.c.collection == collection, REFERENCE.c.key == key)
        ).scalar_one_or_none()

    def all(self, collection: str) -> tuple[tuple[str, bytes], ...]:
        """Return all entries of a collection as (key, body), ordered by key."""
        rows = self._connection.execute(
            select(REFERENCE.c.key, REFERENCE.c.body)
            .where(REFERENCE.c.collection == collection)
            .order_by(REFERENCE.c.key)
        )
        return tuple((row[0], row[1]) for row in rows)

    def remove(self, collection: str, key: str) -> None:
        """Take out an entry that central withdrew."""
        self._connection.execute(delete(REFERENCE).where(REFERENCE.c.collection == collection, REFERENCE.c.key == key))

    def clear(self, collection: str) -> None:
        """Take out a whole collection, before a rebuilt one is put in its place."""
        self._connection.execute(delete(REFERENCE).where(REFERENCE.c.collection == collection))

    def save_status(self, check: StatusCheck) -> None:
        """Remember what central said about a licence or notice."""
        values = {"status": check.status, "reason": check.reason, "checked_at": check.checked_at}
        row = insert(STATUS_CHECKS).values(kind=check.kind, id=check.id, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["kind", "id"], set_=values))

    def status(self, kind: str, item: str) -> StatusCheck | None:
        """Return what central last said, None when it was never asked."""
        row = self._connection.execute(
            select(STATUS_CHECKS).where(STATUS_CHECKS.c.kind == kind, STATUS_CHECKS.c.id == item)
        ).one_or_none()
        return None if row is None else StatusCheck(**row._mapping)
