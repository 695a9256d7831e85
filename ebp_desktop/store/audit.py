"""The hash-chained journal of acts and of every look at personal data; a gap or an edit is found and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ebp_desktop.crypto.canonical import canonical_json, digest
from ebp_desktop.crypto.chain import GENESIS, link, verify_chain
from ebp_desktop.crypto.errors import BrokenChainError
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.services.ports import AuditEntry
from ebp_desktop.store.schema.columns import AnyRow
from ebp_desktop.store.schema.tables import AUDIT

# Built once: these run with every act.
_ADD = insert(AUDIT)
_LAST = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One record as kept: its number, the entry, and its hash; ``detail`` is None where a purge took it."""

    seq: int
    at: datetime
    actor: str
    act: str
    object: str
    detail: str | None
    hash: str


class AuditTable:
    """The audit chain within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entry: AuditEntry) -> None:
        """Add a record after the present head, which is read inside this writing transaction."""
        last = self._connection.execute(_LAST).one_or_none()
        seq, prev = (1, GENESIS) if last is None else (last.seq + 1, last.hash)
        detail_digest = digest(entry.detail.encode())
        content = _content(seq, entry.at, entry.actor, entry.act, entry.object, detail_digest)
        self._connection.execute(
            _ADD,
            {
                "seq": seq,
                "at": entry.at,
                "actor": entry.actor,
                "act": entry.act,
                "object": entry.object,
                "detail": entry.detail,
                "detail_digest": detail_digest,
                "prev": prev,
                "hash": link(prev, content),
            },
        )

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last record, 0 and the genesis hash when there is none."""
        last = self._connection.execute(_LAST).one_or_none()
        return (0, GENESIS) if last is None else (last.seq, last.hash)

    def list(self, *, about: str = "", before: int | None = None, limit: int = 100) -> tuple[AuditRecord, ...]:
        """Return records newest first, those about one object if asked, before a number if given."""
        query = select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(limit)
        if about:
            query = query.where(AUDIT.c.object == about)
        if before is not None:
            query = query.where(AUDIT.c.seq < before)
        return tuple(
            AuditRecord(row.seq, row.at, row.actor, row.act, row.object, row.detail, row.hash)
            for row in self._connection.execute(query)
        )

    def forget_detail(self, about: str) -> None:
        """Take the words out of the records about a purged object; their digests keep the chain whole."""
        self._connection.execute(update(AUDIT).where(AUDIT.c.object == about).values(detail=None))

    def verify(self) -> str | None:
        """Walk the whole chain; return None when it holds, else the first fault in words."""
        try:
            verify_chain(self._links())
        except BrokenChainError as error:
            return f"审计记录第 {error.position + 1} 条处断裂或被改动"
        return None

    def _links(self) -> Iterator[tuple[str, bytes, str]]:
        for number, row in enumerate(self._connection.execute(select(AUDIT).order_by(AUDIT.c.seq)), start=1):
            yield row.prev, _checked(row, number), row.hash


def _content(seq: int, at: datetime, actor: str, act: str, about: str, detail_digest: str) -> bytes:
    return canonical_json(
        {
            "seq": seq,
            "at": at.astimezone(CHINA).isoformat(timespec="microseconds"),
            "actor": actor,
            "act": act,
            "object": about,
            "detail": detail_digest,
        }
    )


def _checked(row: AnyRow, number: int) -> bytes:
    """Return what the hash covers; an edited detail or a renumbered record changes it."""
    detail_digest = row.detail_digest if row.detail is None else digest(row.detail.encode())
    return _content(number, row.at, row.actor, row.act, row.object, detail_digest)
