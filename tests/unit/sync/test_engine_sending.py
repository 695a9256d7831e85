"""What the engine sends, in which order, and how it takes each answer."""

from __future__ import annotations

from uuid import UUID

import pytest

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.facts import AdviceGiven
from ebp_desktop.services.ports import SendState
from sync.events import LinkUp
from sync.policy import Policy
from sync.protocol.messages import FactResult, Outcome, PushAnswer, PushRequest
from tests.fixtures.model_central import refused, unreachable
from tests.fixtures.sync_memory import START
from tests.fixtures.sync_rig import Rig

CASE = UUID(int=1)
OTHER = UUID(int=2)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def states(rig: Rig) -> list[SendState]:
    return [row.state for row in rig.counter.rows]


def test_every_fact_reaches_central_in_the_order_of_recording(rig: Rig) -> None:
    facts = [rig.counter.record(CASE if n % 2 else OTHER) for n in range(450)]
    rig.until_rest()
    assert rig.central.applied() == facts
    assert rig.link.log.count("push") == 3, "450 facts are three batches of at most 200"


def test_a_receipted_fact_shows_as_seen_once_the_feed_brings_it_back(rig: Rig) -> None:
    rig.counter.record(CASE)
    rig.until_rest()
    rig.run(10)
    assert states(rig) == [SendState.SEEN]
    assert rig.counter.rows[0].receipt is not None


def test_a_lost_answer_is_asked_for_again_and_the_fact_takes_effect_once(rig: Rig) -> None:
    fact = rig.counter.record(CASE)
    rig.lose_answer("push")
    rig.run(30)
    assert rig.central.applied() == [fact]
    assert rig.counter.rows[0].receipt is not None
    assert rig.link.log.count("push") == 2


def test_a_batch_stays_below_one_megabyte_whatever_its_facts_weigh(rig: Rig) -> None:
    for _ in range(6):
        rig.counter.record(CASE, heavy(300_000))
    rig.until_rest()
    assert len(rig.central.applied()) == 6
    assert rig.link.log.count("push") == 2


def test_a_single_fact_beyond_the_limit_still_travels_alone(rig: Rig) -> None:
    rig.counter.record(CASE, heavy(1_500_000))
    rig.until_rest()
    assert len(rig.central.applied()) == 1


def test_a_refused_fact_parks_its_own_case_and_no_other(rig: Rig) -> None:
    bad = rig.counter.record(CASE)
    rig.central.refused.add(bad)
    good = [rig.counter.record(OTHER), rig.counter.record(CASE)]
    rig.until_rest()
    assert rig.central.applied() == good
    row = rig.counter.row(bad)
    assert (row.state, row.code, row.reason) == (SendState.REJECTED, "lease_unknown", "该编号不在本窗口号段内。")


def test_a_mended_fact_settles_the_refused_one(rig: Rig) -> None:
    bad = rig.counter.record(CASE)
    rig.central.refused.add(bad)
    rig.until_rest()
    assert [entry.fact_id for entry in rig.counter.waiting()] == [bad]
    rig.counter.record(CASE, supersedes=bad)
    rig.until_rest()
    assert rig.counter.waiting() == ()
    assert rig.counter.row(bad).state is SendState.REJECTED, "the refusal itself stays on record"


def test_a_deferred_fact_is_asked_about_until_it_takes_effect(rig: Rig) -> None:
    fact = rig.counter.record(CASE)
    rig.central.deferred.add(fact)
    rig.until_rest()
    assert states(rig) == [SendState.PARKED]
    rig.central.deferred.clear()
    rig.run(Policy().reask_every + 15)
    assert rig.central.applied() == [fact]
    assert states(rig) == [SendState.SEEN]


def test_deferred_cases_take_turns_when_they_are_asked_about(rig: Rig) -> None:
    cases = [UUID(int=n) for n in range(10, 14)]
    for case in cases:
        rig.central.deferred.add(rig.counter.record(case))
    rig.until_rest()
    rig.run(Policy().reask_every - 1)
    before = rig.link.log.count("push")
    rig.run(Policy().reask_every)
    assert rig.link.log.count("push") - before == len(cases), "each lane is asked once a minute"


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_to_the_second(rig: Rig, status: int) -> None:
    rig.until_rest()
    rig.counter.record(CASE)
    rig.fail("push", status, times=1, retry_after=40.0)
    rig.until_rest()
    rig.run(39)
    assert rig.central.applied() == []
    rig.run(2)
    assert len(rig.central.applied()) == 1


def test_a_silly_retry_after_does_not_silence_the_counter_for_a_day(rig: Rig) -> None:
    rig.until_rest()
    rig.counter.record(CASE)
    rig.fail("push", 429, times=1, retry_after=1e9)
    rig.run(Policy().retry_after_cap + 10)
    assert len(rig.central.applied()) == 1


def test_waiting_times_grow_to_five_minutes_and_not_beyond(rig: Rig) -> None:
    rig.cut()
    rig.run(6 * 3600)
    tries = len(rig.link.log)
    assert 70 <= tries <= 200, "about one try each two and a half minutes after the first rise"
    fact = rig.counter.record(CASE)
    rig.mend()
    rig.run(301)
    assert fact in rig.central.applied()


def test_link_up_ends_the_waiting_at_once(rig: Rig) -> None:
    rig.cut()
    fact = rig.counter.record(CASE)
    rig.run(3600)
    rig.mend()
    rig.driver.hear(LinkUp())
    rig.until_rest()
    assert fact in rig.central.applied()


