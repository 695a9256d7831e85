"""The append-only facts: every body sealed under its case's key, every digest kept in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.errors import WrongKeyError
from ebp_desktop.domain.facts import CasePurged, Fact, decode_body, encode_body
from ebp_desktop.store.schema.columns import AnyRow
from ebp_desktop.store.schema.tables import FACTS
from ebp_desktop.store.sealing import HOUSE, CaseKeys

_BODY_VERSION = 1
_PURGED = "case.purged"
_COLUMNS = (
    FACTS.c.id,
    FACTS.c.case_id,
    FACTS.c.kind,
    FACTS.c.legal_at,
    FACTS.c.recorded_at,
    FACTS.c.actor,
    FACTS.c.origin,
    FACTS.c.sealed_body,
)

# Built once: these run with every fact.
_ADD = insert(FACTS)
_OF_CASE = select(*_COLUMNS).where(FACTS.c.case_id == bindparam("wanted")).order_by(FACTS.c.position)
_ONE = select(*_COLUMNS).where(FACTS.c.id == bindparam("wanted"))
_PLACE = select(FACTS.c.position).where(FACTS.c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class FactMark:
    """A fact's identity and the digest of its body: what stays when the body is purged."""

    id: UUID
    case_id: UUID
    kind: str
    digest: str


class LedgerTable:
    """Facts in the order in which they came to this machine."""

    __slots__ = ("_connection", "_keys")

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection, self._keys = connection, keys

    def append(self, fact: Fact, raw: bytes | None = None) -> None:
        """Add a fact; the same id twice is one fact. Of a purged case only the digest is kept.

        ``raw`` is the body exactly as it came by wire: a newer sender's fields must survive in it.
        """
        if self.has(fact.id):
            return
        raw, holder = raw if raw is not None else encode_body(fact.body), _holder(fact)
        sealed = None if self._keys.is_destroyed(holder) else self._keys.seal(holder, raw, f"fact {fact.id}")
        self._connection.execute(
            _ADD,
            {
                "id": fact.id,
                "case_id": fact.case_id,
                "kind": fact.kind,
                "body_v": _BODY_VERSION,
                "legal_at": fact.legal_at,
                "recorded_at": fact.recorded_at,
                "actor": fact.actor,
                "origin": fact.origin,
                "digest": digest(raw),
                "sealed_body": sealed,
            },
        )

    def of_case(self, case_id: UUID) -> tuple[Fact, ...]:
        """Return every readable fact of an aggregate, in the order of arrival."""
        rows = self._connection.execute(_OF_CASE, {"wanted": case_id})
        return tuple(fact for row in rows if (fact := self._open(row)) is not None)

    def get(self, fact_id: UUID) -> Fact | None:
        """Return one fact, None when it is not here or was purged."""
        row = self._connection.execute(_ONE, {"wanted": fact_id}).one_or_none()
        return None if row is None else self._open(row)

    def has(self, fact_id: UUID) -> bool:
        """Tell whether the fact is there already."""
        return self._connection.execute(_PLACE, {"wanted": fact_id}).first() is not None

    def marks(self) -> Iterator[FactMark]:
        """Yield the identity of every fact, for integrity checks and anti-entropy."""
        rows = self._connection.execute(select(FACTS.c.id, FACTS.c.case_id, FACTS.c.kind, FACTS.c.digest))
        for row in rows.yield_per(1000):
            yield FactMark(row[0], row[1], row[2], row[3])

    def case_ids(self) -> tuple[UUID, ...]:
        """Return every aggregate that has a fact here."""
        return tuple(self._connection.execute(select(FACTS.c.case_id).distinct()).scalars())

    def remove(self, fact_id: UUID) -> None:
        """Take out a fact that central says this counter may no longer see; it stays in central's ledger."""
        self._connection.execute(delete(FACTS).where(FACTS.c.id == fact_id))

    def purge(self, case_id: UUID) -> None:
        """Drop the sealed bodies of a case whose key was destroyed; ids and digests stay."""
        self._connection.execute(
            update(FACTS).where(FACTS.c.case_id == case_id, FACTS.c.kind != _PURGED).values(sealed_body=None)
        )

    def raw(self, fact_id: UUID) -> bytes | None:
        """Return the exact bytes of a body, None when it is not here or was purged."""
        row = self._connection.execute(_ONE, {"wanted": fact_id}).one_or_none()
        return None if row is None else self._raw(row)

    def faults(self) -> Iterator[UUID]:
        """Yield the facts whose sealed body does not open or no longer has its digest; purged ones are whole."""
        for row in self._connection.execute(select(*_COLUMNS, FACTS.c.digest)).yield_per(1000):
            try:
                raw = self._raw(row)
            except WrongKeyError:
                yield row.id
                continue
            if raw is not None and digest(raw) != row.digest:
                yield row.id

    def _raw(self, row: AnyRow) -> bytes | None:
        holder = HOUSE if row.kind == _PURGED else row.case_id
        return self._keys.open(holder, row.sealed_body, f"fact {row.id}")

    def _open(self, row: AnyRow) -> Fact | None:
        raw = self._raw(row)
        if raw is None:
            return None
        return Fact(
            id=row.id,
            case_id=row.case_id,
            kind=row.kind,
            legal_at=row.legal_at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            origin=row.origin,
            body=decode_body(row.kind, raw),
        )


def _holder(fact: Fact) -> UUID:
    """Return whose key seals a fact: the record of a purge must outlive the case's own key."""
    return HOUSE if isinstance(fact.body, CasePurged) else fact.case_id
