"""收件登记: one act that makes a case with its numbers and its slip, or nothing at all (Art. 3, 5, 6, 13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.identifiers import check_project_code, check_registration_no, check_temporary_no
from ebp_desktop.domain.material import Counts, ShareState, Verdict
from ebp_desktop.domain.project import Works
from ebp_desktop.domain.registration import Draft
from ebp_desktop.domain.states import MatterState
from ebp_desktop.services.guides import GuideShelf
from ebp_desktop.services.intake import Judged
from ebp_desktop.services.ports import Judgement
from ebp_desktop.services.registration import Registration
from ebp_desktop.services.window import Operator
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    LEAD,
    PERMIT,
    SYSTEM,
    USCC,
    WASTE,
    Counter,
    codes_of,
    counter_at,
    received,
    text_of,
)

SECRET_WORDS = "某涉密指挥所工程"
NATIONAL = "2603-150302-04-01-123456"


def refusal(counter: Counter, draft: Draft) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        counter.registration.register(CLERK, draft)
    return caught.value


def nothing_happened(counter: Counter) -> bool:
    with counter.store.read() as tx:
        return not (tx.ledger.case_ids() or tx.outbox.waiting() or tx.cases.recent().rows or tx.numbers.series())


class TestARegistrationStandsWhole:
    def test_it_has_its_numbers_its_matters_and_its_time(self, counter: Counter) -> None:
        done = counter.registered()
        body = done.case.registered
        assert check_registration_no(body.registration_no).valid
        assert body.registration_no == "150302-003-20260302-0001"
        assert check_project_code(body.project.project_code or "").valid
        assert [matter.terms.code for matter in done.case.matters] == [PERMIT, WASTE]
        assert {matter.state for matter in done.case.matters} == {MatterState.RECEIVED}
        assert body.received_at == counter.clock.now()
        assert not done.repeated

    def test_everything_that_must_know_it_knows_it(self, counter: Counter) -> None:
        case = counter.registered().case
        with counter.store.read() as tx:
            assert [fact.kind for fact in tx.ledger.of_case(case.id)] == ["case.registered"]
            assert [entry.kind for entry in tx.outbox.waiting()] == ["case.registered"]
            assert tx.cases.find_number(case.registered.registration_no) == case.id
            assert tx.cases.find_number(case.project.number) == case.id
            assert tx.documents.get(case.registered.registration_no, "slip") is not None
            assert tx.drafts.list() == ()
            waiting = {file.sha256 for file in tx.files.waiting(1000)}
        assert waiting == {page.sha256 for line in case.lines for page in line.pages}
        assert counter.acts(case.id) == ["case.registered"]

    def test_the_audit_record_holds_a_number_and_no_person(self, counter: Counter) -> None:
        case = counter.registered().case
        (record,) = counter.audit(case.id)
        assert (record.actor, record.detail) == ("zhang", case.registered.registration_no)

    def test_its_series_has_no_gap(self, counter: Counter) -> None:
        numbers = [counter.registered((WASTE,)).case.registered.registration_no[-4:] for _ in range(3)]
        assert numbers == ["0001", "0002", "0003"]
        counter.at(3)
        assert counter.registered((WASTE,)).case.registered.registration_no.endswith("20260303-0001")

    def test_a_refusal_uses_up_no_number(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        refusal(counter, replace(draft, declared_not_secret=False))
        assert counter.registration.register(CLERK, draft).case.registered.registration_no.endswith("-0001")


class TestTheSlip:
    def test_it_says_what_it_is_and_what_it_is_not(self, counter: Counter) -> None:
        done = counter.registered()
        words = text_of(done.slip.pdf)
        assert "本凭单为收件登记凭证，不是受理决定" in words
        for wanted in (
            done.case.registered.registration_no,
            done.case.project.number,
            "海勃湾区滨河家园二期住宅楼",
            "乌海市滨河置业有限公司",
            "建筑工程施工许可证核发",
            "2026年3月4日",
        ):
            assert wanted in words, wanted

    def test_its_code_is_genuine_and_leads_back_to_the_case(self, counter: Counter) -> None:
        done = counter.registered((WASTE,))
        (code,) = codes_of(done.slip.pdf)
        assert code == done.slip.token
        reading = counter.desk.tokens.read(code)
        assert (reading.judgement, reading.kind, reading.number) == (
            Judgement.GENUINE,
            "slip",
            done.case.registered.registration_no,
        )

    def test_under_a_draft_guide_it_is_a_specimen(self, counter: Counter) -> None:
        assert "样张" in text_of(counter.registered((WASTE,)).slip.pdf)

    def test_no_whole_id_number_is_on_it(self, counter: Counter) -> None:
        assert "19900101" not in text_of(counter.registered((WASTE,)).slip.pdf)

    def test_a_missing_paper_is_named_and_the_case_is_registered_all_the_same(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        draft = counter.intake.judge(draft, "M312", Judged(received=received(), verdict=Verdict.MISSING))
        draft = counter.intake.judge(
            draft, "M313", Judged(received=received(1), verdict=Verdict.DEFECTIVE, problem="照片未注明拍摄日期")
        )
        done = counter.registration.register(CLERK, draft)
        assert {line.material for line in done.case.registered.lacking} == {"M312", "M313"}
        words = text_of(done.slip.pdf)
        assert "缺件" in words
        assert "照片未注明拍摄日期" in words

    def test_a_paper_that_cannot_be_set_takes_the_whole_registration_with_it(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,), name="滨河\U000fabcd家园")
        with pytest.raises(BadInputError) as caught:
            counter.registration.register(CLERK, draft)
        assert caught.value.code == "character_unprintable"
        assert nothing_happened(counter)
        assert counter.intake.load(draft.id) == draft


class TestTheSameDraftTwice:
    def test_is_one_registration_with_the_same_answer(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        first = counter.registration.register(CLERK, draft)
        counter.later(minutes=5)
        again = counter.registration.register(CLERK, draft)
        assert again.repeated
        assert again.case.registered == first.case.registered
        assert again.slip == first.slip
        assert counter.waiting_kinds() == ["case.registered"]

    def test_holds_also_when_the_share_look_up_now_answers_otherwise(self, counter: Counter) -> None:
        counter.shares.offline = True
        draft = counter.draft((PERMIT,))
        first = counter.registration.register(CLERK, draft)
        counter.shares.offline = False
        counter.later(minutes=1)
        online = replace(draft, lines=tuple(counter.intake._shared(draft, line) for line in draft.lines))
        online = replace(
            online,
            lines=tuple(
                new if old.share.state is not ShareState.NOT_SHAREABLE else old
                for old, new in zip(draft.lines, online.lines, strict=True)
            ),
        )
        assert counter.registration.register(CLERK, online).slip == first.slip

    @pytest.mark.parametrize("what", ["name", "party", "line"])
    def test_with_other_contents_is_refused_and_changes_nothing(self, counter: Counter, what: str) -> None:
        draft = counter.draft((WASTE,))
        first = counter.registration.register(CLERK, draft)
        other = {
            "name": replace(draft, project=replace(draft.project, name="另一个项目")),
            "party": replace(draft, parties=(replace(draft.parties[0], name="另一家公司"),)),
            "line": replace(draft, lines=(replace(draft.lines[0], received=Counts(original=9)), *draft.lines[1:])),
        }[what]
        with pytest.raises(BadInputError) as caught:
            counter.registration.register(CLERK, other)
        assert caught.value.code == "ref_reused"
        assert first.case.registered.registration_no in caught.value.safe
        assert counter.case(draft.id) == first.case

    def test_with_an_invalid_body_is_named_as_a_reused_ref_too(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        counter.registration.register(CLERK, draft)
        with pytest.raises(BadInputError, match="同一登记标识"):
            counter.registration.register(CLERK, replace(draft, parties=()))


class TestWhatStandsInTheWay:
    def test_is_named_all_at_once_in_the_clerks_words(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        lines = tuple(
            replace(line, verdict=Verdict.NONE)
            if line.material == "M311"
            else replace(line, pages=())
            if line.material == "M312"
            else line
            for line in draft.lines
        )
        broken = replace(
            draft,
            lines=lines,
            project=replace(draft.project, name=" ", site=""),
            parties=(replace(draft.parties[0], code="91150302MA0QDEM0X8"),),
            handler=replace(draft.handler, phone="123", person_id=""),
        )
        found = refusal(counter, broken)
        assert found.code == "registration_refused"
        assert {(each.line, each.article) for each in found.missing} == {
            ("项目名称", "第五条"),
            ("建设地点", "第五条"),
            ("乌海市滨河置业有限公司 信用代码", "第五条"),
            ("经办人证件号码", "第五条"),
            ("经办人手机", "第五条"),
            ("M311", "第五条"),
            ("M312", "第五条"),
        }
        assert f"还差 {len(found.missing)} 项" in found.message
        assert nothing_happened(counter)

    def test_a_line_without_a_verdict(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        draft = counter.intake.judge(draft, "M301", Judged(received=received(1), verdict=Verdict.NONE))
        assert [each.line for each in refusal(counter, draft).missing] == ["M301"]

    def test_received_paper_without_its_scan_unless_the_lead_allowed_it(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        lines = tuple(replace(line, pages=()) if line.material == "M301" else line for line in draft.lines)
        draft = replace(draft, lines=lines)
        assert [each.what for each in refusal(counter, draft).missing] == [f"《{draft.lines[0].name}》收了纸件，未扫描"]
        with pytest.raises(RefusedError, match="没有办理此项操作的权限"):
            counter.intake.owe_scan(CLERK, draft, "M301", "图纸超幅")
        allowed = counter.intake.owe_scan(LEAD, draft, "M301", "图纸超幅")
        done = counter.registration.register(CLERK, allowed)
        line = done.case.line("M301")
        assert line is not None
        assert line.scan_owed is not None
        assert (line.scan_owed.allowed_by, line.scan_owed.reason) == ("li", "图纸超幅")
        assert "扫描件待补" in text_of(done.slip.pdf)

    def test_a_page_that_is_not_on_this_machine(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        stranger = counter.page()
        lines = tuple(replace(line, pages=(stranger,)) if line.material == "M301" else line for line in draft.lines)
        assert "不在本机" in refusal(counter, replace(draft, lines=lines)).missing[0].what

    def test_shared_material_taken_on_paper(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        lines = tuple(
            replace(line, received=Counts(original=1), pages=(counter.page(draft.id),))
            if line.material == "M304"
            else line
            for line in draft.lines
        )
        (found,) = refusal(counter, replace(draft, lines=lines)).missing
        assert (found.line, found.article) == ("M304", "第十三条")

    def test_a_material_that_the_guide_does_not_ask_for_and_one_that_it_does(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        stray = replace(draft.lines[0], material="M999", name="居委会证明")
        found = refusal(counter, replace(draft, lines=(*draft.lines[1:], stray))).missing
        assert {each.line for each in found} == {"M999", draft.lines[0].material}

    def test_an_open_situation_question(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        open_question = replace(draft, answers=tuple(a for a in draft.answers if a.question != "bidding"))
        assert any(each.line == "情形" for each in refusal(counter, open_question).missing)

    def test_a_draft_guide_outside_the_demo(self, tmp_path: Path) -> None:
        with counter_at(tmp_path / "home") as counter:
            draft = counter.draft((WASTE,))
            counter.use(replace(counter.desk, window=replace(counter.desk.window, demo=False)))
            (found,) = refusal(counter, draft).missing
            assert "草案指南" in found.what
            with pytest.raises(RefusedError) as caught:
                counter.intake.choose_guide(draft, "construction", "S", draft.answers)
            assert caught.value.code == "no_guide"

    def test_a_newer_guide_binds_a_draft_that_was_begun_under_the_old_one(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        with counter.store.begin() as tx:
            (_, body) = next(entry for entry in tx.reference.all("guide") if b'"id": "construction"' in entry[1])
            tx.reference.put("guide", "newer", body.replace(b"2026-11-draft", b"2026-12-draft"))
        (found,) = refusal(counter, draft).missing
        assert "2026-12-draft" in found.what
        renewed, _ = counter.intake.choose_guide(draft, "construction", "S", draft.answers, draft.matters)
        assert counter.registration.register(CLERK, renewed).case.registered.guide_version == "2026-12-draft"

    @pytest.mark.parametrize("person", [AUDITOR, SYSTEM])
    def test_a_person_who_may_not_act(self, counter: Counter, person: Operator) -> None:
        draft = counter.draft((WASTE,))
        with pytest.raises(RefusedError) as caught:
            counter.registration.register(person, draft)
        assert caught.value.code == "not_allowed"
        assert nothing_happened(counter)


class TestTheSecrecyGate:
    def test_a_secret_project_leaves_nothing_but_an_anonymous_count(self, counter: Counter) -> None:
        draft_id = uuid4()
        with pytest.raises(RefusedError) as caught:
            counter.intake.open(CLERK, declared_not_secret=False, draft_id=draft_id)
        assert (caught.value.code, caught.value.article) == ("secret_project", "第三条")
        assert "保密规定" in caught.value.todo
        with counter.store.read() as tx:
            assert tx.drafts.list() == ()
            assert tx.keys.find(draft_id) is None
        (record,) = counter.audit()
        assert (record.act, record.object, record.detail) == ("secret.guided", "-", "")

    def test_an_undeclared_project_is_not_registered(self, counter: Counter) -> None:
        draft = replace(counter.draft((WASTE,), name=SECRET_WORDS), declared_not_secret=False)
        (found,) = refusal(counter, draft).missing
        assert (found.line, found.article) == ("保密", "第三条")
        counter.intake.discard(CLERK, draft.id)
        with counter.store.read() as tx:
            everything = [tx.drafts.list(), tx.cases.recent().rows, tx.outbox.waiting(), tx.audit.list(limit=1000)]
        assert SECRET_WORDS not in repr(everything)
        for path in counter.home.rglob("*"):
            assert path.is_dir() or SECRET_WORDS.encode() not in path.read_bytes(), path.name


class TestTheProjectCode:
    def test_each_project_takes_the_next_leased_number(self, counter: Counter) -> None:
        codes = [counter.registered((WASTE,)).case.project.project_code for _ in range(2)]
        assert [code[:-2] if code else None for code in codes] == ["150302-2026-000001", "150302-2026-000002"]
        assert counter.queries.today().leased_left == 18

    def test_a_lease_used_up_gives_a_plainly_different_temporary_number(self, tmp_path: Path) -> None:
        with counter_at(tmp_path / "home", leased=1) as counter:
            counter.registered((WASTE,))
            done = counter.registered((WASTE,))
            assert done.case.project.project_code is None
            assert done.case.project.number == "临-003-20260302-0001"
            assert check_temporary_no(done.case.project.number).valid
            words = text_of(done.slip.pdf)
            assert "临-003-20260302-0001" in words
            counter.central(
                done.case.id,
                f.CodeAssigned(
                    project_code="150302-2026-000501-7", instead_of=done.case.project.number, at=counter.clock.now()
                ),
            )
            for number in ("临-003-20260302-0001", "150302-2026-000501-7"):
                assert counter.queries.open_case(CLERK, number).case.project.number == "150302-2026-000501-7"

    def test_a_project_that_comes_again_with_its_temporary_number_gets_no_second_one(self, tmp_path: Path) -> None:
        with counter_at(tmp_path / "home", leased=0) as counter:
            first = counter.registered((WASTE,)).case
            draft = counter.draft((PERMIT,))
            known = replace(draft, project=replace(draft.project, temporary_no=first.project.number))
            again = counter.registration.register(CLERK, known).case
            assert again.project.number == first.project.number

    def test_an_expired_lease_is_not_used(self, counter: Counter) -> None:
        counter.clock.set(counter.clock.now().replace(year=2027, month=1, day=4))
        done = counter.registered((WASTE,))
        assert done.case.project.temporary_no == "临-003-20270104-0001"

    def test_central_is_asked_first_and_its_code_is_taken_over(self, counter: Counter) -> None:
        counter.directory.known[f"海勃湾区滨河家园二期住宅楼|{USCC}"] = "150302-2026-000900-1"
        draft = counter.draft((WASTE,))
        typed = replace(draft, parties=(replace(draft.parties[0], code=USCC.lower()),))
        assert counter.registration.register(CLERK, typed).case.project.project_code == "150302-2026-000900-1"
        assert counter.directory.asked == [("", "海勃湾区滨河家园二期住宅楼", USCC)]
        assert counter.queries.today().leased_left == 20

    def test_two_stages_of_one_national_code_share_the_project_code(self, counter: Counter) -> None:
        first = counter.registered((WASTE,), national_code=NATIONAL).case
        second = counter.registered((PERMIT,), national_code=NATIONAL).case
        assert first.project.project_code == second.project.project_code
        with counter.store.read() as tx:
            assert set(tx.cases.by_project(first.project.number)) == {first.id, second.id}

    def test_another_works_of_the_same_national_code_does_not(self, counter: Counter) -> None:
        first = counter.registered((WASTE,), national_code=NATIONAL).case
        draft = counter.draft((WASTE,), national_code=NATIONAL)
        from_other_works = replace(draft, project=replace(draft.project, works=Works(name="二标段")))
        other = counter.registration.register(CLERK, from_other_works).case
        assert first.project.project_code != other.project.project_code


class TestAYearWithoutItsCalendar:
    def test_registers_and_prints_all_the_same(self, counter: Counter) -> None:
        counter.clock.set(counter.clock.now().replace(month=12, day=31))
        done = counter.registered((WASTE,))
        assert done.case.registered.received_at.date() == date(2026, 12, 31)
        words = text_of(done.slip.pdf)
        assert "2个工作日" in words
        assert "2027年1月" not in words
        assert counter.queries.today().missing_year == 2027
        file = counter.queries.open_case(CLERK, done.case.registered.registration_no)
        assert [(row.due, row.missing_year) for row in file.clocks] == [(None, 2027)]


def test_a_case_survives_a_restart_with_its_slip(tmp_path: Path) -> None:
    with counter_at(tmp_path / "home") as before:
        done = before.registered((WASTE,))
    with counter_at(tmp_path / "home") as after:
        assert after.case(done.case.id) == done.case
        assert after.reprints.reprint(CLERK, done.slip.number)[0].pdf == done.slip.pdf


def test_two_ways_to_the_desk_register_the_same_draft_once(counter: Counter) -> None:
    """The window and the command line may race: both get the one answer."""
    draft = counter.draft((WASTE,))
    other = Registration(counter.desk, GuideShelf(counter.store, demo=True))
    first, second = counter.registration.register(CLERK, draft), other.register(LEAD, draft)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.slip == second.slip
