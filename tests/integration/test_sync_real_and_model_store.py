"""What the engine relies on in a store, held alike by the real encrypted one and by the one of the property tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ebp_desktop.bootstrap.bridge import StoredContact, StoredInbox, StoredOutbox
from ebp_desktop.domain.facts import AdviceGiven, Body, Fact, OutageReported, encode_body, kind_of
from ebp_desktop.services.ports import SendState
from ebp_desktop.store.session import StoreSession
from sync.outgoing import Sealer
from sync.ports import ContactStore, EpochOrder, InboxStore, Outage, OutboxStore, Settlement
from sync.protocol.buckets import bucket_of, bucket_sums, row_hash
from sync.protocol.codec import GENESIS, envelope_hash
from sync.protocol.messages import Envelope, FeedItem, PullAnswer, Receipt
from tests.fixtures.counter_home import opened as opened_store
from tests.fixtures.sync_memory import START, MemoryCounter, OwnClock


@dataclass
class Stores:
    """One counter's stores as the engine sees them, and a way to record a fact."""

    outbox: OutboxStore
    inbox: InboxStore
    contact: ContactStore
    record: Callable[..., UUID]
    feed_seq: int = field(default=0)

    def item(self, fact_id: str, body: str = "{}", collection: str = "guide", **changes: object) -> FeedItem:
        self.feed_seq += 1
        made = FeedItem(
            seq=self.feed_seq,
            collection=collection,
            id=fact_id,
            case_id=None,
            kind="",
            body_v=1,
            body=body,
            actor="",
            origin="central",
            legal_at=START.isoformat(),
            recorded_at=START.isoformat(),
        )
        return replace(made, **changes)


def a_page(*items: FeedItem, cursor: str = "c-1", more: bool = False, epoch: str = "feed-1") -> PullAnswer:
    return PullAnswer(items=items, next=cursor, more=more, feed_epoch=epoch, server_time=START.isoformat())


def from_feed(envelope: Envelope, stores: Stores) -> FeedItem:
    return stores.item(
        str(envelope.fact_id), envelope.body, "fact", case_id=envelope.case_id, kind=envelope.kind, actor="suriina"
    )


def unconcerned(*_: object, **__: object) -> None:
    """Projections and guides are other tests' business."""


