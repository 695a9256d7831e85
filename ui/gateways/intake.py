"""收件, answered by the intake and registration use cases."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import MatterTerms
from ebp_desktop.domain.guide import Guide, Selection
from ebp_desktop.domain.guide.model import Question
from ebp_desktop.domain.registration import Draft
from ebp_desktop.services.lookup import case_of, find_case
from ebp_desktop.services.registration import Registered
from ui.gateways.pages import Pages
from ui.gateways.seat import Seat
from ui.gateways.words import local, moment_words, short_day, short_unit, state_badge
from ui.screens.intake.state import (
    ChoiceGroup,
    DraftHit,
    MatterShown,
    Prepared,
    ProjectHit,
    RegisteredShown,
    Taken,
)
from ui.shown import Choice

_MOST_HITS = 20


class Intake:
    """Drafts, guides, files, registration."""

    def __init__(self, seat: Seat, pages: Pages) -> None:
        self._seat = seat
        self._pages = pages
        self._slips: dict[str, Registered] = {}

    def stages(self) -> tuple[Choice, ...]:
        """Stages of the newest guides."""
        newest: dict[str, Guide] = {}
        for guide in self._seat.services.guides.all():
            newest[guide.stage.code] = guide
        return tuple(
            Choice(
                guide.stage.code, guide.stage.name, "草案，待部门确认" if guide.is_draft else f"指南 {guide.version}"
            )
            for guide in sorted(newest.values(), key=lambda guide: guide.stage.number)
        )

    def project_types(self) -> tuple[Choice, ...]:
        """Types of projects, once each."""
        types = {t.code: t.name for guide in self._seat.services.guides.all() for t in guide.project_types}
        return tuple(Choice(code, name) for code, name in types.items())

    def begin(self) -> Draft:
        """An empty draft; nothing is kept before the secrecy gate was passed."""
        desk = self._seat.desk
        region = desk.window.region
        draft = Draft(id=desk.ids.new(), opened_at=local(desk.clock.now()), operator=self._seat.operator.user)
        return replace(draft, project=replace(draft.project, region=region))

    def drafts(self) -> tuple[DraftHit, ...]:
        """Half-done cases."""
        return tuple(
            DraftHit(stored.id, stored.title, f"{moment_words(stored.updated_at)}　{stored.operator}")
            for stored in self._seat.services.intake.drafts()
        )

    def resume(self, draft: UUID) -> Draft:
        """A half-done case."""
        return self._seat.services.intake.load(draft)

    def projects(self, text: str) -> tuple[ProjectHit, ...]:
        """Projects of earlier filings; the newest filing of each tells its facts."""
        desk, found = self._seat.desk, dict[str, ProjectHit]()
        with desk.store.read() as tx:
            try:
                cases = [find_case(tx, text)]
            except BadInputError:
                cases = [case_of(tx, row.case_id) for row in tx.cases.search(text, limit=_MOST_HITS).rows]
        for case in cases:
            project = case.project
            note = f"{project.number}　{case.registered.stage_name}"
            state = state_badge(next((m.state.label for m in case.matters), ""))
            hit = ProjectHit(project.number, project, case.registered.parties, note, state)
            found.setdefault(project.number, hit)
        return tuple(found.values())

    def prepare(self, draft: Draft) -> Prepared:
        """The draft under its guide; kept once it was declared free of secrets."""
        services = self._seat.services
        project_type = draft.project.project_type
        draft, selection = services.intake.choose_guide(draft, draft.stage, project_type, draft.answers)
        draft = services.intake.look_up_shared(draft) if draft.parties else draft
        guide = services.intake.guide_of(draft)
        answers = {answer.question: answer.choice for answer in draft.answers}
        return Prepared(
            draft=draft,
            questions=tuple(_group(question, answers.get(question.id, "")) for question in selection.questions),
            matters=_matters(guide, selection) if selection.complete else (),
            guide_label=f"指南 {guide.version}",
            guide_is_draft=guide.is_draft,
            stage_name=guide.stage.name,
            type_name=next((t.name for t in guide.project_types if t.code == project_type), ""),
        )

    def save(self, draft: Draft) -> None:
        """Keep it as it is."""
        self._seat.services.intake.fill(draft)

    def discard(self, draft: UUID) -> None:
        """Give it up."""
        self._seat.services.intake.discard(self._seat.operator, draft)

    def take_files(self, draft: Draft, material: str, files: tuple[str, ...]) -> Taken:
        """Files as pages of a line, refused ones with their reason."""
        with tempfile.TemporaryDirectory(prefix="ebp-") as folder:
            imported = self._seat.read_files(tuple(Path(file) for file in files), Path(folder) / "pages")
            draft = self._seat.services.intake.attach(draft, material, imported.pages)
        return Taken(draft, tuple(f"{file.name}：{file.reason}" for file in imported.refused))

    def page(self, sha256: str) -> bytes:
        """A page's picture."""
        return self._pages.read(sha256)

    def register(self, draft: Draft) -> RegisteredShown:
        """Register, then print; a printer that fails changes nothing."""
        services = self._seat.services
        self._look_up(draft)
        done = services.registration.register(self._seat.operator, draft)
        registered = done.case.registered
        self._slips[registered.registration_no] = done
        printed = self._print(done)
        return RegisteredShown(
            registration_no=registered.registration_no,
            number=done.case.project.number,
            received=moment_words(registered.received_at),
            answer_by=_answer_by(done),
            pages=self._pages.show(done.slip, "登记凭单"),
            matters=tuple(matter.terms.name for matter in done.case.matters),
            lacking=tuple(line.name for line in done.case.lines if line.is_lacking),
            printed=printed,
            repeated=done.repeated,
        )

    def _look_up(self, draft: Draft) -> None:
        """The draft as typed is kept before it is judged."""
        self._seat.services.intake.fill(draft)

    def _print(self, done: Registered) -> str:
        outcome = self._seat.print_pdf(done.slip.pdf, f"登记凭单 {done.slip.number}")
        return "凭单已送打印，请申请人签字，一联交申请人" if outcome.ok else f"{outcome.reason}；可按 F6 再打"

    def print_slip(self, registration_no: str) -> str:
        """Print again, counted and marked from the second time on."""
        seat = self._seat
        paper, times = seat.services.reprints.reprint(seat.operator, registration_no, "slip")
        outcome = seat.print_pdf(paper.pdf, f"登记凭单 {registration_no}")
        return f"第 {times} 次打印" if outcome.ok else outcome.reason


def _group(question: Question, picked: str) -> ChoiceGroup:
    choices = tuple(Choice(choice.code, choice.text) for choice in question.choices)
    return ChoiceGroup(question.id, question.text, choices, question.note, picked)


def _matters(guide: Guide, selection: Selection) -> tuple[MatterShown, ...]:
    shown = []
    for chosen in selection.matters:
        limit = f"{chosen.promised.words()}" if chosen.promised else ""
        department = short_unit(guide.department(chosen.matter.department).name)
        shown.append(MatterShown(chosen.matter.code, chosen.matter.name, department, limit))
    return tuple(shown)


def _answer_by(done: Registered) -> str:
    terms: tuple[MatterTerms, ...] = tuple(matter.terms for matter in done.case.matters)
    day = local(done.case.registered.received_at).date()
    if not any(each.deemed_acceptance for each in terms):
        return "按各事项规定"
    return f"自 {short_day(day)} 起 2 个工作日内"
