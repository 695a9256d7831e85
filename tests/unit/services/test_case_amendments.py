"""当场更正, 退件, 撤件 and the purge of a secret case: each with its paper, none of them moving a clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.states import MatterState, Opinion
from ebp_desktop.services.handover import Collection
from ebp_desktop.store.verification import verify
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    COLLECTOR_ID,
    PERMIT,
    WASTE,
    Counter,
    codes_of,
    counter_at,
    signed,
    text_of,
)

NAME = "海勃湾区滨河家园二期住宅楼"


def change(new: str, field: str = "name", old: str = NAME) -> f.FieldChange:
    return f.FieldChange(field=field, old=old, new=new)


def back(material: str, original: int = 1, copy: int = 0) -> f.ReturnedPaper:
    return f.ReturnedPaper(material=material, name=material, original=original, copy=copy)


class TestCorrectingOnTheSpot:
    def test_keeps_old_and_new_and_moves_no_clock(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        code = case.registered.registration_no
        before = counter.queries.open_case(CLERK, code).clocks
        done = counter.amendments.correct(CLERK, code, (change("海勃湾区滨河家园三期住宅楼"),), "笔误", "签名图")
        assert done.case.project.name == "海勃湾区滨河家园三期住宅楼"
        assert done.case.registered.project.name == NAME
        words = text_of(done.paper.pdf)
        assert NAME in words
        assert "海勃湾区滨河家园三期住宅楼" in words
        assert done.paper.number == f"{code}-G01"
        assert codes_of(done.paper.pdf) == [done.paper.token]
        assert counter.queries.open_case(CLERK, code).clocks == before
        assert counter.queries.find("三期").rows[0].case_id == case.id

    def test_a_national_code_is_normalised_and_leads_to_the_case(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        typed = change("2603-150302-04-01-123456", "national_code", "")
        counter.amendments.correct(CLERK, case.registered.registration_no, (typed,), "补填", "签名图")
        assert counter.queries.open_case(CLERK, "2603-150302-04-01-123456").case.id == case.id

    def test_every_obstacle_is_named(self, counter: Counter) -> None:
        code = counter.registered((WASTE,)).case.registered.registration_no
        changes = (
            change(NAME),
            change("新地点", "site", "从未登记过的地点"),
            change("12", "national_code", ""),
            change("x", "applicant", "y"),
        )
        with pytest.raises(RefusedError) as caught:
            counter.amendments.correct(CLERK, code, changes, "", "")
        assert [each.line for each in caught.value.missing] == ["项目名称", "建设地点", "国家代码", "applicant", "签名"]
        assert {each.article for each in caught.value.missing} == {"第七条"}
        assert "correction.made" not in counter.waiting_kinds()

    def test_nothing_is_corrected_once_the_applicant_was_told(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        notice = counter.accepted(case, WASTE)
        counter.notices.tell(CLERK, notice.document_no, signed())
        with pytest.raises(RefusedError) as caught:
            counter.amendments.correct(CLERK, notice.document_no, (change("x"),), "", "签名图")
        assert caught.value.missing[0].line == "更正时机"


class TestWithdrawing:
    def test_takes_effect_when_central_records_it(self, counter: Counter) -> None:
        case = counter.registered().case
        done = counter.amendments.withdraw(CLERK, case.registered.registration_no, "项目调整")
        assert {matter.state for matter in done.case.matters} == {MatterState.RECEIVED}
        words = text_of(done.paper.pdf)
        assert "项目调整" in words
        assert done.paper.number.endswith("-C01")
        counter.central(case.id, f.WithdrawalRecorded(matters=(PERMIT, WASTE), at=counter.later(minutes=1)))
        after = counter.case(case.id)
        assert {matter.state for matter in after.matters} == {MatterState.WITHDRAWN}
        assert not after.is_open

    def test_one_matter_may_go_and_the_other_stays(self, counter: Counter) -> None:
        case = counter.registered().case
        done = counter.amendments.withdraw(CLERK, f"{case.registered.registration_no}/{WASTE}", "不再需要")
        assert done.case.withdrawals[0].matters == (WASTE,)

    @pytest.mark.parametrize("step", ["received", "asked", "accepted", "special"])
    def test_in_every_state_before_the_decision(self, counter: Counter, step: str) -> None:
        case = counter.registered((PERMIT,)).case
        if step == "asked":
            counter.asked(case, PERMIT, ("M312",))
        if step in {"accepted", "special"}:
            counter.accepted(case, PERMIT)
        if step == "special":
            counter.opinion(counter.case(case.id), PERMIT, Opinion.SPECIAL)
        counter.amendments.withdraw(CLERK, case.registered.registration_no, "项目调整")
        counter.central(case.id, f.WithdrawalRecorded(matters=(PERMIT,), at=counter.later(minutes=1)))
        after = counter.case(case.id)
        assert after.matter(PERMIT).state is MatterState.WITHDRAWN
        assert after.conflicts == ()

    def test_not_after_the_decision_and_not_twice(self, counter: Counter) -> None:
        case = counter.registered().case
        counter.accepted(case, PERMIT)
        counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
        with pytest.raises(RefusedError) as caught:
            counter.amendments.withdraw(CLERK, f"{case.registered.registration_no}/{PERMIT}", "x")
        assert "已作出决定" in caught.value.missing[0].what
        counter.amendments.withdraw(CLERK, f"{case.registered.registration_no}/{WASTE}", "x")
        with pytest.raises(RefusedError) as again:
            counter.amendments.withdraw(CLERK, f"{case.registered.registration_no}/{WASTE}", "x")
        assert "已申请撤件" in again.value.missing[0].what

    def test_a_withdrawal_that_loses_against_the_decision_is_a_conflict(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        counter.accepted(case, PERMIT)
        counter.opinion(counter.case(case.id), PERMIT, Opinion.APPROVE)
        counter.central(case.id, f.WithdrawalRecorded(matters=(PERMIT,), at=counter.later(minutes=1)))
        after = counter.case(case.id)
        assert after.matter(PERMIT).decision is Opinion.APPROVE
        assert "已作出决定" in after.conflicts[0].words

    def test_without_a_reason_or_for_an_unknown_matter(self, counter: Counter) -> None:
        code = counter.registered((WASTE,)).case.registered.registration_no
        with pytest.raises(BadInputError) as caught:
            counter.amendments.withdraw(CLERK, code, " ")
        assert caught.value.code == "reason_missing"
        with pytest.raises(BadInputError) as unknown:
            counter.amendments.withdraw(CLERK, f"{code}/9-99", "x")
        assert unknown.value.code == "matter_unknown"


class TestReturningPapers:
    @pytest.fixture
    def refused_case(self, counter: Counter) -> str:
        case = counter.registered().case
        counter.opinion(case, PERMIT, Opinion.REFUSE, reason="不符合规定")
        return case.registered.registration_no

    def test_itemises_the_originals_that_nobody_else_uses(self, counter: Counter, refused_case: str) -> None:
        done = counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M312"),), "签名图")
        words = text_of(done.paper.pdf)
        assert "M312" in words or "建设资金" in words
        assert done.paper.number.endswith("-T01")
        assert done.case.returned[0].papers == (back("M312"),)

    def test_shared_papers_stay_while_another_matter_uses_them(self, counter: Counter, refused_case: str) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M301"),))
        assert "其他事项仍在使用" in caught.value.missing[0].what

    @pytest.mark.parametrize(
        ("papers", "words"),
        [
            ((), "没有列出退回的材料"),
            ((back("M999"),), "本次申报没有这项材料"),
            ((back("M312", 2),), "多于窗口留存"),
            ((back("M311", 1),), "多于窗口留存"),
            ((back("M312", 0),), "没有填写"),
            ((back("M312", -1),), "没有填写"),
            ((back("M312"), back("M312")), "列了两次"),
        ],
    )
    def test_counts_must_add_up(
        self, counter: Counter, refused_case: str, papers: tuple[f.ReturnedPaper, ...], words: str
    ) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", papers)
        assert any(words in each.what for each in caught.value.missing)

    def test_the_same_original_goes_back_once(self, counter: Counter, refused_case: str) -> None:
        counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M312"),))
        with pytest.raises(RefusedError):
            counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M312"),))

    def test_the_same_copy_goes_back_once(self, counter: Counter, refused_case: str) -> None:
        counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M311", 0, 1),))
        with pytest.raises(RefusedError, match="不能办理退件"):
            counter.amendments.give_back(CLERK, refused_case, (PERMIT,), "不予受理", (back("M311", 0, 1),))

    def test_it_is_no_outcome_of_its_own(self, counter: Counter, refused_case: str) -> None:
        with pytest.raises(RefusedError) as caught:
            counter.amendments.give_back(CLERK, refused_case, (WASTE,), "x", (back("M318"),))
        assert "未到退件的情形" in caught.value.missing[0].what


class TestPurgingASecretCase:
    WORDS = "滨河秘密指挥所"

    def purged(self, counter: Counter) -> tuple[str, f.CaseRegistered]:
        done = counter.registered((WASTE,), name=self.WORDS)
        code = done.case.registered.registration_no
        return counter.amendments.purge(CLERK, code), done.case.registered

    def test_leaves_an_opaque_id_and_the_act(self, counter: Counter) -> None:
        opaque, body = self.purged(counter)
        with counter.store.read() as tx:
            (fact,) = tx.ledger.of_case(body.ref)
            assert fact.kind == "case.purged"
            assert tx.documents.of_case(body.ref) == ()
            assert tx.cases.search(self.WORDS).rows == ()
            assert tx.keys.find(body.ref) is None
        assert opaque == str(body.ref)
        assert counter.acts(body.ref)[-2:] == ["case.purged", "case.key_destroyed"]
        assert all(record.detail in {None, ""} for record in counter.audit(body.ref))
        with pytest.raises(BadInputError) as caught:
            counter.queries.open_case(CLERK, body.registration_no)
        assert caught.value.code == "case_unknown"

    def test_takes_its_scans_with_it_and_leaves_the_store_whole(self, counter: Counter) -> None:
        _, body = self.purged(counter)
        for line in body.lines:
            assert all(not counter.desk.blobs.has(page.sha256) for page in line.pages)
        assert verify(counter.store).whole

    def test_reaches_central_although_the_cases_own_key_is_gone(self, counter: Counter) -> None:
        _, body = self.purged(counter)
        with counter.store.read() as tx:
            entry = next(entry for entry in tx.outbox.waiting() if entry.kind == "case.purged")
        assert entry.case_id == body.ref
        assert b"case.purged" in entry.raw

    def test_no_word_of_it_is_on_the_disk(self, tmp_path: Path) -> None:
        with counter_at(tmp_path / "home") as counter:
            self.purged(counter)
        for path in (tmp_path / "home").rglob("*"):
            assert path.is_dir() or self.WORDS.encode() not in path.read_bytes(), path.name

    def test_the_case_takes_no_further_fact(self, counter: Counter) -> None:
        _, body = self.purged(counter)
        with pytest.raises(RefusedError) as caught:
            counter.page(body.ref)
        assert caught.value.code == "case_purged"

    def test_only_by_somebody_who_serves_at_the_window(self, counter: Counter) -> None:
        code = counter.registered((WASTE,)).case.registered.registration_no
        with pytest.raises(RefusedError):
            counter.amendments.purge(AUDITOR, code)
        assert counter.queries.open_case(CLERK, code).case.registered.registration_no == code


def test_the_papers_of_one_case_are_numbered_without_a_gap(counter: Counter) -> None:
    ready = counter.ready(WASTE, matters=(PERMIT, WASTE))
    counter.amendments.withdraw(CLERK, f"{ready.code}/{PERMIT}", "项目调整")
    collection = Collection(
        qr=ready.notice.token, recipient="王建国", id_number=COLLECTOR_ID, phone="13847316021", signature="签名"
    )
    counter.handover.hand_over(CLERK, collection)
    papers = counter.queries.open_case(CLERK, ready.code).documents
    made_here = [paper.number[-3:] for paper in papers if paper.number.startswith(f"{ready.code}-")]
    assert sorted(number[1:] for number in made_here) == ["01", "02", "03", "04"]
    assert date(2026, 3, 2) == counter.clock.now().date()
