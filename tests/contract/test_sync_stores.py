"""What the sync engine may expect of a counter's stores: the model and the real one keep the same promises."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ebp_desktop.bootstrap.bridge import StoredContact, StoredInbox, StoredLeases, StoredOutbox, StoredScans
from ebp_desktop.crypto.chain import GENESIS
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.facts import AdviceGiven, Body, Fact, encode_body, kind_of
from ebp_desktop.services.ports import FileInfo, SendState
from ebp_desktop.store.database_store import CounterStore, open_store
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.session import StoreSession
from ebp_desktop.store.space import SpaceGuard
from ebp_desktop.store.verification import verify
from sync.outgoing import Sealer
from sync.ports import (
    BlobSource,
    ContactStore,
    EpochOrder,
    InboxStore,
    LeaseStore,
    Outage,
    OutboxStore,
    Settlement,
)
from sync.protocol.buckets import bucket_of, bucket_sums, row_hash
from sync.protocol.codec import envelope_hash
from sync.protocol.messages import FeedItem, HelloAnswer, LeaseBlock, PullAnswer, Receipt
from tests.fixtures.sync_memory import START, MemoryCounter, OwnClock

CASE, OTHER = UUID(int=1), UUID(int=2)
NEW_EPOCH = EpochOrder(epoch="epoch-2", counter="", registration_high=())


@dataclass
class Subject:
    """A counter's stores under test, and what its own work does with them."""

    outbox: OutboxStore
    inbox: InboxStore
    leases: LeaseStore
    blobs: BlobSource
    contact: ContactStore
    record: Callable[..., UUID]
    add_file: Callable[[UUID, bytes], str]
    take_lease: Callable[[], int | None]
    again: Callable[[], Subject]


