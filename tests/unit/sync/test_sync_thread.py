"""The thread of the window: wakes when called, survives a full disk, ends when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest

from sync.performer import Performer
from sync.runner import SyncRunner
from sync.state import State
from tests.fixtures.sync_rig import Rig

CASE = UUID(int=1)
LONG = 20.0


class Watch:
    """Waits for the runner to reach a state, without guessing how long that takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.seen: list[State] = []

    def __call__(self, state: State) -> None:
        with self._changed:
            self.seen.append(state)
            self._changed.notify_all()

    def until(self, happened: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(happened, LONG)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def runner_of(rig: Rig, watch: Watch) -> SyncRunner:
    performer: Performer = rig.performer()
    return SyncRunner(performer, rig.policy, watch)


def test_a_new_fact_is_sent_when_the_thread_is_woken(rig: Rig) -> None:
    watch = Watch()
    runner = runner_of(rig, watch)
    runner.start()
    watch.until(lambda: "pull" in rig.link.log)
    fact = rig.counter.record(CASE)
    runner.wake()
    watch.until(lambda: fact in rig.central.applied())
    assert runner.stop(LONG)
    assert not runner.is_running


def test_try_now_ends_a_long_wait(rig: Rig) -> None:
    watch = Watch()
    rig.cut()
    fact = rig.counter.record(CASE)
    runner = runner_of(rig, watch)
    runner.start()
    watch.until(lambda: any(state.last_failure for state in watch.seen))
    rig.mend()
    runner.try_now()
    watch.until(lambda: fact in rig.central.applied())
    assert runner.stop(LONG)


def test_a_full_disk_is_said_and_the_thread_lives_on(rig: Rig) -> None:
    watch = Watch()
    rig.counter.is_full = True
    fact = rig.counter.record(CASE)
    runner = runner_of(rig, watch)
    runner.start()
    watch.until(lambda: any(s.last_failure is not None and s.last_failure.code == "disk_full" for s in watch.seen))
    assert runner.is_running
    rig.counter.is_full = False
    runner.wake()
    watch.until(lambda: rig.counter.row(fact).receipt is not None)
    assert runner.stop(LONG)


def test_stopping_needs_no_wake(rig: Rig) -> None:
    watch = Watch()
    runner = runner_of(rig, watch)
    runner.start()
    watch.until(lambda: bool(watch.seen))
    assert runner.stop(LONG)
