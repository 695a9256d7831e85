"""One write transaction in progress: its connection, its moment, and what it publishes and audits at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.times import stamp
from ebp_desktop.crypto.canonical import canonical_json
from ebp_desktop.crypto.chain import GENESIS, link

FEED: Final = "feed"
RECEIPTS: Final = "receipts"
AUDIT: Final = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDraft:
    """A row of the feed before it has its number; ``doc`` is empty for facts, whose body lies sealed in the ledger."""

    collection: str
    item_id: str
    kind: str
    row_hash: str
    case_id: UUID | None = None
    doc: str = ""
    scope: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDraft:
    """Who did what to what."""

    actor: str
    act: str
    subject: str
    detail: str = ""


@dataclass(slots=True)
class Work:
    """A unit of work; ``finish`` takes the feed's and the audit's locks last and always in this order."""

    connection: Connection
    now: datetime
    _feed: list[FeedDraft] = field(default_factory=list)
    _audit: list[AuditDraft] = field(default_factory=list)

    def publish(self, item: FeedDraft) -> None:
        """Put a row at the end of the feed when this transaction commits."""
        self._feed.append(item)

    def note(self, actor: str, act: str, subject: str, detail: str = "") -> None:
        """Add an entry to the audit chain when this transaction commits; ``detail`` carries no personal data."""
        self._audit.append(AuditDraft(actor=actor, act=act, subject=subject, detail=detail))

    def finish(self) -> None:
        """Write what was published and noted; nothing may follow but the commit."""
        self._write_feed()
        self._write_audit()

    def _write_feed(self) -> None:
        if not self._feed:
            return
        first = reserve(self.connection, FEED, len(self._feed))
        rows = [
            {
                "seq": first + offset,
                "collection": item.collection,
                "item_id": item.item_id,
                "case_id": str(item.case_id) if item.case_id else "",
                "scope": item.scope,
                "kind": item.kind,
                "doc": item.doc,
                "row_hash": item.row_hash,
                "removed": item.removed,
                "at": stamp(self.now),
            }
            for offset, item in enumerate(self._feed)
        ]
        self.connection.execute(sa.insert(t.feed), rows)

    def _write_audit(self) -> None:
        if not self._audit:
            return
        first = reserve(self.connection, AUDIT, len(self._audit))
        head = self.connection.scalar(sa.select(t.audit.c.hash).where(t.audit.c.seq == first - 1)) or GENESIS
        rows = []
        for offset, entry in enumerate(self._audit):
            row = {
                "at": stamp(self.now),
                "actor": entry.actor,
                "act": entry.act,
                "subject": entry.subject,
                "detail": entry.detail,
            }
            hashed = link(head, canonical_json(row))
            rows.append({**row, "seq": first + offset, "prev": head, "hash": hashed})
            head = hashed
        self.connection.execute(sa.insert(t.audit), rows)


def reserve(connection: Connection, name: str, count: int) -> int:
    """Take ``count`` numbers of a head and return the first; the row stays locked until the commit."""
    taken = connection.execute(sa.update(t.heads).where(t.heads.c.name == name).values(value=t.heads.c.value + count))
    if taken.rowcount != 1:
        raise LookupError(f"no head named {name}")
    last = connection.scalar(sa.select(t.heads.c.value).where(t.heads.c.name == name)) or 0
    return int(last) - count + 1