@pytest.fixture(params=["memory", "encrypted"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    if request.param == "memory":
        counter = MemoryCounter(OwnClock())
        yield Stores(counter, counter, counter, lambda case, **more: counter.record(case, **more))
        return
    with opened_store(tmp_path) as store:
        with store.begin() as tx:
            tx.settings.set("device", "device-1")
            tx.settings.set("epoch", "epoch-1")

        def put(tx: StoreSession, case: UUID, body: Body, supersedes: UUID | None = None) -> UUID:
            fact = Fact(
                id=uuid4(),
                case_id=case,
                kind=kind_of(body),
                legal_at=START,
                recorded_at=START,
                actor="suriina",
                origin="001",
                body=body,
            )
            tx.ledger.append(fact)
            slot = tx.outbox.next_slot()
            tx.outbox.put(slot, fact, Sealer().seal(fact, slot, (), supersedes))
            return fact.id

        def record(case: UUID, body: Body | None = None, *, supersedes: UUID | None = None) -> UUID:
            given = body or AdviceGiven(advice_no="A-1", stage="construction", text="请补充", at=START)
            with store.begin() as tx:
                return put(tx, case, given, supersedes)

        yield Stores(
            StoredOutbox(store),
            StoredInbox(store, unconcerned, unconcerned),
            StoredContact(store, uuid4, lambda tx, case_id, body, _: put(tx, case_id, body)),
            record,
        )


CASE, OTHER = UUID(int=1), UUID(int=2)


def receipt(fact_id: UUID) -> Receipt:
    return Receipt(
        fact_id=fact_id, hash="0" * 64, server_seq=1, received_at="", key_id="k", alg="ed25519", signature="s"
    )


def settled(fact_id: UUID, state: SendState, code: str = "") -> Settlement:
    return Settlement(fact_id=fact_id, state=state, code=code, reason="因为", todo="请", receipt=receipt(fact_id))


def test_an_empty_outbox_stands_at_the_beginning(stores: Stores) -> None:
    level = stores.outbox.level()
    assert (level.device, level.epoch, level.first_open, level.high, level.head) == (
        "device-1",
        "epoch-1",
        1,
        0,
        GENESIS,
    )


def test_the_chain_is_gapless_and_each_link_names_the_one_before(stores: Stores) -> None:
    facts = [stores.record(CASE) for _ in range(4)]
    chain = stores.outbox.load(1, 10)
    assert [one.fact_id for one in chain] == facts
    assert [one.seq for one in chain] == [1, 2, 3, 4]
    assert [one.prev for one in chain] == [GENESIS, *(one.hash for one in chain[:-1])]
    assert all(one.hash == envelope_hash(one) for one in chain)
    assert (stores.outbox.level().high, stores.outbox.level().head) == (4, chain[-1].hash)


def test_answered_facts_can_be_loaded_again_for_a_central_that_lost_them(stores: Stores) -> None:
    fact = stores.record(CASE)
    stores.record(CASE)
    stores.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
    assert stores.outbox.level().first_open == 2
    assert [one.seq for one in stores.outbox.load(1, 1)] == [1]


@pytest.mark.parametrize("state", [SendState.PARKED, SendState.REJECTED])
def test_what_was_not_applied_keeps_waiting_with_its_words(stores: Stores, state: SendState) -> None:
    fact = stores.record(CASE)
    stores.outbox.settle((settled(fact, state, "held"),), START)
    entry = stores.outbox.waiting()[0]
    assert (entry.fact_id, entry.state, entry.code, entry.reason, entry.todo) == (fact, state, "held", "因为", "请")
    assert stores.outbox.level().first_open == 2, "the number is used up all the same"


def test_a_confirmed_fact_never_falls_back(stores: Stores) -> None:
    fact = stores.record(CASE)
    stores.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
    stores.outbox.settle((settled(fact, SendState.REJECTED),), START)
    assert stores.outbox.waiting() == ()


def test_deferred_facts_are_found_by_lane_and_held_ones_are_known(stores: Stores) -> None:
    one, two, three = stores.record(CASE), stores.record(OTHER), stores.record(CASE)
    stores.outbox.settle(
        (settled(one, SendState.PARKED, "held"), settled(two, SendState.PARKED), settled(three, SendState.PARKED)),
        START,
    )
    level = stores.outbox.level()
    assert set(level.deferred) == {CASE, OTHER}
    assert level.held == {CASE}
    assert [envelope.fact_id for envelope in stores.outbox.load_deferred(CASE, 10)] == [one, three]


def test_a_mended_fact_takes_the_refused_one_off_the_list(stores: Stores) -> None:
    bad = stores.record(CASE)
    stores.outbox.settle((settled(bad, SendState.REJECTED),), START)
    good = stores.record(CASE, supersedes=bad)
    stores.outbox.settle((settled(good, SendState.RECEIPTED),), START)
    assert stores.outbox.waiting() == ()


def test_items_and_cursor_are_there_together_and_a_page_twice_is_one_page(stores: Stores) -> None:
    page = a_page(stores.item("g-1"), stores.item("g-2"), cursor="c-9")
    stores.inbox.apply(page)
    stores.inbox.apply(page)
    assert (stores.inbox.position().cursor, stores.inbox.position().feed_epoch) == ("c-9", "feed-1")
    expected = bucket_sums((name, row_hash(name, "{}")) for name in ("g-1", "g-2"))
    assert stores.inbox.sums("guide") == expected


def test_a_removed_row_is_gone(stores: Stores) -> None:
    stores.inbox.apply(a_page(stores.item("g-1")))
    stores.inbox.apply(a_page(stores.item("g-1", removed=True), cursor="c-2"))
    assert stores.inbox.sums("guide") == ()


def test_an_own_fact_in_the_feed_is_seen(stores: Stores) -> None:
    stores.record(CASE)
    envelope = stores.outbox.load(1, 1)[0]
    stores.inbox.apply(a_page(from_feed(envelope, stores)))
    assert stores.outbox.waiting() == ()
    assert stores.outbox.level().first_open == 2


def test_a_rebuild_shows_the_old_rows_until_the_last_page(stores: Stores) -> None:
    stores.inbox.apply(a_page(stores.item("old-1"), stores.item("old-2")))
    before = stores.inbox.sums("guide")
    stores.inbox.begin_rebuild()
    position = stores.inbox.position()
    assert (position.cursor, position.is_rebuilding) == ("", True)
    stores.inbox.apply(a_page(stores.item("new-1"), more=True, epoch="feed-2"))
    assert stores.inbox.sums("guide") == before
    stores.inbox.apply(a_page(stores.item("new-2"), cursor="c-3", epoch="feed-2"))
    expected = bucket_sums((name, row_hash(name, "{}")) for name in ("new-1", "new-2"))
    assert stores.inbox.sums("guide") == expected
    assert not stores.inbox.position().is_rebuilding


def test_a_rebuild_leaves_unsent_facts_alone(stores: Stores) -> None:
    fact = stores.record(CASE)
    stores.inbox.begin_rebuild()
    stores.inbox.apply(a_page(stores.item("g-1")))
    assert [entry.fact_id for entry in stores.outbox.waiting()] == [fact]


def test_a_repair_replaces_whole_buckets_and_leaves_the_cursor(stores: Stores) -> None:
    stores.inbox.apply(a_page(stores.item("g-1", '{"wrong":1}'), stores.item("g-2"), cursor="c-7"))
    stores.inbox.repair("guide", (bucket_of("g-1"),), (stores.item("g-1"),))
    expected = bucket_sums((name, row_hash(name, "{}")) for name in ("g-1", "g-2"))
    assert stores.inbox.sums("guide") == expected
    assert stores.inbox.position().cursor == "c-7"


def test_own_facts_that_the_feed_has_not_brought_are_no_difference(stores: Stores) -> None:
    fact = stores.record(CASE)
    stores.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
    assert stores.inbox.sums("fact") == ()


def test_a_new_epoch_strands_what_was_not_answered_until_it_is_chained_anew(stores: Stores) -> None:
    sent, waiting = stores.record(CASE), stores.record(OTHER)
    stores.outbox.settle((settled(sent, SendState.RECEIPTED),), START)
    stores.outbox.start_epoch(EpochOrder(epoch="epoch-2", counter="001", registration_high=()))
    level = stores.outbox.level()
    assert (level.epoch, level.high, level.head, level.stranded) == ("epoch-2", 0, GENESIS, 1)
    assert stores.inbox.position().is_rebuilding
    assert stores.outbox.rechain() == 1
    chain = stores.outbox.load(1, 10)
    assert [(one.fact_id, one.seq, one.epoch, one.prev) for one in chain] == [(waiting, 1, "epoch-2", GENESIS)]
    assert stores.outbox.level().stranded == 0


def test_a_stranded_fact_that_the_feed_brings_back_is_not_chained_anew(stores: Stores) -> None:
    stores.record(CASE)
    envelope = stores.outbox.load(1, 1)[0]
    stores.outbox.start_epoch(EpochOrder(epoch="epoch-2", counter="001", registration_high=()))
    stores.inbox.apply(a_page(from_feed(envelope, stores)))
    assert stores.outbox.rechain() == 0
    assert stores.outbox.level().high == 0


def test_contact_and_clock_error_are_remembered(stores: Stores) -> None:
    assert stores.contact.last_contact() is None
    stores.contact.contacted(START, 250)
    assert stores.contact.last_contact() == START


@pytest.mark.parametrize("report", [True, False])
def test_an_outage_is_remembered_and_reported_at_most_once(stores: Stores, report: bool) -> None:
    outage = Outage(started_at=START, cause="连接不上中心服务器")
    stores.contact.outage_began(outage)
    assert stores.contact.outage() == outage
    for _ in range(2):
        stores.contact.outage_ended(START + timedelta(hours=1), report=report)
    assert stores.contact.outage() is None
    bodies = [one.body for one in stores.outbox.load(1, 10)]
    ended = OutageReported(started_at=START, ended_at=START + timedelta(hours=1), cause=outage.cause)
    assert bodies == ([encode_body(ended).decode()] if report else [])
