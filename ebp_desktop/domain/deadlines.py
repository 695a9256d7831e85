"""Deadlines in words: what a paper and a screen say when a day is known, paused, or not yet computable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ebp_desktop.domain.calendar import CalendarYearMissing
from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.errors import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A limit with its last day, or with the year whose calendar is still missing, or paused (neither)."""

    limit: Limit
    day: date | None = None
    missing_year: int | None = None

    @property
    def computable(self) -> bool:
        """False while the holidays of a year that it touches are not announced."""
        return self.missing_year is None

    def words(self) -> str:
        """The text for paper and screen, for example 2026年11月30日."""
        if self.day is not None:
            return f"{self.day.year}年{self.day.month}月{self.day.day}日"
        if self.missing_year is not None:
            return f"{self.limit.words()}（{self.missing_year}年节假日安排公布后告知截止日期）"
        return f"{self.limit.words()}（暂停计时）"


def deadline(limit: Limit, compute: Callable[[], date | None]) -> Deadline:
    """The deadline that ``compute`` gives; a missing calendar year becomes words and blocks nothing."""
    try:
        return Deadline(limit=limit, day=compute())
    except CalendarYearMissing as missing:
        return Deadline(limit=limit, missing_year=missing.year)


class Bound(StrEnum):
    """Whom a deadline binds."""

    DEPARTMENT = "department"
    APPLICANT = "applicant"


def binding_day(printed: date, recomputed: date, bound: Bound) -> date:
    """The day that binds after a corrected calendar: departments the earlier, applicants the later one."""
    return min(printed, recomputed) if bound is Bound.DEPARTMENT else max(printed, recomputed)


class Handling(StrEnum):
    """How an application is handled, which decides the caps of licensing law 42."""

    SINGLE = "single"
    JOINT = "joint"


@dataclass(frozen=True, slots=True)
class ExtensionCap:
    """The longest limit by law and the longest extension of it, both in working days."""

    base: int
    extra: int


LEGAL_CAPS = {Handling.SINGLE: ExtensionCap(20, 10), Handling.JOINT: ExtensionCap(45, 15)}


def extended(limit: Limit, earlier: int, extra: int, cap: ExtensionCap) -> Limit:
    """``limit`` with ``earlier`` extensions (days) and ``extra`` more; raises RefusedError ``extension_over_cap``.

    ``cap`` is one of LEGAL_CAPS unless a special law sets the matter's own (the guide's ``extension_days``).
    """
    if extra < 1:
        raise RefusedError("extension_empty", "延长天数应至少为 1 个工作日", article="行政许可法第四十二条")
    total, longest = earlier + extra, cap.base + cap.extra
    if total > cap.extra or limit.days + total > longest:
        raise RefusedError(
            "extension_over_cap",
            f"累计延长 {total} 个工作日，超过法定上限（延长 {cap.extra} 个、总时限 {longest} 个工作日）",
            article="行政许可法第四十二条",
            safe="原时限不变。",
            todo="减少延长天数。",
        )
    return Limit(limit.days + total, limit.unit)
