"""Whatever the facts: no deadline on a day off, a longer pause never an earlier one, pauses a union, order nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ebp_desktop.domain.calendar import CalendarYearMissing, WorkCalendar
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.clocks import (
    Limit,
    Pause,
    Unit,
    delivery_due,
    limit_clock,
    limit_due,
    review_deadline,
    supplement_clock,
    union_of_pauses,
    used_days,
)
from resources import locate

CALENDAR = WorkCalendar(
    tuple(parse_calendar(locate("calendars", f"{year}.json").read_text("utf-8"), str(year)) for year in (2025, 2026))
)
FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)

days = st.dates(FIRST, date(2026, 9, 30))
limits = st.builds(Limit, st.integers(0, 45), st.sampled_from(Unit))
closed = st.builds(lambda start, length: Pause(start, start + timedelta(length)), days, st.integers(0, 30))
opened = st.builds(Pause, days)
pauses = st.lists(st.one_of(closed, closed, closed, opened), max_size=5)
closed_pauses = st.lists(closed, max_size=5)


def due_or_never(start: date, limit: Limit, held: list[Pause]) -> date:
    """A missing year and an open pause both lie later than any day of the loaded years."""
    try:
        due = limit_due(start, limit, CALENDAR, held)
    except CalendarYearMissing:
        return date.max
    return date.max if due is None else due


def slow_due(start: date, limit: Limit, held: list[Pause]) -> date:
    """The definition in its plainest words, one day after another."""

    def paused(day: date) -> bool:
        return any(each.noticed < day and (each.resumed is None or day <= each.resumed) for each in held)

    counted, day = 0, start
    while day <= LAST:
        works = CALENDAR.is_workday(day)
        if day > start and not paused(day):
            counted += 1 if limit.unit is Unit.CALENDAR else works
        if works and not paused(day) and counted >= limit.days:
            return day
        day += timedelta(1)
    return date.max


@given(days, limits, pauses)
def test_the_deadline_is_what_plain_counting_gives(start, limit, held):
    assert due_or_never(start, limit, held) == slow_due(start, limit, held)


@given(days, limits, pauses)
def test_no_deadline_lies_on_a_day_off_or_before_its_start(start, limit, held):
    due = due_or_never(start, limit, held)
    if due != date.max:
        assert CALENDAR.is_workday(due)
        assert due >= start


@given(days)
def test_no_review_supplement_or_delivery_ends_on_a_day_off(start):
    supplement = supplement_clock(start, CALENDAR)
    for due in (
        review_deadline(start, CALENDAR),
        delivery_due(start, CALENDAR),
        supplement.verify_by,
        supplement.due,
    ):
        assert CALENDAR.is_workday(due)


@given(days, limits, closed_pauses, st.data(), st.integers(1, 40))
def test_a_longer_pause_never_gives_an_earlier_deadline(start, limit, held, data, longer):
    if not held:
        return
    index = data.draw(st.integers(0, len(held) - 1))
    resumed = held[index].resumed
    assert resumed is not None
    stretched = [*held[:index], Pause(held[index].noticed, resumed + timedelta(longer)), *held[index + 1 :]]
    assert due_or_never(start, limit, stretched) >= due_or_never(start, limit, held)


@given(days, limits, pauses, st.one_of(closed, opened))
def test_one_more_pause_never_gives_an_earlier_deadline(start, limit, held, more):
    assert due_or_never(start, limit, [*held, more]) >= due_or_never(start, limit, held)


@given(days, limits, pauses)
def test_pausing_twice_equals_the_union_of_the_pauses(start, limit, held):
    union = [Pause(first, last) for first, last in union_of_pauses(held)]
    assert due_or_never(start, limit, held) == due_or_never(start, limit, union)
    assert due_or_never(start, limit, held) == due_or_never(start, limit, held + held)


@given(days, limits, pauses, st.randoms(use_true_random=False), st.integers(0, 60))
def test_any_order_of_the_same_pauses_gives_the_same_clock(start, limit, held, chance, later):
    shuffled = list(held)
    chance.shuffle(shuffled)
    assert union_of_pauses(shuffled) == union_of_pauses(held)
    assert due_or_never(start, limit, shuffled) == due_or_never(start, limit, held)
    until = start + timedelta(later)
    assert used_days(start, until, CALENDAR, unit=limit.unit, pauses=shuffled) == used_days(
        start, until, CALENDAR, unit=limit.unit, pauses=held
    )


@given(pauses)
def test_the_union_is_disjoint_ordered_and_covers_exactly_the_paused_days(held):
    union = union_of_pauses(held)
    for (_, last), (first, _) in pairwise(union):
        assert last is not None
        assert last < first
    for offset in range(0, 730, 3):
        day = FIRST + timedelta(offset)
        by_any = any(each.noticed < day and (each.resumed is None or day <= each.resumed) for each in held)
        by_union = any(first < day and (last is None or day <= last) for first, last in union)
        assert by_any == by_union


@given(days, st.integers(1, 45), closed_pauses)
def test_on_the_due_day_exactly_the_limit_is_used(start, count, held):
    due = due_or_never(start, Limit(count), held)
    if due != date.max:
        clock = limit_clock(start, Limit(count), CALENDAR, now=due, pauses=held)
        assert (clock.used, clock.remaining, clock.overdue) == (count, 0, False)
        assert used_days(start, due - timedelta(1), CALENDAR, pauses=held) == count - 1


@given(days, limits, pauses, st.integers(0, 30))
def test_a_longer_limit_never_ends_earlier(start, limit, held, more):
    longer = Limit(limit.days + more, limit.unit)
    assert due_or_never(start, longer, held) >= due_or_never(start, limit, held)


@given(days, limits, st.integers(0, 40))
def test_a_pause_noticed_on_or_after_the_deadline_moves_nothing(start, limit, later):
    due = due_or_never(start, limit, [])
    if due != date.max:
        assert due_or_never(start, limit, [Pause(due + timedelta(later))]) == due


@settings(max_examples=50)
@given(st.dates(date(2027, 1, 2), date(2199, 1, 1)), limits)
def test_no_unannounced_year_is_ever_guessed(start, limit):
    assert due_or_never(start, limit, []) == date.max