@pytest.mark.parametrize("status", [401, 403])
def test_an_unwelcome_device_stops_everything_and_tries_to_greet_now_and_then(rig: Rig, status: int) -> None:
    rig.until_rest()
    rig.counter.record(CASE)
    rig.link.before = lambda _: refused(status, "device_revoked")
    rig.run(3600)
    asked = rig.link.log[rig.link.log.index("push") + 1 :]
    assert set(asked) == {"hello"}
    assert 10 <= len(asked) <= 13
    assert states(rig) == [SendState.NEW], "nothing is given up"
    rig.mend()
    rig.run(301)
    assert len(rig.central.applied()) == 1


def test_too_large_halves_until_it_fits(rig: Rig) -> None:
    rig.until_rest()
    for _ in range(150):
        rig.counter.record(CASE)
    push = rig.central.push

    def narrow(request):
        if len(request.envelopes) > 40:
            raise refused(413, "body_too_large")
        return push(request)

    rig.central.push = narrow
    rig.run(120)
    assert len(rig.central.applied()) == 150


def test_an_old_client_stops_pulling_and_goes_on_sending(rig: Rig) -> None:
    rig.until_rest()
    fact = rig.counter.record(CASE)
    rig.fail("pull", 426)
    rig.run(600)
    assert rig.central.applied() == [fact]
    assert rig.link.log.count("pull") == 2
    assert rig.driver.state.is_too_old


def test_a_client_too_old_to_greet_still_drains(rig: Rig) -> None:
    rig.until_rest()
    rig.restart()
    fact = rig.counter.record(CASE)
    rig.fail("hello", 426)
    rig.run(60)
    assert rig.central.applied() == [fact]


def test_a_central_that_lost_its_last_hours_gets_them_again(rig: Rig) -> None:
    facts = [rig.counter.record(CASE) for _ in range(5)]
    rig.until_rest()
    rig.run(10)
    forget_last(rig, 2)
    facts.append(rig.counter.record(OTHER))
    rig.run(60)
    assert rig.central.applied() == facts


def test_an_empty_answer_without_progress_does_not_become_a_busy_loop(rig: Rig) -> None:
    rig.until_rest()
    rig.counter.record(CASE)
    chain = rig.central.chains[rig.counter.device]
    rig.central.push = lambda request: always_retry(rig, request)
    rig.run(600)
    assert rig.link.log.count("push") < 30
    assert chain.high == 0


def test_push_pull_and_scans_fail_apart_from_each_other(rig: Rig) -> None:
    rig.until_rest()
    rig.counter.record(CASE)
    rig.central.announce("guide", "g-1", "{}")
    rig.fail("push", 503)
    rig.run(60)
    assert "g-1" in rig.counter.feed["guide"]
    assert states(rig) == [SendState.NEW]


def test_a_breaker_opens_after_five_failures_and_lets_one_probe_through() -> None:
    rig = Rig(policy=Policy(backoff_cap=1.0))
    rig.until_rest()
    rig.counter.record(CASE)
    rig.fail("push", 503)
    rig.run(5)
    assert rig.link.log.count("push") == 5
    rig.run(29)
    assert rig.link.log.count("push") == 5, "open for 30 seconds"
    rig.run(3)
    assert rig.link.log.count("push") == 6, "one probe"


def test_a_long_queue_does_not_starve_what_comes_from_central(rig: Rig) -> None:
    rig.until_rest()
    for _ in range(1200):
        rig.counter.record(CASE)
    rig.central.announce("guide", "g-1", "{}")
    push = rig.central.push

    def slow(request):
        rig.clock.advance(4)
        return push(request)

    rig.central.push = slow
    rig.until_rest()
    log = rig.link.log
    last_push = len(log) - 1 - log[::-1].index("push")
    assert "pull" in log[2:last_push]


def test_a_full_disk_gives_nothing_up_and_heals_by_itself(rig: Rig) -> None:
    fact = rig.counter.record(CASE)
    rig.counter.is_full = True
    with pytest.raises(SurroundingsError):
        rig.until_rest()
    assert rig.counter.rows[0].state is SendState.NEW
    rig.counter.is_full = False
    rig.until_rest()
    assert rig.counter.row(fact).receipt is not None
    assert rig.central.applied() == [fact]


def test_nothing_happens_on_a_line_that_nobody_needs(rig: Rig) -> None:
    rig.until_rest()
    before = len(rig.link.log)
    rig.run(60)
    assert set(rig.link.log[before:]) == {"pull"}
    assert len(rig.link.log) - before <= 13


def test_the_same_seed_gives_the_same_history() -> None:
    def history(seed: int) -> list[str]:
        rig = Rig(seed)
        rig.cut()
        rig.run(300)
        return rig.link.log

    assert history(3) == history(3)


def heavy(size: int) -> AdviceGiven:
    return AdviceGiven(advice_no="A-2", stage="construction", text="x" * size, at=START)


def forget_last(rig: Rig, count: int) -> None:
    """Central comes back from a backup that lacks its last facts."""
    central = rig.central
    for envelope in central.order[-count:]:
        del central.answered[envelope.fact_id]
    del central.order[-count:]
    central.feed = [item for item in central.feed if UUID(item.id) in central.answered]
    chain = central.chains[rig.counter.device]
    chain.high, chain.head = central.order[-1].seq, central.order[-1].hash
    central.feed_epoch = "feed-2"


def always_retry(rig: Rig, request: PushRequest) -> PushAnswer:
    results = tuple(
        FactResult(fact_id=one.fact_id, outcome=Outcome.RETRY, retry_from=one.seq) for one in request.envelopes
    )
    return PushAnswer(results=results, server_time=rig.clock.now().isoformat())


def test_an_unreachable_central_is_no_reason_to_lose_a_fact(rig: Rig) -> None:
    rig.link.before = lambda _: unreachable()
    fact = rig.counter.record(CASE)
    rig.run(60)
    rig.restart()
    rig.mend()
    rig.run(60)
    assert rig.central.applied() == [fact]
