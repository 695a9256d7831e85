"""Results at the window: custody, scans, closing, the notification log (Art. 18–22); and what the screens read."""

from __future__ import annotations

from datetime import date

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.clocks import ClockKind
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.states import MatterState, Opinion
from ebp_desktop.services.handover import Collection
from ebp_desktop.services.queries import ready_count, summary_line
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    COLLECTOR_ID,
    DRAWINGS,
    LEAD,
    PERMIT,
    WASTE,
    Counter,
    signed,
)


@pytest.fixture
def decided(counter: Counter) -> str:
    """An approved permit whose paper has arrived at nobody's window and without a scan."""
    case = counter.registered((PERMIT,)).case
    counter.accepted(case, PERMIT)
    case = counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
    counter.licence(case, PERMIT, scanned=False, number="150302202603020101")
    return case.registered.registration_no


class TestCustody:
    def test_begins_at_the_department_and_comes_here_copy_by_copy(self, counter: Counter, decided: str) -> None:
        assert {(row.copy_no, row.kind, row.holder) for row in counter.results.custody()} == {
            (1, "正本", "乌海市住房和城乡建设局"),
            (2, "副本", "乌海市住房和城乡建设局"),
        }
        counter.results.receive(CLERK, decided, "150302202603020101", "证照柜A-3", "J-001")
        assert {(row.holder, row.place) for row in counter.results.custody()} == {("003", "证照柜A-3")}
        assert counter.waiting_kinds().count("custody.moved") == 2

    def test_nothing_is_received_twice(self, counter: Counter, decided: str) -> None:
        counter.results.receive(CLERK, decided, "150302202603020101", "A")
        with pytest.raises(RefusedError) as caught:
            counter.results.receive(CLERK, decided, "150302202603020101", "A")
        assert caught.value.code == "nothing_to_receive"

    def test_only_what_is_here_can_be_passed_on(self, counter: Counter, decided: str) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.results.pass_on(CLERK, decided, "150302202603020101", "005", "B", "J-2")
        assert caught.value.code == "not_in_custody"
        counter.results.receive(CLERK, decided, "150302202603020101", "A")
        counter.results.pass_on(CLERK, decided, "150302202603020101", "005", "B", "J-2")
        assert {row.holder for row in counter.results.custody()} == {"005"}

    def test_what_is_out_is_in_nobodys_custody(self, counter: Counter) -> None:
        ready = counter.ready()
        collection = Collection(
            qr=ready.notice.token, recipient="王建国", id_number=COLLECTOR_ID, phone="1", signature="签"
        )
        first = counter.handover.check(CLERK, ready.notice.token).copies[0]
        counter.handover.hand_over(CLERK, collection)
        assert counter.results.custody() == ()
        assert first.item not in {row.item for row in counter.results.custody()}

    def test_a_revoked_paper_is_still_counted_until_it_goes_back(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.central(
            ready.case.id,
            f.LicenceStatusChanged(
                licence=ready.licence.licence,
                status=f.LicenceStatus.REVOKED,
                reason="撤销",
                at=counter.clock.now(),
            ),
        )
        assert len(counter.results.custody()) == 2
        assert [row.todo for row in counter.results.rows()] == ["证照已废止，不得发放"]

    def test_an_unknown_licence_is_said(self, counter: Counter, decided: str) -> None:
        with pytest.raises(BadInputError) as caught:
            counter.results.receive(CLERK, decided, "x", "A")
        assert caught.value.code == "licence_unknown"

    def test_only_those_who_may(self, counter: Counter, decided: str) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.results.receive(AUDITOR, decided, "150302202603020101", "A")
        assert caught.value.code == "not_allowed"


class TestClosing:
    def test_a_paper_result_needs_its_scan_first(self, counter: Counter, decided: str) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.results.close(CLERK, f"{decided}/{PERMIT}")
        assert [(each.what, each.article) for each in caught.value.missing] == [("纸质证照没有扫描件", "第二十一条")]

    def test_our_own_scan_counts_once_the_department_confirmed_it(self, counter: Counter, decided: str) -> None:
        case = counter.queries.open_case(CLERK, decided).case
        counter.results.scan(CLERK, decided, "150302202603020101", (counter.page(case.id),))
        with pytest.raises(RefusedError):
            counter.results.close(CLERK, f"{decided}/{PERMIT}")
        counter.scan_confirmed(case, case.licences[0].issued)
        after = counter.results.close(CLERK, f"{decided}/{PERMIT}")
        assert after.matter(PERMIT).state is MatterState.APPROVED
        assert counter.acts(case.id)[-1] == "matter.closed"

    def test_an_empty_scan_is_none(self, counter: Counter, decided: str) -> None:
        with pytest.raises(BadInputError) as caught:
            counter.results.scan(CLERK, decided, "150302202603020101", ())
        assert caught.value.code == "scan_empty"

    def test_without_a_decision_nothing_closes(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        with pytest.raises(RefusedError) as caught:
            counter.results.close(CLERK, f"{case.registered.registration_no}/{PERMIT}")
        assert {each.what for each in caught.value.missing} == {"部门尚未作出准予决定", "审批结果尚未到达"}

    def test_a_denial_is_not_closed_as_an_approval(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        counter.accepted(case, PERMIT)
        counter.opinion(counter.case(case.id), PERMIT, Opinion.DENY)
        with pytest.raises(RefusedError):
            counter.results.close(CLERK, case.registered.registration_no, PERMIT)

    def test_twice_is_refused_and_an_unknown_matter_is_said(self, counter: Counter) -> None:
        ready = counter.ready()
        with pytest.raises(RefusedError) as caught:
            counter.results.close(CLERK, f"{ready.code}/{PERMIT}")
        assert "已经办结" in caught.value.missing[0].what
        with pytest.raises(BadInputError) as unknown:
            counter.results.close(CLERK, ready.code)
        assert unknown.value.code == "matter_unknown"


class TestWhatIsToDo:
    def test_each_licence_says_its_next_step(self, counter: Counter, decided: str) -> None:
        def todo() -> list[str]:
            return [row.todo for row in counter.results.rows()]

        assert todo() == ["待扫描纸质证照"]
        case = counter.queries.open_case(CLERK, decided).case
        counter.scan_confirmed(case, case.licences[0].issued)
        assert todo() == ["待办结"]
        counter.results.close(CLERK, f"{decided}/{PERMIT}")
        assert todo() == ["纸质证照不在本窗口"]
        counter.results.receive(CLERK, decided, "150302202603020101", "A")
        assert todo() == [""]
        assert [row.ready for row in counter.results.rows()] == [True]

    def test_a_closed_case_stays_in_sight_until_the_last_copy_is_out(self, counter: Counter) -> None:
        ready = counter.ready()
        assert not ready.case.is_open
        assert [row.here for row in counter.results.rows()] == [2]
        assert ready_count(ready.case) == 1


class TestNotifying:
    def test_every_attempt_is_kept_with_its_outcome(self, counter: Counter) -> None:
        ready = counter.ready()
        for reached, outcome in ((False, "无人接听"), (True, "本周五来取")):
            counter.later(minutes=10)
            counter.results.notify(
                CLERK, ready.code, (PERMIT,), f.Channel.CALL, "13847301234", reached=reached, outcome=outcome
            )
        log = counter.case(ready.case.id).notifications
        assert [(each.reached, each.outcome) for each in log] == [(False, "无人接听"), (True, "本周五来取")]

    def test_an_attempt_without_an_outcome_is_none(self, counter: Counter) -> None:
        ready = counter.ready()
        with pytest.raises(BadInputError) as caught:
            counter.results.notify(CLERK, ready.code, (PERMIT,), f.Channel.CALL, "1", reached=True, outcome=" ")
        assert caught.value.code == "outcome_missing"


class TestToday:
    def test_the_most_urgent_clock_is_on_top(self, counter: Counter) -> None:
        counter.registered((WASTE,))
        counter.at(3)
        counter.registered((WASTE,))
        counter.at(4, 16)
        found = counter.queries.today()
        assert [(danger.clock.due, danger.clock.light) for danger in found.dangers] == [
            (date(2026, 3, 4), Light.RED),
            (date(2026, 3, 5), Light.YELLOW),
        ]
        assert {danger.unsent for danger in found.dangers} == {True}
        assert {danger.clock.kind for danger in found.dangers} == {ClockKind.REVIEW}

    def test_the_tally_counts_today_closed_cases_included(self, counter: Counter) -> None:
        counter.registered((WASTE,))
        counter.at(3)
        done = counter.registered((DRAWINGS,)).case
        notice = counter.accepted(done, DRAWINGS)
        counter.notices.tell(CLERK, notice.document_no, signed())
        counter.central(done.id, f.WithdrawalRecorded(matters=(DRAWINGS,), at=counter.later(minutes=1)))
        found = counter.queries.today()
        assert (found.tally.registered, found.tally.told, found.tally.handed_over) == (1, 1, 0)
        assert found.tally.waiting_to_send == len(counter.waiting_kinds()) == 3
        assert (found.leased_left, found.leased_until) == (18, "12月31日")

    def test_nothing_is_invisible_that_waits(self, counter: Counter) -> None:
        counter.registered((WASTE,))
        (entry,) = counter.queries.outbox()
        assert entry.kind == "case.registered"
        assert counter.queries.parked() == ()
        assert counter.queries.today().last_contact is None
        counter.contact()
        assert counter.queries.today().last_contact == counter.clock.now()


class TestFinding:
    def test_by_any_number_and_any_two_characters(self, counter: Counter) -> None:
        case = counter.registered((WASTE,), national_code="2603-150302-04-01-123456").case
        notice = counter.accepted(case, WASTE)
        numbers = (
            case.registered.registration_no,
            case.project.number,
            case.project.number.replace("-", ""),
            "2603-150302-04-01-123456",
            notice.document_no,
            f"{case.registered.registration_no}/{WASTE}",
        )
        for number in numbers:
            assert counter.queries.open_case(CLERK, number).case.id == case.id, number
        for words in ("滨河", "置业", "bhjy", "陈志远", case.project.number):
            assert [row.case_id for row in counter.queries.find(words).rows] == [case.id], words
        assert counter.queries.find("不存在的").rows == ()

    def test_an_empty_text_lists_the_newest_page_by_page(self, counter: Counter) -> None:
        made = []
        for day in (2, 3, 4):
            counter.at(day)
            made.append(counter.registered((WASTE,)).case.id)
        first = counter.queries.find(" ", limit=2)
        second = counter.queries.find("", after=first.next_key, limit=2)
        assert [row.case_id for row in (*first.rows, *second.rows)] == made[::-1]
        assert second.next_key is None
        assert "滨河家园" in summary_line(first.rows[0])

    def test_every_look_at_a_case_is_in_the_audit(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        counter.queries.open_case(LEAD, case.registered.registration_no)
        record = counter.audit(case.id)[0]
        assert (record.act, record.actor, record.detail) == ("case.read", "li", "")

    def test_who_audits_reads_no_case(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        with pytest.raises(RefusedError):
            counter.queries.open_case(AUDITOR, case.registered.registration_no)
        assert counter.acts(case.id) == ["case.registered"]

    def test_a_case_file_marks_what_central_has_not_confirmed(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        found = counter.queries.open_case(CLERK, case.project.number)
        assert found.pending == {found.case.facts[0].id}
        assert [line.pending for line in found.history] == [True]
        assert [paper.kind for paper in found.documents] == ["slip"]
