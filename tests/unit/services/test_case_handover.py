"""领证: the verdict on a scanned notice, once per copy and by custody, and the path when it is lost (Art. 19–24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ebp_desktop.crypto.signatures import Ed25519Signer
from ebp_desktop.crypto.tokens import TokenBody, encode
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.readings import Readings
from ebp_desktop.domain.states import MatterState, Opinion
from ebp_desktop.services.handover import Collection, HandedOver, LossClaim
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import Judgement
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    COLLECTOR_ID,
    DRAWINGS,
    LEAD,
    NINE,
    PERMIT,
    WASTE,
    Counter,
    Ready,
    codes_of,
    text_of,
)


def collects(ready: Ready, **more: object) -> Collection:
    given = Collection(
        qr=ready.notice.token,
        recipient="王建国",
        id_number=COLLECTOR_ID,
        phone="13847316021",
        recipient_role="legal_representative",
        signature="签名图",
    )
    return replace(given, **more)  # type: ignore[arg-type]


def claim(counter: Counter, ready: Ready, **more: object) -> LossClaim:
    given = LossClaim(
        document_no=ready.notice.document_no,
        stated_unit=ready.case.registered.applicant.name,
        seal_legible=True,
        statement=(counter.page(ready.case.id),),
        id_copy=(counter.page(ready.case.id),),
        collector="王建国",
    )
    return replace(given, **more)  # type: ignore[arg-type]


def refused(counter: Counter, collection: Collection) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        counter.handover.hand_over(CLERK, collection)
    return caught.value


class TestTheVerdict:
    def test_a_genuine_notice_shows_what_it_releases_and_the_licence_beside_the_case(self, counter: Counter) -> None:
        ready = counter.ready()
        found = counter.handover.check(CLERK, ready.notice.token)
        assert found.judgement is Judgement.GENUINE
        assert [(copy.kind, copy.place, copy.why_not) for copy in found.copies] == [
            ("正本", "证照柜A-3", ""),
            ("副本", "证照柜A-3", ""),
        ]
        assert [(row.field, row.agrees) for row in found.compared] == [
            ("申请单位", True),
            ("信用代码", True),
            ("项目编号", True),
        ]
        assert found.status_checked_at == counter.clock.now()

    def test_every_look_is_in_the_audit(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.handover.check(CLERK, ready.notice.token)
        counter.handover.check(CLERK, "这不是二维码")
        looks = [(r.object, r.detail) for r in counter.audit() if r.act == "handover.checked"]
        assert looks == [("-", "unknown"), (ready.notice.document_no, "genuine")]

    @pytest.mark.parametrize("typed", [str.lower, lambda t: f"  {t}\r\n", lambda t: t + t])
    def test_however_it_was_scanned(self, counter: Counter, typed: object) -> None:
        ready = counter.ready()
        text = typed(ready.notice.token)  # type: ignore[operator]
        assert counter.handover.check(CLERK, text).judgement is Judgement.GENUINE

    def test_half_a_scan_is_unknown_and_harmless(self, counter: Counter) -> None:
        ready = counter.ready()
        assert counter.handover.check(CLERK, ready.notice.token[:60]).judgement is Judgement.UNKNOWN
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.GENUINE

    def test_a_changed_number_is_no_notice_of_ours(self, counter: Counter) -> None:
        forger = Ed25519Signer(b"\x07" * 32)
        ready = counter.ready()
        text = encode(TokenBody("acceptance", ready.notice.document_no, NINE.date()), forger)
        found = counter.handover.check(CLERK, text)
        assert found.judgement in {Judgement.UNKNOWN, Judgement.FORGED}
        assert refused(counter, collects(ready, qr=text)).code in {"notice_unknown", "notice_forged"}

    def test_a_genuine_code_that_this_machine_has_no_record_of(self, counter: Counter) -> None:
        text = counter.central_token("acceptance", "乌住建施受〔2026〕77号", NINE.date())
        found = counter.handover.check(CLERK, text)
        assert (found.judgement, "联网同步" in found.reason) == (Judgement.UNKNOWN, True)

    def test_another_paper_is_not_a_notice(self, counter: Counter) -> None:
        done = counter.registered((WASTE,))
        found = counter.handover.check(CLERK, done.slip.token)
        assert (found.judgement, "不是受理通知书" in found.reason) == (Judgement.UNKNOWN, True)

    def test_a_number_that_names_another_kind_of_paper_is_forged(self, counter: Counter) -> None:
        notice = counter.asked(counter.registered((PERMIT,)).case, PERMIT, ("M312",))
        text = counter.central_token("acceptance", notice.document_no, NINE.date())
        assert counter.handover.check(CLERK, text).judgement is Judgement.FORGED

    def test_an_accepted_matter_without_a_result_releases_nothing_yet(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        found = counter.handover.check(CLERK, notice.token)
        assert (found.judgement, found.copies) == (Judgement.GENUINE, ())
        assert "还没有可领取" in found.reason

    def test_only_those_who_may(self, counter: Counter) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.handover.check(AUDITOR, "EBP1.X")
        assert caught.value.code == "not_allowed"
        assert counter.audit() == []


class TestHandingOver:
    def test_gives_every_ready_copy_with_both_receipts(self, counter: Counter) -> None:
        ready = counter.ready()
        done = counter.handover.hand_over(CLERK, collects(ready))
        assert [(copy.copy_no, copy.number) for copy in done.out.copies] == [
            (1, ready.licence.number),
            (2, ready.licence.number),
        ]
        view = done.case.licence(ready.licence.licence)
        assert view is not None
        assert view.is_out
        receipt, service = text_of(done.receipt.pdf), text_of(done.service.pdf)
        assert (done.receipt.kind, done.service.kind) == ("handover_receipt", "service_receipt")
        for words in (receipt, service):
            assert ready.licence.number in words
            assert "王建国" in words
            assert COLLECTOR_ID not in words, "the ID number is masked"
        assert ready.notice.document_no in receipt
        assert codes_of(done.receipt.pdf) == [done.receipt.token]
        assert counter.acts(ready.case.id)[-1] == "licence.handed_over"
        assert counter.queries.today().tally.handed_over == 2

    def test_one_copy_now_and_the_other_later(self, counter: Counter) -> None:
        ready = counter.ready()
        first, second = counter.handover.check(CLERK, ready.notice.token).copies
        done = counter.handover.hand_over(CLERK, collects(ready, items=(second.item,)))
        assert "正本" in text_of(done.receipt.pdf), "what remains is said"
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.GENUINE
        again = refused(counter, collects(ready, items=(second.item,)))
        assert "王建国领取" in again.missing[0].what
        counter.handover.hand_over(CLERK, collects(ready, items=(first.item,)))
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.USED

    def test_a_used_notice_says_who_collected_and_when(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.handover.hand_over(CLERK, collects(ready))
        counter.later(hours=1)
        found = counter.handover.check(LEAD, ready.notice.token)
        assert (found.judgement, "2026-03-02 10:00" in found.reason, "王建国" in found.reason) == (
            Judgement.USED,
            True,
            True,
        )
        assert refused(counter, collects(ready)).code == "notice_used"
        assert counter.waiting_kinds().count("licence.handed_over") == 1

    def test_a_result_that_arrives_later_opens_the_used_notice_again(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.handover.hand_over(CLERK, collects(ready))
        more = counter.licence(ready.case, PERMIT, number="150302202603029999")
        counter.results.receive(CLERK, ready.code, more.number, "证照柜A-4")
        done = counter.handover.hand_over(CLERK, collects(ready))
        assert {copy.number for copy in done.out.copies} == {more.number}

    def test_another_matters_notice_does_not_release_it(self, counter: Counter) -> None:
        ready = counter.ready(PERMIT, matters=(PERMIT, WASTE))
        other = counter.accepted(counter.case(ready.case.id), WASTE)
        found = refused(counter, collects(ready, qr=other.token))
        assert found.code == "handover_refused"
        assert [each.line for each in found.missing] == ["证照"]

    def test_every_obstacle_of_the_collector_is_named_at_once(self, counter: Counter) -> None:
        ready = counter.ready()
        found = refused(counter, collects(ready, recipient=" ", id_number="15030219850307123Y", signature=""))
        assert {each.line for each in found.missing} == {"领取人", "证件号码", "签名"}
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.GENUINE

    def test_a_foreign_passport_is_taken_as_it_is(self, counter: Counter) -> None:
        ready = counter.ready()
        done = counter.handover.hand_over(CLERK, collects(ready, id_type="护照", id_number="E12345678"))
        assert (done.out.id_type, done.out.id_number) == ("护照", "E12345678")

    def test_an_item_outside_the_notice_is_refused(self, counter: Counter) -> None:
        ready = counter.ready()
        found = refused(counter, collects(ready, items=(f"{uuid4()}#1",)))
        assert found.missing[0].what == "不在该通知书范围内"

    def test_a_paper_that_cannot_be_set_leaves_the_licence_where_it_was(self, counter: Counter) -> None:
        ready = counter.ready()
        with pytest.raises(BadInputError) as caught:
            counter.handover.hand_over(CLERK, collects(ready, recipient="王\U000fabcd"))
        assert caught.value.code == "character_unprintable"
        found = counter.handover.check(CLERK, ready.notice.token)
        assert [copy.why_not for copy in found.copies] == ["", ""]
        assert "licence.handed_over" not in counter.waiting_kinds()


class TestWhatMayNotGoOut:
    def why(self, counter: Counter, ready: Ready) -> set[str]:
        return {copy.why_not for copy in counter.handover.check(CLERK, ready.notice.token).copies}

    def test_what_another_window_keeps(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.results.pass_on(CLERK, ready.code, ready.licence.number, "005", "5号窗口", "J-1")
        assert self.why(counter, ready) == {"不在本窗口（005）"}
        assert refused(counter, collects(ready)).code == "handover_refused"

    def test_what_is_not_closed(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        notice = counter.accepted(case, PERMIT)
        case = counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
        licence = counter.licence(case, PERMIT)
        counter.results.receive(CLERK, case.registered.registration_no, licence.number, "A")
        counter.contact()
        assert self.why(counter, Ready(case, notice, licence)) == {"尚未办结"}

    def test_a_revoked_licence_with_the_reason(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.central(ready.case.id, revoked(counter, ready.licence, "批准文件被撤销"))
        assert self.why(counter, ready) == {"证照已废止：批准文件被撤销"}
        assert refused(counter, collects(ready)).missing[0].what == "证照已废止：批准文件被撤销"

    def test_a_changed_licence_goes_back_to_the_issuer(self, counter: Counter) -> None:
        ready = counter.ready()
        changed = replace(revoked(counter, ready.licence, "建设单位更名"), status=f.LicenceStatus.CHANGED)
        counter.central(ready.case.id, changed)
        (why,) = self.why(counter, ready)
        assert "变更" in why

    def test_of_several_the_revoked_one_is_struck_and_the_rest_goes(self, counter: Counter) -> None:
        ready = counter.ready()
        second = counter.licence(ready.case, PERMIT, number="150302202603028888")
        counter.results.receive(CLERK, ready.code, second.number, "证照柜A-4")
        counter.central(ready.case.id, revoked(counter, second, "重复核发"))
        done = counter.handover.hand_over(CLERK, collects(ready))
        assert {copy.licence for copy in done.out.copies} == {ready.licence.licence}
        assert done.out.struck == (f.StruckCopy(licence=second.licence, reason="证照已废止：重复核发"),)
        assert "重复核发" in text_of(done.receipt.pdf)
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.USED

    def test_revoked_by_the_issuer_together_with_its_matter(self, counter: Counter) -> None:
        ready = counter.ready()
        body = f.IssuerWithdrew(matter=PERMIT, state=MatterState.REVOKED, reason="骗取许可", at=counter.clock.now())
        counter.central(ready.case.id, body)
        assert self.why(counter, ready) == {"证照已废止：骗取许可"}

    def test_a_licence_that_does_not_agree_with_the_case(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        notice = counter.accepted(case, PERMIT)
        case = counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
        licence = counter.licence(case, PERMIT, holder="乌海市滨河建设有限公司")
        counter.results.receive(CLERK, case.registered.registration_no, licence.number, "A")
        counter.results.close(CLERK, f"{case.registered.registration_no}/{PERMIT}")
        counter.contact()
        ready = Ready(case, notice, licence)
        assert self.why(counter, ready) == {"证照与登记信息不一致，退回发证部门"}
        found = counter.handover.check(CLERK, notice.token)
        assert [row.field for row in found.compared if not row.agrees] == ["申请单位"]

    def test_a_former_number_of_the_project_still_agrees(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.central(
            ready.case.id,
            f.CodeAssigned(
                project_code="150302-2026-000700-5", instead_of=ready.case.project.number, at=counter.clock.now()
            ),
        )
        assert self.why(counter, ready) == {""}

    def test_while_a_scan_is_owed(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        lines = tuple(replace(line, pages=()) if line.material == "M312" else line for line in draft.lines)
        draft = counter.intake.owe_scan(LEAD, replace(draft, lines=lines), "M312", "扫描仪故障")
        case = counter.registration.register(CLERK, draft).case
        notice = counter.accepted(case, PERMIT)
        case = counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
        licence = counter.licence(case, PERMIT)
        code = case.registered.registration_no
        counter.results.receive(CLERK, code, licence.number, "A")
        counter.results.close(CLERK, f"{code}/{PERMIT}")
        counter.contact()
        ready = Ready(case, notice, licence)
        assert self.why(counter, ready) == {"欠扫描：建设资金已经落实承诺书"}
        settled = f.ScanSettled(material="M312", pages=(counter.page(case.id),), at=counter.clock.now())
        counter.central(case.id, settled, origin="003")
        assert self.why(counter, ready) == {""}

    def test_while_a_department_still_wants_to_see_a_paper_of_an_online_filing(self, counter: Counter) -> None:
        ready = counter.ready(PERMIT, matters=(PERMIT, WASTE))
        now = counter.clock.now()
        counter.central(ready.case.id, f.PaperFlagged(matter=PERMIT, material="M311", keep=False, at=now))
        counter.central(ready.case.id, f.PaperFlagged(matter=WASTE, material="M318", keep=True, at=now))
        assert self.why(counter, ready) == {"须先核对或收取纸质材料：M311"}
        seen = f.OnlinePaperChecked(matter=PERMIT, material="M311", kept=False, agrees=True, pages=(), at=now)
        counter.central(ready.case.id, seen, origin="003")
        assert self.why(counter, ready) == {""}, "the other matter's flag blocks only its own licences"


def revoked(counter: Counter, licence: f.LicenceIssued, reason: str) -> f.LicenceStatusChanged:
    return f.LicenceStatusChanged(
        licence=licence.licence, status=f.LicenceStatus.REVOKED, reason=reason, at=counter.clock.now()
    )


class TestWithoutALine:
    def test_within_the_same_half_day_the_receipt_says_when_the_status_was_checked(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.at(2, 11, 30)
        done = counter.handover.hand_over(CLERK, collects(ready))
        assert done.out.offline
        assert done.out.status_checked_at == NINE + timedelta(hours=1)
        assert "10:00" in text_of(done.receipt.pdf)

    @pytest.mark.parametrize(("day", "hour"), [(2, 14), (3, 9)])
    def test_after_it_nothing_goes_out(self, counter: Counter, day: int, hour: int) -> None:
        ready = counter.ready()
        counter.at(day, hour)
        found = refused(counter, collects(ready))
        assert [(each.line, each.article) for each in found.missing] == [("状态核验", "第十九条")]
        counter.contact()
        assert not counter.handover.hand_over(CLERK, collects(ready)).out.offline

    def test_never_without_any_contact(self, counter: Counter) -> None:
        ready = counter.ready()
        with counter.store.begin() as tx:
            tx.settings.set("last_contact_at", "")
        assert [each.line for each in refused(counter, collects(ready)).missing] == ["状态核验"]

    def test_a_hall_may_set_another_age(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.use(replace(counter.desk, readings=Readings(status_max_age=timedelta(hours=6))))
        counter.at(2, 14)
        assert counter.handover.hand_over(CLERK, collects(ready)).out.offline


class TestElectronicResults:
    def electronic(self, counter: Counter) -> Ready:
        case = counter.registered((DRAWINGS,)).case
        notice = counter.accepted(case, DRAWINGS)
        case = counter.opinion(counter.case(case.id), DRAWINGS, Opinion.APPROVE)
        licence = counter.licence(case, DRAWINGS, form=f.ResultForm.ELECTRONIC)
        closed = f.MatterClosed(matter=DRAWINGS, state=MatterState.APPROVED, at=counter.clock.now())
        counter.central(case.id, closed)
        counter.contact()
        return Ready(counter.case(case.id), notice, licence)

    def test_need_no_custody(self, counter: Counter) -> None:
        ready = self.electronic(counter)
        (row,) = counter.results.rows()
        assert row.ready
        done = counter.handover.hand_over(CLERK, collects(ready))
        assert [copy.copy_no for copy in done.out.copies] == [0]
        assert "电子" in text_of(done.receipt.pdf)
        assert counter.results.rows() == ()


class TestTheLostNotice:
    def test_both_proofs_release_the_licence_and_void_the_notice(self, counter: Counter) -> None:
        ready = counter.ready()
        done = counter.handover.lost(CLERK, claim(counter, ready), collects(ready, qr=""))
        assert isinstance(done, HandedOver)
        assert done.out.loss is not None
        assert "遗失" in text_of(done.receipt.pdf)
        assert counter.acts(ready.case.id)[-2:] == ["notice.lost", "licence.handed_over"]

    def test_its_later_use_raises_an_alert_with_who_collected_and_when(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.handover.lost(CLERK, claim(counter, ready), collects(ready, qr=""))
        counter.later(days=1)
        found = counter.handover.check(CLERK, ready.notice.token)
        assert found.judgement is Judgement.VOID
        assert "王建国" in found.alert
        assert "2026-03-02 10:00" in found.alert
        assert refused(counter, collects(ready)).code == "notice_void"

    @pytest.mark.parametrize(
        ("change", "line"),
        [
            ({"statement": ()}, "遗失证明"),
            ({"id_copy": ()}, "身份证复印件"),
            ({"seal_legible": False}, "公章"),
            ({"stated_unit": "乌海市滨河建设有限公司"}, "单位"),
        ],
    )
    def test_one_proof_alone_is_not_enough(self, counter: Counter, change: dict[str, object], line: str) -> None:
        ready = counter.ready()
        with pytest.raises(RefusedError) as caught:
            counter.handover.lost(CLERK, claim(counter, ready, **change), collects(ready, qr=""))
        assert [(each.line, each.article) for each in caught.value.missing] == [(line, "第二十四条")]
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.GENUINE

    def test_a_refused_collector_leaves_the_notice_valid(self, counter: Counter) -> None:
        ready = counter.ready()
        with pytest.raises(RefusedError):
            counter.handover.lost(CLERK, claim(counter, ready), collects(ready, qr="", signature=""))
        assert counter.handover.check(CLERK, ready.notice.token).judgement is Judgement.GENUINE
        assert "notice.lost" not in counter.waiting_kinds()

    def test_who_reported_the_loss_early_collects_later_with_both_proofs(self, counter: Counter) -> None:
        ready = counter.ready()
        paper = counter.handover.lost(CLERK, claim(counter, ready), None)
        assert isinstance(paper, MadePaper)
        assert "遗失" in text_of(paper.pdf)
        assert codes_of(paper.pdf) == [paper.token]
        with pytest.raises(RefusedError, match="不能按遗失办理"):
            counter.handover.lost(CLERK, claim(counter, ready), None)
        done = counter.handover.lost(CLERK, claim(counter, ready), collects(ready, qr=""))
        assert isinstance(done, HandedOver)
        with pytest.raises(RefusedError) as caught:
            counter.handover.lost(CLERK, claim(counter, ready), collects(ready, qr=""))
        assert any("已经领完" in each.what for each in caught.value.missing)

    def test_only_an_acceptance_notice_can_be_lost(self, counter: Counter) -> None:
        notice = counter.asked(counter.registered((PERMIT,)).case, PERMIT, ("M312",))
        ready = counter.ready()
        with pytest.raises(RefusedError) as caught:
            counter.handover.lost(CLERK, claim(counter, ready, document_no=notice.document_no), None)
        assert caught.value.missing[0].line == "通知书"


class TestTwoCounters:
    def test_the_same_copy_handed_out_offline_at_both_is_a_conflict_for_the_lead(self, counter: Counter) -> None:
        ready = counter.ready()
        done = counter.handover.hand_over(CLERK, collects(ready))
        elsewhere = replace(
            done.out, receipt_no="150302-005-20260302-0001-S01", recipient="李四", at=done.out.at + timedelta(minutes=1)
        )
        counter.central(ready.case.id, elsewhere, at=elsewhere.at, origin="005")
        case = counter.case(ready.case.id)
        view = case.licence(ready.licence.licence)
        assert view is not None
        assert {copy.handed_over.recipient for copy in view.copies if copy.handed_over} == {"王建国"}
        assert [conflict.words for conflict in case.conflicts] == [
            "《建筑工程施工许可证》第 1 本已经发出，本次记录为重复。",
            "《建筑工程施工许可证》第 2 本已经发出，本次记录为重复。",
        ]

    def test_the_earlier_one_stands_whichever_arrives_first(self, counter: Counter) -> None:
        ready = counter.ready()
        counter.later(minutes=10)
        done = counter.handover.hand_over(CLERK, collects(ready))
        earlier = replace(done.out, recipient="李四", at=done.out.at - timedelta(minutes=5))
        counter.central(ready.case.id, earlier, at=earlier.at, origin="005")
        view = counter.case(ready.case.id).licence(ready.licence.licence)
        assert view is not None
        assert {copy.handed_over.recipient for copy in view.copies if copy.handed_over} == {"李四"}
