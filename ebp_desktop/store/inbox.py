"""What central sent: where the feed stands, items that this version cannot place, and a rebuild's staging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.store.schema.tables import CURSORS, INBOX
from ebp_desktop.store.sealing import HOUSE, CaseKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """One feed item as it came; ``raw`` is its exact JSON."""

    feed_epoch: str
    seq: int
    collection: str
    item_id: str
    case_id: UUID | None
    kind: str
    body_v: int
    raw: bytes


class InboxTable:
    """The inbox within one transaction; items and cursor are written together."""

    __slots__ = ("_connection", "_keys")

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection, self._keys = connection, keys

    def cursor(self, name: str) -> str:
        """Return a named mark, empty at the beginning."""
        value = self._connection.execute(select(CURSORS.c.value).where(CURSORS.c.name == name)).scalar_one_or_none()
        return "" if value is None else str(value)

    def set_cursor(self, name: str, value: str) -> None:
        """Write a named mark."""
        row = insert(CURSORS).values(name=name, value=value)
        self._connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def keep(self, item: InboxItem) -> None:
        """Keep an item raw; the same place in the same feed twice is one item. A purged case's items leave no body."""
        holder = item.case_id or HOUSE
        destroyed = self._keys.is_destroyed(holder)
        row = insert(INBOX).values(
            feed_epoch=item.feed_epoch,
            seq=item.seq,
            collection=item.collection,
            item_id=item.item_id,
            case_id=item.case_id,
            kind=item.kind,
            body_v=item.body_v,
            sealed_item=None if destroyed else self._keys.seal(holder, item.raw, f"inbox {item.seq}"),
        )
        self._connection.execute(row.on_conflict_do_nothing(index_elements=["feed_epoch", "seq"]))

    def kept(self, feed_epoch: str | None = None) -> Iterator[InboxItem]:
        """Yield kept items that can still be read, in the feed's order."""
        query = select(INBOX).order_by(INBOX.c.position)
        if feed_epoch is not None:
            query = query.where(INBOX.c.feed_epoch == feed_epoch)
        for row in self._connection.execute(query):
            raw = self._keys.open(row.case_id or HOUSE, row.sealed_item, f"inbox {row.seq}")
            if raw is not None:
                yield InboxItem(
                    feed_epoch=row.feed_epoch,
                    seq=row.seq,
                    collection=row.collection,
                    item_id=row.item_id,
                    case_id=row.case_id,
                    kind=row.kind,
                    body_v=row.body_v,
                    raw=raw,
                )

    def drop(self, feed_epoch: str) -> None:
        """Remove the items kept under a feed epoch: a rebuild's staging after the swap."""
        self._connection.execute(delete(INBOX).where(INBOX.c.feed_epoch == feed_epoch))

    def purge(self, case_id: UUID) -> None:
        """Remove a purged case's items."""
        self._connection.execute(delete(INBOX).where(INBOX.c.case_id == case_id))