@contextmanager
def in_memory(home: Path) -> Iterator[Subject]:
    counter = MemoryCounter(OwnClock(), lease_size=100)

    def add_file(case_id: UUID, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        counter.add_file(case_id, sha256, data)
        return sha256

    def take() -> int | None:
        for block in counter.blocks:
            if block.left(START.year, START):
                after = replace(block, next=block.next + 1)
                counter.blocks = tuple(after if one is block else one for one in counter.blocks)
                return block.next
        return None

    def subject() -> Subject:
        def record(case_id: UUID, supersedes: UUID | None = None) -> UUID:
            counter.clock.advance(1)
            return counter.record(case_id, supersedes=supersedes)

        return Subject(counter, counter, counter, counter, counter, record, add_file, take, subject)

    yield subject()


@contextmanager
def on_disk(home: Path) -> Iterator[Subject]:
    stores: list[CounterStore] = []

    def subject() -> Subject:
        if stores:
            stores[-1].close()
        store = open_store(home, bytes(32), lambda: START, guard=SpaceGuard(home, reserve=0, ballast=0))
        stores.append(store)
        with store.begin() as tx:
            tx.settings.set("device", "device-1")
        return _over(store, subject)

    yield subject()
    stores[-1].close()


def _over(store: CounterStore, again: Callable[[], Subject]) -> Subject:
    clock = OwnClock()
    moment = [START]

    def write(tx: StoreSession, case_id: UUID, body: Body, at: datetime, supersedes: UUID | None = None) -> UUID:
        fact = Fact(
            id=uuid4(),
            case_id=case_id,
            kind=kind_of(body),
            legal_at=at,
            recorded_at=at,
            actor="zhang",
            origin="001",
            body=body,
        )
        tx.ledger.append(fact)
        slot = tx.outbox.next_slot()
        tx.outbox.put(slot, fact, Sealer().seal(fact, slot, (), supersedes))
        return fact.id

    def record(case_id: UUID, supersedes: UUID | None = None) -> UUID:
        moment[0] += timedelta(seconds=1)
        with store.begin() as tx:
            return write(tx, case_id, advice(), moment[0], supersedes)

    def add_file(case_id: UUID, data: bytes) -> str:
        file = CaseScans(store).put_bytes(case_id, data, "image/jpeg")
        with store.begin() as tx:
            tx.files.note(case_id, FileInfo(sha256=file.sha256, size=file.size, mime=file.mime))
        return file.sha256

    def take() -> int | None:
        with store.begin() as tx:
            return tx.numbers.take_leased(START.year, START.date())

    return Subject(
        outbox=StoredOutbox(store),
        inbox=StoredInbox(store, lambda *_: None, lambda _: None),
        leases=StoredLeases(store),
        blobs=StoredScans(store),
        contact=StoredContact(store, clock.new_id, write),
        record=record,
        add_file=add_file,
        take_lease=take,
        again=again,
    )


@pytest.fixture(params=[in_memory, on_disk], ids=["memory", "disk"])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    with request.param(tmp_path / "home") as subject:
        yield subject


def advice(text: str = "请补充总平面图") -> AdviceGiven:
    return AdviceGiven(advice_no="A-1", stage="construction", text=text, at=START)


def receipt(fact: UUID, seq: int = 1) -> Receipt:
    return Receipt(
        fact_id=fact, hash="h", server_seq=seq, received_at=START.isoformat(), key_id="k", alg="a", signature="s"
    )


def settled(fact: UUID, state: SendState, **more: str) -> Settlement:
    vouched = state in {SendState.RECEIPTED, SendState.PARKED}
    return Settlement(fact_id=fact, state=state, receipt=receipt(fact) if vouched else None, **more)


def item(
    seq: int,
    item_id: str,
    *,
    case_id: UUID | None = CASE,
    collection: str = "fact",
    body: str | None = None,
    removed: bool = False,
) -> FeedItem:
    text = encode_body(advice(f"第{seq}次咨询")).decode() if body is None else body
    return FeedItem(
        seq=seq,
        collection=collection,
        id=item_id,
        case_id=case_id if collection == "fact" else None,
        kind="advice.given" if collection == "fact" else collection,
        body_v=1,
        body=text,
        actor="central",
        origin="central",
        legal_at=START.isoformat(),
        recorded_at=START.isoformat(),
        removed=removed,
    )


def page(*items: FeedItem, cursor: str = "c1", more: bool = False, epoch: str = "feed-1") -> PullAnswer:
    return PullAnswer(items=items, next=cursor, more=more, feed_epoch=epoch, server_time=START.isoformat())


def sums_of(*items: FeedItem) -> object:
    return bucket_sums((each.id, row_hash(each.id, each.body)) for each in items)


class TestTheChain:
    def test_an_empty_one_begins_at_the_genesis(self, counter: Subject) -> None:
        level = counter.outbox.level()
        assert (level.device, level.first_open, level.high, level.head) == ("device-1", 1, 0, GENESIS)
        assert (level.deferred, level.held, level.stranded) == ((), frozenset(), 0)

    def test_facts_stand_in_their_order_of_recording_each_bound_to_the_one_before(self, counter: Subject) -> None:
        facts = [counter.record(CASE), counter.record(OTHER), counter.record(CASE)]
        envelopes = counter.outbox.load(1, 10)
        assert [one.fact_id for one in envelopes] == facts
        assert [one.seq for one in envelopes] == [1, 2, 3]
        assert [one.prev for one in envelopes] == [GENESIS, envelopes[0].hash, envelopes[1].hash]
        assert all(one.hash == envelope_hash(one) for one in envelopes)
        level = counter.outbox.level()
        assert (level.high, level.head) == (3, envelopes[-1].hash)

    def test_is_read_from_any_number_and_answered_ones_are_still_in_it(self, counter: Subject) -> None:
        facts = [counter.record(CASE) for _ in range(4)]
        counter.outbox.settle((settled(facts[1], SendState.RECEIPTED),), START)
        assert [one.fact_id for one in counter.outbox.load(2, 2)] == facts[1:3]

    def test_what_is_first_open_moves_with_the_answers(self, counter: Subject) -> None:
        facts = [counter.record(CASE) for _ in range(3)]
        assert counter.outbox.level().first_open == 1
        counter.outbox.settle((settled(facts[0], SendState.RECEIPTED), settled(facts[1], SendState.REJECTED)), START)
        assert counter.outbox.level().first_open == 3
        counter.outbox.settle((settled(facts[2], SendState.PARKED),), START)
        assert counter.outbox.level().first_open == 4


class TestAnswers:
    def test_what_has_taken_effect_waits_no_more(self, counter: Subject) -> None:
        facts = [counter.record(CASE) for _ in range(3)]
        counter.outbox.settle((settled(facts[1], SendState.RECEIPTED),), START)
        assert [entry.fact_id for entry in counter.outbox.waiting()] == [facts[0], facts[2]]
        assert [entry.fact_id for entry in counter.outbox.waiting(1)] == facts[:1]

    def test_a_refusal_keeps_its_words_for_the_clerk(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        counter.outbox.settle(
            (settled(fact, SendState.REJECTED, code="matter_unknown", reason="没有事项", todo="核对"),), START
        )
        (entry,) = counter.outbox.waiting()
        assert (entry.state, entry.code, entry.reason, entry.todo) == (
            SendState.REJECTED,
            "matter_unknown",
            "没有事项",
            "核对",
        )

    def test_a_confirmed_fact_never_falls_back(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        counter.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
        counter.outbox.settle((settled(fact, SendState.REJECTED, code="late"),), START)
        assert counter.outbox.waiting() == ()

    def test_a_later_word_replaces_an_earlier_one(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        counter.outbox.settle((settled(fact, SendState.PARKED, code="held"),), START)
        assert counter.outbox.level().held == {CASE}
        counter.outbox.settle((settled(fact, SendState.PARKED, code="deps"),), START)
        assert (counter.outbox.level().held, counter.outbox.level().deferred) == (frozenset(), (CASE,))
        counter.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
        assert counter.outbox.level().deferred == ()

    def test_deferred_lanes_are_loaded_one_by_one_in_order(self, counter: Subject) -> None:
        facts = [counter.record(case) for case in (CASE, OTHER, CASE, CASE)]
        counter.outbox.settle(tuple(settled(fact, SendState.PARKED, code="deps") for fact in facts[:3]), START)
        assert counter.outbox.level().deferred == (CASE, OTHER)
        assert [one.fact_id for one in counter.outbox.load_deferred(CASE, 10)] == [facts[0], facts[2]]
        assert [one.fact_id for one in counter.outbox.load_deferred(CASE, 1)] == [facts[0]]

    def test_a_mended_fact_settles_the_rejected_one_when_it_is_receipted(self, counter: Subject) -> None:
        wrong = counter.record(CASE)
        counter.outbox.settle((settled(wrong, SendState.REJECTED, code="x"),), START)
        mended = counter.record(CASE, supersedes=wrong)
        assert {entry.fact_id for entry in counter.outbox.waiting()} == {wrong, mended}
        counter.outbox.settle((settled(mended, SendState.RECEIPTED),), START)
        assert counter.outbox.waiting() == ()

    def test_an_own_fact_that_comes_back_in_the_feed_is_seen(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        envelope = counter.outbox.load(1, 1)[0]
        counter.inbox.apply(page(item(1, str(fact), body=envelope.body)))
        assert counter.outbox.waiting() == ()
        assert counter.outbox.level().first_open == 2


class TestANewEpoch:
    def test_strands_what_has_no_answer_and_begins_a_chain_of_its_own(self, counter: Subject) -> None:
        facts = [counter.record(CASE) for _ in range(3)]
        counter.outbox.settle((settled(facts[0], SendState.RECEIPTED),), START)
        counter.outbox.start_epoch(NEW_EPOCH)
        level = counter.outbox.level()
        assert (level.epoch, level.high, level.head, level.stranded) == ("epoch-2", 0, GENESIS, 2)
        assert counter.outbox.load(1, 10) == ()
        assert counter.inbox.position().is_rebuilding

    def test_rechains_the_stranded_in_their_order_with_the_same_bodies(self, counter: Subject) -> None:
        facts = [counter.record(case) for case in (CASE, OTHER)]
        before = counter.outbox.load(1, 10)
        counter.outbox.start_epoch(NEW_EPOCH)
        assert counter.outbox.rechain() == 2
        after = counter.outbox.load(1, 10)
        assert [one.fact_id for one in after] == facts
        assert [(one.epoch, one.seq) for one in after] == [("epoch-2", 1), ("epoch-2", 2)]
        assert [one.body for one in after] == [one.body for one in before]
        assert after[1].prev == after[0].hash == envelope_hash(after[0])
        assert counter.outbox.rechain() == 0

    def test_does_not_rechain_what_the_feed_brought_back(self, counter: Subject) -> None:
        back, lost = counter.record(CASE), counter.record(CASE)
        body = counter.outbox.load(1, 1)[0].body
        counter.outbox.start_epoch(NEW_EPOCH)
        counter.inbox.apply(page(item(1, str(back), body=body)))
        assert counter.outbox.rechain() == 1
        assert [one.fact_id for one in counter.outbox.load(1, 10)] == [lost]

    def test_leaves_facts_parked_under_the_old_epoch_to_central(self, counter: Subject) -> None:
        parked = counter.record(CASE)
        counter.outbox.settle((settled(parked, SendState.PARKED, code="held"),), START)
        counter.outbox.start_epoch(NEW_EPOCH)
        level = counter.outbox.level()
        assert (level.deferred, level.held, level.stranded) == ((), frozenset(), 0)
        assert counter.outbox.load_deferred(CASE, 10) == ()
        assert [entry.fact_id for entry in counter.outbox.waiting()] == [parked]

    def test_burns_every_lease(self, counter: Subject) -> None:
        counter.leases.hold((block(1, 100),))
        counter.outbox.start_epoch(NEW_EPOCH)
        assert counter.take_lease() is None
        counter.leases.hold((block(1, 100),))
        assert counter.take_lease() is None, "a burned block stays burned"


class TestTheFeed:
    def test_begins_at_its_beginning(self, counter: Subject) -> None:
        position = counter.inbox.position()
        assert (position.cursor, position.feed_epoch, position.is_rebuilding) == ("", "", False)

    def test_items_and_cursor_are_written_together(self, counter: Subject) -> None:
        first, second = item(1, str(uuid4())), item(2, str(uuid4()), case_id=OTHER)
        counter.inbox.apply(page(first, cursor="c1", more=True))
        counter.inbox.apply(page(second, cursor="c2"))
        position = counter.inbox.position()
        assert (position.cursor, position.feed_epoch) == ("c2", "feed-1")
        assert counter.inbox.sums("fact") == sums_of(first, second)

    def test_the_same_page_twice_is_one_page(self, counter: Subject) -> None:
        one = item(1, str(uuid4()))
        counter.inbox.apply(page(one))
        counter.inbox.apply(page(one))
        assert counter.inbox.sums("fact") == sums_of(one)

    @pytest.mark.parametrize("collection", ["guide", "calendar", "person", "alias"])
    def test_published_data_is_replaced_and_withdrawn(self, counter: Subject, collection: str) -> None:
        old, new = (item(seq, "g", collection=collection, body=json.dumps({"v": seq})) for seq in (1, 2))
        counter.inbox.apply(page(old))
        counter.inbox.apply(page(new))
        assert counter.inbox.sums(collection) == sums_of(new)
        counter.inbox.apply(page(replace(new, seq=3, removed=True)))
        assert counter.inbox.sums(collection) == ()

    def test_a_fact_that_this_counter_may_no_longer_see_goes(self, counter: Subject) -> None:
        one = item(1, str(uuid4()))
        counter.inbox.apply(page(one))
        counter.inbox.apply(page(replace(one, seq=2, removed=True)))
        assert counter.inbox.sums("fact") == ()

    def test_own_facts_count_only_once_the_feed_has_brought_them_back(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        assert counter.inbox.sums("fact") == ()
        counter.outbox.settle((settled(fact, SendState.RECEIPTED),), START)
        assert counter.inbox.sums("fact") == ()
        back = item(1, str(fact), body=counter.outbox.load(1, 1)[0].body)
        counter.inbox.apply(page(back))
        assert counter.inbox.sums("fact") == sums_of(back)

    def test_repair_replaces_the_rows_of_a_bucket_and_leaves_the_cursor(self, counter: Subject) -> None:
        kept, gone, come = (item(seq, str(UUID(int=seq))) for seq in (11, 12, 13))
        counter.inbox.apply(page(kept, gone))
        prefixes = tuple({bucket_of(gone.id), bucket_of(come.id)} - {bucket_of(kept.id)})
        counter.inbox.repair("fact", prefixes, (come,))
        assert counter.inbox.sums("fact") == sums_of(kept, come)
        assert counter.inbox.position().cursor == "c1"

    def test_repair_never_takes_what_was_recorded_here_and_is_not_there_yet(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        counter.inbox.repair("fact", (bucket_of(str(fact)),), ())
        assert [entry.fact_id for entry in counter.outbox.waiting()] == [fact]
        assert counter.outbox.load(1, 1)[0].fact_id == fact


class TestARebuild:
    def test_shows_the_old_until_the_last_page_swaps_in_the_new(self, counter: Subject) -> None:
        old, first, last = (item(seq, str(uuid4())) for seq in (1, 2, 3))
        counter.inbox.apply(page(old))
        counter.inbox.begin_rebuild()
        assert counter.inbox.position().cursor == ""
        counter.inbox.apply(page(first, cursor="n1", more=True, epoch="feed-2"))
        assert counter.inbox.sums("fact") == sums_of(old)
        assert counter.inbox.position().is_rebuilding
        counter.inbox.apply(page(last, cursor="n2", epoch="feed-2"))
        assert counter.inbox.sums("fact") == sums_of(first, last)
        position = counter.inbox.position()
        assert (position.cursor, position.feed_epoch, position.is_rebuilding) == ("n2", "feed-2", False)

    def test_begun_again_forgets_what_it_had(self, counter: Subject) -> None:
        half, whole = item(1, str(uuid4())), item(1, str(uuid4()))
        counter.inbox.begin_rebuild()
        counter.inbox.apply(page(half, cursor="n1", more=True))
        counter.inbox.begin_rebuild()
        counter.inbox.apply(page(whole))
        assert counter.inbox.sums("fact") == sums_of(whole)

    def test_goes_on_after_a_restart(self, counter: Subject) -> None:
        first, last = item(1, str(uuid4())), item(2, str(uuid4()))
        counter.inbox.begin_rebuild()
        counter.inbox.apply(page(first, cursor="n1", more=True))
        after = counter.again()
        assert after.inbox.position().is_rebuilding
        assert after.inbox.position().cursor == "n1"
        after.inbox.apply(page(last, cursor="n2"))
        assert after.inbox.sums("fact") == sums_of(first, last)

    def test_never_touches_the_outbox(self, counter: Subject) -> None:
        fact = counter.record(CASE)
        counter.inbox.begin_rebuild()
        counter.inbox.apply(page())
        assert [entry.fact_id for entry in counter.outbox.waiting()] == [fact]
        assert counter.outbox.load(1, 10)[0].fact_id == fact


def block(first: int, size: int, *, number: int = 1, last: int | None = None) -> LeaseBlock:
    return LeaseBlock(
        lease=UUID(int=number),
        region="150302",
        year=2026,
        first=first,
        last=first + size - 1 if last is None else last,
        expires="2026-12-31T23:59:59+08:00",
    )


class TestLeases:
    def test_none_at_all_asks_for_an_active_and_a_spare_block(self, counter: Subject) -> None:
        wish = counter.leases.wish(START)
        assert wish is not None
        assert (wish.year, wish.have, wish.want) == (2026, (), 200)
        assert counter.leases.high() == 0

    def test_more_than_half_left_asks_for_nothing(self, counter: Subject) -> None:
        counter.leases.hold((block(1, 200),))
        assert counter.leases.wish(START) is None
        for _ in range(100):
            counter.take_lease()
        wish = counter.leases.wish(START)
        assert wish is not None
        assert wish.have == (UUID(int=1),)
        assert counter.leases.high() == 100

    def test_a_known_block_keeps_its_next_number(self, counter: Subject) -> None:
        counter.leases.hold((block(1, 100),))
        assert counter.take_lease() == 1
        counter.leases.hold((block(1, 100), block(101, 100, number=2)))
        assert counter.take_lease() == 2

    def test_a_voided_tail_is_never_issued(self, counter: Subject) -> None:
        counter.leases.hold((block(1, 100),))
        assert counter.take_lease() == 1
        counter.leases.hold((block(1, 100, last=2),))
        assert [counter.take_lease(), counter.take_lease()] == [2, None]
        counter.leases.hold((block(1, 100),))
        assert counter.take_lease() is None, "what central voided does not come back"

    def test_they_survive_a_restart(self, counter: Subject) -> None:
        counter.leases.hold((block(5, 100),))
        assert counter.take_lease() == 5
        assert counter.again().leases.high() == 5


class TestScans:
    def test_go_out_oldest_first_until_central_holds_them(self, counter: Subject) -> None:
        first, second = counter.add_file(CASE, b"page one"), counter.add_file(OTHER, b"page two!")
        assert [(task.sha256, task.size, task.case_id) for task in counter.blobs.pending()] == [
            (first, 8, CASE),
            (second, 9, OTHER),
        ]
        assert [task.sha256 for task in counter.blobs.pending(1)] == [first]
        counter.blobs.sent(first, START)
        assert [task.sha256 for task in counter.blobs.pending()] == [second]
        assert [task.sha256 for task in counter.again().blobs.pending()] == [second]

    def test_are_read_from_any_offset(self, counter: Subject) -> None:
        sha256 = counter.add_file(CASE, bytes(range(200)))
        assert counter.blobs.read(sha256, 0, 200) == bytes(range(200))
        assert counter.blobs.read(sha256, 150, 100) == bytes(range(150, 200))
        assert counter.blobs.read(sha256, 10, 5) == bytes(range(10, 15))

    def test_a_missing_one_is_said(self, counter: Subject) -> None:
        with pytest.raises(SurroundingsError):
            counter.blobs.read("0" * 64, 0, 1)

    def test_a_broken_one_is_left_to_a_person(self, counter: Subject) -> None:
        sha256 = counter.add_file(CASE, b"page")
        counter.blobs.broken(sha256, "摘要不符")
        assert counter.blobs.pending() == ()


class TestContact:
    def test_the_last_one_is_remembered(self, counter: Subject) -> None:
        assert counter.contact.last_contact() is None
        counter.contact.contacted(START, 120)
        assert counter.again().contact.last_contact() == START

    def test_an_outage_survives_a_restart_and_is_reported_once(self, counter: Subject) -> None:
        outage = Outage(started_at=START, cause="dns")
        assert counter.contact.outage() is None
        counter.contact.outage_began(outage)
        after = counter.again()
        assert after.contact.outage() == outage
        after.contact.outage_ended(START + timedelta(hours=1), report=True)
        assert after.contact.outage() is None
        assert [entry.kind for entry in after.outbox.waiting()] == ["outage.reported"]
        after.contact.outage_ended(START + timedelta(hours=2), report=True)
        assert len(after.outbox.waiting()) == 1

    def test_a_short_one_is_forgotten(self, counter: Subject) -> None:
        counter.contact.outage_began(Outage(started_at=START, cause="dns"))
        counter.contact.outage_ended(START + timedelta(seconds=5), report=False)
        assert counter.contact.outage() is None
        assert counter.outbox.waiting() == ()


class TestTheRealStoreAlone:
    """Promises that only a disk can keep or break."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[CounterStore]:
        found = open_store(
            tmp_path / "home", bytes(32), lambda: START, guard=SpaceGuard(tmp_path, reserve=0, ballast=0)
        )
        yield found
        found.close()

    def test_unsent_facts_of_a_purged_case_leave_a_chain_without_a_hole(self, store: CounterStore) -> None:
        counter = _over(store, lambda: counter)
        facts = [counter.record(case) for case in (CASE, OTHER, CASE, OTHER)]
        counter.outbox.settle((settled(facts[0], SendState.RECEIPTED),), START)
        with store.begin() as tx:
            tx.destroy_case_key(OTHER)
        last = counter.record(CASE)
        level = counter.outbox.level()
        envelopes = counter.outbox.load(1, 10)
        assert [one.fact_id for one in envelopes] == [facts[0], facts[2], last]
        assert [one.seq for one in envelopes] == [1, 2, 3]
        assert [one.prev for one in envelopes] == [GENESIS, envelopes[0].hash, envelopes[1].hash]
        assert (level.first_open, level.high, level.head) == (2, 3, envelopes[-1].hash)
        assert verify(store).whole

    def test_a_greeting_raises_the_series_and_ends_the_rights_of_people(self, store: CounterStore) -> None:
        counter = _over(store, lambda: counter)
        answer = HelloAnswer(
            protocol=1,
            server_time=START.isoformat(),
            feed_epoch="f",
            resume_seq=1,
            counter="007",
            registration_high={"2026-03-02": 41},
            revoked=("wang",),
        )
        counter.contact.greeted(answer)
        with store.begin() as tx:
            assert tx.numbers.next_registration(START.date()) == 42
            assert tx.settings.get("counter") == "007"

    def test_a_body_that_this_version_cannot_read_is_kept_and_in_nobodys_way(self, store: CounterStore) -> None:
        counter = _over(store, lambda: counter)
        odd, good = item(1, str(uuid4()), body='{"advice_no": 5}'), item(2, str(uuid4()))
        counter.inbox.apply(page(odd, good))
        with store.read() as tx:
            assert [kept.item_id for kept in tx.inbox.kept("feed-1")] == [odd.id]
            assert tx.ledger.has(UUID(good.id))

    def test_what_was_recorded_here_survives_a_feed_that_lost_it(self, store: CounterStore) -> None:
        counter = _over(store, lambda: counter)
        fact = counter.record(CASE)
        counter.inbox.apply(page(item(1, str(fact), body=counter.outbox.load(1, 1)[0].body)))
        counter.inbox.begin_rebuild()
        counter.inbox.apply(page(item(1, str(uuid4())), epoch="feed-2"))
        with store.read() as tx:
            assert tx.ledger.has(fact)
