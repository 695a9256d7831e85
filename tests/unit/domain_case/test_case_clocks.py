"""The clocks of a case as of a moment: which run, which pause, what they say, what a missing calendar leaves open."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA, CalendarYearMissing, WorkCalendar
from ebp_desktop.domain.case.clocks import ClockKind, ClockRow, case_clocks, next_clock, pauses_of, review_state
from ebp_desktop.domain.clocks import Light, Limit, PauseKind, ReviewState, Unit
from ebp_desktop.domain.readings import Readings, ReviewStopsAt
from ebp_desktop.domain.states import MatterState, Opinion
from tests.fixtures.case_facts import FIRST, SECOND, Ledger, registration, terms
from tests.fixtures.desk import calendar_2026

O = Opinion  # noqa: E741 - as in the steps of a case
EMPTY = WorkCalendar(())


def alone(**more: object) -> Ledger:
    """A case of one matter."""
    return Ledger(registered=registration(matters=(terms(FIRST, **more),)))


def clock(ledger: Ledger, kind: ClockKind, now: datetime | None = None, **more: object) -> ClockRow | None:
    rows = case_clocks(ledger.case(), calendar_2026(), now or ledger.now, **more)  # type: ignore[arg-type]
    return next((row for row in rows if row.kind is kind), None)


def must(row: ClockRow | None) -> ClockRow:
    assert row is not None
    return row


def march(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=CHINA)


class TestReview:
    @pytest.mark.parametrize(
        ("now", "light", "words"),
        [
            (march(2), Light.NORMAL, "余 2 个工作日"),
            (march(3), Light.YELLOW, "余 1 个工作日"),
            (march(4), Light.RED, "今天到期"),
            (march(4, 18), Light.RED, "逾期未告知，自3月2日起视为受理"),
            (march(5), Light.RED, "逾期未告知，自3月2日起视为受理"),
        ],
    )
    def test_counts_down_to_the_end_of_the_second_working_day(self, now: datetime, light: Light, words: str) -> None:
        row = must(clock(alone(), ClockKind.REVIEW, now))
        assert (row.due, row.light, row.words) == (date(2026, 3, 4), light, words)
        assert "视为受理" in row.consequence
        assert row.is_running

    def test_ends_when_the_applicant_is_told(self) -> None:
        ledger = alone()
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.notice()
        assert must(clock(ledger, ClockKind.REVIEW)).is_running
        ledger.told()
        row = must(clock(ledger, ClockKind.REVIEW))
        assert (row.light, row.words, row.ended_on) == (Light.DONE, "3月2日已告知", date(2026, 3, 2))

    def test_ends_on_arrival_where_the_hall_reads_it_so(self) -> None:
        ledger = alone()
        ledger.opinion(FIRST, O.ACCEPT)
        arrived = Readings(review_stops_at=ReviewStopsAt.ARRIVED)
        assert not must(clock(ledger, ClockKind.REVIEW, readings=arrived)).is_running
        assert review_state(ledger.case(), ledger.case().matter(FIRST), calendar_2026(), march(9), arrived) is (
            ReviewState.ANSWERED
        )

    def test_silence_is_seen_as_acceptance(self) -> None:
        ledger = alone()
        matter = ledger.case().matter(FIRST)
        assert review_state(ledger.case(), matter, calendar_2026(), march(3)) is ReviewState.RUNNING
        assert review_state(ledger.case(), matter, calendar_2026(), march(5)) is ReviewState.DEEMED_ACCEPTED

    def test_utilities_have_none(self) -> None:
        ledger = alone(deemed_acceptance=False)
        assert clock(ledger, ClockKind.REVIEW, march(20)) is None
        matter = ledger.case().matter(FIRST)
        assert review_state(ledger.case(), matter, calendar_2026(), march(20)) is ReviewState.RUNNING


class TestLimits:
    def accepted(self, **more: object) -> Ledger:
        ledger = alone(**more)
        ledger.opinion(FIRST, O.ACCEPT)
        return ledger

    def test_both_run_from_acceptance_and_warn_apart(self) -> None:
        ledger = self.accepted()
        promised, statutory = (must(clock(ledger, kind)) for kind in (ClockKind.PROMISED, ClockKind.STATUTORY))
        assert (promised.due, statutory.due) == (date(2026, 3, 9), date(2026, 3, 30))
        late = must(clock(ledger, ClockKind.PROMISED, march(11)))
        assert (late.light, late.words, late.remaining) == (Light.RED, "已超期 2 个工作日", -2)
        assert must(clock(ledger, ClockKind.STATUTORY, march(11))).light is Light.NORMAL

    def test_a_supplement_pauses_the_promise_and_not_the_statute(self) -> None:
        ledger = self.accepted()
        ledger.tick(days=1)
        ledger.opinion(FIRST, O.SUPPLEMENT)
        row = must(clock(ledger, ClockKind.PROMISED, march(20)))
        assert (row.light, row.due, row.words) == (Light.PAUSED, None, "暂停计时，余 4 个工作日")
        assert must(clock(ledger, ClockKind.STATUTORY, march(20))).pauses == ()
        assert [pause.kind for pause in pauses_of(ledger.case().matter(FIRST))] == [PauseKind.SUPPLEMENT]

    def test_a_special_procedure_pauses_both(self) -> None:
        ledger = self.accepted()
        ledger.opinion(FIRST, O.SPECIAL)
        for kind in (ClockKind.PROMISED, ClockKind.STATUTORY):
            assert must(clock(ledger, kind, march(12))).light is Light.PAUSED

    def test_an_extension_moves_the_promise(self) -> None:
        ledger = self.accepted()
        body = f.LimitExtended(matter=FIRST, days=5, reason="x", decided_by="y", at=ledger.tick())
        ledger.add(body)
        assert must(clock(ledger, ClockKind.PROMISED)).due == date(2026, 3, 16)
        assert must(clock(ledger, ClockKind.STATUTORY)).due == date(2026, 3, 30)

    @pytest.mark.parametrize(("days", "light", "late"), [(3, Light.DONE, False), (9, Light.RED, True)])
    def test_the_decision_ends_it_in_time_or_late(self, days: int, light: Light, late: bool) -> None:
        ledger = self.accepted()
        ledger.tick(days=days)
        ledger.opinion(FIRST, O.APPROVE)
        row = must(clock(ledger, ClockKind.PROMISED, march(25)))
        assert (row.light, row.words.endswith("超期")) == (light, late)

    def test_a_dependent_promise_waits_for_its_prerequisite_where_the_guide_says_so(self) -> None:
        waits = terms(FIRST, after=(SECOND,), counts_from_prerequisite=True)
        ledger = Ledger(registered=registration(matters=(waits, terms(SECOND))))
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.opinion(SECOND, O.ACCEPT)
        row = must(clock(ledger, ClockKind.PROMISED))
        assert (row.due, row.words) == (None, "未起算，待前置事项办结")
        ledger.tick(days=3)
        ledger.opinion(SECOND, O.APPROVE)
        assert must(clock(ledger, ClockKind.PROMISED)).due == date(2026, 3, 12)
        assert must(clock(ledger, ClockKind.STATUTORY)).start == date(2026, 3, 2)

    def test_a_withdrawn_prerequisite_keeps_nobody_waiting(self) -> None:
        waits = terms(FIRST, after=(SECOND,), counts_from_prerequisite=True)
        ledger = Ledger(registered=registration(matters=(waits, terms(SECOND))))
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.add(f.WithdrawalRecorded(matters=(SECOND,), at=ledger.tick()))
        assert must(clock(ledger, ClockKind.PROMISED)).due == date(2026, 3, 9)

    def test_natural_days_are_named_as_such(self) -> None:
        ledger = self.accepted(promised=Limit(30, Unit.CALENDAR))
        assert "余 30 日" in must(clock(ledger, ClockKind.PROMISED)).words


class TestSupplementAndDelivery:
    @pytest.mark.parametrize(
        ("now", "light"), [(march(10), Light.NORMAL), (march(18), Light.YELLOW), (march(21), Light.RED)]
    )
    def test_the_applicants_own_deadline_has_no_consequence_of_its_own(self, now: datetime, light: Light) -> None:
        ledger = alone()
        ledger.opinion(FIRST, O.SUPPLEMENT, due=date(2026, 3, 20))
        row = must(clock(ledger, ClockKind.SUPPLEMENT, now))
        assert (row.light, row.due) == (light, date(2026, 3, 20))
        assert "不自动产生后果" in row.consequence

    def test_delivery_runs_from_an_approval_and_never_from_a_denial(self) -> None:
        ledger = alone()
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.opinion(FIRST, O.DENY)
        assert clock(ledger, ClockKind.DELIVERY) is None
        ledger = alone()
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.opinion(FIRST, O.APPROVE)
        assert must(clock(ledger, ClockKind.DELIVERY)).due == date(2026, 3, 16)
        assert must(clock(ledger, ClockKind.DELIVERY, march(17))).light is Light.RED
        ledger.licence()
        ledger.add(f.MatterClosed(matter=FIRST, state=MatterState.APPROVED, at=ledger.tick()))
        assert must(clock(ledger, ClockKind.DELIVERY, march(17))).words == "已可领取"


class TestTheWholeCase:
    @pytest.mark.parametrize("end", [O.REFUSE, O.NOT_NEEDED])
    def test_a_matter_at_its_end_has_no_clock(self, end: Opinion) -> None:
        ledger = alone()
        ledger.opinion(FIRST, end)
        assert case_clocks(ledger.case(), calendar_2026(), ledger.now) == ()

    def test_the_next_clock_is_the_running_one_that_ends_first(self) -> None:
        ledger = Ledger()
        ledger.opinion(FIRST, O.ACCEPT)
        rows = case_clocks(ledger.case(), calendar_2026(), ledger.now)
        found = must(next_clock(rows))
        assert (found.kind, found.due) == (ClockKind.REVIEW, date(2026, 3, 4))
        assert next_clock(()) is None

    def test_a_year_without_its_calendar_gives_words_and_no_day(self) -> None:
        ledger = alone()
        ledger.opinion(FIRST, O.ACCEPT)
        rows = case_clocks(ledger.case(), EMPTY, ledger.now)
        assert {(row.due, row.missing_year) for row in rows} == {(None, 2026)}
        assert all("公布后告知" in row.words for row in rows)
        assert next_clock(rows) is None
        with pytest.raises(CalendarYearMissing):
            review_state(ledger.case(), ledger.case().matter(FIRST), EMPTY, ledger.now)

    @pytest.mark.parametrize("kind", ClockKind, ids=lambda kind: kind.value)
    def test_every_clock_has_its_name(self, kind: ClockKind) -> None:
        assert kind.label
