"""收件 as a clerk goes through it, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from counter_samples.intake import CODE, HANDLER, OWNER, SampleIntake

from ebp_desktop.domain.material import Counts, Keep, MaterialLine, Share, ShareState, Verdict
from ebp_desktop.domain.project import PartyKind
from ebp_desktop.domain.registration import Draft
from ui.presenting import ImmediateTasks
from ui.screens.intake import checklist, form, questions
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.state import ChoiceGroup, Phase
from ui.shown import Choice, Count, Group, Mark, Row, Words


@pytest.fixture
def gateway() -> SampleIntake:
    return SampleIntake()


@pytest.fixture
def intake(gateway: SampleIntake, tasks: ImmediateTasks) -> IntakePresenter:
    presenter = IntakePresenter(gateway, tasks)
    presenter.enter()
    return presenter


@pytest.fixture
def asked(intake: IntakePresenter) -> IntakePresenter:
    """Past the gate, at the questions of the guide."""
    for digit in (1, 3, 1):
        intake.press_digit(digit)
    intake.go_on()
    return intake


@pytest.fixture
def laid_out(asked: IntakePresenter) -> IntakePresenter:
    """The checklist of a new case."""
    for digit in (1, 1, 2, 1):
        asked.press_digit(digit)
    asked.go_on()
    return asked


@pytest.fixture
def half_done(intake: IntakePresenter, gateway: SampleIntake) -> IntakePresenter:
    intake.resume(str(gateway.half_done))
    return intake


def primary(presenter: IntakePresenter) -> str:
    act = presenter.bar().primary()
    return act.name if act else ""


class TestGate:
    def test_the_first_question_is_about_secrecy(self, intake: IntakePresenter) -> None:
        assert intake.current_group() == questions.SECRECY

    def test_a_secret_project_leaves_no_trace(self, intake: IntakePresenter, gateway: SampleIntake) -> None:
        draft = intake.state.draft
        intake.press_digit(2)
        assert intake.state.phase is Phase.STOPPED
        assert intake.state.draft is None
        assert gateway.discarded == [draft.id]
        assert draft.id not in gateway.saved
        assert "不在本系统办理" in intake.bar().head

    def test_a_secret_matter_stops_the_case_too(self, asked: IntakePresenter, gateway: SampleIntake) -> None:
        draft = asked.state.draft
        for digit in (1, 1, 2, 2):
            asked.press_digit(digit)
        assert asked.state.phase is Phase.STOPPED
        assert draft.id not in gateway.saved

    def test_after_a_stop_the_next_applicant_begins_anew(self, intake: IntakePresenter) -> None:
        intake.press_digit(2)
        intake.act("anew")
        assert intake.state.phase is Phase.PROJECT
        assert intake.state.draft is not None

    def test_nothing_goes_on_before_every_question_is_answered(self, intake: IntakePresenter) -> None:
        intake.press_digit(1)
        intake.go_on()
        assert intake.state.phase is Phase.PROJECT
        assert "办理阶段" in intake.bar().named("go_on").why

    def test_number_keys_answer_one_question_after_another(self, intake: IntakePresenter) -> None:
        intake.press_digit(1)
        assert intake.current_group() == questions.STAGE
        intake.press_digit(3)
        assert intake.current_group() == questions.TYPE
        intake.press_digit(9)
        assert intake.state.draft.project.project_type == ""
        intake.press_digit(2)
        assert (intake.state.draft.stage, intake.state.draft.project.project_type) == ("3", "L")

    def test_one_may_go_back_a_question(self, intake: IntakePresenter) -> None:
        intake.press_digit(1)
        intake.press_digit(3)
        intake.act("back")
        assert intake.current_group() == questions.STAGE
        intake.press_digit(2)
        assert intake.state.draft.stage == "2"

    def test_another_stage_asks_its_own_questions_again(self) -> None:
        draft = Draft(
            id=SampleIntake().begin().id,
            opened_at=SampleIntake().begin().opened_at,
            operator="x",
            stage="3",
            matters=("3-01",),
            declared_not_secret=True,
        )
        changed = questions.with_stage(draft, "2")
        assert (changed.matters, changed.answers, changed.declared_not_secret) == ((), (), False)
        assert questions.with_stage(draft, "3") is draft

    def test_another_answer_takes_back_the_declaration(self, laid_out: IntakePresenter) -> None:
        laid_out.act("back")
        laid_out.answer("agent", "no")
        assert not laid_out.state.draft.declared_not_secret

    def test_the_question_gone_back_to_takes_the_keys(self) -> None:
        groups = (ChoiceGroup("a", "", (Choice("1", ""),), picked="1"), ChoiceGroup("b", "", (Choice("1", ""),)))
        assert questions.current_group(groups, "a") == "a"
        assert questions.current_group(groups, "") == "b"
        assert questions.current_group((), "") == ""


class TestProject:
    def test_a_known_project_fills_the_form(self, intake: IntakePresenter) -> None:
        intake.find(CODE)
        assert intake.state.draft.project.project_code == CODE
        assert intake.state.texts["party_name"] == OWNER.name

    def test_an_unknown_one_begins_as_new(self, intake: IntakePresenter) -> None:
        intake.find("没有的项目")
        assert intake.state.hits == ()
        assert intake.state.draft.project.project_code is None

    def test_a_scan_before_the_screen_was_opened_is_not_lost(
        self, gateway: SampleIntake, tasks: ImmediateTasks
    ) -> None:
        presenter = IntakePresenter(gateway, tasks)
        presenter.find(CODE)
        assert presenter.state.draft.project.project_code == CODE

    def test_entering_again_keeps_what_is_on_the_desk(self, asked: IntakePresenter) -> None:
        draft = asked.state.draft
        asked.enter()
        assert asked.state.draft is draft

    def test_a_half_done_case_is_taken_up_where_it_was(self, half_done: IntakePresenter) -> None:
        assert half_done.state.phase is Phase.MATERIALS
        assert half_done.state.texts["handler_name"] == HANDLER.name


class TestChecklist:
    def test_the_first_line_that_needs_a_hand_is_chosen(self, laid_out: IntakePresenter) -> None:
        assert laid_out.state.phase is Phase.MATERIALS
        assert laid_out.state.line == "M301"

    def test_a_verdict_by_one_key_goes_on_to_the_next_line(self, laid_out: IntakePresenter) -> None:
        laid_out.act("missing")
        assert laid_out.state.draft.line("M301").verdict is Verdict.MISSING
        assert laid_out.state.line == "M303"

    def test_qualified_counts_what_is_due(self, laid_out: IntakePresenter) -> None:
        laid_out.choose_line("M303")
        laid_out.act("ok")
        line = laid_out.state.draft.line("M303")
        assert (line.received.original, line.received.copy) == (1, 1)

    def test_qualified_paper_without_its_scan_stays_open(self, laid_out: IntakePresenter) -> None:
        laid_out.act("ok")
        row = next(row for row in checklist.rows_of(laid_out.state.draft, "") if isinstance(row, Row))
        assert row.cells[-1].word == "未扫描"
        assert any(item.line == "M301" for item in laid_out.state.obstacles)

    def test_digits_count_received_copies(self, laid_out: IntakePresenter) -> None:
        laid_out.choose_line("M315")
        laid_out.press_digit(3)
        laid_out.act("missing")
        assert checklist.badge_of(laid_out.state.draft.line("M315")).word == "缺 2 份"

    def test_a_defect_waits_for_its_words(self, laid_out: IntakePresenter) -> None:
        laid_out.judge(Verdict.DEFECTIVE)
        assert laid_out.state.line == "M301"
        assert any("未写明问题" in item.what for item in laid_out.state.obstacles)
        laid_out.describe("  未盖章 ")
        assert laid_out.state.draft.line("M301").problem == "未盖章"
        assert checklist.badge_of(laid_out.state.draft.line("M301")).word == "未盖章"

    def test_shared_materials_cannot_be_judged_or_taken(self, laid_out: IntakePresenter) -> None:
        laid_out.choose_line("M305")
        assert not laid_out.bar().named("ok").enabled
        assert "不得收纸件" in laid_out.bar().named("import").why

    def test_files_become_pages_of_the_chosen_line(self, laid_out: IntakePresenter) -> None:
        laid_out.take_files(("form.pdf", "virus.exe"))
        assert len(laid_out.state.draft.line("M301").pages) == 1
        assert laid_out.state.notice == "virus.exe：不是材料文件"
        assert checklist.pages_of(laid_out.state.draft)[0].label == "301-1"

    def test_a_page_leads_to_its_line_and_back(self, half_done: IntakePresenter) -> None:
        half_done.choose_page("p7")
        assert half_done.state.line == "M311"
        half_done.choose_line("M303")
        assert half_done.state.page == "p4"

    def test_every_change_is_kept_at_once(self, laid_out: IntakePresenter, gateway: SampleIntake) -> None:
        laid_out.act("missing")
        assert gateway.saved[laid_out.state.draft.id].line("M301").verdict is Verdict.MISSING

    def test_open_lines_are_gone_round(self, laid_out: IntakePresenter) -> None:
        laid_out.choose_line("M318")
        laid_out.next_open()
        assert laid_out.state.line == "M301"

    def test_what_is_owed_and_what_is_fetched_stand_apart(self, half_done: IntakePresenter) -> None:
        groups = [row for row in checklist.rows_of(half_done.state.draft, "") if isinstance(row, Group)]
        assert [group.title for group in groups] == ["须交 10 项", "共享取得、不得要求提交 3 项"]
        assert groups[1].hint == "已取 2，待联网 1"

    @pytest.mark.parametrize(
        ("state", "mark", "word"),
        [
            (ShareState.SHARED, Mark.SHARE, "已取得"),
            (ShareState.PENDING, Mark.CLOCK, "待联网"),
            (ShareState.FAILED, Mark.WARN, "可补传"),
            (ShareState.DUE_FROM_STAGE, Mark.NONE, "本阶段出"),
        ],
    )
    def test_every_share_state_has_its_word(self, state: ShareState, mark: Mark, word: str) -> None:
        line = MaterialLine(
            material="M305", name="证", due=Counts(), received=Counts(), matters=(), share=Share(state=state)
        )
        badge = checklist.badge_of(line)
        assert (badge.mark, badge.word) == (mark, word)

    def test_a_waived_line_owes_nothing(self) -> None:
        line = MaterialLine(
            material="M308",
            name="图",
            due=Counts(original=1, electronic=1),
            received=Counts(),
            matters=(),
            keep=Keep.KEEP,
            verdict=Verdict.EXEMPT,
        )
        draft = replace(SampleIntake().begin(), lines=(line,))
        row = next(row for row in checklist.rows_of(draft, "M308") if isinstance(row, Row))
        assert row.cells[1] == Words("图", strong=True)
        assert all(not cell.short for cell in row.cells if isinstance(cell, Count))


class TestForm:
    def fill(self, intake: IntakePresenter, **texts: str) -> None:
        for name, text in texts.items():
            intake.type_into(name, text)

    def shown(self, intake: IntakePresenter, name: str) -> tuple[Mark, str]:
        parts = form.parts_of(intake.state.texts, intake.state.touched, {})
        field = next(field for part in parts for field in part.fields if field.name == name)
        return field.mark, field.note

    def test_nothing_is_said_while_a_number_is_still_typed(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, party_code="9115")
        assert self.shown(laid_out, "party_code") == (Mark.NONE, "")

    def test_a_complete_wrong_number_is_said_at_once(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, party_code="91150302MA0N5WX77P")
        mark, note = self.shown(laid_out, "party_code")
        assert mark is Mark.BAD
        assert "校验码" in note

    def test_a_required_field_left_empty_is_said_once_it_was_left(self, laid_out: IntakePresenter) -> None:
        assert self.shown(laid_out, "name") == (Mark.NONE, "")
        laid_out.leave("name")
        assert self.shown(laid_out, "name") == (Mark.MISSING, "必填")

    def test_amounts_take_thousands_separators_and_refuse_words(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, floor_area="12,460.00")
        assert str(laid_out.state.draft.project.floor_area_m2) == "12460.00"
        self.fill(laid_out, floor_area="很大")
        assert self.shown(laid_out, "floor_area")[0] is Mark.BAD
        assert str(laid_out.state.draft.project.floor_area_m2) == "12460.00"

    def test_a_person_may_apply(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, party_name="王建国", party_code=HANDLER.person_id)
        assert laid_out.state.draft.parties[0].kind is PartyKind.PERSON

    def test_an_empty_party_is_no_party(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, party_name="甲", legal_representative="乙")
        self.fill(laid_out, party_name="")
        assert laid_out.state.draft.parties == ()

    def test_an_address_is_a_consent_to_electronic_delivery(self, laid_out: IntakePresenter) -> None:
        self.fill(laid_out, delivery="wjg@example.invalid")
        assert laid_out.state.draft.consent.given

    def test_a_finding_is_shown_without_being_an_error(self) -> None:
        parts = form.parts_of({"floor_area": "12,460.00"}, frozenset(), {"floor_area": "与规划许可证 12,640.00 不一致"})
        field = next(field for field in parts[0].fields if field.name == "floor_area")
        assert (field.mark, field.note) == (Mark.FIX, "与规划许可证 12,640.00 不一致")

    def test_the_fields_that_refuse_are_named_in_their_order(self) -> None:
        assert form.faults({})[:2] == ("name", "site")


class TestRegistration:
    def complete(self, intake: IntakePresenter) -> None:
        for line in checklist.owed(intake.state.draft):
            intake.choose_line(line.material)
            intake.judge(Verdict.MISSING)

    def test_missing_materials_do_not_turn_anyone_away(self, half_done: IntakePresenter, gateway: SampleIntake) -> None:
        self.complete(half_done)
        half_done.choose_line("M301")
        for line in checklist.owed(half_done.state.draft):
            if line.lacks_scan:
                half_done.choose_line(line.material)
                half_done.take_files(("scan.pdf",))
        assert half_done.state.obstacles == ()
        assert primary(half_done) == "register"
        half_done.act("register")
        assert half_done.state.phase is Phase.REGISTERED
        assert len(gateway.registered) == 1
        assert len(half_done.state.registered.lacking) == 10

    def test_what_stands_in_the_way_is_said_by_kind(self, half_done: IntakePresenter) -> None:
        bar = half_done.bar()
        assert bar.head == "还差 2 项才能登记"
        assert bar.detail == "未扫描 313；未核 314"
        assert not bar.named("register").enabled
        assert primary(half_done) == "next"

    def test_long_lists_are_cut_with_their_number(self, laid_out: IntakePresenter) -> None:
        assert "等 10 处" in laid_out.bar().detail

    def test_a_refused_registration_keeps_the_desk(self, half_done: IntakePresenter) -> None:
        half_done.act("register")
        assert half_done.state.phase is Phase.MATERIALS
        assert half_done.state.registered is None

    def test_central_may_refuse_what_the_counter_allowed(
        self, half_done: IntakePresenter, gateway: SampleIntake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        half_done._state = replace(half_done.state, obstacles=())
        half_done.act("register")
        assert half_done.trouble is not None
        assert half_done.trouble.missing
        assert not half_done.state.sending
        half_done.forget_trouble()
        assert half_done.trouble is None

    def test_the_slip_may_be_printed_again(self, half_done: IntakePresenter, gateway: SampleIntake) -> None:
        half_done._registered(gateway.register(replace(half_done.state.draft, lines=())))
        half_done.act("print")
        assert gateway.printed == ["150300-003-20261120-0007"]
        assert "第 2 次" in half_done.bar().detail
        half_done.act("anew")
        assert half_done.state.phase is Phase.PROJECT

    def test_a_draft_may_be_given_up(self, laid_out: IntakePresenter, gateway: SampleIntake) -> None:
        draft = laid_out.state.draft.id
        laid_out.give_up()
        assert draft in gateway.discarded
        assert laid_out.state.draft.id != draft
