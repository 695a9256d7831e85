"""补正: one complete list, hand-ins with a slip each, the clock paused until whole and verified (Art. 7, 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.clocks import ClockKind, ClockRow
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.material import MaterialLine, Verdict
from ebp_desktop.domain.states import MatterState, Opinion
from ebp_desktop.services.supplement import blank_line
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    PERMIT,
    WASTE,
    Counter,
    codes_of,
    received,
    text_of,
)


def handed(counter: Counter, notice: f.NoticeIssued, material: str, **more: object) -> MaterialLine:
    """A paper of the list, looked at and scanned."""
    with counter.store.read() as tx:
        case_id = tx.cases.find_number(notice.document_no)
    assert case_id is not None
    item = next(item for item in notice.items if item.material == material)
    line = blank_line(counter.case(case_id), item)
    given = replace(line, received=received(1), verdict=Verdict.QUALIFIED, pages=(counter.page(case_id),))
    return replace(given, **more)  # type: ignore[arg-type]


def promised(counter: Counter, code: str) -> ClockRow:
    clocks = counter.queries.open_case(CLERK, code).clocks
    return next(row for row in clocks if row.kind is ClockKind.PROMISED)


def refusal(counter: Counter, notices: tuple[str, ...], lines: tuple[MaterialLine, ...]) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        counter.supplements.hand_in(CLERK, notices, lines)
    return caught.value


@pytest.fixture
def asked(counter: Counter) -> f.NoticeIssued:
    """The permit is accepted on Monday; two days later two papers are asked for."""
    case = counter.registered((PERMIT,)).case
    counter.accepted(case, PERMIT)
    counter.at(4)
    return counter.asked(counter.case(case.id), PERMIT, ("M312", "M314"))


class TestARound:
    def test_shows_what_is_owed(self, counter: Counter, asked: f.NoticeIssued) -> None:
        (owed,) = counter.supplements.owed()
        assert [line.item.material for line in owed.missing] == ["M312", "M314"]
        assert owed.notice.issued.submit_by == date(2026, 3, 20)

    def test_a_part_gets_its_slip_and_the_clock_stays_paused(self, counter: Counter, asked: f.NoticeIssued) -> None:
        counter.at(9)
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), (handed(counter, asked, "M312"),))
        assert done.complete == ()
        assert [item.material for item in done.missing] == ["M314"]
        words = text_of(done.receipt.pdf)
        assert asked.document_no in words
        assert "尚有1项未提交齐全" in words
        assert codes_of(done.receipt.pdf) == [done.receipt.token]
        assert done.case.matter(PERMIT).state is MatterState.SUPPLEMENT_OPEN
        assert promised(counter, done.case.registered.registration_no).light is Light.PAUSED

    def test_the_rest_makes_it_whole_with_a_slip_of_its_own(self, counter: Counter, asked: f.NoticeIssued) -> None:
        first = counter.supplements.hand_in(CLERK, (asked.document_no,), (handed(counter, asked, "M312"),))
        counter.later(days=1)
        second = counter.supplements.hand_in(CLERK, (asked.document_no,), (handed(counter, asked, "M314"),))
        assert second.complete == (PERMIT,)
        assert second.missing == ()
        assert (first.receipt.number[-3:], second.receipt.number[-3:]) == ("B01", "B02")
        assert second.case.matter(PERMIT).state is MatterState.SUPPLEMENT_DONE
        assert counter.supplements.owed() == ()

    def test_the_clock_goes_on_when_the_department_has_verified(self, counter: Counter, asked: f.NoticeIssued) -> None:
        lines = (handed(counter, asked, "M312"), handed(counter, asked, "M314"))
        counter.at(9)
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), lines)
        code = done.case.registered.registration_no
        assert promised(counter, code).light is Light.PAUSED
        counter.at(9, 16)
        after = counter.opinion(done.case, PERMIT, Opinion.VERIFY)
        row = promised(counter, code)
        assert after.matter(PERMIT).state is MatterState.IN_REVIEW
        assert (row.used, row.remaining, row.due) == (2, 1, date(2026, 3, 10))
        assert [(s.since, s.until) for s in after.matter(PERMIT).suspensions] == [(date(2026, 3, 4), date(2026, 3, 9))]

    def test_what_the_department_finds_incomplete_is_owed_anew(self, counter: Counter, asked: f.NoticeIssued) -> None:
        lines = (handed(counter, asked, "M312"), handed(counter, asked, "M314"))
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), lines)
        counter.later(hours=2)
        again = f.SupplementItem(material="M314", name="措施", problem="缺危大工程清单", demand="补齐")
        counter.opinion(done.case, PERMIT, Opinion.VERIFY, complete=False, items=(again,))
        (owed,) = counter.supplements.owed()
        assert [line.item for line in owed.missing] == [again]
        counter.later(hours=1)
        second = counter.supplements.hand_in(CLERK, (asked.document_no,), (handed(counter, asked, "M314"),))
        assert second.complete == (PERMIT,)

    def test_a_late_hand_in_is_taken_as_well(self, counter: Counter, asked: f.NoticeIssued) -> None:
        counter.at(25)
        clocks = counter.queries.open_case(CLERK, asked.document_no).clocks
        (row,) = [row for row in clocks if row.kind is ClockKind.SUPPLEMENT]
        assert (row.light, row.remaining, "不自动产生后果" in row.consequence) == (Light.RED, -5, True)
        lines = (handed(counter, asked, "M312"), handed(counter, asked, "M314"))
        assert counter.supplements.hand_in(CLERK, (asked.document_no,), lines).complete == (PERMIT,)

    def test_the_earlier_pages_stay_as_evidence(self, counter: Counter, asked: f.NoticeIssued) -> None:
        line = handed(counter, asked, "M312")
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), (line,))
        merged = done.case.line("M312")
        assert merged is not None
        assert merged.pages[-1:] == line.pages
        assert len(merged.pages) == 2

    def test_before_acceptance_the_promised_limit_begins_whole(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        notice = counter.asked(case, PERMIT, ("M312",))
        assert counter.case(case.id).matter(PERMIT).suspensions == ()
        counter.at(6)
        done = counter.supplements.hand_in(CLERK, (notice.document_no,), (handed(counter, notice, "M312"),))
        after = counter.opinion(done.case, PERMIT, Opinion.VERIFY)
        assert (after.matter(PERMIT).state, after.matter(PERMIT).accepted_on) == (
            MatterState.ACCEPTED,
            date(2026, 3, 6),
        )
        assert promised(counter, case.registered.registration_no).due == date(2026, 3, 11)

    def test_a_complete_one_left_unverified_is_seen(self, counter: Counter, asked: f.NoticeIssued) -> None:
        lines = (handed(counter, asked, "M312"), handed(counter, asked, "M314"))
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), lines)
        counter.at(9)
        clocks = counter.queries.open_case(CLERK, done.case.registered.registration_no).clocks
        (row,) = [row for row in clocks if row.kind is ClockKind.VERIFY]
        assert (row.light, row.words) == (Light.RED, "部门逾期未核对，按交件日受理")


class TestWhatIsRefused:
    def test_a_paper_that_no_notice_asked_for(self, counter: Counter, asked: f.NoticeIssued) -> None:
        stray = replace(handed(counter, asked, "M312"), material="M311", name="施工合同")
        found = refusal(counter, (asked.document_no,), (stray,))
        assert [(each.line, each.article) for each in found.missing] == [("M311", "第七条")]
        assert "supplement.registered" not in counter.waiting_kinds()

    def test_every_obstacle_at_once(self, counter: Counter, asked: f.NoticeIssued) -> None:
        lines = (
            replace(handed(counter, asked, "M312"), verdict=Verdict.NONE),
            replace(handed(counter, asked, "M314"), pages=()),
        )
        found = refusal(counter, (asked.document_no,), lines)
        assert [(each.line, each.what[-3:]) for each in found.missing] == [("M312", "未核对"), ("M314", "未扫描")]

    def test_a_page_that_is_not_here(self, counter: Counter, asked: f.NoticeIssued) -> None:
        line = replace(handed(counter, asked, "M312"), pages=(counter.page(),))
        assert "不在本机" in refusal(counter, (asked.document_no,), (line,)).missing[0].what

    def test_an_empty_hand_in_and_no_notice(self, counter: Counter, asked: f.NoticeIssued) -> None:
        assert refusal(counter, (asked.document_no,), ()).missing[0].line == "材料"
        with pytest.raises(BadInputError) as caught:
            counter.supplements.hand_in(CLERK, (), ())
        assert caught.value.code == "notice_missing"

    def test_a_round_that_is_over(self, counter: Counter, asked: f.NoticeIssued) -> None:
        line = handed(counter, asked, "M312")
        lines = (line, handed(counter, asked, "M314"))
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), lines)
        counter.later(hours=1)
        counter.opinion(done.case, PERMIT, Opinion.VERIFY)
        found = refusal(counter, (asked.document_no,), (line,))
        assert found.missing[0].line == asked.document_no

    def test_notices_of_two_cases_in_one_hand_in(self, counter: Counter, asked: f.NoticeIssued) -> None:
        other = counter.asked(counter.registered((PERMIT,)).case, PERMIT, ("M312",))
        with pytest.raises(BadInputError) as caught:
            counter.supplements.hand_in(
                CLERK, (asked.document_no, other.document_no), (handed(counter, asked, "M312"),)
            )
        assert caught.value.code == "several_cases"

    def test_a_person_who_may_not(self, counter: Counter, asked: f.NoticeIssued) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.supplements.hand_in(AUDITOR, (asked.document_no,), (handed(counter, asked, "M312"),))
        assert caught.value.code == "not_allowed"


class TestSeveralNotices:
    def test_one_hand_in_serves_two_departments_each_with_its_own_clock(self, counter: Counter) -> None:
        case = counter.registered((PERMIT, WASTE)).case
        permit = counter.asked(case, PERMIT, ("M301", "M312"))
        waste = counter.asked(counter.case(case.id), WASTE, ("M301",))
        lines = (handed(counter, permit, "M301"),)
        done = counter.supplements.hand_in(CLERK, (permit.document_no, waste.document_no), lines)
        assert done.complete == (WASTE,)
        assert done.case.matter(WASTE).state is MatterState.SUPPLEMENT_DONE
        assert done.case.matter(PERMIT).state is MatterState.SUPPLEMENT_OPEN
        assert [item.material for item in done.missing] == ["M312"]
        words = text_of(done.receipt.pdf)
        assert permit.document_no in words
        assert waste.document_no in words

    def test_a_second_round_is_owed_under_its_own_notice(self, counter: Counter, asked: f.NoticeIssued) -> None:
        lines = (handed(counter, asked, "M312"), handed(counter, asked, "M314"))
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), lines)
        counter.later(hours=1)
        after = counter.opinion(done.case, PERMIT, Opinion.VERIFY)
        counter.at(10)
        second = counter.asked(after, PERMIT, ("M314",))
        (owed,) = counter.supplements.owed()
        assert owed.notice.issued.document_no == second.document_no
        assert [line.item.material for line in owed.missing] == ["M314"]
        assert "第2次" in text_of(counter.notices.paper(CLERK, second.document_no).pdf) or owed.notice.told is None
        case = counter.case(done.case.id)
        assert [(s.since.day, s.until and s.until.day) for s in case.matter(PERMIT).suspensions] == [(4, 4), (10, None)]

    def test_the_audit_names_each_hand_in(self, counter: Counter, asked: f.NoticeIssued) -> None:
        done = counter.supplements.hand_in(CLERK, (asked.document_no,), (handed(counter, asked, "M312"),))
        record = counter.audit(done.case.id)[0]
        assert (record.act, record.actor, record.detail) == ("supplement.registered", "zhang", done.receipt.number)
