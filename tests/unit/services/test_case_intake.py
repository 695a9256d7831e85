"""收件: the half-done case, saved at every step, taken over at another shift, never demanding what it may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.bootstrap.adapters import DemoSharedRecords, UnconnectedSharedRecords
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.facts import Answer
from ebp_desktop.domain.material import Counts, ShareState, Verdict
from ebp_desktop.domain.project import Project
from ebp_desktop.services.intake import Judged
from tests.fixtures.desk import ANSWERS, AUDITOR, CLERK, PERMIT, WASTE, Counter, counter_at, received

EVERY_ANSWER = tuple(Answer(question=question, choice=choice) for question, choice in ANSWERS.items())


class TestADraft:
    def test_is_on_disk_after_every_step(self, tmp_path: Path) -> None:
        with counter_at(tmp_path / "home") as counter:
            draft = counter.draft((WASTE,))
        with counter_at(tmp_path / "home") as counter:
            assert counter.intake.load(draft.id) == draft
            assert [(each.title, each.operator) for each in counter.intake.drafts()] == [
                ("海勃湾区滨河家园二期住宅楼", "zhang")
            ]

    def test_takes_what_is_typed_valid_or_not(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True)
        typed = Project(name="", project_type="S", region="", site="?", national_code="12")
        draft = counter.intake.fill(draft, project=typed)
        assert counter.intake.load(draft.id).project.national_code == "12"
        faults = {each.line for each in counter.intake.missing(draft)}
        assert {"项目名称", "国家代码", "申请单位", "经办人姓名", "事项"} <= faults

    def test_that_is_ready_misses_nothing(self, counter: Counter) -> None:
        assert counter.intake.missing(counter.draft()) == ()

    def test_given_up_is_gone(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        counter.intake.discard(CLERK, draft.id)
        with pytest.raises(BadInputError) as caught:
            counter.intake.load(draft.id)
        assert caught.value.code == "draft_unknown"

    def test_only_by_those_who_may(self, counter: Counter) -> None:
        with pytest.raises(RefusedError):
            counter.intake.open(AUDITOR, declared_not_secret=True)
        assert counter.intake.drafts() == ()


class TestTheGuide:
    def test_chooses_matters_by_the_answers_and_asks_each_material_once(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True)
        draft, selection = counter.intake.choose_guide(draft, "3", "S", EVERY_ANSWER)
        assert selection.complete
        assert draft.matters == ("3-01", "3-03", "3-07", "3-08")
        materials = [line.material for line in draft.lines]
        assert len(set(materials)) == len(materials)
        shared_form = draft.line("M301")
        assert shared_form is not None
        assert set(shared_form.matters) == set(draft.matters)

    def test_says_what_is_still_to_be_answered(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True)
        _, selection = counter.intake.choose_guide(draft, "construction", "S", EVERY_ANSWER[:3])
        assert not selection.complete
        assert {question.id for question in selection.unanswered} >= {"bidding", "lightning"}

    def test_chosen_again_keeps_what_was_already_judged(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        kept = draft.line("M301")
        draft, _ = counter.intake.choose_guide(draft, "construction", "S", EVERY_ANSWER, (PERMIT, WASTE))
        line = draft.line("M301")
        assert line is not None
        assert kept is not None
        assert (line.verdict, line.pages, line.received) == (kept.verdict, kept.pages, kept.received)
        assert set(line.matters) == {PERMIT, WASTE}
        assert draft.line("M312") is not None

    def test_unknown_stages_types_and_versions_are_said(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True)
        with pytest.raises(RefusedError) as stage:
            counter.intake.choose_guide(draft, "moon", "S", EVERY_ANSWER)
        assert stage.value.code == "no_guide"
        with pytest.raises(BadInputError) as kind:
            counter.intake.choose_guide(draft, "construction", "Q", EVERY_ANSWER)
        assert kind.value.code == "project_type_unknown"
        with pytest.raises(BadInputError) as version:
            counter.guides.get("construction", "1999")
        assert version.value.code == "guide_unknown"

    def test_four_stages_are_here(self, counter: Counter) -> None:
        assert [guide.stage.number for guide in counter.guides.all()] == [1, 2, 3, 4]
        assert all(guide.is_draft for guide in counter.guides.all())


class TestPapers:
    def test_pages_are_sealed_and_readable_again(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True)
        draft, _ = counter.intake.choose_guide(draft, "construction", "S", EVERY_ANSWER, (WASTE,))
        files = (counter.page_file(), counter.page_file())
        draft = counter.intake.attach(draft, "M301", (*files, files[0]))
        line = draft.line("M301")
        assert line is not None
        assert [page.sha256 for page in line.pages] == [file.page.sha256 for file in files], "the same page once"
        for file in files:
            assert counter.desk.blobs.read(file.page.sha256) == file.path.read_bytes()

    def test_native_files_stand_beside_the_pages(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        file = counter.page_file()
        native = replace(file, page=replace(file.page, mime="image/vnd.dwg"))
        draft = counter.intake.attach(draft, "M301", (native,))
        line = draft.line("M301")
        assert line is not None
        assert [page.sha256 for page in line.files] == [file.page.sha256]

    def test_pages_move_to_another_line_in_their_order(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        draft = counter.intake.attach(draft, "M301", (counter.page_file(), counter.page_file()))
        source = draft.line("M301")
        assert source is not None
        moved = tuple(page.sha256 for page in source.pages[1:])
        draft = counter.intake.move_pages(draft, moved, "M312")
        target, emptied = draft.line("M312"), draft.line("M301")
        assert target is not None
        assert emptied is not None
        assert tuple(page.sha256 for page in target.pages[-2:]) == moved
        assert len(emptied.pages) == 1

    def test_what_the_guide_does_not_ask_for_is_not_taken(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        for act in (
            lambda: counter.intake.attach(draft, "M999", (counter.page_file(),)),
            lambda: counter.intake.judge(draft, "M999", Judged(received=received(), verdict=Verdict.MISSING)),
            lambda: counter.intake.move_pages(draft, (), "M999"),
        ):
            with pytest.raises(BadInputError) as caught:
                act()
            assert (caught.value.code, caught.value.article) == ("material_unknown", "第十三条")

    def test_counts_are_never_negative(self, counter: Counter) -> None:
        draft = counter.draft((WASTE,))
        with pytest.raises(BadInputError) as caught:
            counter.intake.judge(draft, "M301", Judged(received=Counts(copy=-1), verdict=Verdict.QUALIFIED))
        assert caught.value.code == "count_negative"


class TestSharedMaterials:
    def line_state(self, counter: Counter, material: str = "M304") -> ShareState:
        draft = counter.draft((PERMIT,))
        line = draft.line(material)
        assert line is not None
        return line.share.state

    def test_are_fetched_with_source_and_time(self, counter: Counter) -> None:
        draft = counter.draft((PERMIT,))
        line = draft.line("M304")
        assert line is not None
        assert line.share.state is ShareState.SHARED
        assert "不动产登记" in line.share.source
        assert line.share.at == counter.clock.now()

    def test_wait_while_offline_and_are_fetched_later(self, counter: Counter) -> None:
        counter.shares.offline = True
        draft = counter.draft((PERMIT,))
        line = draft.line("M304")
        assert line is not None
        assert line.share.state is ShareState.PENDING
        assert counter.intake.missing(draft) == (), "nothing of it blocks a registration"
        counter.shares.offline = False
        again = counter.intake.look_up_shared(draft).line("M304")
        assert again is not None
        assert again.share.state is ShareState.SHARED

    @pytest.mark.parametrize("how", ["failing", "unconnected"])
    def test_that_fail_may_be_uploaded_for_the_time_being(self, counter: Counter, how: str) -> None:
        failing = DemoSharedRecords(counter.clock, failing=frozenset({"M304"}))
        counter.use(replace(counter.desk, shares=failing if how == "failing" else UnconnectedSharedRecords()))
        assert self.line_state(counter) is ShareState.FAILED

    @pytest.mark.parametrize("count", [Counts(original=1), Counts(copy=1)])
    def test_are_not_taken_on_paper(self, counter: Counter, count: Counts) -> None:
        draft = counter.draft((PERMIT,))
        with pytest.raises(RefusedError) as caught:
            counter.intake.judge(draft, "M304", Judged(received=count, verdict=Verdict.QUALIFIED))
        assert (caught.value.code, caught.value.article) == ("shared_on_paper", "第十三条")

    def test_are_not_asked_for_before_anybody_applies(self, counter: Counter) -> None:
        draft = counter.intake.open(CLERK, declared_not_secret=True, draft_id=uuid4())
        draft, _ = counter.intake.choose_guide(draft, "construction", "S", EVERY_ANSWER, (PERMIT,))
        assert counter.intake.look_up_shared(draft) == draft

    def test_a_paper_of_this_very_stage_is_due_from_it(self, counter: Counter) -> None:
        draft = counter.draft(("3-01", PERMIT))
        line = draft.line("M309")
        assert line is not None
        assert line.share.state is ShareState.DUE_FROM_STAGE
        assert line.due == Counts()
