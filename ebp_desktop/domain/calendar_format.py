"""Reads one year's calendar file and refuses what no notice could say."""

from __future__ import annotations

from datetime import date, timedelta

from ebp_desktop.domain.calendar import CalendarSource, CalendarYear, Holiday
from ebp_desktop.domain.data_files import Finding, Findings, Node

CALENDAR_FORMAT = "ebp-calendar/1"
_LONGEST_HOLIDAY = timedelta(days=15)
_DECEMBER = 12
_SATURDAY = 5


def parse_calendar(text: str, source: str) -> CalendarYear:
    """The calendar year in ``text``; raises BadInputError ``calendar_invalid`` naming every fault of ``source``."""
    year, findings = _read(text, source)
    findings.refuse_errors("calendar_invalid", "工作日历文件")
    return year


def lint_calendar(text: str, source: str) -> tuple[Finding, ...]:
    """Every finding of the calendar file ``source``, none raised."""
    return _read(text, source)[1].all()


def _read(text: str, source: str) -> tuple[CalendarYear, Findings]:
    findings = Findings(source)
    root = Node.document(text, findings).keys(
        "format", "year", "version", "announced", "source", "holidays", "make_up_days"
    )
    if root.text("format") != CALENDAR_FORMAT:
        root.child("format").fault("format", f"应为“{CALENDAR_FORMAT}”")
    number = root.whole("year", least=2000, most=2199)
    holidays = tuple(_holiday(node, number) for node in root.items("holidays"))
    year = CalendarYear(
        year=number,
        version=root.whole("version", least=1),
        announced=root.flag("announced", default=False),
        holidays=holidays,
        make_up_days=frozenset(_make_up_days(root, number, holidays)),
        source=_source(root.child("source")),
    )
    if year.announced and not holidays:
        root.child("holidays").fault("empty", "已公布的年份必须列出节假日")
    _refuse_overlaps(root, holidays)
    return year, findings


def _source(node: Node) -> CalendarSource:
    node.keys("title", "number", "issuer", "issued")
    return CalendarSource(
        title=node.text("title"), number=node.text("number"), issuer=node.text("issuer"), issued=node.day("issued")
    )


def _holiday(node: Node, year: int) -> Holiday:
    node.keys("name", "first", "last")
    holiday = Holiday(name=node.text("name"), first=node.day("first"), last=node.day("last"))
    if not timedelta(0) <= holiday.last - holiday.first <= _LONGEST_HOLIDAY:
        node.fault("range", "假期止日应不早于起日，且不超过 16 天")
        return Holiday(name=holiday.name, first=holiday.first, last=holiday.first)
    if not (_ruled(holiday.first, year) and _ruled(holiday.last, year)):
        node.fault("year", f"日期不属于 {year} 年（或上一年 12 月）")
    return holiday


def _make_up_days(root: Node, year: int, holidays: tuple[Holiday, ...]) -> list[date]:
    off = {day for holiday in holidays for day in holiday.days()}
    days: list[date] = []
    for node in root.items("make_up_days"):
        day = node.as_day()
        if not _ruled(day, year):
            node.fault("year", f"日期不属于 {year} 年（或上一年 12 月）")
        elif day.weekday() < _SATURDAY:
            node.fault("weekday", "调休上班日只能是周六或周日")
        elif day in off:
            node.fault("overlap", "同一天既放假又上班")
        elif day in days:
            node.fault("repeated", "日期重复")
        days.append(day)
    return days


def _refuse_overlaps(root: Node, holidays: tuple[Holiday, ...]) -> None:
    seen: dict[date, str] = {}
    for index, holiday in enumerate(holidays):
        for day in holiday.days():
            if day in seen:
                place = f"{root.place}.holidays[{index}]"
                root.findings.error(place, "overlap", f"{day} 已属于“{seen[day]}”假期")
                break
            seen[day] = holiday.name


def _ruled(day: date, year: int) -> bool:
    return day.year == year or (day.year == year - 1 and day.month == _DECEMBER)
