"""What the engine does when something is wrong: poison, copies of the disk, lost feeds, broken scans, outages."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from ebp_desktop.domain.facts import OutageReported, decode_body
from ebp_desktop.services.ports import SendState
from sync.policy import MIB, Policy
from sync.protocol.messages import FeedItem
from tests.fixtures.model_central import refused
from tests.fixtures.sync_memory import copied
from tests.fixtures.sync_rig import Rig

CASE = UUID(int=1)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def case(number: int) -> UUID:
    return UUID(int=100 + number)


class TestPoison:
    def test_one_poisonous_fact_is_found_among_two_hundred_and_parks_only_its_case(self, rig: Rig) -> None:
        facts = [rig.counter.record(case(n)) for n in range(200)]
        rig.central.poison.add(facts[137])
        rig.run(180)
        assert rig.central.applied() == facts[:137] + facts[138:]
        row = rig.counter.row(facts[137])
        assert (row.state, row.code) == (SendState.PARKED, "held")
        assert row.receipt is not None, "central keeps it raw and vouches for that"

    def test_later_facts_of_the_poisoned_case_are_kept_raw_behind_it(self, rig: Rig) -> None:
        poisoned = rig.counter.record(CASE)
        rig.central.poison.add(poisoned)
        rig.run(120)
        later, other = rig.counter.record(CASE), rig.counter.record(case(1))
        rig.until_rest()
        assert rig.counter.row(later).code == "held"
        assert rig.central.applied() == [other]

    def test_a_mended_central_takes_the_held_facts_in_their_order(self, rig: Rig) -> None:
        poisoned = rig.counter.record(CASE)
        rig.central.poison.add(poisoned)
        rig.run(120)
        later = rig.counter.record(CASE)
        rig.until_rest()
        rig.central.poison.clear()
        rig.run(2 * Policy().reask_every)
        assert rig.central.applied() == [poisoned, later]

    def test_a_central_that_fails_as_a_whole_blames_no_fact(self, rig: Rig) -> None:
        facts = [rig.counter.record(case(n)) for n in range(20)]
        rig.link.before = lambda _: refused(500, "internal")
        rig.run(3600)
        rig.mend()
        rig.run(400)
        assert [fact for fact in rig.central.applied() if fact in facts] == facts
        assert not any(row.code == "held" for row in rig.counter.rows)

    def test_a_push_door_that_fails_for_every_fact_holds_none_of_them(self, rig: Rig) -> None:
        rig.until_rest()
        facts = [rig.counter.record(case(n)) for n in range(20)]
        rig.fail("push", 500)
        rig.run(3600)
        assert not any(row.receipt for row in rig.counter.rows)
        rig.mend()
        rig.run(2 * Policy().backoff_cap)
        assert set(facts) <= set(rig.central.applied())

    @pytest.mark.parametrize("place", [0, 1, 5, 6])
    def test_poison_is_found_wherever_it_stands(self, rig: Rig, place: int) -> None:
        facts = [rig.counter.record(case(n)) for n in range(7)]
        rig.central.poison.add(facts[place])
        rig.run(120)
        assert rig.central.applied() == facts[:place] + facts[place + 1 :]

    def test_two_poisonous_facts_are_both_found(self, rig: Rig) -> None:
        facts = [rig.counter.record(case(n)) for n in range(50)]
        rig.central.poison |= {facts[3], facts[40]}
        rig.run(300)
        assert rig.central.applied() == [fact for fact in facts if fact not in rig.central.poison]


class TestRestoredDisk:
    def test_last_weeks_image_starts_a_new_epoch_and_loses_nothing(self, rig: Rig) -> None:
        before = [rig.counter.record(CASE) for _ in range(3)]
        rig.until_rest()
        image = copied(rig.counter)
        after = [rig.counter.record(CASE) for _ in range(2)]
        rig.run(30)
        rig.counter = image
        rig.restart()
        fresh = rig.counter.record(case(1))
        rig.run(60)
        assert rig.counter.epoch == "epoch-2"
        assert rig.central.applied() == [*before, *after, fresh]
        assert rig.counter.row(fresh).state is SendState.SEEN
        assert len(rig.counter.feed["fact"]) == 6, "what the image lacked came back by the feed"

    def test_unsent_facts_of_the_image_that_central_has_already_are_not_sent_twice(self, rig: Rig) -> None:
        rig.until_rest()
        fact = rig.counter.record(CASE)
        image = copied(rig.counter)
        rig.run(30)
        rig.counter.record(CASE)
        rig.run(30)
        rig.counter = image
        rig.restart()
        rig.run(60)
        assert rig.central.applied().count(fact) == 1
        assert rig.counter.row(fact).state is SendState.SEEN

    def test_leases_of_a_restored_disk_are_burned(self, rig: Rig) -> None:
        rig.counter.lease_size = 10
        rig.counter.record(CASE)
        rig.run(30)
        image = copied(rig.counter)
        rig.counter.record(CASE)
        rig.run(30)
        old = {block.lease for block in image.blocks}
        rig.counter = image
        rig.restart()
        rig.run(90)
        assert all(block.is_burned for block in rig.counter.blocks if block.lease in old)
        assert any(not block.is_burned for block in rig.counter.blocks)

    def test_two_computers_on_one_identity_stop_and_say_so(self) -> None:
        calm = Policy(poll_every=300, poll_overdue=600)
        rig = Rig(policy=calm)
        rig.counter.record(CASE)
        rig.run(30)
        twin = Rig(policy=calm)
        twin.clock, twin.central, twin.link = rig.clock, rig.central, rig.link
        twin.counter = copied(rig.counter)
        twin.restart()
        for turn in range(12):
            one = (rig, twin)[turn % 2]
            one.counter.record(CASE)
            one.run(3700)
        paused = [one.driver.state.pause for one in (rig, twin)]
        assert any(pause is not None and pause.failure.code == "identity_shared" for pause in paused)
        assert len(set(rig.central.applied())) == len(rig.central.applied())


class TestFeed:
    def test_must_refetch_rebuilds_beside_what_is_shown_and_keeps_the_outbox(self, rig: Rig) -> None:
        for number in range(1200):
            rig.central.announce("guide", f"g-{number}", "{}")
        rig.until_rest()
        rig.central.feed_epoch = "feed-2"
        rig.central.feed = rig.central.feed[:700]
        rig.fail("push", 503)
        fact = rig.counter.record(CASE)
        rig.run(10)
        assert len(rig.counter.feed["guide"]) == 700
        assert rig.counter.row(fact).state is SendState.NEW

    def test_a_torn_rebuild_goes_on_after_a_crash_and_shows_the_old_rows_until_then(self, rig: Rig) -> None:
        for number in range(1200):
            rig.central.announce("guide", f"g-{number}", "{}")
        rig.until_rest()
        rig.central.feed_epoch = "feed-2"
        rig.run(6)
        rig.counter.begin_rebuild()
        rig.driver.step()
        rig.driver.step()
        assert len(rig.counter.feed["guide"]) == 1200
        rig.restart()
        rig.until_rest()
        assert len(rig.counter.feed["guide"]) == 1200
        assert rig.counter.shadow is None

    def test_a_row_that_rotted_here_is_found_at_night_and_repaired_without_a_wipe(self) -> None:
        rig = Rig(policy=Policy(check_every=600))
        for number in range(300):
            rig.central.announce("guide", f"g-{number}", "{}")
        rig.until_rest()
        rows = rig.counter.feed["guide"]
        rows["g-7"] = altered(rows["g-7"])
        del rows["g-9"]
        rig.run(660)
        assert rows is not rig.counter.feed["guide"]
        assert {i: item.body for i, item in rig.counter.feed["guide"].items()} == {f"g-{n}": "{}" for n in range(300)}

    def test_a_difference_that_comes_back_three_times_is_reported_and_not_chased_for_ever(self) -> None:
        rig = Rig(policy=Policy(check_every=600))
        rig.central.announce("guide", "g-1", "{}")
        rig.until_rest()
        rig.counter.repair = lambda *_: None
        rig.counter.feed["guide"]["g-1"] = altered(rig.counter.feed["guide"]["g-1"])
        rig.run(660)
        assert rig.link.log.count("check") == 7 + 2
        assert "诊断" in "".join(rig.driver.report(busy=False).notes)


class TestScans:
    def test_a_scan_travels_in_parts_and_its_fact_takes_effect_after_it(self, rig: Rig) -> None:
        data = bytes(range(256)) * 4096 * 40
        sha256 = hashlib.sha256(data).hexdigest()
        fact = rig.counter.record(CASE)
        rig.central.deferred.add(fact)
        rig.counter.add_file(CASE, sha256, data)
        rig.until_rest()
        assert rig.central.blobs[sha256] == data
        assert rig.counter.sent_files == {sha256}
        assert rig.link.log.count("send_blob") >= 2

    def test_a_cut_line_resumes_where_central_stands(self, rig: Rig) -> None:
        data = b"x" * (80 * MIB)
        sha256 = hashlib.sha256(data).hexdigest()
        rig.counter.add_file(CASE, sha256, data)
        rig.lose_answer("send_blob")
        rig.run(120)
        assert rig.central.blobs[sha256] == data
        assert rig.link.log.count("open_blob") == 2

    def test_facts_go_before_scans(self, rig: Rig) -> None:
        rig.counter.add_file(CASE, hashlib.sha256(b"a").hexdigest(), b"a")
        rig.counter.record(CASE)
        rig.until_rest()
        assert rig.link.log.index("push") < rig.link.log.index("open_blob")

    def test_scans_of_several_cases_take_turns(self, rig: Rig) -> None:
        for owner in (1, 2):
            for number in range(3):
                data = f"{owner}-{number}".encode()
                rig.counter.add_file(case(owner), hashlib.sha256(data).hexdigest(), data)
        rig.until_rest()
        assert [blob.decode()[0] for blob in rig.central.blobs.values()] == ["1", "2", "1", "2", "1", "2"]

    def test_a_damaged_scan_is_said_and_stops_no_other(self, rig: Rig) -> None:
        rig.counter.add_file(CASE, "0" * 64, b"not what it says")
        good = hashlib.sha256(b"good").hexdigest()
        rig.counter.add_file(case(1), good, b"good")
        rig.run(300)
        assert rig.counter.sent_files == {good}
        assert "0" * 64 in rig.counter.broken_files

    def test_parts_grow_on_a_quick_line_and_shrink_on_a_slow_one(self) -> None:
        rig = Rig(policy=Policy(chunk_first=16 * 1024, chunk_least=1024, chunk_most=64 * 1024))
        data = b"x" * (200 * 1024)
        rig.counter.add_file(CASE, hashlib.sha256(data).hexdigest(), data)
        send = rig.central.send_blob
        sizes: list[int] = []

        def slow(sha256, offset, part, *, last):
            sizes.append(len(part) // 1024)
            rig.clock.advance(0.1 if len(sizes) < 3 else 6.0)
            return send(sha256, offset, part, last=last)

        rig.central.send_blob = slow
        rig.until_rest()
        assert sizes[:5] == [16, 32, 64, 32, 16]


class TestOutage:
    def test_a_long_outage_is_reported_once_with_both_ends(self, rig: Rig) -> None:
        rig.until_rest()
        rig.run(60)
        began = rig.clock.now()
        rig.cut()
        rig.run(7200)
        rig.mend()
        rig.run(400)
        reports = [row.envelope for row in rig.counter.rows if row.envelope.kind == "outage.reported"]
        assert len(reports) == 1
        body = decode_body(reports[0].kind, reports[0].body.encode())
        assert isinstance(body, OutageReported)
        assert abs(body.started_at - began) <= timedelta(seconds=10)
        assert timedelta(0) <= body.ended_at - began - timedelta(seconds=7200) <= timedelta(seconds=310)
        assert body.cause == "连接不上中心服务器"

    def test_a_hiccup_is_no_outage(self, rig: Rig) -> None:
        rig.until_rest()
        rig.cut()
        rig.run(30)
        rig.mend()
        rig.run(60)
        assert rig.counter.rows == []

    def test_a_restart_does_not_shorten_the_outage(self, rig: Rig) -> None:
        rig.cut()
        rig.run(200)
        rig.restart()
        rig.run(200)
        rig.mend()
        rig.run(300)
        assert [row.envelope.kind for row in rig.counter.rows] == ["outage.reported"]


class TestClock:
    @pytest.mark.parametrize(("wrong", "word"), [(90, "秒"), (-90, "秒"), (3600, "窗口负责人")])
    def test_a_wrong_clock_is_said_but_stops_nothing(self, rig: Rig, wrong: int, word: str) -> None:
        rig.clock.wrong_by = timedelta(seconds=wrong)
        fact = rig.counter.record(CASE)
        rig.until_rest()
        assert rig.central.applied() == [fact]
        assert rig.counter.skew_ms == wrong * 1000
        assert any(word in note for note in rig.driver.report(busy=False).notes)

    def test_a_clock_that_jumps_back_keeps_the_order(self, rig: Rig) -> None:
        first = rig.counter.record(CASE)
        rig.clock.wrong_by = timedelta(days=-3)
        second = rig.counter.record(CASE)
        rig.until_rest()
        assert rig.central.applied() == [first, second]


class TestLeases:
    def test_codes_are_asked_for_at_half_and_a_lost_answer_grants_once(self, rig: Rig) -> None:
        rig.counter.lease_size = 10
        rig.lose_answer("lease")
        rig.run(30)
        assert [(block.first, block.last) for block in rig.counter.blocks] == [(1, 20)]


def altered(item: FeedItem) -> FeedItem:

    return replace(item, body='{"altered":true}')
