"""The working calendar knows every day of an announced year and refuses to guess another one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from ebp_desktop.domain.calendar import (
    CHINA,
    CalendarSource,
    CalendarYear,
    CalendarYearMissing,
    Holiday,
    WorkCalendar,
    china_day,
    china_time,
)
from ebp_desktop.domain.calendar_format import lint_calendar, parse_calendar
from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from resources import locate


def text_of(year: int) -> str:
    return locate("calendars", f"{year}.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def of_2026() -> CalendarYear:
    return parse_calendar(text_of(2026), "2026.json")


@pytest.fixture(scope="module")
def calendar(of_2026: CalendarYear) -> WorkCalendar:
    return WorkCalendar((of_2026,))


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(n) for n in range(366) if (date(year, 1, 1) + timedelta(n)).year == year]


@pytest.mark.parametrize(("year", "off", "make_up", "workdays"), [(2025, 28, 5, 248), (2026, 33, 6, 248)])
def test_an_announced_year_has_as_many_days_as_its_notice_says(year, off, make_up, workdays):
    entry = parse_calendar(text_of(year), f"{year}.json")
    assert len(entry.days_off()) == off
    assert len(entry.make_up_days) == make_up
    assert sum(map(WorkCalendar((entry,)).is_workday, days_of(year))) == workdays


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_plain_day_of_an_announced_year_follows_its_weekday(year):
    entry = parse_calendar(text_of(year), f"{year}.json")
    calendar = WorkCalendar((entry,))
    for day in days_of(year):
        if day in entry.make_up_days:
            assert calendar.is_workday(day)
        elif day in entry.days_off():
            assert not calendar.is_workday(day)
        else:
            assert calendar.is_workday(day) == (day.isoweekday() <= 5)


def test_the_make_up_days_of_2026_are_those_of_the_notice(of_2026):
    assert sorted(day.isoformat()[5:] for day in of_2026.make_up_days) == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]
    assert of_2026.source.number == "国办发明电〔2025〕7号"
    assert of_2026.source.issuer == "国务院办公厅"


def test_a_year_that_is_not_loaded_is_named_and_never_guessed(calendar):
    with pytest.raises(CalendarYearMissing) as raised:
        calendar.is_workday(date(2027, 3, 1))
    assert raised.value.year == 2027
    assert raised.value.code == "calendar_year_missing"
    assert isinstance(raised.value, SurroundingsError)
    assert raised.value.exit_code == 5
    assert "2027" in raised.value.message
    assert raised.value.safe
    assert raised.value.todo


def test_a_year_that_is_loaded_but_not_announced_counts_as_missing(of_2026):
    draft = dataclasses.replace(of_2026, announced=False)
    calendar = WorkCalendar((draft,))
    assert not calendar.covers(2026)
    assert calendar.announced_years() == ()
    with pytest.raises(CalendarYearMissing):
        calendar.is_workday(date(2026, 3, 2))
    with pytest.raises(CalendarYearMissing):
        calendar.year(2026)


def test_the_newest_announced_version_of_a_year_decides_in_whatever_order_they_arrive(of_2026):
    corrected = dataclasses.replace(
        of_2026,
        version=2,
        holidays=(*of_2026.holidays, Holiday(name="临时假日", first=date(2026, 3, 3), last=date(2026, 3, 3))),
    )
    unannounced = dataclasses.replace(of_2026, version=3, announced=False)
    for years in ((of_2026, corrected, unannounced), (unannounced, corrected, of_2026)):
        calendar = WorkCalendar(years)
        assert calendar.year(2026).version == 2
        assert not calendar.is_workday(date(2026, 3, 3))
    assert WorkCalendar((of_2026,)).is_workday(date(2026, 3, 3))


def test_a_notice_may_rule_the_last_days_of_the_december_before(of_2026, calendar):
    of_2027 = CalendarYear(
        year=2027,
        version=1,
        announced=True,
        holidays=(Holiday(name="元旦", first=date(2026, 12, 30), last=date(2027, 1, 1)),),
        make_up_days=frozenset({date(2026, 12, 27)}),
        source=CalendarSource(title="样例", number="样例〔2026〕1号", issuer="样例", issued=date(2026, 11, 30)),
    )
    both = calendar.with_year(of_2027)
    assert calendar.is_workday(date(2026, 12, 30))
    assert not both.is_workday(date(2026, 12, 30))
    assert not calendar.is_workday(date(2026, 12, 27))
    assert both.is_workday(date(2026, 12, 27))
    assert both.announced_years() == (2026, 2027)
    assert WorkCalendar((of_2027, of_2026)).is_workday(date(2026, 12, 27))


def test_counting_starts_on_the_day_after(calendar):
    assert calendar.after(date(2026, 3, 2)) == date(2026, 3, 3)
    assert calendar.after(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert calendar.on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)
    assert calendar.on_or_after(date(2026, 10, 8)) == date(2026, 10, 8)
    assert calendar.workdays(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.workdays(date(2026, 3, 2), date(2026, 3, 2)) == 0
    assert calendar.workdays(date(2026, 3, 3), date(2026, 3, 2)) == 0
    with pytest.raises(ValueError, match="starts at 1"):
        calendar.after(date(2026, 3, 2), 0)


def test_the_last_day_that_python_knows_is_a_missing_year_and_no_crash(calendar):
    with pytest.raises(CalendarYearMissing):
        calendar.after(date.max)
    with pytest.raises(CalendarYearMissing):
        calendar.after(date(2026, 12, 31))


def test_a_day_is_the_day_in_china_whatever_zone_a_time_is_written_in():
    assert china_day(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert china_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert china_day(date(2026, 3, 1)) == date(2026, 3, 1)
    naive = datetime(2026, 3, 1, 23, 30)  # noqa: DTZ001 - what a clerk types
    assert china_day(naive) == date(2026, 3, 1)
    assert china_time(naive) == datetime(2026, 3, 1, 23, 30, tzinfo=CHINA)


GOOD = text_of(2026)


@pytest.mark.parametrize(
    ("was", "becomes", "place", "rule"),
    [
        ('"2026-01-04"', '"2026-01-05"', "$.make_up_days[0]", "weekday"),
        ('"2026-01-04"', '"2027-01-03"', "$.make_up_days[0]", "year"),
        ('"2026-01-04"', '"2026-02-14"', "$.make_up_days[1]", "repeated"),
        ('"2026-01-04"', '"2026-02-15"', "$.make_up_days[0]", "overlap"),
        ('"2026-01-04"', '"4.1.2026"', "$.make_up_days[0]", "date"),
        ('"2026-01-04"', "20260104", "$.make_up_days[0]", "date"),
        ('"last": "2026-01-03"', '"last": "2025-01-03"', "$.holidays[0]", "range"),
        ('"last": "2026-01-03"', '"last": "2026-02-15"', "$.holidays[0]", "range"),
        ('"first": "2026-02-15"', '"first": "2026-02-30"', "$.holidays[1].first", "date"),
        ('"first": "2026-10-01"', '"first": "2026-09-27"', "$.holidays[6]", "overlap"),
        ('"first": "2026-01-01"', '"first": "2025-11-30"', "$.holidays[0]", "range"),
        (
            '"first": "2026-01-01", "last": "2026-01-03"',
            '"first": "2025-11-29", "last": "2025-11-30"',
            "$.holidays[0]",
            "year",
        ),
        ('"version": 1', '"version": 0', "$.version", "range"),
        ('"version": 1', '"version": "1"', "$.version", "type"),
        ('"version": 1', '"version": true', "$.version", "type"),
        ('"announced": true', '"announced": "yes"', "$.announced", "type"),
        ("ebp-calendar/1", "ebp-calendar/9", "$.format", "format"),
        ('"issuer"', '"isuer"', "$.source.isuer", "unknown_key"),
        ('"number": "国办发明电〔2025〕7号"', '"number": " "', "$.source.number", "empty"),
        ('"issued": "2025-11-04"', '"issued": null', "$.source.issued", "date"),
    ],
)
def test_a_faulty_calendar_file_is_refused_with_file_place_and_rule(was, becomes, place, rule):
    assert GOOD.count(was) >= 1
    faulty = GOOD.replace(was, becomes, 1)
    assert (place, rule) in {(finding.place, finding.rule) for finding in lint_calendar(faulty, "x.json")}
    with pytest.raises(BadInputError) as raised:
        parse_calendar(faulty, "x.json")
    assert raised.value.code == "calendar_invalid"
    assert raised.value.place.startswith("x.json ")
    assert place in {each.line for each in raised.value.missing}


@pytest.mark.parametrize(
    ("text", "rule"),
    [("", "json"), ("[", "json"), ("[]", "type"), ('{"year":2026,"year":2027}', "json"), ("NaN", "json")],
)
def test_what_is_no_calendar_at_all_is_refused_in_words(text, rule):
    findings = lint_calendar(text, "x.json")
    assert rule in {finding.rule for finding in findings}
    assert all(finding.message and finding.source == "x.json" for finding in findings)


def test_a_year_announced_without_holidays_is_refused():
    findings = lint_calendar(GOOD.replace(GOOD[GOOD.index('"holidays"') : GOOD.index('"make_up')], ""), "x.json")
    assert ("$.holidays", "empty") in {(finding.place, finding.rule) for finding in findings}


def test_the_shipped_calendars_have_no_finding():
    assert lint_calendar(GOOD, "2026.json") == ()
    assert lint_calendar(text_of(2025), "2025.json") == ()
    assert not locate("calendars", "2027.json").exists()
