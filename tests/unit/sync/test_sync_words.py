"""What waits is always said: what it is, why, since when, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from ebp_desktop.domain.facts import COUNTER_KINDS
from ebp_desktop.services.ports import SendState
from sync.runner import run_once, status
from sync.state import State
from sync.status import KIND_WORDS, SyncReport, line_words, report
from tests.fixtures.model_central import refused
from tests.fixtures.sync_memory import START
from tests.fixtures.sync_rig import Rig

CASE = UUID(int=1)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_every_kind_of_a_counter_has_a_word() -> None:
    assert set(KIND_WORDS) == set(COUNTER_KINDS)


def test_a_fact_that_waits_offline_is_named_with_its_reason_and_age(rig: Rig) -> None:
    rig.counter.record(CASE)
    rig.clock.advance(90)
    rig.cut()
    told = run_once(rig.performer())
    assert (told.waiting, told.oldest_seconds, told.parked, told.busy) == (1, 90, (), False)
    item = told.items[0]
    assert (item.what, item.why) == ("咨询告知", "连接不上中心服务器，稍后自动重试。")
    assert item.since == item.legal_at == START


def test_a_refused_fact_is_parked_with_centrals_words_and_can_be_mended(rig: Rig) -> None:
    rig.central.refused.add(rig.counter.record(CASE))
    told = run_once(rig.performer())
    assert (told.waiting, len(told.parked)) == (0, 1)
    assert (told.parked[0].why, told.parked[0].can_mend) == ("该编号不在本窗口号段内。", True)
    assert told.parked[0].todo == "请按原因更正后重新发送。"


def test_a_deferred_fact_is_parked_but_asks_nothing_of_anybody(rig: Rig) -> None:
    rig.central.deferred.add(rig.counter.record(CASE))
    told = run_once(rig.performer())
    assert (told.waiting, told.parked[0].state, told.parked[0].can_mend) == (1, SendState.PARKED, False)


def test_nothing_waiting_is_nothing_shown(rig: Rig) -> None:
    rig.counter.record(CASE)
    told = run_once(rig.performer())
    assert (told.waiting, told.oldest_seconds, told.items, told.words) == (0, 0, (), "与中心服务器连接正常。")
    assert told.last_contact == START


def test_status_alone_touches_no_line(rig: Rig) -> None:
    rig.counter.record(CASE)
    told = status(rig.performer(), busy=True)
    assert rig.link.log == []
    assert (told.waiting, told.busy, told.words) == (1, True, "尚未与中心服务器联系。")


def test_a_pause_is_said_in_centrals_words(rig: Rig) -> None:
    rig.link.before = lambda _: refused(403, "device_revoked")
    rig.until_rest()
    assert line_words(rig.driver.state) == "已暂停收发：中心服务器不接受本窗口的身份"


def test_scans_on_their_way_are_counted(rig: Rig) -> None:
    rig.counter.add_file(CASE, "a" * 64, b"12345")
    told = status(rig.performer())
    assert (told.scans, told.scan_bytes) == (1, 5)


def test_the_culprit_of_a_search_says_that_others_are_not_held_up(rig: Rig) -> None:
    rig.counter.record(CASE)
    state = State()
    state = replace(state, suspicion=replace(state.suspicion, culprit=CASE))
    told = bare(rig, state)
    assert "其他案件不受影响" in told.items[0].todo


def bare(rig: Rig, state: State) -> SyncReport:
    return report(rig.counter.waiting(), (), state, None, rig.clock.now() + timedelta(seconds=1), busy=False)
