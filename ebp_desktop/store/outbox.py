"""Facts recorded here and not yet confirmed by central: a gapless chain per device and epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from ebp_desktop.crypto.chain import GENESIS
from ebp_desktop.domain.facts import Fact
from ebp_desktop.services.ports import OutboxEntry, SealedFact, SendState, Slot
from ebp_desktop.store.journal import JournalFact
from ebp_desktop.store.schema.columns import AnyRow, AnySelect
from ebp_desktop.store.schema.tables import OUTBOX
from ebp_desktop.store.sealing import HOUSE, CaseKeys
from ebp_desktop.store.settings import SettingsTable

_PURGED = "case.purged"
_UNANSWERED = (SendState.NEW.value, SendState.SENDING.value)
CONFIRMED = (SendState.RECEIPTED.value, SendState.SEEN.value)
# What an entry must not already be to take on a state: confirmed facts never fall back.
_FIRMER = dict.fromkeys(SendState, CONFIRMED) | {
    SendState.RECEIPTED: (SendState.SEEN.value,),
    SendState.SEEN: (),
}

# Built once: these run with every fact.
_ADD = insert(OUTBOX)
_LAST = (
    select(OUTBOX.c.seq, OUTBOX.c.hash)
    .where(OUTBOX.c.epoch == bindparam("wanted"))
    .order_by(OUTBOX.c.seq.desc())
    .limit(1)
)

_KEEP_RECEIPT = update(OUTBOX).where(OUTBOX.c.fact_id == bindparam("fact")).values(receipt=bindparam("word"))
_SETTLE = {
    state: update(OUTBOX)
    .where(OUTBOX.c.fact_id == bindparam("fact"), *(OUTBOX.c.state != word for word in firmer))
    .values(
        state=state.value,
        code=bindparam("why"),
        reason=bindparam("words"),
        todo=bindparam("act"),
        attempts=OUTBOX.c.attempts + 1,
    )
    for state, firmer in _FIRMER.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxAnswer:
    """What central said to one fact, with the words for the clerk and the receipt as it came."""

    fact_id: UUID
    state: SendState
    code: str = ""
    reason: str = ""
    todo: str = ""
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last place of an epoch's chain: number 0 and the genesis hash when it is empty."""

    epoch: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One place of a chain: its number, the hash before it and its own."""

    epoch: str
    seq: int
    prev: str
    hash: str


class OutboxTable:
    """The outbox within one transaction; ``added`` is what the journal must learn after the commit."""

    __slots__ = ("_connection", "_keys", "_settings", "added")

    def __init__(self, connection: Connection, keys: CaseKeys, settings: SettingsTable) -> None:
        self._connection, self._keys, self._settings = connection, keys, settings
        self.added: list[JournalFact] = []

    def head(self) -> ChainHead:
        """Return the end of the present epoch's chain."""
        epoch = self._settings.get("epoch")
        row = self._connection.execute(_LAST, {"wanted": epoch}).one_or_none()
        return ChainHead(epoch, 0, GENESIS) if row is None else ChainHead(epoch, row.seq, row.hash)

    def next_slot(self) -> Slot:
        """Return the next gapless place; only inside a writing transaction is it the caller's own."""
        head = self.head()
        return Slot(device=self._settings.get("device"), epoch=head.epoch, seq=head.seq + 1, prev=head.hash)

    def put(self, slot: Slot, fact: Fact, sealed: SealedFact) -> None:
        """Queue a sealed fact at its place."""
        self._connection.execute(
            _ADD,
            {
                **self._placed(slot, fact.id, fact.case_id, fact.kind, sealed),
                "fact_id": fact.id,
                "case_id": fact.case_id,
                "kind": fact.kind,
                "state": SendState.NEW.value,
                "recorded_at": fact.recorded_at,
                "legal_at": fact.legal_at,
                "code": "",
                "reason": "",
                "todo": "",
                "attempts": 0,
            },
        )

    def move(self, fact_id: UUID, slot: Slot, sealed: SealedFact) -> None:
        """Give a fact of an earlier epoch a new place; it counts as new and unsent again."""
        moved = self._connection.execute(
            select(OUTBOX.c.case_id, OUTBOX.c.kind).where(OUTBOX.c.fact_id == fact_id)
        ).one()
        placed = self._placed(slot, fact_id, moved.case_id, moved.kind, sealed)
        self._connection.execute(
            update(OUTBOX).where(OUTBOX.c.fact_id == fact_id).values(**placed, state=SendState.NEW.value, attempts=0)
        )

    def _placed(self, slot: Slot, fact_id: UUID, case_id: UUID, kind: str, sealed: SealedFact) -> dict[str, object]:
        self.added.append(
            JournalFact(fact_id=fact_id, case_id=case_id, epoch=slot.epoch, seq=slot.seq, envelope=sealed.raw)
        )
        envelope = self._keys.seal(_holder(kind, case_id), sealed.raw, f"envelope {fact_id}")
        return {
            "epoch": slot.epoch,
            "seq": slot.seq,
            "prev": slot.prev,
            "hash": sealed.hash,
            "sealed_envelope": envelope,
        }

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Return everything without a receipt, oldest first."""
        unconfirmed = select(OUTBOX).where(OUTBOX.c.state.not_in(CONFIRMED))
        return self._entries(unconfirmed.order_by(OUTBOX.c.recorded_at, OUTBOX.c.seq).limit(limit))

    def from_number(self, first: int, limit: int) -> tuple[OutboxEntry, ...]:
        """Return the present epoch's chain from ``first`` on, answered entries included."""
        chain = select(OUTBOX).where(OUTBOX.c.epoch == self._settings.get("epoch"), OUTBOX.c.seq >= first)
        return self._entries(chain.order_by(OUTBOX.c.seq).limit(limit))

    def stranded(self) -> tuple[OutboxEntry, ...]:
        """Return unconfirmed facts of earlier epochs, in their order of recording."""
        earlier = select(OUTBOX).where(OUTBOX.c.epoch != self._settings.get("epoch"), OUTBOX.c.state.not_in(CONFIRMED))
        return self._entries(earlier.order_by(OUTBOX.c.recorded_at, OUTBOX.c.seq))

    def in_states(self, states: tuple[SendState, ...], limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Return entries of the given states, oldest first."""
        chosen = select(OUTBOX).where(OUTBOX.c.state.in_([state.value for state in states]))
        return self._entries(chosen.order_by(OUTBOX.c.epoch, OUTBOX.c.seq).limit(limit))

    def unseen(self) -> frozenset[UUID]:
        """Return the facts of this counter that the feed has not brought back."""
        rows = self._connection.execute(select(OUTBOX.c.fact_id).where(OUTBOX.c.state != SendState.SEEN.value))
        return frozenset(rows.scalars())

    def first_gap(self) -> Slot | None:
        """Return the lowest unanswered place of the present epoch whose envelope a purge destroyed."""
        row = self._connection.execute(
            select(OUTBOX.c.seq, OUTBOX.c.prev).where(*self._destroyed()).order_by(OUTBOX.c.seq).limit(1)
        ).one_or_none()
        if row is None:
            return None
        return Slot(device=self._settings.get("device"), epoch=self._settings.get("epoch"), seq=row.seq, prev=row.prev)

    def drop_destroyed(self) -> None:
        """Take the unanswered places of purged facts out of the present epoch's chain; the ledger keeps their ids."""
        self._connection.execute(delete(OUTBOX).where(*self._destroyed()))

    def _destroyed(self) -> tuple[ColumnElement[bool], ...]:
        return (
            OUTBOX.c.epoch == self._settings.get("epoch"),
            OUTBOX.c.state.in_(_UNANSWERED),
            OUTBOX.c.sealed_envelope.is_(None),
        )

    def find(self, fact_id: UUID) -> OutboxEntry | None:
        """Return one entry."""
        found = self._entries(select(OUTBOX).where(OUTBOX.c.fact_id == fact_id))
        return found[0] if found else None

    def first_open(self) -> int:
        """Return the lowest number of the present epoch without an answer, one past the end when all have one."""
        head = self.head()
        lowest = self._connection.execute(
            select(func.min(OUTBOX.c.seq)).where(OUTBOX.c.epoch == head.epoch, OUTBOX.c.state.in_(_UNANSWERED))
        ).scalar_one()
        return head.seq + 1 if lowest is None else int(lowest)

    def pending_facts(self, case_id: UUID) -> frozenset[UUID]:
        """Return the facts of a case that central has not confirmed."""
        rows = self._connection.execute(
            select(OUTBOX.c.fact_id).where(OUTBOX.c.case_id == case_id, OUTBOX.c.state.not_in(CONFIRMED))
        )
        return frozenset(rows.scalars())

    def settle(
        self,
        fact_id: UUID,
        state: SendState,
        *,
        code: str = "",
        reason: str = "",
        todo: str = "",
        receipt: bytes | None = None,
    ) -> None:
        """Record what became of a fact; a receipt is never lost, and a confirmed fact never falls back."""
        answer = OutboxAnswer(fact_id=fact_id, state=state, code=code, reason=reason, todo=todo, receipt=receipt)
        self.settle_all((answer,))

    def settle_all(self, answers: Sequence[OutboxAnswer]) -> None:
        """Record what became of many facts, as ``settle``; one statement for each state, whatever their number."""
        receipts = [{"fact": one.fact_id, "word": one.receipt} for one in answers if one.receipt is not None]
        if receipts:
            self._connection.execute(_KEEP_RECEIPT, receipts)
        for state, statement in _SETTLE.items():
            rows = [
                {"fact": one.fact_id, "why": one.code, "words": one.reason, "act": one.todo}
                for one in answers
                if one.state is state
            ]
            if rows:
                self._connection.execute(statement, rows)

    def retry_at(self, fact_id: UUID, at: datetime | None) -> None:
        """Remember when a fact is to be tried again."""
        self._connection.execute(update(OUTBOX).where(OUTBOX.c.fact_id == fact_id).values(next_at=at))

    def receipt(self, fact_id: UUID) -> bytes | None:
        """Return central's receipt for a fact."""
        return self._connection.execute(
            select(OUTBOX.c.receipt).where(OUTBOX.c.fact_id == fact_id)
        ).scalar_one_or_none()

    def purge(self, case_id: UUID) -> None:
        """Drop the envelopes of a purged case; their places in the chain stay, with the hashes."""
        self._connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.case_id == case_id, OUTBOX.c.kind != _PURGED)
            .values(sealed_envelope=None, reason="", todo="", code="purged")
        )

    def links(self) -> Iterator[ChainLink]:
        """Yield the whole chain, epoch by epoch, for verification."""
        query = select(OUTBOX.c.epoch, OUTBOX.c.seq, OUTBOX.c.prev, OUTBOX.c.hash)
        for row in self._connection.execute(query.order_by(OUTBOX.c.epoch, OUTBOX.c.seq)):
            yield ChainLink(row.epoch, row.seq, row.prev, row.hash)

    def unconfirmed(self) -> tuple[JournalFact, ...]:
        """Return what the journal must hold."""
        return tuple(
            JournalFact(fact_id=row.fact_id, case_id=row.case_id, epoch=row.epoch, seq=row.seq, envelope=self._raw(row))
            for row in self._connection.execute(select(OUTBOX).where(OUTBOX.c.state.not_in(CONFIRMED)))
            if row.sealed_envelope is not None
        )

    def _entries(self, query: AnySelect) -> tuple[OutboxEntry, ...]:
        return tuple(
            OutboxEntry(
                seq=row.seq,
                fact_id=row.fact_id,
                case_id=row.case_id,
                kind=row.kind,
                state=SendState(row.state),
                recorded_at=row.recorded_at,
                legal_at=row.legal_at,
                hash=row.hash,
                raw=self._raw(row),
                code=row.code,
                reason=row.reason,
                todo=row.todo,
                attempts=row.attempts,
            )
            for row in self._connection.execute(query)
        )

    def _raw(self, row: AnyRow) -> bytes:
        holder = _holder(row.kind, row.case_id)
        return self._keys.open(holder, row.sealed_envelope, f"envelope {row.fact_id}") or b""


def _holder(kind: str, case_id: UUID) -> UUID:
    """Return whose key seals an envelope: the word of a purge must reach central after the case's key is gone."""
    return HOUSE if kind == _PURGED else case_id
