"""Last week's disk image at a real central: a new chain, burned codes, everything once, and nothing of it silent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from central.acts.administration import release_counter
from central.runtime import Central
from ebp_desktop.services.ports import SendState
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.sync_counter import drive, driving, enrol_at, facts_at, give_advice, nothing_waits, opened


class Window:
    """A counter whose disk can be imaged and put back."""

    def __init__(self, home: Path, central: Central, clock: HandClock) -> None:
        self.home, self.central, self.clock = home, central, clock
        self.image = home.with_name("image")

    def record(self, count: int = 1) -> list[UUID]:
        with opened(self.home, self.clock) as counter:
            return [give_advice(counter, f"第 {number} 条") for number in range(count)]

    def drain(self) -> None:
        with opened(self.home, self.clock) as counter, driving(counter) as driver:
            drive(driver, lambda: driver.state.greeted_at is not None and nothing_waits(counter), most=400)
            for _ in range(6):
                driver.step()

    def make_image(self) -> None:
        shutil.copytree(self.home, self.image)

    def put_image_back(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self.image, self.home)

    def epoch(self) -> str:
        with opened(self.home, self.clock) as counter, counter.store.read() as tx:
            return tx.settings.get("epoch")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    clock = HandClock()
    central = make_central(tmp_path / "central", clock=clock)
    with serving(central) as url:
        enrol_at(central, url, tmp_path / "window")
        yield Window(tmp_path / "window", central, clock)
    central.close()


def test_an_older_disk_begins_anew_and_everything_is_there_once(window: Window) -> None:
    before = window.record(3)
    window.drain()
    window.make_image()
    after = window.record(2)
    window.drain()
    old = window.epoch()
    window.put_image_back()
    fresh = window.record(1)
    window.drain()
    assert facts_at(window.central) == [*before, *after, *fresh]
    assert window.epoch() != old
    with opened(window.home, window.clock) as counter, counter.store.read() as tx:
        assert all(tx.ledger.has(fact) for fact in (*before, *after, *fresh)), "what the image lacked came back"
        burned = [lease for lease in tx.numbers.leases() if lease.void_reason]
        assert burned, "no code of the old disk is used again"
        assert tx.numbers.leased_left(2026, window.clock.now().date())[0] > 0


def test_what_the_image_holds_unsent_but_central_has_is_not_doubled(window: Window) -> None:
    window.drain()
    waiting = window.record(2)
    window.make_image()
    window.drain()
    later = window.record(1)
    window.drain()
    window.put_image_back()
    window.drain()
    assert facts_at(window.central) == [*waiting, *later]
    with opened(window.home, window.clock) as counter, counter.store.read() as tx:
        assert [entry.state for fact in waiting if (entry := tx.outbox.find(fact))] == [SendState.SEEN] * 2


def test_a_disk_that_went_on_beyond_its_image_is_stopped_in_words_and_released_by_a_person(window: Window) -> None:
    before = window.record(2)
    window.drain()
    window.make_image()
    lost = window.record(1)
    window.drain()
    window.put_image_back()
    more = window.record(3)
    with opened(window.home, window.clock) as counter, driving(counter) as driver:
        drive(driver, lambda: driver.state.pause is not None)
        report = driver.report(busy=False)
    assert report.waiting == 3
    assert "已暂停收发" in report.words
    assert release_counter(window.central, 1) == 1
    window.drain()
    assert facts_at(window.central) == [*before, *lost, *more]
