"""The working calendar: announced holidays and make-up working days, and never a guess for a year without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ebp_desktop.domain.errors import SurroundingsError

CHINA = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarYearMissing(SurroundingsError):  # noqa: N818 - says what is missing, as its code does
    """A computation touched a year whose holidays are not loaded or not announced; ``year`` says which."""

    def __init__(self, year: int) -> None:
        super().__init__(
            "calendar_year_missing",
            f"{year} 年节假日安排尚未公布或未载入，无法推算该年的工作日。",
            place=f"工作日历 {year}",
            safe="登记、出具意见和通知书不受影响；涉及的截止日期暂不显示、不打印。",
            todo=f"国务院办公厅公布 {year} 年放假安排后，由市行政审批和政务服务局发布工作日历。",
        )
        self.year = year


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSource:
    """Where a year's holidays come from: title, document number and issue date of the notice."""

    title: str
    number: str
    issuer: str
    issued: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One holiday with its days off, first and last included."""

    name: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Every day off of this holiday, in order."""
        day = self.first
        while day <= self.last:
            yield day
            day += _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """One year's announced arrangement.

    A notice may also rule the last days of the December before it (the 2019 one did), so ``holidays`` and
    ``make_up_days`` may hold such days. ``version`` grows with every correction of the same year.
    """

    year: int
    version: int
    announced: bool
    holidays: tuple[Holiday, ...]
    make_up_days: frozenset[date]
    source: CalendarSource

    def days_off(self) -> frozenset[date]:
        """Every day off by name, weekends inside a holiday included."""
        return frozenset(day for holiday in self.holidays for day in holiday.days())


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The announced years together; of one year the newest announced version decides."""

    years: tuple[CalendarYear, ...] = ()
    _deciding: dict[int, CalendarYear] = field(init=False, repr=False, compare=False)
    _off: frozenset[date] = field(init=False, repr=False, compare=False)
    _make_up: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        deciding: dict[int, CalendarYear] = {}
        for entry in sorted(self.years, key=lambda each: each.version):
            if entry.announced:
                deciding[entry.year] = entry
        make_up: set[date] = set()
        off: set[date] = set()
        for _, entry in sorted(deciding.items()):
            off = (off - entry.make_up_days) | entry.days_off()
            make_up = (make_up - entry.days_off()) | entry.make_up_days
        object.__setattr__(self, "_deciding", deciding)
        object.__setattr__(self, "_off", frozenset(off))
        object.__setattr__(self, "_make_up", frozenset(make_up))

    def covers(self, year: int) -> bool:
        """Whether the holidays of ``year`` are announced and loaded."""
        return year in self._deciding

    def announced_years(self) -> tuple[int, ...]:
        """The years that can be computed with, in order."""
        return tuple(sorted(self._deciding))

    def year(self, year: int) -> CalendarYear:
        """The deciding version of ``year``; raises CalendarYearMissing."""
        if year not in self._deciding:
            raise CalendarYearMissing(year)
        return self._deciding[year]

    def with_year(self, entry: CalendarYear) -> WorkCalendar:
        """This calendar and one more year or version."""
        return WorkCalendar((*self.years, entry))

    def is_workday(self, day: date) -> bool:
        """Whether the hall works on ``day``; raises CalendarYearMissing for a year without an announcement."""
        if day.year not in self._deciding:
            raise CalendarYearMissing(day.year)
        if day in self._make_up:
            return True
        return day.weekday() < _SATURDAY and day not in self._off

    def on_or_after(self, day: date) -> date:
        """``day`` itself if it is a working day, else the next one."""
        while not self.is_workday(day):
            day = next_day(day)
        return day

    def after(self, day: date, count: int = 1) -> date:
        """The ``count``-th working day strictly after ``day`` (1, 2, …); the opening day is never counted."""
        if count < 1:
            raise ValueError("count starts at 1")
        for _ in range(count):
            day = self.on_or_after(next_day(day))
        return day

    def workdays(self, after: date, until: date) -> int:
        """How many working days lie in the half-open interval (``after``, ``until``]; 0 if it is empty."""
        count = 0
        day = after
        while day < until:
            day = next_day(day)
            count += self.is_workday(day)
        return count


def next_day(day: date) -> date:
    """The day after ``day``; after the last day there is, no calendar exists: CalendarYearMissing."""
    if day == date.max:
        raise CalendarYearMissing(date.max.year + 1)
    return day + _DAY


def china_day(moment: datetime | date) -> date:
    """The calendar day in China of ``moment``, whatever zone it is written in; a date stays itself.

    A naive time is Asia/Shanghai.
    """
    if isinstance(moment, datetime):
        return china_time(moment).date()
    return moment


def china_time(moment: datetime) -> datetime:
    """``moment`` in Asia/Shanghai; a naive time is taken as Asia/Shanghai."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=CHINA)
    return moment.astimezone(CHINA)
