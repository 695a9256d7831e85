"""The outbox port over the local store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ebp_desktop.bootstrap.bridge.marks import begin_rebuild
from ebp_desktop.services.ports import OutboxEntry, SendState
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.outbox import OutboxAnswer
from ebp_desktop.store.session import StoreSession
from sync.outgoing import rechained
from sync.ports import EpochOrder, OutboxLevel, Settlement
from sync.protocol.codec import from_json, to_json
from sync.protocol.messages import Envelope

_UNANSWERED = frozenset({SendState.NEW, SendState.SENDING})
_CONFIRMED = frozenset({SendState.RECEIPTED, SendState.SEEN})
HELD = "held"
_EVERYTHING = 1_000_000


class StoredOutbox:
    """Facts recorded here, chained in their order of recording."""

    def __init__(self, store: CounterStore) -> None:
        self._store = store

    def level(self) -> OutboxLevel:
        """Where the present epoch stands."""
        self._close_gaps()
        with self._store.read() as tx:
            head = tx.outbox.head()
            parked = _parked(tx)
            return OutboxLevel(
                device=tx.settings.get("device"),
                epoch=head.epoch,
                first_open=tx.outbox.first_open(),
                high=head.seq,
                head=head.hash,
                deferred=tuple(dict.fromkeys(entry.case_id for entry in parked)),
                held=frozenset(entry.case_id for entry in parked if entry.code == HELD),
                stranded=len(_stranded(tx)),
            )

    def load(self, first: int, limit: int) -> tuple[Envelope, ...]:
        """Envelopes of the present epoch from number ``first`` on, in order; purged ones are no more."""
        with self._store.read() as tx:
            return tuple(_envelope(entry) for entry in tx.outbox.from_number(first, limit) if entry.raw)

    def load_deferred(self, case_id: UUID, limit: int) -> tuple[Envelope, ...]:
        """Facts of one lane that central keeps but has not applied, in order."""
        with self._store.read() as tx:
            parked = _parked(tx)
        return tuple(_envelope(entry) for entry in parked if entry.case_id == case_id)[:limit]

    def _close_gaps(self) -> None:
        """Chains anew what stands behind unsent facts of a purged case: central takes no chain with a hole in it.

        Where central had received one of them after all, it finds the chain forked and orders a new epoch.
        """
        with self._store.read() as tx:
            if tx.outbox.first_gap() is None:
                return
        with self._store.begin() as tx:
            slot = tx.outbox.first_gap()
            if slot is None:
                return
            tx.outbox.drop_destroyed()
            for entry in [each for each in tx.outbox.from_number(slot.seq, _EVERYTHING) if each.raw]:
                placed = rechained(entry.raw, slot)
                tx.outbox.move(entry.fact_id, slot, placed)
                slot = replace(slot, seq=slot.seq + 1, prev=placed.hash)

    def settle(self, settlements: tuple[Settlement, ...], at: datetime) -> None:
        """Stores what became of facts, in one transaction."""
        answers = tuple(_answer(one) for one in settlements)
        with self._store.begin() as tx:
            tx.outbox.settle_all(answers)
            # Only where something was refused can a fact have mended it.
            if tx.outbox.in_states((SendState.REJECTED, SendState.PARKED), 1):
                for one in settlements:
                    if one.state in _CONFIRMED:
                        _settle_superseded(tx, one.fact_id)

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Everything that has not taken effect, oldest first."""
        with self._store.read() as tx:
            return tx.outbox.waiting(limit)

    def start_epoch(self, order: EpochOrder) -> None:
        """Burns every lease, strands unanswered facts, begins the new epoch and orders the inbox to be rebuilt."""
        with self._store.begin() as tx:
            tx.settings.set("epoch", order.epoch)
            tx.numbers.burn_leases("本机数据被恢复或复制，原号段作废")
            for day, high in order.registration_high:
                tx.numbers.raise_registration(date.fromisoformat(day), high)
            if order.counter:
                tx.settings.set("counter", order.counter)
            begin_rebuild(tx)

    def rechain(self) -> int:
        """Puts stranded facts into the present epoch's chain, in their order of recording."""
        with self._store.begin() as tx:
            stranded = _stranded(tx)
            for entry in stranded:
                slot = tx.outbox.next_slot()
                tx.outbox.move(entry.fact_id, slot, rechained(entry.raw, slot))
        return len(stranded)


def _parked(tx: StoreSession) -> tuple[OutboxEntry, ...]:
    """What central keeps without having applied it, of the present epoch."""
    epoch = tx.settings.get("epoch")
    parked = tx.outbox.in_states((SendState.PARKED,), _EVERYTHING)
    return tuple(entry for entry in parked if entry.raw and _envelope(entry).epoch == epoch)


def _stranded(tx: StoreSession) -> tuple[OutboxEntry, ...]:
    return tuple(entry for entry in tx.outbox.stranded() if entry.state in _UNANSWERED and entry.raw)


def _envelope(entry: OutboxEntry) -> Envelope:
    return from_json(entry.raw, Envelope)


def _answer(one: Settlement) -> OutboxAnswer:
    return OutboxAnswer(
        fact_id=one.fact_id,
        state=one.state,
        code=one.code,
        reason=one.reason,
        todo=one.todo,
        receipt=to_json(one.receipt) if one.receipt else None,
    )


def _settle_superseded(tx: StoreSession, fact_id: UUID) -> None:
    entry = tx.outbox.find(fact_id)
    if entry is None or not entry.raw:
        return
    mended = _envelope(entry).supersedes
    if mended is not None:
        tx.outbox.settle(mended, SendState.RECEIPTED, code="superseded", reason="已由更正后的记录取代")
