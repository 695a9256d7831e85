"""The real counter and the real central on loopback: everything that must arrive does, both ways."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.acts.administration import add_counter
from central.runtime import Central
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.bootstrap.enrolling import enrol_home
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.material import Page
from ebp_desktop.services.ports import SendState
from ebp_desktop.services.recording import record
from sync.effects import Compare
from sync.events import Compared
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.sync_counter import (
    CLERK,
    advice,
    drive,
    driving,
    enrol_at,
    facts_at,
    give_advice,
    link_of,
    nothing_waits,
    opened,
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def here(tmp_path: Path, clock: HandClock) -> Iterator[Central]:
    central = make_central(tmp_path / "central", clock=clock)
    yield central
    central.close()


@pytest.fixture
def url(here: Central) -> Iterator[str]:
    with serving(here) as address:
        yield address


@pytest.fixture
def window(here: Central, url: str, tmp_path: Path, clock: HandClock) -> Iterator[Counter]:
    enrol_at(here, url, tmp_path / "window")
    with opened(tmp_path / "window", clock) as counter:
        yield counter


def test_what_is_recorded_here_is_in_the_feed_once_and_in_order(window: Counter, here: Central) -> None:
    facts = [give_advice(window, f"第 {n} 条") for n in range(210)]
    with driving(window) as driver:
        drive(driver, lambda: nothing_waits(window))
    assert facts_at(here) == facts


def test_every_fact_has_a_genuine_receipt_on_this_disk(window: Counter) -> None:
    fact = give_advice(window)
    with driving(window) as driver:
        drive(driver, lambda: nothing_waits(window))
    with window.store.read() as tx:
        receipt = tx.outbox.receipt(fact)
    assert receipt is not None
    assert str(fact).encode() in receipt


def test_the_first_contact_brings_guides_calendars_keys_and_codes(window: Counter) -> None:
    report = window.sync_once()
    assert report.waiting == 0
    assert report.last_contact == window.clock.now()
    with window.store.read() as tx:
        assert len(tx.reference.all("guide")) == 4
        assert {key for key, _ in tx.reference.all("calendar")} == {"2025/1", "2026/1"}
        assert tx.numbers.leased_left(2026, window.clock.now().date())[0] == 200


def test_what_one_counter_records_the_other_sees(
    window: Counter, here: Central, url: str, tmp_path: Path, clock: HandClock
) -> None:
    enrol_at(here, url, tmp_path / "second", "二号窗口")
    fact = give_advice(window)
    window.sync_once()
    with opened(tmp_path / "second", clock) as second:
        second.sync_once()
        with second.store.read() as tx:
            assert tx.ledger.has(fact)


def test_an_own_fact_that_came_back_by_the_feed_is_seen(window: Counter) -> None:
    fact = give_advice(window)
    window.sync_once()
    with window.store.read() as tx:
        entry = tx.outbox.find(fact)
    assert entry is not None
    assert entry.state is SendState.SEEN


def test_a_scan_reaches_central_to_the_last_byte(window: Counter, here: Central) -> None:
    data = bytes(range(256)) * 20_000
    stored = window.blobs.put_bytes(case := window.desk.ids.new(), data, "image/png")
    page = Page(sha256=stored.sha256, size=stored.size, mime=stored.mime)
    with window.store.begin() as tx:
        body = advice("附扫描件", window.clock.now())
        record(window.desk, tx, CLERK, case, body, legal_at=window.clock.now(), pages=(page,))
    report = window.sync_once()
    assert report.scans == 0
    assert here.blobs.digest(stored.sha256) == (hashlib.sha256(data).hexdigest(), len(data))


def test_a_second_copy_of_a_request_grants_no_second_block(window: Counter) -> None:
    window.sync_once()
    window.sync_once()
    with window.store.read() as tx:
        assert len(tx.numbers.leases()) == 1


def test_a_code_is_good_for_one_enrolment(here: Central, url: str, tmp_path: Path) -> None:
    code = add_counter(here, "三号窗口").code
    enrol_home(tmp_path / "one", url, code, None)
    with pytest.raises(RefusedError) as refused:
        enrol_home(tmp_path / "two", url, code, None)
    assert refused.value.code == "bad_enrolment_code"
    assert not (tmp_path / "two" / "counter.json").exists()


def test_an_unreachable_central_is_said_in_words_and_loses_nothing(
    window: Counter, tmp_path: Path, clock: HandClock
) -> None:
    give_advice(window)
    window.close()
    with opened(tmp_path / "window", clock, "http://127.0.0.1:9") as cut_off:
        report = cut_off.sync_once()
    assert (report.waiting, report.words) == (1, "连接不上中心服务器，稍后自动重试。")
    assert "联网后自动发送" in report.items[0].todo


def test_the_comparison_at_night_finds_nothing_to_repair_on_sound_stores(window: Counter) -> None:
    for number in range(20):
        give_advice(window, str(number))
    window.sync_once()
    with window.store.read() as tx:
        cursor = tx.inbox.cursor("feed")
    with link_of(window) as link:
        performer = window.performer(link)
        found = [performer.request(Compare(name, cursor)) for name in ("fact", "guide", "calendar", "key")]
    assert found == [Compared(name, 0) for name in ("fact", "guide", "calendar", "key")]
