"""A deadline on paper is a day, or words that promise one, and extensions keep the caps of the law."""

from __future__ import annotations

from datetime import date

import pytest

from ebp_desktop.domain.calendar import CalendarYearMissing
from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.deadlines import (
    LEGAL_CAPS,
    Bound,
    ExtensionCap,
    Handling,
    binding_day,
    deadline,
    extended,
)
from ebp_desktop.domain.errors import RefusedError


def missing_2027() -> date:
    raise CalendarYearMissing(2027)


def test_a_known_deadline_is_written_as_a_day():
    known = deadline(Limit(20), lambda: date(2026, 11, 30))
    assert known.words() == "2026年11月30日"
    assert known.computable


def test_a_missing_calendar_becomes_words_and_blocks_nothing():
    unknown = deadline(Limit(20), missing_2027)
    assert (unknown.day, unknown.missing_year, unknown.computable) == (None, 2027, False)
    assert unknown.words() == "20个工作日（2027年节假日安排公布后告知截止日期）"


def test_a_paused_deadline_says_that_it_stands_still():
    assert deadline(Limit(7), lambda: None).words() == "7个工作日（暂停计时）"


def test_after_a_corrected_calendar_departments_keep_the_earlier_and_applicants_the_later_day():
    printed, recomputed = date(2026, 11, 30), date(2026, 12, 1)
    for pair in ((printed, recomputed), (recomputed, printed)):
        assert binding_day(*pair, Bound.DEPARTMENT) == printed
        assert binding_day(*pair, Bound.APPLICANT) == recomputed


@pytest.mark.parametrize(
    ("handling", "days", "earlier", "extra", "total"),
    [
        (Handling.SINGLE, 20, 0, 10, 30),
        (Handling.SINGLE, 7, 4, 6, 17),
        (Handling.JOINT, 45, 0, 15, 60),
        (Handling.JOINT, 30, 10, 5, 45),
    ],
)
def test_an_extension_up_to_the_cap_is_granted(handling, days, earlier, extra, total):
    assert extended(Limit(days), earlier, extra, LEGAL_CAPS[handling]) == Limit(total)


@pytest.mark.parametrize(
    ("handling", "days", "earlier", "extra"),
    [
        (Handling.SINGLE, 20, 0, 11),
        (Handling.SINGLE, 20, 10, 1),
        (Handling.SINGLE, 25, 0, 6),
        (Handling.JOINT, 45, 15, 1),
        (Handling.JOINT, 50, 0, 11),
    ],
)
def test_an_extension_over_the_cap_is_refused(handling, days, earlier, extra):
    with pytest.raises(RefusedError) as raised:
        extended(Limit(days), earlier, extra, LEGAL_CAPS[handling])
    assert raised.value.code == "extension_over_cap"
    assert raised.value.exit_code == 3
    assert "第四十二条" in raised.value.article


def test_a_special_law_may_set_a_cap_of_its_own():
    assert extended(Limit(20), 0, 40, ExtensionCap(20, 40)) == Limit(60)


@pytest.mark.parametrize("extra", [0, -3])
def test_an_extension_of_no_day_is_refused(extra):
    with pytest.raises(RefusedError) as raised:
        extended(Limit(20), 0, extra, LEGAL_CAPS[Handling.SINGLE])
    assert raised.value.code == "extension_empty"
