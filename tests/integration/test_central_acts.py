"""Departments act on what counters registered: papers, numbers, licences, reviews, silence; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from central.acts import lead, licences
from central.acts.deemed import issue_deemed
from central.acts.files import keep_bytes
from central.acts.opinion_rules import LAW, OpinionRequest
from central.acts.opinions import give_opinion
from central.checks import check_store
from central.people.directory import Unit, add_unit, find_unit
from central.runtime import Central
from ebp_desktop.crypto.signatures import Keyring
from ebp_desktop.crypto.tokens import TokenVerdict, decode, verify
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.errors import EbpError
from ebp_desktop.domain.material import Page, ShareState
from ebp_desktop.domain.roles import Role
from ebp_desktop.domain.states import MatterState, Opinion
from sync.protocol.messages import Outcome
from tests.fixtures.central_counter import HandClock, TestCounter, make_person

REMEDIES = f.Remedies(review_body="乌海市人民政府", court="乌海市海勃湾区人民法院")


class Hall:
    """One counter, one registered case, and a reviewer in each of its departments."""

    def __init__(self, central: Central, counter: TestCounter, clock: HandClock) -> None:
        self.central, self.counter, self.clock = central, counter, clock
        self.body = counter.registration(matters=3)
        envelope = counter.envelope(self.body)
        (result,) = counter.push(envelope)
        assert result.outcome is Outcome.APPLIED, result
        self.case_id = envelope.case_id
        self.reviewers: dict[str, str] = {}
        for code in dict.fromkeys([*(each.department for each in self.body.matters), self.body.lead_department]):
            self.reviewers[code] = f"{code.lower()}.reviewer"
            make_person(central, self.reviewers[code], code, Role.REVIEWER)
            with central.store.read() as connection:
                unit = find_unit(connection, code)
            known = Unit(unit=code, name=unit.name, kind=unit.kind, agency=unit.agency, remedies=REMEDIES)
            central.transact(lambda work, known=known: add_unit(work.connection, known))

    @property
    def case(self) -> CaseView:
        view = project_case(self.counter.facts(self.case_id))
        assert view is not None
        return view

    @property
    def first(self) -> str:
        return self.body.matters[0].code

    def place(self, matter: str = "") -> str:
        return f"{self.body.registration_no}/{matter or self.first}"

    def reviewer(self, matter: str = "") -> str:
        terms = next(each for each in self.body.matters if each.code == (matter or self.first))
        return self.reviewers[terms.department]

    def say(self, opinion: Opinion, matter: str = "", **fields: object) -> MatterState:
        request = OpinionRequest(opinion=opinion, **fields)
        return give_opinion(self.central, self.place(matter), self.reviewer(matter), request).state

    def item(self, matter: str = "") -> f.SupplementItem:
        code = matter or self.first
        line = next(
            each for each in self.body.lines if code in each.matters and each.share.state is ShareState.NOT_SHAREABLE
        )
        return f.SupplementItem(material=line.material, name=line.name, problem="缺页")

    def hand_in(self, matter: str = "") -> None:
        """The window registers the whole supplement."""
        code, case = matter or self.first, self.case
        item = self.item(code)
        line = case.line(item.material)
        assert line is not None
        notice = next(each.issued for each in case.notices if each.issued.kind is f.NoticeKind.SUPPLEMENT)
        body = f.SupplementRegistered(
            receipt_no=f"{self.body.registration_no}-B01",
            notices=(notice.notice,),
            lines=(line,),
            complete=(code,),
            at=self.clock.now(),
        )
        (result,) = self.counter.push(self.counter.envelope(body, self.case_id))
        assert result.outcome is Outcome.APPLIED, result


@pytest.fixture
def hall(central: Central, counter: TestCounter, central_clock: HandClock) -> Iterator[Hall]:
    made = Hall(central, counter, central_clock)
    yield made
    assert check_store(central) == ()


def code_of(act: object) -> str:
    with pytest.raises(EbpError) as refused:
        act()
    return refused.value.code


class TestOpinions:
    def test_an_acceptance_brings_its_paper_with_number_dates_and_a_token_that_verifies(self, hall: Hall) -> None:
        assert hall.say(Opinion.ACCEPT) is MatterState.ACCEPTED
        notice = hall.case.acceptance_notice(hall.first)
        assert notice is not None
        issued = notice.issued
        assert issued.document_no.endswith("〔2026〕1号")
        assert (issued.accepted_on, issued.promised) == (date(2026, 3, 2), hall.body.matters[0].promised)
        token = decode(issued.token)
        assert (token.body.kind, token.body.number) == ("acceptance", issued.document_no)
        assert verify(token, Keyring([hall.central.signer.verifier])) is TokenVerdict.GENUINE

    def test_numbers_run_without_a_gap_and_a_refused_act_takes_none(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        with pytest.raises(EbpError):
            hall.say(Opinion.ACCEPT)
        others = [each.code for each in hall.body.matters[1:] if each.department == hall.body.matters[0].department]
        for matter in others:
            hall.say(Opinion.ACCEPT, matter)
        mine = [each.issued.document_no for each in hall.case.notices]
        assert mine == sorted(mine)
        assert [int(each.split("〕")[1].removesuffix("号")) for each in mine] == list(range(1, len(mine) + 1))

    def test_a_department_touches_only_its_own_matter(self, hall: Hall) -> None:
        own = hall.body.matters[0].department
        stranger = next((user for unit, user in hall.reviewers.items() if unit != own), None)
        if stranger is None:
            make_person(hall.central, "fgw.reviewer", "FGW", Role.REVIEWER)
            stranger = "fgw.reviewer"
        accept = OpinionRequest(opinion=Opinion.ACCEPT)
        assert code_of(lambda: give_opinion(hall.central, hall.place(), stranger, accept)) == "foreign_matter"
        make_person(hall.central, "boss", own, Role.DEPARTMENT_ADMIN)
        assert code_of(lambda: give_opinion(hall.central, hall.place(), "boss", accept)) == "not_entitled"
        assert code_of(lambda: give_opinion(hall.central, "150300-001-20260302-9999", "boss", accept)) == "case_unknown"

    def test_a_supplement_round_ends_in_acceptance_on_the_spot(self, hall: Hall) -> None:
        asked = hall.say(Opinion.SUPPLEMENT, items=(hall.item(),), until=date(2026, 3, 20))
        assert asked is MatterState.SUPPLEMENT_OPEN
        assert code_of(lambda: hall.say(Opinion.VERIFY)) == "supplement_open"
        hall.clock.advance(days=1)
        hall.hand_in()
        hall.clock.advance(minutes=30)
        assert hall.say(Opinion.VERIFY) is MatterState.ACCEPTED
        notice = hall.case.acceptance_notice(hall.first)
        assert notice is not None
        assert notice.issued.accepted_on == date(2026, 3, 3)

    def test_an_incomplete_hand_in_stays_open(self, hall: Hall) -> None:
        hall.say(Opinion.SUPPLEMENT, items=(hall.item(),), until=date(2026, 3, 20))
        hall.clock.advance(minutes=30)
        hall.hand_in()
        hall.clock.advance(minutes=30)
        assert hall.say(Opinion.VERIFY, complete=False) is MatterState.SUPPLEMENT_OPEN
        assert hall.case.acceptance_notice(hall.first) is None

    def test_a_supplement_in_review_pauses_on_the_leads_word_only(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        asking = {"items": (hall.item(),), "until": date(2026, 3, 20)}
        make_person(hall.central, "nobody.important", "CK", Role.CLERK)
        assert code_of(lambda: hall.say(Opinion.SUPPLEMENT, lead="nobody.important", **asking)) == "not_lead"
        boss = hall.reviewers[hall.body.lead_department]
        assert hall.say(Opinion.SUPPLEMENT, lead=boss, **asking) is MatterState.SUPPLEMENT_OPEN
        hall.clock.advance(days=3)
        hall.hand_in()
        hall.clock.advance(minutes=30)
        assert hall.say(Opinion.VERIFY) is MatterState.IN_REVIEW
        (pause,) = hall.case.matter(hall.first).suspensions
        assert (pause.since, pause.until) == (date(2026, 3, 2), date(2026, 3, 5))

    def test_a_denial_names_the_remedies_and_closes_the_matter(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        assert hall.say(Opinion.DENY, reason="不符合控制性详细规划") is MatterState.DENIED
        denial = hall.case.notices[-1].issued
        assert denial.kind is f.NoticeKind.DENIAL
        assert denial.reason == "不符合控制性详细规划"

    def test_a_paper_without_its_remedies_cannot_be_issued_and_leaves_nothing_behind(self, hall: Hall) -> None:
        department = hall.body.matters[0].department
        with hall.central.store.read() as connection:
            unit = find_unit(connection, department)
        bare = Unit(unit=unit.unit, name=unit.name, kind=unit.kind, agency=unit.agency)
        hall.central.transact(lambda work: add_unit(work.connection, bare))
        refuse = {"reason": "不符合规定", "ground": LAW}
        if hall.body.matters[0].nature.value == "许可":
            assert code_of(lambda: hall.say(Opinion.REFUSE, **refuse)) == "remedies_missing"
            assert hall.case.matter(hall.first).state is MatterState.RECEIVED
            assert hall.case.notices == ()
        else:
            assert hall.say(Opinion.REFUSE, **refuse) is MatterState.REFUSED

    def test_special_procedures_begin_and_end(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        assert hall.say(Opinion.SPECIAL, reason="听证") is MatterState.SPECIAL_OPEN
        assert hall.say(Opinion.SPECIAL_END) is MatterState.IN_REVIEW

    def test_whoever_acts_has_seen_the_case(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        metrics = hall.counter.client.get(hall.counter.url + "/metrics").text
        assert "ebp_cases_open 1" in metrics


class TestDeemedAcceptance:
    def silent_until(self, hall: Hall, day: int, hour: int) -> None:
        hall.clock.moment = hall.clock.moment.replace(day=day, hour=hour)

    def test_silence_accepts_once_the_counter_was_heard_after_the_deadline(self, hall: Hall) -> None:
        self.silent_until(hall, 4, 17)
        assert issue_deemed(hall.central) == ()
        self.silent_until(hall, 4, 18)
        assert issue_deemed(hall.central) == ()
        hall.counter.hello()
        numbers = issue_deemed(hall.central)
        deeming = [each for each in hall.body.matters if each.deemed_acceptance]
        assert len(numbers) == len(deeming)
        matter = hall.case.matter(deeming[0].code)
        assert (matter.state, matter.deemed, matter.accepted_on) == (MatterState.ACCEPTED, True, date(2026, 3, 2))
        notice = hall.case.acceptance_notice(deeming[0].code)
        assert notice is not None
        assert notice.issued.deemed
        assert issue_deemed(hall.central) == ()

    def test_a_late_opinion_is_refused_with_the_article(self, hall: Hall) -> None:
        self.silent_until(hall, 5, 9)
        with pytest.raises(EbpError) as refused:
            hall.say(Opinion.SUPPLEMENT, items=(hall.item(),), until=date(2026, 3, 20))
        assert (refused.value.code, refused.value.article) == ("review_over", "第七条")

    def test_an_unverified_supplement_is_accepted_as_of_the_hand_in(self, hall: Hall) -> None:
        for matter in hall.body.matters[1:]:
            hall.say(Opinion.ACCEPT, matter.code)
        hall.say(Opinion.SUPPLEMENT, items=(hall.item(),), until=date(2026, 3, 20))
        self.silent_until(hall, 3, 10)
        hall.hand_in()
        self.silent_until(hall, 5, 18)
        hall.counter.hello()
        assert len(issue_deemed(hall.central)) == 1
        assert hall.case.matter(hall.first).accepted_on == date(2026, 3, 3)


class TestLicences:
    def approve(self, hall: Hall, matter: str = "") -> None:
        hall.say(Opinion.ACCEPT, matter)
        hall.say(Opinion.APPROVE, matter)

    def test_an_electronic_result_closes_on_its_arrival(self, hall: Hall) -> None:
        assert code_of(lambda: self.issue(hall, f.ResultForm.ELECTRONIC)) == "undecided"
        self.approve(hall)
        result = self.issue(hall, f.ResultForm.ELECTRONIC)
        assert (result.state, result.status) == (MatterState.APPROVED, f.LicenceStatus.VALID)
        (view,) = hall.case.licences
        assert (view.issued.holder, view.copies) == (hall.body.applicant.name, ())
        assert view.issued.project_code == hall.body.project.project_code

    def issue(self, hall: Hall, form: f.ResultForm, **fields: object) -> licences.LicenceResult:
        request = licences.LicenceRequest(
            number="建字第150300202600001号", name="建设工程规划许可证", form=form, **fields
        )
        return licences.issue_licence(hall.central, hall.place(), hall.reviewer(), request)

    def close(self, hall: Hall) -> Outcome:
        body = f.MatterClosed(matter=hall.first, state=MatterState.APPROVED, at=hall.clock.now())
        return hall.counter.push(hall.counter.envelope(body, hall.case_id))[0].outcome

    def test_a_paper_result_waits_for_its_scan_and_the_window(self, hall: Hall) -> None:
        self.approve(hall)
        assert self.issue(hall, f.ResultForm.PAPER, duplicates=1).state is MatterState.IN_REVIEW
        assert self.close(hall) is Outcome.CONFLICT
        licence = hall.case.licences[0].issued.licence
        pages = (Page(sha256="ab" * 32, size=10, mime="image/png"),)
        scanned = f.LicenceScanned(
            licence=licence, pages=pages, by_department=False, confirmed=False, at=hall.clock.now()
        )
        hall.counter.push(hall.counter.envelope(scanned, hall.case_id))
        assert self.close(hall) is Outcome.CONFLICT
        number = hall.case.licences[0].issued.number
        licences.confirm_scan(hall.central, hall.place(), hall.reviewer(), number)
        assert self.close(hall) is Outcome.APPLIED
        assert hall.case.matter(hall.first).state is MatterState.APPROVED

    def test_the_departments_own_scan_counts_at_once(self, hall: Hall) -> None:
        self.approve(hall)
        page = keep_bytes(hall.central, hall.place(), b"%PDF-1.7 scan", origin="department")
        self.issue(hall, f.ResultForm.PAPER, scan=(page,))
        assert self.close(hall) is Outcome.APPLIED

    def test_only_the_issuer_changes_or_revokes(self, hall: Hall) -> None:
        self.approve(hall)
        number = self.issue(hall, f.ResultForm.ELECTRONIC).number
        make_person(hall.central, "clerk2", "CK", Role.REVIEWER)
        revoke = (f.LicenceStatus.REVOKED, "申请材料虚假")

        def act(user: str) -> licences.LicenceResult:
            return licences.change_status(hall.central, hall.place(), user, number, *revoke)

        assert code_of(lambda: act("clerk2")) == "foreign_matter"
        assert act(hall.reviewer()).status is f.LicenceStatus.REVOKED
        assert code_of(lambda: act(hall.reviewer())) == "licence_revoked"

    def test_a_withdrawn_decision_revokes_its_licences(self, hall: Hall) -> None:
        self.approve(hall)
        self.issue(hall, f.ResultForm.ELECTRONIC)
        state = licences.withdraw_decision(
            hall.central, hall.place(), hall.reviewer(), MatterState.REVOKED, "以欺骗手段取得"
        )
        assert state is MatterState.REVOKED
        assert hall.case.licences[0].status is f.LicenceStatus.REVOKED

    def test_a_paper_copy_goes_out_once_whoever_hands_it_over(self, hall: Hall) -> None:
        self.approve(hall)
        page = keep_bytes(hall.central, hall.place(), b"%PDF-1.7 scan", origin="department")
        self.issue(hall, f.ResultForm.PAPER, scan=(page,))
        self.close(hall)
        issued = hall.case.licences[0].issued
        notice = hall.case.acceptance_notice(hall.first)
        assert notice is not None
        handed = f.LicenceHandedOver(
            receipt_no="s1",
            notice=notice.issued.notice,
            copies=(f.LicenceCopy(licence=issued.licence, copy_no=1, number=issued.number, name=issued.name),),
            recipient="李四",
            recipient_role="经办人",
            id_type="身份证",
            id_number="x",
            phone="x",
            at=hall.clock.now(),
            status_checked_at=hall.clock.now(),
        )
        first, second = (hall.counter.envelope(handed, hall.case_id) for _ in range(2))
        outcomes = [(each.outcome, each.code) for each in hall.counter.push(first, second)]
        assert outcomes == [(Outcome.APPLIED, ""), (Outcome.CONFLICT, "handed_over")]


class TestWithdrawal:
    def withdraw(self, hall: Hall) -> tuple[Outcome, str]:
        body = f.WithdrawalRequested(
            paper_no=f"{hall.body.registration_no}-T01", matters=(hall.first,), reason="另行申报", at=hall.clock.now()
        )
        (result,) = hall.counter.push(hall.counter.envelope(body, hall.case_id))
        return result.outcome, result.code

    def test_before_the_decision_central_records_it(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        assert self.withdraw(hall) == (Outcome.APPLIED, "")
        assert hall.case.matter(hall.first).state is MatterState.WITHDRAWN

    def test_after_the_decision_it_loses(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        hall.say(Opinion.APPROVE)
        assert self.withdraw(hall) == (Outcome.CONFLICT, "decided")


class TestClocksThatDisagree:
    def test_an_act_follows_what_it_saw_though_the_counters_clock_runs_ahead(self, hall: Hall) -> None:
        hall.say(Opinion.SUPPLEMENT, items=(hall.item(),), until=date(2026, 3, 20))
        hall.clock.advance(minutes=20)
        hall.hand_in()
        hall.clock.advance(minutes=-10)
        assert hall.say(Opinion.VERIFY) is MatterState.ACCEPTED


class TestTheLead:
    def test_only_the_lead_extends_and_only_within_the_cap(self, hall: Hall) -> None:
        hall.say(Opinion.ACCEPT)
        boss = hall.reviewers[hall.body.lead_department]
        make_person(hall.central, "other", "CK", Role.REVIEWER)
        assert code_of(lambda: lead.extend(hall.central, hall.place(), "other", 5, "x")) == "not_lead"
        assert code_of(lambda: lead.extend(hall.central, hall.place(), boss, 60, "x")) == "extension_over_cap"
        assert code_of(lambda: lead.extend(hall.central, hall.place(), boss, 5, " ")) == "reason_missing"
        made = lead.extend(hall.central, hall.place(), boss, 5, "补件较多")
        assert made.document_no
        assert hall.case.matter(hall.first).extension_days == 5
        assert hall.case.notices[-1].issued.kind is f.NoticeKind.EXTENSION

    def test_a_joint_review_closes_only_when_everybody_has_spoken(self, hall: Hall) -> None:
        boss = hall.reviewers[hall.body.lead_department]
        number = hall.body.registration_no
        departments = tuple(hall.reviewers)
        opened = lead.open_review(hall.central, number, boss, "", departments)
        assert opened.silent == departments
        assert code_of(lambda: lead.close_review(hall.central, number, boss, "同意")) == "review_silent"
        for user in hall.reviewers.values():
            lead.answer_review(hall.central, number, user, "", no_opinion=True)
        assert lead.close_review(hall.central, number, boss, "同意").closed
        assert code_of(lambda: lead.close_review(hall.central, number, boss, "同意")) == "no_review"


class TestPurge:
    def test_a_secret_case_leaves_an_opaque_id_and_the_act(self, hall: Hall) -> None:
        purged = f.CasePurged(at=hall.clock.now())
        (result,) = hall.counter.push(hall.counter.envelope(purged, hall.case_id))
        assert result.outcome is Outcome.APPLIED
        last = {item.id: item for item in hall.counter.pull_all() if item.case_id == hall.case_id}
        assert [item.kind for item in last.values() if not item.removed] == ["case.purged"]
        assert all(not item.body for item in last.values() if item.removed)
        assert code_of(lambda: hall.say(Opinion.ACCEPT)) == "case_purged"
        for file in hall.central.home.root.rglob("*"):
            if file.is_file():
                assert hall.body.project.name.encode() not in file.read_bytes()
