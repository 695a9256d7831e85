"""Waiting times, breakers, chunk sizes and turns, as pure functions."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.failures import Failure, FailureKind, kind_of_status
from sync.lanes import next_blob, next_lane
from sync.policy import MIB, Channel, Policy, after_failure, backoff, next_chunk
from sync.ports import BlobTask
from sync.suspicion import CLEAR, Suspicion, after_breakage, after_greeting, after_progress
from tests.fixtures.sync_sent import sent

POLICY = Policy()
BUSY = Failure(kind=FailureKind.BUSY)


@given(failures=st.integers(0, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_no_wait_is_shorter_than_a_second_or_longer_than_five_minutes(failures: int, chance: float) -> None:
    assert 1.0 <= backoff(failures, POLICY, chance) <= 300.0


def test_waits_double_until_the_cap() -> None:
    longest = [backoff(n, POLICY, 1.0) for n in range(1, 12)]
    assert longest == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_the_breaker_opens_with_the_fifth_failure_for_half_a_minute() -> None:
    channel = Channel()
    for _ in range(4):
        channel = after_failure(channel, BUSY, POLICY, mono=100.0, chance=0.0)
    assert not channel.is_open
    channel = after_failure(channel, BUSY, POLICY, mono=100.0, chance=0.0)
    assert channel.is_open
    assert not channel.ready(129.9)
    assert channel.ready(130.0)


@pytest.mark.parametrize(("asked", "waited"), [(7.0, 7.0), (0.0, 1.0), (1e9, 3600.0)])
def test_retry_after_counts_within_reason(asked: float, waited: float) -> None:
    failure = Failure(kind=FailureKind.BUSY, retry_after=asked)
    assert after_failure(Channel(), failure, POLICY, mono=0.0, chance=0.5).ready_at == waited


@pytest.mark.parametrize(
    ("size", "seconds", "then"),
    [(16, 0.3, 32), (32, 0.3, 32), (16, 2.0, 16), (16, 9.0, 8), (1, 9.0, 1)],
)
def test_parts_follow_the_line(size: int, seconds: float, then: int) -> None:
    assert next_chunk(size * MIB, seconds, POLICY) == then * MIB


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "", FailureKind.UNWELCOME),
        (403, "device_revoked", FailureKind.UNWELCOME),
        (401, "nonce_used", FailureKind.UNREACHABLE),
        (409, "must_refetch", FailureKind.MUST_REFETCH),
        (409, "op_mutated", FailureKind.DISAGREES),
        (413, "", FailureKind.TOO_LARGE),
        (422, "digest_differs", FailureKind.REFUSED),
        (426, "", FailureKind.TOO_OLD),
        (429, "", FailureKind.BUSY),
        (500, "", FailureKind.BROKEN),
        (503, "", FailureKind.BUSY),
        (504, "", FailureKind.BROKEN),
        (302, "", FailureKind.GARBAGE),
    ],
)
def test_each_status_means_one_thing(status: int, code: str, kind: FailureKind) -> None:
    assert kind_of_status(status, code) is kind


def test_every_kind_of_failure_has_its_words() -> None:
    assert all(kind.label for kind in FailureKind)


@given(st.sets(st.integers(1, 50), min_size=1, max_size=8))
def test_every_lane_has_its_turn_before_any_has_a_second(numbers: set[int]) -> None:
    lanes = [UUID(int=n) for n in numbers]
    taken: list[UUID] = []
    last: UUID | None = None
    for _ in lanes:
        last = next_lane(lanes, last)
        assert last is not None
        taken.append(last)
    assert sorted(taken) == sorted(lanes)


def test_an_empty_road_has_no_turn() -> None:
    assert next_lane([], None) is None
    assert next_blob((), None) is None


def test_within_a_lane_the_oldest_scan_goes_first() -> None:
    one, two = UUID(int=1), UUID(int=2)
    pending = tuple(BlobTask(sha256=name, size=1, case_id=case) for name, case in [("a", two), ("b", one), ("c", one)])
    assert [task.sha256 for task in (next_blob(pending, None), next_blob(pending, one)) if task] == ["b", "a"]


class TestSuspicion:
    def test_three_failures_ask_for_a_control_before_any_fact_is_suspected(self) -> None:
        state = CLEAR
        for _ in range(2):
            state = after_breakage(state, sent(200), 3)
            assert not state.needs_control
        state = after_breakage(state, sent(200), 3)
        assert state.needs_control
        assert state.limit == 0

    @given(size=st.integers(1, 200), place=st.integers(0, 199))
    def test_the_search_names_the_culprit_in_as_many_steps_as_halvings(self, size: int, place: int) -> None:
        culprit = place % size
        state, first, steps = Suspicion(needs_control=True), 0, 0
        state = after_greeting(state)
        while state.culprit is None:
            steps += 1
            batch = sent(min(state.batch(200), size - first), first)
            if any(one.seq == culprit + 1 for one in batch):
                state = after_breakage(state, batch, 3)
            else:
                first += len(batch)
                state = after_progress(state, batch[-1].seq)
        assert state.culprit == UUID(int=culprit + 1)
        assert steps <= 2 * 8 + 1

    def test_a_culprit_that_fails_even_when_held_proves_that_central_is_at_fault(self) -> None:
        state = Suspicion(is_controlled=True, limit=1, until=5, culprit=UUID(int=1))
        assert after_breakage(state, sent(1), 3) == CLEAR
