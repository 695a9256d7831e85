"""The ledger only grows, the outbox is a gapless chain, and a receipt is never lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from ebp_desktop.crypto.chain import GENESIS
from ebp_desktop.domain.facts import UnknownBody
from ebp_desktop.services.ports import SendState
from ebp_desktop.store.database_store import CounterStore
from tests.fixtures.counter_home import MORNING, a_fact, advice, opened, record, sealed


def test_the_same_fact_twice_is_one_fact(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        tx.ledger.append(fact)
        tx.ledger.append(fact)
        assert tx.ledger.of_case(fact.case_id) == (fact,)


def test_facts_of_a_case_come_in_the_order_in_which_they_arrived(store: CounterStore) -> None:
    case = uuid4()
    facts = [a_fact(case, advice(number=str(number))) for number in range(5)]
    with store.begin() as tx:
        for fact in facts:
            tx.ledger.append(fact)
        tx.ledger.append(a_fact())
    with store.read() as session:
        assert list(session.ledger.of_case(case)) == facts
        assert set(session.ledger.case_ids()) > {case}


def test_times_and_ids_come_back_as_they_went_in(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        tx.ledger.append(fact)
    with store.read() as session:
        back = session.ledger.get(fact.id)
    assert back == fact
    assert back.legal_at.utcoffset() == timedelta(hours=8)


def test_a_time_without_a_zone_is_refused(store: CounterStore) -> None:
    fact = a_fact()
    naive = type(fact)(
        **{name: getattr(fact, name) for name in fact.__slots__} | {"legal_at": MORNING.replace(tzinfo=None)}
    )
    with pytest.raises(Exception, match="without a zone"), store.begin() as tx:
        tx.ledger.append(naive)


def test_a_kind_of_tomorrow_is_kept_as_it_came(store: CounterStore) -> None:
    fact = a_fact(body=UnknownBody(kind="case.split", raw=b'{"into":["a","b"]}'))
    with store.begin() as tx:
        tx.ledger.append(fact)
    with store.read() as session:
        assert session.ledger.of_case(fact.case_id) == (fact,)


def test_fields_that_a_newer_sender_added_survive_in_the_raw_body(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        tx.ledger.append(
            fact, raw=b'{"advice_no":"A-1","stage":"x","text":"y","at":"2026-03-02T09:00:00+08:00","new":1}'
        )
    with store.read() as session:
        assert b'"new":1' in (session.ledger.raw(fact.id) or b"")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET digest = 'x'",
        "UPDATE facts SET sealed_body = x'00'",
        "UPDATE facts SET legal_at = '2020-01-01T00:00:00.000000+00:00'",
        "UPDATE audit SET actor = 'somebody else'",
        "UPDATE audit SET detail = 'something else'",
        "DELETE FROM audit",
    ],
)
def test_history_cannot_be_rewritten_even_by_the_program_itself(store: CounterStore, statement: str) -> None:
    with store.begin() as tx:
        record(tx, a_fact())
    with pytest.raises(DBAPIError, match="append-only"), store._database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_the_chain_has_no_gap_and_every_link_names_the_one_before(store: CounterStore) -> None:
    for _ in range(3):
        with store.begin() as tx:
            record(tx, a_fact())
            record(tx, a_fact())
    with store.read() as session:
        links = list(session.outbox.links())
    assert [link.seq for link in links] == [1, 2, 3, 4, 5, 6]
    assert [link.prev for link in links] == [GENESIS, *[link.hash for link in links[:-1]]]


def test_the_next_place_is_one_past_the_head(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.settings.set("device", "ws-1")
        first = tx.outbox.next_slot()
        assert (first.seq, first.prev, first.device, len(first.epoch)) == (1, GENESIS, "ws-1", 32)
        record(tx, a_fact())
        assert tx.outbox.next_slot().seq == 2
        assert tx.outbox.next_slot().prev == tx.outbox.head().hash


def test_one_place_is_given_to_one_fact_only(store: CounterStore) -> None:
    one, other = a_fact(), a_fact()
    with pytest.raises(DBAPIError, match="UNIQUE"), store.begin() as tx:  # noqa: PT012
        slot = tx.outbox.next_slot()
        tx.outbox.put(slot, one, sealed(one, slot))
        tx.outbox.put(slot, other, sealed(other, slot))


def test_envelopes_come_back_byte_for_byte(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        slot = tx.outbox.next_slot()
        envelope = sealed(fact, slot)
        tx.outbox.put(slot, fact, envelope)
    with store.read() as session:
        entry = session.outbox.find(fact.id)
    assert entry is not None
    assert (entry.raw, entry.hash, entry.state) == (envelope.raw, envelope.hash, SendState.NEW)


def test_a_receipt_takes_a_fact_out_of_the_queue(store: CounterStore) -> None:
    first, second = a_fact(), a_fact()
    with store.begin() as tx:
        record(tx, first)
        record(tx, second)
        assert tx.outbox.first_open() == 1
        tx.outbox.settle(first.id, SendState.RECEIPTED, receipt=b"signed by central")
        assert [entry.fact_id for entry in tx.outbox.waiting()] == [second.id]
        assert tx.outbox.pending_facts(first.case_id) == frozenset()
        assert tx.outbox.pending_facts(second.case_id) == {second.id}
        assert tx.outbox.receipt(first.id) == b"signed by central"
        assert tx.outbox.receipt(second.id) is None
        assert tx.outbox.first_open() == 2
        tx.outbox.settle(second.id, SendState.SEEN)
        assert tx.outbox.first_open() == 3


@pytest.mark.parametrize("later", [SendState.NEW, SendState.SENDING, SendState.PARKED, SendState.REJECTED])
def test_a_confirmed_fact_never_falls_back(store: CounterStore, later: SendState) -> None:
    fact = a_fact()
    with store.begin() as tx:
        record(tx, fact)
        tx.outbox.settle(fact.id, SendState.RECEIPTED, receipt=b"receipt")
        tx.outbox.settle(fact.id, later, code="late")
        entry = tx.outbox.find(fact.id)
        assert entry is not None
        assert (entry.state, entry.code) == (SendState.RECEIPTED, "")
        assert tx.outbox.receipt(fact.id) == b"receipt"


def test_a_receipt_that_comes_after_the_feed_is_kept_too(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        record(tx, fact)
        tx.outbox.settle(fact.id, SendState.SEEN)
        tx.outbox.settle(fact.id, SendState.RECEIPTED, receipt=b"late receipt")
        entry = tx.outbox.find(fact.id)
        assert entry is not None
        assert entry.state is SendState.SEEN
        assert tx.outbox.receipt(fact.id) == b"late receipt"


def test_a_rejected_fact_stays_in_sight_with_its_reason(home: Path) -> None:
    fact = a_fact()
    with opened(home) as store, store.begin() as tx:
        record(tx, fact)
        tx.outbox.settle(fact.id, SendState.REJECTED, code="guide_outdated", reason="办事指南已更新", todo="请重新核对")
        tx.outbox.retry_at(fact.id, MORNING)
    with opened(home) as store, store.read() as session:
        (entry,) = session.outbox.waiting()
        assert (entry.code, entry.reason, entry.todo, entry.attempts) == (
            "guide_outdated",
            "办事指南已更新",
            "请重新核对",
            1,
        )
        assert [one.fact_id for one in session.outbox.in_states((SendState.REJECTED,))] == [fact.id]


def test_facts_of_an_earlier_epoch_can_be_put_into_the_present_one(store: CounterStore) -> None:
    facts = [a_fact() for _ in range(3)]
    with store.begin() as tx:
        for fact in facts:
            record(tx, fact)
        tx.outbox.settle(facts[0].id, SendState.RECEIPTED, receipt=b"r")
        tx.settings.set("epoch", "f" * 32)
        assert tx.outbox.head().seq == 0
        stranded = tx.outbox.stranded()
        assert [entry.fact_id for entry in stranded] == [facts[1].id, facts[2].id]
        for entry, fact in zip(stranded, facts[1:], strict=True):
            slot = tx.outbox.next_slot()
            tx.outbox.move(entry.fact_id, slot, sealed(fact, slot))
        assert tx.outbox.stranded() == ()
        assert [entry.fact_id for entry in tx.outbox.from_number(1, 10)] == [facts[1].id, facts[2].id]
        assert [entry.seq for entry in tx.outbox.from_number(2, 10)] == [2]


def test_a_fact_that_this_counter_may_no_longer_see_is_taken_out(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        tx.ledger.append(fact)
        tx.ledger.remove(fact.id)
        assert not tx.ledger.has(fact.id)
        assert tx.ledger.get(fact.id) is None
        assert list(tx.ledger.marks()) == []
