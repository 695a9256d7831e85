"""The clocks give the days of the regulation, vector by vector."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ebp_desktop.domain.calendar import CHINA, CalendarYearMissing, WorkCalendar
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.clocks import (
    Charged,
    Light,
    Limit,
    NoticeTimes,
    Pause,
    PauseKind,
    ReviewState,
    SpecialProcedure,
    Unit,
    charged_for_silence,
    deemed_accepted_from,
    deemed_paper_may_issue,
    delivery_due,
    drift_warning,
    in_time,
    limit_clock,
    limit_due,
    promised_start,
    review_clock,
    review_deadline,
    stage_due,
    status_is_fresh,
    statutory_pauses,
    supplement_clock,
    union_of_pauses,
    used_days,
)
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.readings import Readings, ReviewStopsAt, UnverifiedSupplement
from resources import locate


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def pause(noticed: str, resumed: str | None = None, kind: PauseKind = PauseKind.SUPPLEMENT) -> Pause:
    return Pause(day(noticed), day(resumed) if resumed else None, kind)


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    file = locate("calendars", "2026.json")
    return WorkCalendar((parse_calendar(file.read_text(encoding="utf-8"), file.name),))


# --- review ---------------------------------------------------------------------------------------------------------

REVIEW_VECTORS = [
    ("2026-02-13", "2026-02-24"),
    ("2026-09-24", "2026-09-29"),
    ("2026-09-30", "2026-10-09"),
    ("2026-04-30", "2026-05-07"),
    ("2026-11-21", "2026-11-24"),
    ("2026-11-18", "2026-11-20"),
]


@pytest.mark.parametrize(("received", "due"), REVIEW_VECTORS)
def test_the_review_ends_two_working_days_after_the_received_day(calendar, received, due):
    assert review_deadline(day(received), calendar) == day(due)


@pytest.mark.parametrize(("received", "due"), REVIEW_VECTORS)
@pytest.mark.parametrize("hour", ["00:00:00", "08:59:00", "17:30:01", "23:59:59"])
def test_the_hour_of_receipt_never_moves_the_deadline(calendar, received, due, hour):
    assert review_deadline(at(f"{received}T{hour}"), calendar) == day(due)


def test_a_receipt_written_in_another_zone_counts_on_its_day_in_china(calendar):
    evening_in_utc = datetime(2026, 11, 17, 16, 30, tzinfo=UTC)
    assert review_clock(evening_in_utc, calendar).received == day("2026-11-18")


def test_a_review_that_crosses_into_an_unannounced_year_is_said_aloud(calendar):
    with pytest.raises(CalendarYearMissing):
        review_deadline(day("2026-12-30"), calendar)
    assert review_deadline(day("2026-12-29"), calendar) == day("2026-12-31")


def test_a_running_review_names_its_alarm_and_its_last_minute(calendar):
    clock = review_clock(at("2026-11-21T10:00"), calendar, now=at("2026-11-23T09:00"))
    assert clock.state is ReviewState.RUNNING
    assert clock.opens == day("2026-11-23")
    assert clock.half_time == at("2026-11-23T17:30")
    assert clock.closes_at == at("2026-11-24T17:30")
    assert clock.accepted_from is None


def test_silence_accepts_as_of_the_received_day_and_the_limit_counts_from_it(calendar):
    accepted = deemed_accepted_from(at("2026-11-18T15:00"), calendar, now=at("2026-11-20T17:31"))
    assert accepted == day("2026-11-18")
    assert limit_due(accepted, Limit(7), calendar) == day("2026-11-27")


def test_before_close_of_business_silence_accepts_nothing(calendar):
    assert deemed_accepted_from(day("2026-11-18"), calendar, now=at("2026-11-20T17:30")) is None
    assert deemed_accepted_from(day("2026-11-18"), calendar) is None


def test_a_telling_in_time_that_is_learnt_of_late_undoes_the_acceptance(calendar):
    received, later = day("2026-11-18"), at("2026-11-23T09:00")
    assert deemed_accepted_from(received, calendar, now=later) == received
    told = NoticeTimes(issued=at("2026-11-19T09:00"), arrived=at("2026-11-20T16:00"), told=at("2026-11-20T17:30"))
    assert deemed_accepted_from(received, calendar, notice=told, now=later) is None


def test_a_telling_after_the_deadline_does_not_heal_the_breach(calendar):
    told = NoticeTimes(told=at("2026-11-20T17:30:01"))
    clock = review_clock(day("2026-11-18"), calendar, notice=told)
    assert clock.state is ReviewState.DEEMED_ACCEPTED
    assert clock.accepted_from == day("2026-11-18")


def test_of_a_telling_whose_hour_is_unknown_the_day_decides(calendar):
    for told, state in (("2026-11-20", ReviewState.ANSWERED), ("2026-11-21", ReviewState.DEEMED_ACCEPTED)):
        assert review_clock(day("2026-11-18"), calendar, notice=NoticeTimes(told=day(told))).state is state


def test_whether_told_or_arrived_stops_the_review_is_a_switch(calendar):
    notice = NoticeTimes(arrived=at("2026-11-20T11:00"), told=at("2026-11-23T09:00"))
    by_told = review_clock(day("2026-11-18"), calendar, notice=notice)
    arrived = Readings(review_stops_at=ReviewStopsAt.ARRIVED)
    by_arrived = review_clock(day("2026-11-18"), calendar, notice=notice, readings=arrived)
    assert (by_told.state, by_arrived.state) == (ReviewState.DEEMED_ACCEPTED, ReviewState.ANSWERED)
    only_told = NoticeTimes(told=at("2026-11-19T09:00"))
    assert review_clock(day("2026-11-18"), calendar, notice=only_told, readings=arrived).state is ReviewState.ANSWERED


def test_a_notice_that_is_issued_but_not_told_stops_nothing(calendar):
    notice = NoticeTimes(issued=at("2026-11-18T16:00"), arrived=at("2026-11-18T16:01"))
    clock = review_clock(day("2026-11-18"), calendar, notice=notice, now=at("2026-11-20T18:00"))
    assert clock.state is ReviewState.DEEMED_ACCEPTED


def test_close_of_business_is_configurable(calendar):
    late_hall = Readings(close_of_business=time(18, 0))
    assert in_time(at("2026-11-20T17:45"), day("2026-11-20"), late_hall)
    assert not in_time(at("2026-11-20T17:45"), day("2026-11-20"))


def test_the_deemed_acceptance_paper_waits_for_contact_with_the_counter(calendar):
    due = day("2026-11-20")
    assert not deemed_paper_may_issue(due, at("2026-11-20T17:29"))
    assert deemed_paper_may_issue(due, at("2026-11-20T17:31"))


def test_a_department_that_first_saw_the_case_too_late_is_not_charged():
    due = day("2026-11-20")
    assert charged_for_silence(None, due) is Charged.WINDOW_OR_OUTAGE
    assert charged_for_silence(at("2026-11-21T08:00"), due) is Charged.WINDOW_OR_OUTAGE
    assert charged_for_silence(at("2026-11-20T17:00"), due) is Charged.DEPARTMENT


# --- promised limit -------------------------------------------------------------------------------------------------

PROMISED_VECTORS = [
    ("2026-11-02", 20, [], "2026-11-30"),
    ("2026-11-02", 20, [("2026-11-10", "2026-11-17")], "2026-12-07"),
    ("2026-11-02", 20, [("2026-11-10", "2026-11-10")], "2026-11-30"),
    ("2026-09-21", 7, [("2026-09-23", "2026-10-09")], "2026-10-15"),
    ("2026-05-06", 10, [("2026-05-08", "2026-05-11"), ("2026-05-13", "2026-05-20")], "2026-05-28"),
    ("2026-04-28", 5, [("2026-04-30", "2026-05-06")], "2026-05-09"),
    ("2026-11-18", 7, [], "2026-11-27"),
]


@pytest.mark.parametrize(("accepted", "days", "pauses", "due"), PROMISED_VECTORS)
def test_the_promised_limit_ends_on_the_day_of_the_vector(calendar, accepted, days, pauses, due):
    held = [pause(*each) for each in pauses]
    assert limit_due(day(accepted), Limit(days), calendar, held) == day(due)
    assert limit_due(day(accepted), Limit(days), calendar, reversed(held)) == day(due)
    assert limit_due(at(f"{accepted}T17:29"), Limit(days), calendar, held) == day(due)


def test_six_days_are_used_when_the_notice_is_issued_and_still_six_on_resuming(calendar):
    held = [pause("2026-11-10", "2026-11-17")]
    for until in ("2026-11-10", "2026-11-12", "2026-11-17"):
        assert used_days(day("2026-11-02"), day(until), calendar, pauses=held) == 6
    assert used_days(day("2026-11-02"), day("2026-11-18"), calendar, pauses=held) == 7


@pytest.mark.parametrize(("accepted", "days", "pauses", "due"), PROMISED_VECTORS)
def test_on_the_due_day_nothing_remains_and_the_day_before_something_does(calendar, accepted, days, pauses, due):
    held = [pause(*each) for each in pauses]
    on_due = limit_clock(day(accepted), Limit(days), calendar, now=day(due), pauses=held)
    assert (on_due.used, on_due.remaining, on_due.overdue) == (days, 0, False)
    before = limit_clock(day(accepted), Limit(days), calendar, now=day(due) - timedelta(1), pauses=held)
    assert before.remaining == 1


def test_an_open_pause_leaves_the_due_day_unknown_and_the_rest_standing(calendar):
    clock = limit_clock(day("2026-11-02"), Limit(20), calendar, now=day("2026-12-25"), pauses=[pause("2026-11-10")])
    assert clock.due is None
    assert (clock.used, clock.remaining) == (6, 14)
    assert clock.paused
    assert not clock.overdue
    assert clock.light is Light.PAUSED


def test_an_open_pause_needs_no_calendar_beyond_its_notice(calendar):
    assert limit_due(day("2026-12-28"), Limit(20), calendar, [pause("2026-12-30")]) is None


def test_a_pause_after_the_limit_ran_out_never_heals_the_breach(calendar):
    open_pause = [pause("2026-12-02")]
    assert limit_due(day("2026-11-02"), Limit(20), calendar, open_pause) == day("2026-11-30")
    clock = limit_clock(day("2026-11-02"), Limit(20), calendar, now=at("2026-12-07T09:00"), pauses=open_pause)
    assert clock.overdue
    assert clock.light is Light.RED


def test_a_notice_on_the_due_day_itself_no_longer_moves_it(calendar):
    assert limit_due(day("2026-11-02"), Limit(20), calendar, [pause("2026-11-30")]) == day("2026-11-30")


def test_remaining_days_go_negative_once_overdue(calendar):
    clock = limit_clock(day("2026-11-02"), Limit(20), calendar, now=at("2026-12-02T10:00"))
    assert (clock.used, clock.remaining, clock.overdue) == (22, -2, True)


def test_on_the_due_day_the_close_of_business_decides(calendar):
    on_time = limit_clock(day("2026-11-02"), Limit(20), calendar, now=at("2026-11-30T17:30"))
    late = limit_clock(day("2026-11-02"), Limit(20), calendar, now=at("2026-11-30T17:31"))
    assert (on_time.overdue, late.overdue) == (False, True)


def test_the_clock_stops_when_the_decision_arrives_at_the_window(calendar):
    kept = limit_clock(
        day("2026-11-02"), Limit(20), calendar, now=at("2026-12-20T10:00"), arrived=at("2026-11-25T10:00")
    )
    assert (kept.used, kept.overdue, kept.ended, kept.light) == (17, False, True, Light.DONE)
    broken = limit_clock(day("2026-11-02"), Limit(20), calendar, now=at("2026-12-20T10:00"), arrived=day("2026-12-01"))
    assert broken.overdue
    assert broken.light is Light.RED


def test_the_light_turns_yellow_in_the_last_quarter_or_on_the_last_day(calendar):
    def light(now: str, days: int) -> Light:
        return limit_clock(day("2026-11-02"), Limit(days), calendar, now=day(now)).light

    assert light("2026-11-20", 20) is Light.NORMAL
    assert light("2026-11-23", 20) is Light.YELLOW
    assert light("2026-11-03", 3) is Light.NORMAL
    assert light("2026-11-04", 3) is Light.YELLOW


def test_before_acceptance_nothing_is_used(calendar):
    assert used_days(day("2026-11-02"), day("2026-10-01"), calendar) == 0
    assert used_days(day("2026-11-02"), day("2026-11-02"), calendar) == 0


def test_overlapping_nested_and_touching_pauses_count_as_their_union():
    union = union_of_pauses(
        [
            pause("2026-11-12", "2026-11-20"),
            pause("2026-11-10", "2026-11-17"),
            pause("2026-11-11", "2026-11-12"),
            pause("2026-11-20", "2026-11-23"),
            pause("2026-12-01", "2026-12-01"),
        ]
    )
    assert union == ((day("2026-11-10"), day("2026-11-23")),)


def test_an_open_pause_swallows_every_later_one():
    union = union_of_pauses([pause("2026-11-10"), pause("2026-11-12", "2026-11-20"), pause("2026-11-01", "2026-11-03")])
    assert union == ((day("2026-11-01"), day("2026-11-03")), (day("2026-11-10"), None))
    assert union_of_pauses([pause("2026-11-10", "2026-11-12"), pause("2026-11-11")]) == ((day("2026-11-10"), None),)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInputError) as raised:
        pause("2026-11-17", "2026-11-10")
    assert raised.value.code == "pause_backwards"
    assert raised.value.exit_code == 4


def test_calendar_days_count_through_weekends_and_end_on_a_working_day(calendar):
    thirty = Limit(30, Unit.CALENDAR)
    assert limit_due(day("2026-11-02"), thirty, calendar) == day("2026-12-02")
    assert limit_due(day("2026-09-01"), thirty, calendar) == day("2026-10-08")
    assert limit_due(day("2026-11-02"), Limit(5, Unit.CALENDAR), calendar) == day("2026-11-09")
    assert limit_due(day("2026-11-02"), thirty, calendar, [pause("2026-11-10", "2026-11-17")]) == day("2026-12-09")
    used = used_days(
        day("2026-11-02"),
        day("2026-11-20"),
        calendar,
        unit=Unit.CALENDAR,
        pauses=[pause("2026-11-10", "2026-11-17")],
    )
    assert used == 11


def test_a_calendar_limit_ending_on_a_day_off_is_not_overdue_on_the_day_that_follows_it(calendar):
    clock = limit_clock(day("2026-11-02"), Limit(5, Unit.CALENDAR), calendar, now=at("2026-11-09T12:00"))
    assert (clock.remaining, clock.overdue) == (-2, False)


def test_a_limit_of_zero_days_ends_at_once_but_never_on_a_day_off(calendar):
    assert limit_due(day("2026-11-02"), Limit(0), calendar) == day("2026-11-02")
    assert limit_due(day("2026-11-01"), Limit(0), calendar) == day("2026-11-02")
    assert Limit(0).words() == "即时"


def test_a_limit_says_its_unit():
    assert Limit(7).words() == "7个工作日"
    assert Limit(60, Unit.CALENDAR).words() == "60日（自然日）"
    with pytest.raises(BadInputError) as raised:
        Limit(-1)
    assert raised.value.code == "limit_negative"


@pytest.mark.parametrize(
    ("accepted", "days", "pauses"),
    [
        ("2026-12-25", 7, []),
        ("2026-11-02", 200, []),
        ("2026-11-02", 20, [("2026-11-10", "2027-01-10")]),
        ("2024-11-02", 2, []),
        ("9999-12-31", 1, []),
        ("2026-11-02", 20, [("2026-11-10", "9999-12-31")]),
    ],
)
def test_a_limit_that_touches_an_unannounced_year_is_never_guessed(calendar, accepted, days, pauses):
    with pytest.raises(CalendarYearMissing):
        limit_due(day(accepted), Limit(days), calendar, [pause(*each) for each in pauses])


def test_used_days_of_an_unannounced_year_are_never_guessed(calendar):
    with pytest.raises(CalendarYearMissing):
        used_days(day("2026-12-25"), day("2027-01-04"), calendar)


def test_only_special_procedures_pause_the_statutory_limit_unless_switched():
    both = (pause("2026-11-10", "2026-11-17"), pause("2026-11-20", "2026-11-23", PauseKind.SPECIAL))
    assert statutory_pauses(both) == both[1:]
    assert statutory_pauses(both, Readings(supplement_pauses_statutory_limit=True)) == both


def test_a_dependent_matter_counts_from_its_last_prerequisite_only_if_the_guide_says_so():
    accepted, first, last = day("2026-11-02"), day("2026-11-06"), day("2026-11-11")
    assert promised_start(accepted, [first, None], from_last_prerequisite=False) == accepted
    assert promised_start(accepted, [first, last], from_last_prerequisite=True) == last
    assert promised_start(accepted, [first, None], from_last_prerequisite=True) is None
    assert promised_start(accepted, [day("2026-10-01")], from_last_prerequisite=True) == accepted
    assert promised_start(accepted, [], from_last_prerequisite=True) == accepted


def test_a_special_procedure_pauses_only_when_approved_and_told_in_writing():
    approved, told, ended = day("2026-11-10"), day("2026-11-12"), day("2026-11-20")
    assert SpecialProcedure(approved=approved, told=None).pause() is None
    assert SpecialProcedure(approved=None, told=told).pause() is None
    assert SpecialProcedure(approved=approved, told=told).pause() == Pause(told, None, PauseKind.SPECIAL)
    assert SpecialProcedure(approved=approved, told=told, ended=ended).pause() == Pause(told, ended, PauseKind.SPECIAL)
    assert SpecialProcedure(approved=approved, told=told, ended=day("2026-11-11")).pause() is None


# --- supplement, stage, delivery ------------------------------------------------------------------------------------


def test_a_complete_supplement_is_verified_on_the_hand_in_day(calendar):
    clock = supplement_clock(at("2026-11-17T10:00"), calendar, now=at("2026-11-17T17:30"))
    assert (clock.verify_by, clock.late, clock.accepted_from) == (day("2026-11-17"), False, None)
    assert supplement_clock(at("2026-11-17T10:00"), calendar, now=at("2026-11-17T17:31")).late


def test_a_supplement_left_unanswered_for_two_days_counts_from_the_hand_in_day(calendar):
    assert supplement_clock(day("2026-11-17"), calendar, now=at("2026-11-19T17:30")).accepted_from is None
    clock = supplement_clock(day("2026-11-17"), calendar, now=at("2026-11-19T17:31"))
    assert (clock.due, clock.accepted_from) == (day("2026-11-19"), day("2026-11-17"))
    waits = Readings(unverified_supplement=UnverifiedSupplement.WAITS)
    switched = supplement_clock(day("2026-11-17"), calendar, now=at("2026-12-01T09:00"), readings=waits)
    assert switched.accepted_from is None
    assert switched.late


def test_an_answer_to_a_supplement_in_time_stands_however_late_one_looks(calendar):
    clock = supplement_clock(day("2026-11-17"), calendar, answered=at("2026-11-19T09:00"), now=at("2026-12-01T09:00"))
    assert clock.accepted_from is None
    assert clock.late


def test_a_supplement_handed_in_on_a_day_off_is_verified_on_the_next_working_day(calendar):
    assert supplement_clock(day("2026-11-21"), calendar).verify_by == day("2026-11-23")


def test_the_stage_limit_counts_from_the_first_acceptance_and_only_the_lead_moves_it(calendar):
    accepted = [day("2026-11-05"), day("2026-11-02")]
    assert stage_due(accepted, 15, calendar) == day("2026-11-23")
    assert stage_due(accepted, 15, calendar, [3, 2]) == day("2026-11-30")
    assert stage_due([], 15, calendar) is None


def test_the_licence_is_ready_ten_working_days_after_the_decision(calendar):
    assert delivery_due(day("2026-09-29"), calendar) == day("2026-10-19")
    assert delivery_due(at("2026-09-29T23:00"), calendar) == day("2026-10-19")


def test_a_licence_status_is_fresh_within_the_same_half_day():
    assert status_is_fresh(at("2026-11-18T08:30"), at("2026-11-18T11:59"))
    assert not status_is_fresh(at("2026-11-18T11:59"), at("2026-11-18T12:00"))
    assert status_is_fresh(at("2026-11-18T12:00"), at("2026-11-18T17:00"))
    assert not status_is_fresh(at("2026-11-17T13:00"), at("2026-11-18T13:00"))
    assert not status_is_fresh(at("2026-11-18T09:01"), at("2026-11-18T09:00"))
    two_hours = Readings(status_max_age=timedelta(hours=2))
    assert status_is_fresh(at("2026-11-18T11:00"), at("2026-11-18T13:00"), two_hours)
    assert not status_is_fresh(at("2026-11-18T09:00"), at("2026-11-18T11:00:01"), two_hours)


def test_a_clock_that_drifts_warns_first_and_then_needs_the_lead():
    central = at("2026-11-18T09:00:00")
    assert drift_warning(at("2026-11-18T09:01:00"), central) == (timedelta(seconds=60), False, False)
    assert drift_warning(at("2026-11-18T08:58:59"), central) == (timedelta(seconds=61), True, False)
    assert drift_warning(at("2026-11-18T09:10:01"), central) == (timedelta(seconds=601), True, True)
