"""The case as its facts make it: states, conflicts, pauses, deemed acceptance, custody (Art. 7–10, 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, legal_order, licence_item, project_case
from ebp_desktop.domain.case.words import case_state_words, history
from ebp_desktop.domain.states import ALLOWED, FINAL, MatterState, Opinion, may_follow
from tests.fixtures.case_facts import (
    FIRST,
    LICENCE,
    NOTICE,
    RECEIVED,
    SECOND,
    Ledger,
    hour,
)

S = MatterState
O = Opinion  # noqa: E741 - as short as the table below needs it


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def state_after(ledger: Ledger) -> MatterState:
    return ledger.case().matter(FIRST).state


# How a case gets into each state, by what departments say and the window closes.
WAYS: dict[MatterState, tuple[object, ...]] = {
    S.RECEIVED: (),
    S.ACCEPTED: (O.ACCEPT,),
    S.NOT_NEEDED: (O.NOT_NEEDED,),
    S.REFUSED: (O.REFUSE,),
    S.SUPPLEMENT_OPEN: (O.SUPPLEMENT,),
    S.SUPPLEMENT_DONE: (O.SUPPLEMENT, "hand_in"),
    S.IN_REVIEW: (O.ACCEPT, O.SUPPLEMENT, O.VERIFY),
    S.SPECIAL_OPEN: (O.ACCEPT, O.SPECIAL),
    S.APPROVED: (O.ACCEPT, O.APPROVE, S.APPROVED),
    S.DENIED: (O.ACCEPT, O.DENY, S.DENIED),
    S.WITHDRAWN: ("withdraw",),
    S.RECALLED: (O.ACCEPT, O.APPROVE, S.APPROVED, S.RECALLED),
    S.REVOKED: (O.ACCEPT, O.APPROVE, S.APPROVED, S.REVOKED),
}


def walk(ledger: Ledger, steps: tuple[object, ...]) -> None:
    for step in steps:
        if step == "hand_in":
            ledger.hand_in(FIRST)
        elif step == "withdraw":
            ledger.add(f.WithdrawalRecorded(matters=(FIRST,), at=ledger.tick()))
        elif step in {S.RECALLED, S.REVOKED}:
            ledger.add(f.IssuerWithdrew(matter=FIRST, state=step, reason="依法", at=ledger.tick()))  # type: ignore[arg-type]
        elif isinstance(step, MatterState):
            ledger.add(f.MatterClosed(matter=FIRST, state=step, at=ledger.tick()))
        else:
            ledger.opinion(FIRST, step)  # type: ignore[arg-type]


class TestStates:
    @pytest.mark.parametrize("state", WAYS, ids=lambda state: state.name)
    def test_each_is_reached_and_leaves_its_time_in_the_status_log(self, ledger: Ledger, state: MatterState) -> None:
        walk(ledger, WAYS[state])
        case = ledger.case()
        matter = case.matter(FIRST)
        assert matter.state is state
        assert case.conflicts == ()
        assert matter.changes[-1].state is state
        assert matter.changes[0].state is S.RECEIVED
        assert [change.at for change in matter.changes] == sorted(change.at for change in matter.changes)
        assert matter.is_open is (state not in FINAL)
        assert (matter.closed_at is not None) is (state in FINAL)

    @pytest.mark.parametrize("state", WAYS, ids=lambda state: state.name)
    def test_one_matters_state_never_touches_another(self, ledger: Ledger, state: MatterState) -> None:
        walk(ledger, WAYS[state])
        assert ledger.case().matter(SECOND).state is S.RECEIVED

    @pytest.mark.parametrize("opinion", [O.ACCEPT, O.NOT_NEEDED, O.REFUSE, O.SUPPLEMENT, O.SPECIAL])
    @pytest.mark.parametrize("state", WAYS, ids=lambda state: state.name)
    def test_an_opinion_moves_it_only_where_the_regulation_lets_it(
        self, ledger: Ledger, state: MatterState, opinion: Opinion
    ) -> None:
        walk(ledger, WAYS[state])
        before = ledger.case()
        ledger.opinion(FIRST, opinion)
        after = ledger.case()
        target = {
            O.ACCEPT: S.ACCEPTED,
            O.NOT_NEEDED: S.NOT_NEEDED,
            O.REFUSE: S.REFUSED,
            O.SUPPLEMENT: S.SUPPLEMENT_OPEN,
            O.SPECIAL: S.SPECIAL_OPEN,
        }[opinion]
        if may_follow(state, target):
            assert after.matter(FIRST).state is target
            assert after.conflicts == ()
        else:
            assert after.matter(FIRST).state is state
            assert len(after.conflicts) == 1
            assert state.label in after.conflicts[0].words
            assert after.matter(FIRST).suspensions == before.matter(FIRST).suspensions

    @pytest.mark.parametrize("opinion", [O.APPROVE, O.DENY])
    @pytest.mark.parametrize("state", WAYS, ids=lambda state: state.name)
    def test_a_decision_is_made_in_review_and_once(self, ledger: Ledger, state: MatterState, opinion: Opinion) -> None:
        walk(ledger, WAYS[state])
        ledger.opinion(FIRST, opinion)
        after = ledger.case()
        if state in {S.ACCEPTED, S.IN_REVIEW}:
            assert after.matter(FIRST).decision is opinion
            ledger.opinion(FIRST, O.DENY if opinion is O.APPROVE else O.APPROVE)
            assert ledger.case().matter(FIRST).decision is opinion
            assert len(ledger.case().conflicts) == 1
        else:
            assert len(after.conflicts) == 1

    @pytest.mark.parametrize("state", WAYS, ids=lambda state: state.name)
    def test_only_a_supplement_can_be_verified(self, ledger: Ledger, state: MatterState) -> None:
        walk(ledger, WAYS[state])
        ledger.opinion(FIRST, O.VERIFY)
        waits = state in {S.SUPPLEMENT_OPEN, S.SUPPLEMENT_DONE}
        assert state_after(ledger) is (S.ACCEPTED if waits else state)
        assert bool(ledger.case().conflicts) is not waits

    @pytest.mark.parametrize(
        ("decision", "close"), [(None, S.APPROVED), (O.APPROVE, S.DENIED), (O.DENY, S.APPROVED), (None, S.DENIED)]
    )
    def test_the_window_never_chooses_an_outcome(
        self, ledger: Ledger, decision: Opinion | None, close: MatterState
    ) -> None:
        walk(ledger, (O.ACCEPT, O.SUPPLEMENT, O.VERIFY))
        if decision is not None:
            ledger.opinion(FIRST, decision)
        ledger.add(f.MatterClosed(matter=FIRST, state=close, at=ledger.tick()))
        assert state_after(ledger) is S.IN_REVIEW
        assert "不能办结" in ledger.case().conflicts[0].words

    def test_the_table_reaches_every_state_but_the_one_that_is_off(self) -> None:
        reachable = {S.RECEIVED}.union(*ALLOWED.values())
        assert set(S) - reachable == {S.APPROVED_CONDITIONALLY}
        assert {state for state, then in ALLOWED.items() if not then & set(S)} == set()
        assert not {S.WITHDRAWN, S.DENIED, S.REVOKED} & ALLOWED.keys()

    def test_revoking_takes_the_licence_with_it_at_once(self, ledger: Ledger) -> None:
        ledger.licence()
        walk(ledger, WAYS[S.REVOKED])
        (view,) = ledger.case().licences
        assert (view.status, view.status_reason) == (f.LicenceStatus.REVOKED, "依法")

    def test_an_issuer_cannot_revoke_what_was_never_approved(self, ledger: Ledger) -> None:
        ledger.licence()
        ledger.add(f.IssuerWithdrew(matter=FIRST, state=S.REVOKED, reason="x", at=ledger.tick()))
        case = ledger.case()
        assert case.licences[0].status is f.LicenceStatus.VALID
        assert len(case.conflicts) == 1

    @pytest.mark.parametrize(
        "body",
        [
            f.OpinionGiven(matter="9-99", opinion=O.ACCEPT, department="ZJ", reviewer="", at=hour(3)),
            f.MatterClosed(matter="9-99", state=S.APPROVED, at=hour(3)),
            f.WithdrawalRecorded(matters=("9-99",), at=hour(3)),
            f.DeemedAccepted(matter="9-99", accepted_on=date(2026, 3, 2), due_was=date(2026, 3, 4), at=hour(3)),
            f.NoticeTold(notice=UUID(int=9), channel=f.Channel.CALL, at=hour(3), recipient="x"),
            f.LicenceStatusChanged(licence=UUID(int=9), status=f.LicenceStatus.REVOKED, reason="", at=hour(3)),
        ],
        ids=lambda body: type(body).__name__,
    )
    def test_what_speaks_of_something_that_is_not_there_goes_to_the_lead(self, ledger: Ledger, body: f.Body) -> None:
        before = ledger.case()
        fact = ledger.add(body)
        after = ledger.case()
        assert [conflict.fact for conflict in after.conflicts] == [fact.id]
        assert after.matters == before.matters


class TestThePausesOfTheLimit:
    def test_a_notice_before_acceptance_pauses_nothing(self, ledger: Ledger) -> None:
        walk(ledger, (O.SUPPLEMENT, "hand_in", O.VERIFY))
        matter = ledger.case().matter(FIRST)
        assert matter.suspensions == ()
        assert matter.accepted_on == ledger.now.date()

    def test_a_supplement_in_review_pauses_from_its_issue_to_the_verification(self, ledger: Ledger) -> None:
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.tick(days=2)
        ledger.opinion(FIRST, O.SUPPLEMENT)
        ledger.tick(days=5)
        ledger.hand_in(FIRST)
        assert [(p.since.day, p.until) for p in ledger.case().matter(FIRST).suspensions] == [(4, None)]
        ledger.opinion(FIRST, O.VERIFY)
        (pause,) = ledger.case().matter(FIRST).suspensions
        assert (pause.since.day, pause.until and pause.until.day, pause.special) == (4, 9, False)

    def test_an_incomplete_one_stays_paused_and_asks_anew(self, ledger: Ledger) -> None:
        walk(ledger, (O.ACCEPT, O.SUPPLEMENT, "hand_in"))
        more = f.SupplementItem(material="M2", name="图纸", problem="缺页")
        ledger.opinion(FIRST, O.VERIFY, complete=False, items=(more,))
        matter = ledger.case().matter(FIRST)
        assert matter.state is S.SUPPLEMENT_OPEN
        assert matter.supplement_items == (more,)
        assert matter.complete_since is None
        assert matter.suspensions[-1].until is None

    def test_a_special_procedure_pauses_until_its_end(self, ledger: Ledger) -> None:
        walk(ledger, (O.ACCEPT, O.SPECIAL))
        ledger.tick(days=10)
        ledger.opinion(FIRST, O.SPECIAL_END)
        matter = ledger.case().matter(FIRST)
        assert matter.state is S.IN_REVIEW
        assert [change.state for change in matter.changes[-2:]] == [S.SPECIAL_DONE, S.IN_REVIEW]
        (pause,) = matter.suspensions
        assert pause.special
        assert pause.until == date(2026, 3, 12)

    def test_the_first_list_is_kept_for_the_second_notice(self, ledger: Ledger) -> None:
        first = f.SupplementItem(material="M1", name="申请表", problem="未盖章")
        second = f.SupplementItem(material="M1", name="申请表", problem="公章不清")
        ledger.opinion(FIRST, O.ACCEPT)
        ledger.opinion(FIRST, O.SUPPLEMENT, items=(first,))
        ledger.opinion(FIRST, O.VERIFY)
        ledger.opinion(FIRST, O.SUPPLEMENT, items=(second,))
        matter = ledger.case().matter(FIRST)
        assert (matter.first_items, matter.supplement_items) == ((first,), (second,))
        assert len(matter.suspensions) == 2

    def test_a_leads_extensions_add_up(self, ledger: Ledger) -> None:
        ledger.opinion(FIRST, O.ACCEPT)
        for days in (5, 3):
            ledger.add(f.LimitExtended(matter=FIRST, days=days, reason="复杂", decided_by="局长", at=ledger.tick()))
        assert ledger.case().matter(FIRST).extension_days == 8


class TestDeemedAcceptance:
    def deemed(self, ledger: Ledger) -> f.Fact:
        return ledger.add(
            f.DeemedAccepted(
                matter=FIRST, accepted_on=RECEIVED.date(), due_was=date(2026, 3, 4), at=ledger.tick(days=3)
            )
        )

    def test_dates_from_the_received_day(self, ledger: Ledger) -> None:
        self.deemed(ledger)
        matter = ledger.case().matter(FIRST)
        assert (matter.state, matter.accepted_on, matter.deemed) == (S.ACCEPTED, RECEIVED.date(), True)

    def test_dates_back_an_acceptance_that_was_told_too_late(self, ledger: Ledger) -> None:
        ledger.tick(days=2)
        ledger.opinion(FIRST, O.ACCEPT)
        assert ledger.case().matter(FIRST).accepted_on == date(2026, 3, 4)
        self.deemed(ledger)
        case = ledger.case()
        assert (case.matter(FIRST).accepted_on, case.conflicts) == (RECEIVED.date(), ())

    @pytest.mark.parametrize("late", [O.REFUSE, O.NOT_NEEDED])
    def test_after_it_nobody_refuses_to_accept(self, ledger: Ledger, late: Opinion) -> None:
        self.deemed(ledger)
        ledger.opinion(FIRST, late)
        case = ledger.case()
        assert case.matter(FIRST).state is S.ACCEPTED
        assert len(case.conflicts) == 1

    @pytest.mark.parametrize(("steps", "state"), [((O.SUPPLEMENT,), S.SUPPLEMENT_OPEN), ((O.DENY, S.DENIED), S.DENIED)])
    def test_after_it_a_supplement_in_review_or_a_denial_is_open(
        self, ledger: Ledger, steps: tuple[object, ...], state: MatterState
    ) -> None:
        self.deemed(ledger)
        walk(ledger, steps)
        case = ledger.case()
        assert (case.matter(FIRST).state, case.conflicts) == (state, ())

    @pytest.mark.parametrize("before", [S.SUPPLEMENT_OPEN, S.REFUSED, S.WITHDRAWN])
    def test_against_an_answer_in_time_it_is_a_conflict_for_the_lead(self, ledger: Ledger, before: MatterState) -> None:
        walk(ledger, WAYS[before])
        fact = self.deemed(ledger)
        case = ledger.case()
        assert case.matter(FIRST).state is before
        assert [conflict.fact for conflict in case.conflicts] == [fact.id]


class TestNotices:
    def test_wait_until_told_and_the_first_telling_counts(self, ledger: Ledger) -> None:
        ledger.notice()
        assert ledger.case().notices[0].is_to_tell
        first = ledger.told()
        ledger.told()
        view = ledger.case().notices[0]
        assert view.told == first.body
        assert ledger.case().matter(FIRST).told_at == first.legal_at

    def test_a_told_that_arrives_before_its_notice_or_by_a_slow_clock_is_kept(self, ledger: Ledger) -> None:
        ledger.tick(hours=5)
        notice = ledger.notice()
        early = ledger.told(at=notice.legal_at - timedelta(minutes=7))
        case = ledger.case()
        assert case.conflicts == ()
        assert case.notices[0].told == early.body
        assert legal_order(ledger.facts).index(early) > legal_order(ledger.facts).index(notice)

    def test_a_lost_one_is_void(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.lost()
        case = ledger.case()
        assert case.notices[0].void
        assert not case.notices[0].is_to_tell
        assert len(case.losses) == 1

    def test_the_acceptance_notice_is_the_matters_newest(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.notice(notice=UUID(int=71), kind=f.NoticeKind.APPROVAL)
        found = ledger.case().acceptance_notice(FIRST)
        assert found is not None
        assert found.issued.notice == NOTICE
        assert ledger.case().acceptance_notice(SECOND) is None


class TestLicencesAndCustody:
    def test_begin_at_the_issuer_with_originals_before_duplicates(self, ledger: Ledger) -> None:
        ledger.licence(originals=1, duplicates=2)
        (view,) = ledger.case().licences
        assert [(copy.copy_no, copy.kind, copy.holder) for copy in view.copies] == [
            (1, "正本", "市住建局"),
            (2, "副本", "市住建局"),
            (3, "副本", "市住建局"),
        ]

    def test_move_copy_by_copy(self, ledger: Ledger) -> None:
        ledger.licence()
        ledger.custody(2, "003", "柜A-3")
        (view,) = ledger.case().licences
        assert [(copy.holder, copy.place) for copy in view.copies] == [("市住建局", ""), ("003", "柜A-3")]

    def test_do_not_move_any_more_once_they_are_out(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence()
        ledger.out(1)
        ledger.custody(1, "005", "柜B")
        copy = ledger.case().licences[0].copies[0]
        assert (copy.holder, copy.handed_over is not None) == ("", True)

    @pytest.mark.parametrize(
        ("by_department", "confirmed", "counts"), [(True, False, True), (False, False, False), (False, True, True)]
    )
    def test_our_own_scan_counts_once_its_digest_is_confirmed(
        self, ledger: Ledger, by_department: bool, confirmed: bool, counts: bool
    ) -> None:
        ledger.licence()
        ledger.add(
            f.LicenceScanned(
                licence=LICENCE, pages=(), by_department=by_department, confirmed=confirmed, at=ledger.tick()
            )
        )
        assert ledger.case().licences[0].has_scan is counts

    def test_two_handovers_of_one_copy_are_one_handover_and_a_conflict(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence()
        first, second = ledger.out(1, recipient="王"), ledger.out(1, recipient="李")
        case = ledger.case()
        taken = case.licences[0].copies[0].handed_over
        assert taken is not None
        assert taken.recipient == "王"
        assert [conflict.fact for conflict in case.conflicts] == [second.id]
        assert first.id not in {conflict.fact for conflict in case.conflicts}

    def test_a_copy_that_does_not_exist_cannot_go_out(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence(originals=1, duplicates=0)
        ledger.out(5)
        assert "没有第 5 本" in ledger.case().conflicts[0].words

    def test_the_notice_is_used_with_the_last_copy_and_opened_by_a_later_result(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence()
        ledger.out(1)
        assert not ledger.case().notices[0].used
        ledger.out(2)
        assert ledger.case().notices[0].used
        ledger.licence(licence=UUID(int=51))
        assert not ledger.case().notices[0].used

    def test_revoking_what_was_left_uses_up_the_notice(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence()
        ledger.licence(licence=UUID(int=51), originals=1, duplicates=0)
        ledger.out(1)
        ledger.out(2)
        changed = f.LicenceStatusChanged(
            licence=UUID(int=51), status=f.LicenceStatus.REVOKED, reason="重复", at=ledger.tick()
        )
        ledger.add(changed)
        assert ledger.case().notices[0].used

    def test_an_electronic_result_keeps_its_first_delivery(self, ledger: Ledger) -> None:
        ledger.notice()
        ledger.licence(form=f.ResultForm.ELECTRONIC)
        first = ledger.out(0, recipient="王")
        ledger.out(0, recipient="李")
        (view,) = ledger.case().licences
        assert view.electronic_out == first.body
        assert ledger.case().conflicts == ()

    def test_a_kept_original_is_no_licence(self, ledger: Ledger) -> None:
        ledger.licence()
        before = ledger.case().licences
        ledger.add(
            f.CustodyMoved(
                item="M301", name="申请表", from_holder="003", to_holder="ZJ", place="", slip_no="J", at=ledger.tick()
            )
        )
        assert ledger.case().licences == before
        assert licence_item(LICENCE, 2) == f"{LICENCE}#2"


class TestPapers:
    def test_a_hand_in_lays_its_findings_over_the_line_and_keeps_the_old_pages(self, ledger: Ledger) -> None:
        walk(ledger, (O.SUPPLEMENT, "hand_in"))
        line = ledger.case().line("M1")
        assert line is not None
        assert [page.sha256 for page in line.pages] == ["old", "new"]

    def test_a_settled_scan_is_owed_no_more(self, ledger: Ledger) -> None:
        ledger.add(f.ScanSettled(material="M2", pages=(ledger.page("late"),), at=ledger.tick()))
        line = ledger.case().line("M2")
        assert line is not None
        assert line.scan_owed is None
        assert [page.sha256 for page in line.pages] == ["late"]

    def test_a_correction_changes_the_project_and_not_what_was_registered(self, ledger: Ledger) -> None:
        changes = (f.FieldChange(field="site", old="甲", new="乙"), f.FieldChange(field="form", old="1", new="2"))
        ledger.add(f.CorrectionMade(paper_no="G01", changes=changes, reason="笔误", at=ledger.tick()))
        case = ledger.case()
        assert (case.project.site, case.registered.project.site) == ("乙", "甲")

    def test_a_code_from_central_takes_the_place_of_the_temporary_number(self, ledger: Ledger) -> None:
        ledger.add(f.CodeAssigned(project_code="150302-2026-000009-1", instead_of="临", at=ledger.tick()))
        assert ledger.case().project.number == "150302-2026-000009-1"

    def test_everything_noted_is_kept(self, ledger: Ledger) -> None:
        ledger.add(f.CaseDelivered(departments=("ZJ",), at=ledger.tick()))
        ledger.add(f.PaperFlagged(matter=FIRST, material="M1", keep=True, at=ledger.tick()))
        ledger.add(
            f.ApplicantNotified(
                matters=(FIRST,), channel=f.Channel.CALL, address="1", reached=False, outcome="无人", at=ledger.tick()
            )
        )
        case = ledger.case()
        assert (case.delivered is not None, len(case.flags), len(case.notifications)) == (True, 1, 1)


class TestTheLedgerItself:
    def test_without_its_registration_there_is_no_case(self, ledger: Ledger) -> None:
        ledger.opinion(FIRST, O.ACCEPT)
        assert project_case(ledger.facts[1:]) is None
        assert project_case(()) is None

    def test_a_kind_from_a_newer_version_changes_nothing(self, ledger: Ledger) -> None:
        before = ledger.case()
        ledger.add(f.UnknownBody(kind="drone.flown", raw=b"{}"))
        after = ledger.case()
        assert replace(after, facts=before.facts) == before

    def test_a_purged_case_says_so(self, ledger: Ledger) -> None:
        ledger.add(f.CasePurged(at=ledger.tick()))
        case = ledger.case()
        assert case.purged
        assert case_state_words(case) == "已清除"


class TestWords:
    @pytest.mark.parametrize(
        ("steps", "words"),
        [
            ((), "待受理"),
            ((O.SUPPLEMENT,), "补正中"),
            ((O.SUPPLEMENT, "hand_in"), "补正待核对"),
        ],
    )
    def test_a_case_says_what_it_waits_for_first(self, ledger: Ledger, steps: tuple[object, ...], words: str) -> None:
        walk(ledger, steps)
        assert case_state_words(ledger.case()) == words

    def test_to_the_end(self, ledger: Ledger) -> None:
        def words() -> str:
            return case_state_words(ledger.case())

        ledger.opinion(SECOND, O.REFUSE)
        ledger.opinion(FIRST, O.ACCEPT)
        assert words() == "审批中"
        ledger.notice()
        ledger.licence()
        walk(ledger, (O.APPROVE, S.APPROVED))
        assert words() == "待领证"
        ledger.out(1)
        ledger.out(2)
        assert words() == "已办结"

    def test_all_withdrawn(self, ledger: Ledger) -> None:
        ledger.add(f.WithdrawalRecorded(matters=(FIRST, SECOND), at=ledger.tick()))
        assert case_state_words(ledger.case()) == "已撤件"

    def test_the_history_is_newest_first_and_marks_what_central_has_not_confirmed(self, ledger: Ledger) -> None:
        everything(ledger)
        pending = frozenset({str(ledger.facts[-1].id)})
        told = history(ledger.case(), pending)
        assert [line.at for line in told] == sorted((line.at for line in told), reverse=True)
        assert [line.pending for line in told].count(True) == 1
        titles = "\n".join(line.title for line in told)
        for wanted in (
            "收件登记",
            "受理：",
            "出具受理通知书",
            "受理通知书已告知申请人",
            "补齐补正，一次性告知",
            "补正材料登记",
            "补正材料已核对",
            "作出准予决定",
            "证照到达",
            "保管交接",
            "办结：",
            "通知领证",
            "领证",
        ):
            assert wanted in titles, wanted
        assert all(line.tone in {"plain", "ok", "warn", "danger"} for line in told)


def everything(ledger: Ledger) -> CaseView:
    """A whole life: accepted, asked, handed in, approved, licensed, notified, collected."""
    ledger.opinion(FIRST, O.ACCEPT)
    ledger.notice()
    ledger.told()
    ledger.opinion(FIRST, O.SUPPLEMENT)
    ledger.hand_in(FIRST)
    ledger.opinion(FIRST, O.VERIFY)
    ledger.opinion(FIRST, O.APPROVE)
    ledger.licence()
    ledger.custody(1, "003", "柜A")
    ledger.add(f.MatterClosed(matter=FIRST, state=S.APPROVED, at=ledger.tick()))
    ledger.add(
        f.ApplicantNotified(
            matters=(FIRST,), channel=f.Channel.CALL, address="1", reached=True, outcome="已接", at=ledger.tick()
        )
    )
    ledger.out(1)
    return ledger.case()


def test_a_case_that_lived_through_everything_has_no_conflict(ledger: Ledger) -> None:
    case = everything(ledger)
    assert case.conflicts == ()
    assert isinstance(case.registered.received_at, datetime)
