"""The clocks of a case as of a moment: review, promised and statutory limit, supplement, delivery.

Computed on read from the projected facts; nothing stores days left. A year whose holidays are not announced gives a
clock without a day and its words, never an exception, because a screen must show the case all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ebp_desktop.domain.calendar import CHINA, CalendarYearMissing, WorkCalendar
from ebp_desktop.domain.case.views import CaseView, MatterCase
from ebp_desktop.domain.clocks import (
    Light,
    Limit,
    NoticeTimes,
    Pause,
    PauseKind,
    ReviewState,
    delivery_due,
    limit_clock,
    promised_start,
    review_clock,
    statutory_pauses,
    supplement_clock,
)
from ebp_desktop.domain.readings import SAFE_READINGS, Readings
from ebp_desktop.domain.states import MatterState, Opinion


class ClockKind(StrEnum):
    """Which of the regulation's clocks this is."""

    REVIEW = "review"
    PROMISED = "promised"
    STATUTORY = "statutory"
    SUPPLEMENT = "supplement"
    VERIFY = "verify"
    DELIVERY = "delivery"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    ClockKind.REVIEW: "审查时限",
    ClockKind.PROMISED: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.SUPPLEMENT: "补正期限",
    ClockKind.VERIFY: "补正核对",
    ClockKind.DELIVERY: "送达时限",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One clock of one matter: ``due`` is None while paused or not computable, ``missing_year`` then says why."""

    matter: str
    matter_name: str
    department_name: str
    kind: ClockKind
    start: date
    due: date | None
    light: Light
    remaining: int | None
    used: int
    total: Limit
    words: str
    consequence: str = ""
    pauses: tuple[Pause, ...] = ()
    ended_on: date | None = None
    missing_year: int | None = None

    @property
    def is_running(self) -> bool:
        """It still asks somebody for something."""
        return self.light is not Light.DONE


def pauses_of(matter: MatterCase) -> tuple[Pause, ...]:
    """The suspensions of a matter as pauses of its promised limit."""
    return tuple(
        Pause(
            noticed=s.since,
            resumed=s.until,
            kind=PauseKind.SPECIAL if s.special else PauseKind.SUPPLEMENT,
        )
        for s in matter.suspensions
    )


def case_clocks(
    case: CaseView, calendar: WorkCalendar, now: datetime, readings: Readings = SAFE_READINGS
) -> tuple[ClockRow, ...]:
    """Every clock of a case, matter by matter in the order of the guide; a withdrawn matter has none."""
    rows: list[ClockRow] = []
    for matter in case.matters:
        if matter.state in {MatterState.WITHDRAWN, MatterState.NOT_NEEDED, MatterState.REFUSED}:
            continue
        rows.extend(_matter_clocks(case, matter, calendar, now, readings))
    return tuple(rows)


def next_clock(rows: tuple[ClockRow, ...]) -> ClockRow | None:
    """The running clock that ends first."""
    running = [row for row in rows if row.is_running and row.due is not None and row.kind is not ClockKind.STATUTORY]
    return min(running, key=lambda row: (row.due or date.max, row.matter), default=None)


def review_state(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings = SAFE_READINGS
) -> ReviewState:
    """Whether silence has accepted the matter by ``now``; raises CalendarYearMissing."""
    if not matter.terms.deemed_acceptance:
        return ReviewState.RUNNING if matter.told_at is None else ReviewState.ANSWERED
    times = NoticeTimes(issued=matter.first_opinion_at, arrived=matter.first_opinion_at, told=matter.told_at)
    clock = review_clock(case.registered.received_at, calendar, notice=times, now=now, readings=readings)
    return clock.state


def _matter_clocks(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> list[ClockRow]:
    rows: list[ClockRow] = []
    makers = (_review_row, _promised_row, _statutory_row, _supplement_row, _verify_row, _delivery_row)
    for maker in makers:
        row = maker(case, matter, calendar, now, readings)
        if row is not None:
            rows.append(row)
    return rows


def _row(
    matter: MatterCase,
    kind: ClockKind,
    start: date,
    total: Limit,
    *,
    due: date | None = None,
    light: Light = Light.NORMAL,
    remaining: int | None = None,
    used: int = 0,
    words: str = "",
    consequence: str = "",
    pauses: tuple[Pause, ...] = (),
    ended_on: date | None = None,
    missing_year: int | None = None,
) -> ClockRow:
    return ClockRow(
        matter=matter.terms.code,
        matter_name=matter.terms.name,
        department_name=matter.terms.department_name,
        kind=kind,
        start=start,
        due=due,
        light=light,
        remaining=remaining,
        used=used,
        total=total,
        words=words,
        consequence=consequence,
        pauses=pauses,
        ended_on=ended_on,
        missing_year=missing_year,
    )


def _missing(matter: MatterCase, kind: ClockKind, start: date, total: Limit, error: CalendarYearMissing) -> ClockRow:
    words = f"{total.words()}，{error.year}年节假日安排公布后告知截止日期"
    return _row(matter, kind, start, total, words=words, missing_year=error.year)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _review_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    if not matter.terms.deemed_acceptance:
        return None
    received, total = case.registered.received_at, Limit(readings.review_workdays)
    times = NoticeTimes(issued=matter.first_opinion_at, arrived=matter.first_opinion_at, told=matter.told_at)
    try:
        clock = review_clock(received, calendar, notice=times, now=now, readings=readings)
        left = calendar.workdays(_day(now), clock.due)
    except CalendarYearMissing as error:
        return _missing(matter, ClockKind.REVIEW, _day(received), total, error)
    ended = _day(matter.told_at) if matter.told_at else None
    if matter.deemed or clock.state is ReviewState.DEEMED_ACCEPTED:
        words, light = f"逾期未告知，自{_short(clock.received)}起视为受理", Light.RED
        light = Light.DONE if matter.accepted_on and matter.told_at else light
    elif clock.state is ReviewState.ANSWERED:
        words, light = f"{_short(ended or clock.due)}已告知", Light.DONE
    elif left == 0:
        words, light = "今天到期", Light.RED
    else:
        words, light = f"余 {left} 个工作日", Light.YELLOW if left <= 1 else Light.NORMAL
    return _row(
        matter,
        ClockKind.REVIEW,
        clock.received,
        total,
        due=clock.due,
        light=light,
        remaining=left,
        used=max(0, total.days - left),
        words=words,
        consequence=f"{_short(clock.due)} {readings.close_of_business:%H:%M} 前不告知即视为受理",
        ended_on=ended,
    )


def _prerequisites(case: CaseView, matter: MatterCase) -> list[date | None]:
    found: list[date | None] = []
    for code in matter.terms.after:
        other = next((m for m in case.matters if m.terms.code == code), None)
        if other is not None and other.state is not MatterState.WITHDRAWN:
            found.append(_day(other.decided_at) if other.decided_at else None)
    return found


def _promised_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    limit = matter.terms.promised
    if matter.accepted_on is None or limit is None:
        return None
    total = Limit(limit.days + matter.extension_days, limit.unit)
    start = promised_start(
        matter.accepted_on,
        _prerequisites(case, matter),
        from_last_prerequisite=matter.terms.counts_from_prerequisite,
    )
    if start is None:
        return _row(matter, ClockKind.PROMISED, matter.accepted_on, total, words="未起算，待前置事项办结")
    return _limit_row(matter, ClockKind.PROMISED, start, total, pauses_of(matter), calendar, now, readings)


def _statutory_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    limit = matter.terms.statutory
    if matter.accepted_on is None or limit is None:
        return None
    pauses = statutory_pauses(pauses_of(matter), readings)
    return _limit_row(matter, ClockKind.STATUTORY, matter.accepted_on, limit, pauses, calendar, now, readings)


def _limit_row(
    matter: MatterCase,
    kind: ClockKind,
    start: date,
    total: Limit,
    pauses: tuple[Pause, ...],
    calendar: WorkCalendar,
    now: datetime,
    readings: Readings,
) -> ClockRow:
    arrived = matter.decided_at
    try:
        clock = limit_clock(start, total, calendar, now=now, pauses=pauses, arrived=arrived, readings=readings)
    except CalendarYearMissing as error:
        return _missing(matter, kind, start, total, error)
    return _row(
        matter,
        kind,
        start,
        total,
        due=clock.due,
        light=clock.light,
        remaining=clock.remaining,
        used=clock.used,
        words=_limit_words(clock.light, clock.remaining, clock.due, arrived, clock.paused, total),
        pauses=pauses,
        ended_on=_day(arrived) if arrived else None,
    )


def _limit_words(
    light: Light, remaining: int, due: date | None, arrived: datetime | None, paused: bool, total: Limit
) -> str:
    unit = "个工作日" if total.unit.value == "work" else "日"
    if arrived is not None:
        late = "，超期" if light is Light.RED else ""
        return f"{_short(_day(arrived))}作出决定{late}"
    if paused:
        return f"暂停计时，余 {remaining} {unit}"
    if light is Light.RED:
        return f"已超期 {-remaining} {unit}" if remaining < 0 else "今天到期"
    day = f"，{_short(due)}到期" if due else ""
    return f"余 {remaining} {unit}{day}"


def _supplement_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    if matter.state is not MatterState.SUPPLEMENT_OPEN or matter.submit_by is None:
        return None
    start = next((c.at for c in reversed(matter.changes) if c.state is MatterState.SUPPLEMENT_OPEN), now)
    left = (matter.submit_by - _day(now)).days
    light = Light.RED if left < 0 else Light.YELLOW if left <= 3 else Light.NORMAL
    words = f"申请人应于{_short(matter.submit_by)}前交齐" if left >= 0 else f"补正期限已过 {-left} 天"
    return _row(
        matter,
        ClockKind.SUPPLEMENT,
        _day(start),
        Limit(max(0, (matter.submit_by - _day(start)).days)),
        due=matter.submit_by,
        light=light,
        remaining=left,
        used=max(0, (_day(now) - _day(start)).days),
        words=words,
        consequence="逾期不自动产生后果，由部门决定",
    )


def _verify_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    if matter.complete_since is None or matter.state is not MatterState.SUPPLEMENT_DONE:
        return None
    total = Limit(readings.supplement_answer_workdays)
    try:
        clock = supplement_clock(matter.complete_since, calendar, now=now, readings=readings)
    except CalendarYearMissing as error:
        return _missing(matter, ClockKind.VERIFY, _day(matter.complete_since), total, error)
    words = "补正已齐，待部门当场核对" if clock.accepted_from is None else "部门逾期未核对，按交件日受理"
    light = Light.RED if clock.accepted_from or _day(now) > clock.verify_by else Light.YELLOW
    return _row(matter, ClockKind.VERIFY, clock.handed_in, total, due=clock.due, light=light, words=words)


def _delivery_row(
    case: CaseView, matter: MatterCase, calendar: WorkCalendar, now: datetime, readings: Readings
) -> ClockRow | None:
    if matter.decided_at is None or matter.decision is not Opinion.APPROVE:
        return None
    mine = [view for view in case.licences if view.issued.matter == matter.terms.code]
    total, start = Limit(readings.delivery_workdays), _day(matter.decided_at)
    ready = bool(mine) and matter.state is MatterState.APPROVED
    try:
        due = delivery_due(matter.decided_at, calendar, readings)
        left = calendar.workdays(_day(now), due)
    except CalendarYearMissing as error:
        return _missing(matter, ClockKind.DELIVERY, start, total, error)
    late = _day(now) > due
    light = Light.DONE if ready else Light.RED if late else Light.NORMAL
    words = "已可领取" if ready else f"证照应于{_short(due)}前备妥"
    return _row(matter, ClockKind.DELIVERY, start, total, due=due, light=light, remaining=left, words=words)
