"""The counter's clocks: review, promised and statutory limits, supplement, stage and delivery, computed from facts.

One convention for all (civil code 201, 203; licensing law 82): the day on which an interval opens is not counted; a
deadline is a working day and ends at close of business; the hour of the opening event never moves it. Days are
Asia/Shanghai days. Every function that meets a year without an announced calendar raises CalendarYearMissing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ebp_desktop.domain.calendar import CHINA, WorkCalendar, china_day, china_time, next_day
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.readings import SAFE_READINGS, Readings, ReviewStopsAt, UnverifiedSupplement


class Unit(StrEnum):
    """What a limit counts: 工作日 or 自然日."""

    WORK = "work"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days and what they are; 0 days means at once (即时), on the day itself."""

    days: int
    unit: Unit = Unit.WORK

    def __post_init__(self) -> None:
        if self.days < 0:
            raise BadInputError("limit_negative", f"时限不能为负数：{self.days}")

    def words(self) -> str:
        """The limit as a paper names it."""
        if self.days == 0:
            return "即时"
        return f"{self.days}个工作日" if self.unit is Unit.WORK else f"{self.days}日（自然日）"


class PauseKind(StrEnum):
    """Why a clock stands still: a supplement notice (Art. 8) or a special procedure (licensing law 45)."""

    SUPPLEMENT = "supplement"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Pause:
    """The days strictly after ``noticed`` up to and including ``resumed`` do not count; None means still open."""

    noticed: date
    resumed: date | None = None
    kind: PauseKind = PauseKind.SUPPLEMENT

    def __post_init__(self) -> None:
        if self.resumed is not None and self.resumed < self.noticed:
            raise BadInputError(
                "pause_backwards",
                f"恢复计时日 {self.resumed} 早于暂停计时日 {self.noticed}",
                article="第八条",
                todo="核对通知书出具日期与重新受理日期。",
            )


def union_of_pauses(pauses: Iterable[Pause]) -> tuple[tuple[date, date | None], ...]:
    """The pauses as disjoint half-open intervals (from, to] in order, so that no day is ever subtracted twice."""
    merged: list[tuple[date, date | None]] = []
    for pause in sorted(pauses, key=lambda each: each.noticed):
        if merged:
            first, last = merged[-1]
            if last is None:
                break
            if pause.noticed <= last:
                merged[-1] = (first, None if pause.resumed is None else max(last, pause.resumed))
                continue
        merged.append((pause.noticed, pause.resumed))
    return tuple((first, last) for first, last in merged if first != last)


def _is_paused(day: date, intervals: tuple[tuple[date, date | None], ...]) -> bool:
    return any(first < day and (last is None or day <= last) for first, last in intervals)


# --- A: review ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTimes:
    """The three times of a review opinion: issued by the department, arrived at the counter, told to the applicant."""

    issued: datetime | date | None = None
    arrived: datetime | date | None = None
    told: datetime | date | None = None

    def stop(self, readings: Readings = SAFE_READINGS) -> datetime | date | None:
        """The time that ends the review by the chosen reading."""
        if readings.review_stops_at is ReviewStopsAt.TOLD:
            return self.told
        return self.arrived if self.arrived is not None else self.told


class ReviewState(StrEnum):
    """How the review stands."""

    RUNNING = "running"
    ANSWERED = "answered"
    DEEMED_ACCEPTED = "deemed_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClock:
    """Clock A of one matter: the received day, the first counted day, the alarm and the deadline (Art. 7(2))."""

    received: date
    opens: date
    half_time: datetime
    due: date
    closes_at: datetime
    state: ReviewState

    @property
    def accepted_from(self) -> date | None:
        """The received day if silence has accepted the application, else None."""
        return self.received if self.state is ReviewState.DEEMED_ACCEPTED else None


def close_of_business(day: date, readings: Readings = SAFE_READINGS) -> datetime:
    """The moment at which a deadline on ``day`` ends."""
    return datetime.combine(day, readings.close_of_business, CHINA)


def in_time(moment: datetime | date, due: date, readings: Readings = SAFE_READINGS) -> bool:
    """Whether ``moment`` keeps the deadline ``due``; of a bare date only the day counts."""
    if isinstance(moment, datetime):
        return china_time(moment) <= close_of_business(due, readings)
    return moment <= due


def review_deadline(received: datetime | date, calendar: WorkCalendar, readings: Readings = SAFE_READINGS) -> date:
    """The last day to tell the applicant; counting opens on the working day after the received day."""
    return calendar.after(china_day(received), readings.review_workdays)


