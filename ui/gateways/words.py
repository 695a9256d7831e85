"""Times, clocks and people in the few words that a screen has room for."""

from __future__ import annotations

from datetime import date, datetime

from ebp_desktop.domain.calendar import CHINA, WorkCalendar
from ebp_desktop.domain.case.clocks import ClockKind, ClockRow
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.clocks import PauseKind as ClockPause
from ui.shown import Badge, Bar, ClockBoard, Mark, Pause, PauseKind
from ui.shown import ClockRow as ShownClock

_WEEKDAYS = "一二三四五六日"
LIGHT_MARKS = {
    Light.DONE: Mark.OK,
    Light.PAUSED: Mark.PAUSE,
    Light.NORMAL: Mark.NOW,
    Light.YELLOW: Mark.WARN,
    Light.RED: Mark.DANGER,
}
_STATE_MARKS = {
    "待受理": Mark.NOW,
    "补正中": Mark.PAUSE,
    "补正待核对": Mark.CLOCK,
    "审批中": Mark.NOW,
    "待领证": Mark.BOX,
    "已办结": Mark.OK,
    "已撤件": Mark.NONE,
    "已清除": Mark.NONE,
}
_SHORT_UNITS = (("住房和城乡建设局", "住建局"), ("自然资源局", "自然资源局"), ("城市管理综合执法局", "城管局"))


def local(moment: datetime) -> datetime:
    """A moment on the wall clock of the counter."""
    return moment.astimezone(CHINA)


def short_day(day: date) -> str:
    """11月20日."""
    return f"{day.month}月{day.day}日"


def day_words(day: date, today: date) -> str:
    """今天, else 11月17日 周二."""
    return "今天" if day == today else f"{short_day(day)} 周{_WEEKDAYS[day.weekday()]}"


def hour(moment: datetime) -> str:
    """10:42."""
    return f"{local(moment):%H:%M}"


def moment_words(moment: datetime) -> str:
    """2026年11月20日 10:42."""
    at = local(moment)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def span_words(seconds: float) -> str:
    """1 小时 24 分."""
    minutes = max(0, int(seconds // 60))
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} 天 {hours % 24} 小时"
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"


def short_unit(name: str) -> str:
    """A department's everyday name."""
    for full, short in _SHORT_UNITS:
        if name.endswith(full):
            return short
    return name.removeprefix("乌海市")


def short_matter(name: str) -> str:
    """A matter's name without what stands in brackets."""
    return name.split("（")[0].split("(")[0]


def masked_name(name: str) -> str:
    """王××: names in lists are shown masked (rule 11)."""
    return name[:1] + "×" * (len(name) - 1) if 1 < len(name) <= 4 else name


def state_badge(words: str) -> Badge:
    """A case's or matter's state."""
    return Badge(_STATE_MARKS.get(words, Mark.NOW), words)


def clock_words(clock: ClockRow) -> str:
    """A clock's state, short."""
    return clock.words.split("，")[0]


def clock_bar(clock: ClockRow) -> Bar:
    """A clock as a small bar."""
    total = max(1, clock.total.days)
    return Bar(min(1.0, clock.used / total), LIGHT_MARKS[clock.light])


def _shown_pause(noticed: date, resumed: date | None, kind: ClockPause, today: date) -> Pause:
    shown = PauseKind.SPECIAL if kind is ClockPause.SPECIAL else PauseKind.SUPPLEMENT
    return Pause(noticed, resumed or today, shown)


_BOARD_KINDS = (ClockKind.REVIEW, ClockKind.PROMISED, ClockKind.SUPPLEMENT, ClockKind.VERIFY, ClockKind.DELIVERY)


def clock_board(clocks: tuple[ClockRow, ...], calendar: WorkCalendar, now: datetime) -> ClockBoard:
    """The clocks of a case for the calendar; equal review clocks of several matters stand as one row."""
    today = local(now).date()
    rows = []
    reviews = [clock for clock in clocks if clock.kind is ClockKind.REVIEW]
    alike = len({(clock.due, clock.ended_on, clock.words) for clock in reviews}) == 1 and len(reviews) > 1
    for clock in clocks:
        if clock.kind not in _BOARD_KINDS or (alike and clock.kind is ClockKind.REVIEW and clock is not reviews[0]):
            continue
        merged = alike and clock.kind is ClockKind.REVIEW
        rows.append(_shown_clock(clock, today, merged=merged))
    years = tuple(year for year in calendar.announced_years() if year >= today.year - 1)
    source = f"工作日历 {'、'.join(str(year) for year in years)} 年" if years else "工作日历尚未公布"
    return ClockBoard(today, tuple(rows), _days_off(calendar, years), source)


def _shown_clock(clock: ClockRow, today: date, *, merged: bool) -> ShownClock:
    head, _, note = clock.words.partition("，")
    started = not clock.words.startswith("未起算")
    name = "是否受理（全部事项）" if merged else short_matter(clock.matter_name)
    unit = "个工作日" if clock.total.unit.value == "work" else "日"
    detail = f"{clock.kind.label} {clock.total.days} {unit}"
    if not merged:
        detail = f"{short_unit(clock.department_name)}　{detail}"
    due = f"{short_day(clock.due)}到期" if clock.due and not note and clock.light is not Light.DONE else note
    mark = Mark.OPEN if not started else LIGHT_MARKS[clock.light]
    return ShownClock(
        name,
        detail,
        Badge(mark, head),
        due,
        clock.start if started else None,
        clock.due,
        clock.ended_on,
        tuple(_shown_pause(p.noticed, p.resumed, p.kind, today) for p in clock.pauses),
    )


def _days_off(calendar: WorkCalendar, years: tuple[int, ...]) -> frozenset[date]:
    return frozenset(
        day
        for year in years
        for day in (
            date.fromordinal(at) for at in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        )
        if not calendar.is_workday(day)
    )