def review_clock(
    received: datetime | date,
    calendar: WorkCalendar,
    *,
    notice: NoticeTimes | None = None,
    now: datetime | None = None,
    readings: Readings = SAFE_READINGS,
) -> ReviewClock:
    """Clock A with the legal times of ``notice``, as seen at ``now`` (None: only what the facts themselves decide).

    Deemed acceptance is computed, never stored: a "told" made in time but learnt of late undoes it.
    """
    day = china_day(received)
    due = review_deadline(day, calendar, readings)
    stopped = notice.stop(readings) if notice is not None else None
    if stopped is not None:
        state = ReviewState.ANSWERED if in_time(stopped, due, readings) else ReviewState.DEEMED_ACCEPTED
    elif now is not None and not in_time(now, due, readings):
        state = ReviewState.DEEMED_ACCEPTED
    else:
        state = ReviewState.RUNNING
    half = calendar.after(day, max(1, readings.review_workdays // 2))
    return ReviewClock(
        received=day,
        opens=calendar.after(day),
        half_time=close_of_business(half, readings),
        due=due,
        closes_at=close_of_business(due, readings),
        state=state,
    )


def deemed_accepted_from(
    received: datetime | date,
    calendar: WorkCalendar,
    *,
    notice: NoticeTimes | None = None,
    now: datetime | None = None,
    readings: Readings = SAFE_READINGS,
) -> date | None:
    """The received day if nobody told the applicant in time (Art. 7(2)), else None."""
    return review_clock(received, calendar, notice=notice, now=now, readings=readings).accepted_from


def deemed_paper_may_issue(due: date, last_contact: datetime, readings: Readings = SAFE_READINGS) -> bool:
    """Whether central may issue the paper: it has heard from that counter after the deadline passed."""
    return not in_time(last_contact, due, readings)


class Charged(StrEnum):
    """Who answers for a missed review deadline (Art. 34)."""

    DEPARTMENT = "department"
    WINDOW_OR_OUTAGE = "window_or_outage"


def charged_for_silence(first_seen: datetime | None, due: date, readings: Readings = SAFE_READINGS) -> Charged:
    """The department, unless the case reached it only after the deadline (``first_seen``, None: never)."""
    if first_seen is None or not in_time(first_seen, due, readings):
        return Charged.WINDOW_OR_OUTAGE
    return Charged.DEPARTMENT


# --- B: promised and statutory limits -------------------------------------------------------------------------------


def limit_due(
    start: datetime | date, limit: Limit, calendar: WorkCalendar, pauses: Iterable[Pause] = ()
) -> date | None:
    """The deadline of ``limit`` from ``start``, or None while an open pause keeps it unknown.

    It is the first working day outside every pause on which as many days have counted as the limit has; so it is never
    on a day off, and a longer pause never makes it earlier. A pause that begins after the deadline changes nothing.
    """
    intervals = union_of_pauses(pauses)
    day = china_day(start)
    counted = 0
    if limit.days == 0 and not _is_paused(day, intervals) and calendar.is_workday(day):
        return day
    while True:
        day = next_day(day)
        pause = next((each for each in intervals if each[0] < day and (each[1] is None or day <= each[1])), None)
        if pause is not None:
            if pause[1] is None:
                return None
            day = pause[1]
            continue
        works = calendar.is_workday(day)
        counted += works or limit.unit is Unit.CALENDAR
        if works and counted >= limit.days:
            return day


def used_days(
    start: datetime | date,
    until: datetime | date,
    calendar: WorkCalendar,
    *,
    unit: Unit = Unit.WORK,
    pauses: Iterable[Pause] = (),
) -> int:
    """How many days of the limit have been used when ``until`` ends; today counts as used, paused days do not."""
    intervals = union_of_pauses(pauses)
    day, last, used = china_day(start), china_day(until), 0
    while day < last:
        day = next_day(day)
        if not _is_paused(day, intervals):
            used += unit is Unit.CALENDAR or calendar.is_workday(day)
    return used


class Light(StrEnum):
    """How urgent a clock is, always shown with its word."""

    DONE = "done"
    PAUSED = "paused"
    NORMAL = "normal"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClock:
    """Clock B of one matter as of a day: ``remaining`` is negative once overdue; ``due`` is None while paused open."""

    start: date
    limit: Limit
    due: date | None
    used: int
    remaining: int
    paused: bool
    overdue: bool
    ended: bool

    @property
    def light(self) -> Light:
        """Red once overdue; yellow from the last quarter of the limit, at least on its last day."""
        if self.overdue:
            return Light.RED
        if self.ended:
            return Light.DONE
        if self.paused:
            return Light.PAUSED
        return Light.YELLOW if self.remaining <= max(1, self.limit.days // 4) else Light.NORMAL


def limit_clock(
    start: datetime | date,
    limit: Limit,
    calendar: WorkCalendar,
    *,
    now: datetime | date,
    pauses: Iterable[Pause] = (),
    arrived: datetime | date | None = None,
    readings: Readings = SAFE_READINGS,
) -> LimitClock:
    """Clock B as seen at ``now``: from acceptance to the decision's arrival at the window (Art. 10)."""
    held = tuple(pauses)
    end = now if arrived is None else arrived
    due = limit_due(start, limit, calendar, held)
    used = used_days(start, end, calendar, unit=limit.unit, pauses=held)
    paused = arrived is None and any(
        pause.noticed <= china_day(now) and (pause.resumed is None or china_day(now) < pause.resumed) for pause in held
    )
    return LimitClock(
        start=china_day(start),
        limit=limit,
        due=due,
        used=used,
        remaining=limit.days - used,
        paused=paused,
        overdue=due is not None and not in_time(end, due, readings),
        ended=arrived is not None,
    )


def statutory_pauses(pauses: Iterable[Pause], readings: Readings = SAFE_READINGS) -> tuple[Pause, ...]:
    """The pauses that the law itself grants: special procedures; supplement notices only by the switched reading."""
    return tuple(
        pause for pause in pauses if pause.kind is PauseKind.SPECIAL or readings.supplement_pauses_statutory_limit
    )


def promised_start(
    accepted: date, prerequisites: Iterable[date | None], *, from_last_prerequisite: bool
) -> date | None:
    """The day from which the promised limit counts, or None while a prerequisite is still open.

    ``prerequisites`` are the arrival days of the matters that this one follows. The statutory limit always counts from
    ``accepted``; the promised one does too unless the guide says ``from_last_prerequisite``.
    """
    if not from_last_prerequisite:
        return accepted
    latest = accepted
    for arrived in prerequisites:
        if arrived is None:
            return None
        latest = max(latest, arrived)
    return latest


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialProcedure:
    """A hearing, inspection, expert review …: its time is not counted only if approved and told in writing."""

    approved: date | None
    told: date | None
    ended: date | None = None

    def pause(self) -> Pause | None:
        """The pause it gives, from the later of approval and telling, or None as long as one of them is missing."""
        if self.approved is None or self.told is None:
            return None
        begins = max(self.approved, self.told)
        if self.ended is not None and self.ended <= begins:
            return None
        return Pause(begins, self.ended, PauseKind.SPECIAL)


# --- supplement, stage, delivery ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementClock:
    """The department's time for a complete supplement (Art. 8): verify on the hand-in day, else it is accepted."""

    handed_in: date
    verify_by: date
    due: date
    late: bool
    accepted_from: date | None


def supplement_clock(
    handed_in: datetime | date,
    calendar: WorkCalendar,
    *,
    answered: datetime | date | None = None,
    now: datetime | None = None,
    readings: Readings = SAFE_READINGS,
) -> SupplementClock:
    """How a complete supplement stands: ``late`` after close of the hand-in day, accepted after two silent days."""
    day = china_day(handed_in)
    verify_by = calendar.on_or_after(day)
    due = calendar.after(day, readings.supplement_answer_workdays)
    reached = answered if answered is not None else now
    silent = reached is not None and not in_time(reached, due, readings)
    deemed = silent and readings.unverified_supplement is UnverifiedSupplement.ACCEPTED_FROM_HAND_IN
    return SupplementClock(
        handed_in=day,
        verify_by=verify_by,
        due=due,
        late=reached is not None and not in_time(reached, verify_by, readings),
        accepted_from=day if deemed else None,
    )


def stage_due(
    accepted: Iterable[date], stage_days: int, calendar: WorkCalendar, extensions: Iterable[int] = ()
) -> date | None:
    """Clock S: from the first acceptance in the application, moved by the lead's recorded decisions only (Art. 14).

    None while nothing is accepted.
    """
    first = min(accepted, default=None)
    if first is None:
        return None
    return limit_due(first, Limit(stage_days + sum(extensions)), calendar)


def delivery_due(decided: datetime | date, calendar: WorkCalendar, readings: Readings = SAFE_READINGS) -> date:
    """Clock C: the licence is ready for handover 10 working days after the decision (licensing law 44)."""
    return calendar.after(china_day(decided), readings.delivery_workdays)


def status_is_fresh(checked: datetime, now: datetime, readings: Readings = SAFE_READINGS) -> bool:
    """Whether a licence status confirmed at ``checked`` still allows an offline handover at ``now``."""
    then, moment = china_time(checked), china_time(now)
    if then > moment:
        return False
    if readings.status_max_age is not None:
        return moment - then <= readings.status_max_age
    same_half = (then.time() < readings.noon) == (moment.time() < readings.noon)
    return then.date() == moment.date() and same_half


def drift_warning(here: datetime, central: datetime) -> tuple[timedelta, bool, bool]:
    """The drift of the counter's clock, whether to warn (over 60 s) and whether the lead confirms (over 10 min)."""
    drift = abs(china_time(here) - china_time(central))
    return drift, drift > timedelta(seconds=60), drift > timedelta(minutes=10)
