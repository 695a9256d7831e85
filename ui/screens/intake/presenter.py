"""收件 without Qt: leads from the secrecy gate to the slip and keeps the draft safe at every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from ebp_desktop.domain.material import Verdict
from ebp_desktop.domain.registration import Draft, obstacles
from ui.presenting import Presenter, Tasks
from ui.screens.intake import bars, checklist, form, questions
from ui.screens.intake.gateway import IntakeGateway
from ui.screens.intake.state import (
    ChoiceGroup,
    DraftHit,
    IntakeState,
    Phase,
    Prepared,
    ProjectHit,
    RegisteredShown,
    Taken,
)
from ui.shown import ActionBar, Choice, Trouble

_MOST_COPIES = 9


class IntakePresenter(Presenter[IntakeState]):
    """One draft on the desk; every change is kept before the next is asked for."""

    def __init__(self, gateway: IntakeGateway, tasks: Tasks) -> None:
        super().__init__(IntakeState(), tasks)
        self._gateway = gateway

    # -- beginning

    def enter(self) -> None:
        """Take what is on the desk; an empty desk gets a new draft."""
        if self.state.draft is None:
            self.ask("begin", self._fresh, self._begun)

    def _fresh(self) -> tuple[Draft, tuple[Choice, ...], tuple[Choice, ...], tuple[DraftHit, ...]]:
        gateway = self._gateway
        return gateway.begin(), gateway.stages(), gateway.project_types(), gateway.drafts()

    def _begun(self, fresh: tuple[Draft, tuple[Choice, ...], tuple[Choice, ...], tuple[DraftHit, ...]]) -> None:
        draft, stages, types, drafts = fresh
        looked_for, hits = self.state.looked_for, self.state.hits
        state = IntakeState(draft=draft, stages=stages, types=types, drafts=drafts, looked_for=looked_for, hits=hits)
        self.show(self._with_draft(state, draft))
        if looked_for and not hits:
            self.find(looked_for)

    def begin_anew(self) -> None:
        """The next applicant."""
        self._state = IntakeState()
        self.enter()

    def give_up(self) -> None:
        """Put the draft away for good."""
        draft = self.state.draft
        if draft is not None:
            self.ask("discard", lambda: self._gateway.discard(draft.id), lambda _: self.begin_anew())

    def find(self, text: str) -> None:
        """Look for the project of a code, a name or a USCC."""
        self._state = replace(self.state, looked_for=text)
        self.enter()
        if self.state.draft is not None and self.state.phase is Phase.PROJECT:
            self.ask("projects", lambda: self._gateway.projects(text), self._found)

    def _found(self, hits: tuple[ProjectHit, ...]) -> None:
        self.show(replace(self.state, hits=hits))
        if len(hits) == 1:
            self.take_project(hits[0].key)

    def take_project(self, key: str) -> None:
        """This is the project: its facts and its applicant fill the form."""
        hit = next((hit for hit in self.state.hits if hit.key == key), None)
        draft = self.state.draft
        if hit is None or draft is None:
            return
        kept_type = hit.project.project_type or draft.project.project_type
        draft = replace(draft, project=replace(hit.project, project_type=kept_type), parties=hit.parties)
        self.show(self._with_draft(replace(self.state, texts=form.texts_of(draft)), draft))

    def resume(self, key: str) -> None:
        """Take up a half-done case."""
        self.ask("resume", lambda: self._gateway.prepare(self._gateway.resume(UUID(key))), self._resumed)

    def _resumed(self, prepared: Prepared) -> None:
        draft = prepared.draft
        phase = Phase.MATERIALS if draft.declared_not_secret else Phase.SITUATION
        state = replace(self.state, phase=phase, not_secret=True, prepared=prepared, texts=form.texts_of(draft))
        self.show(self._with_draft(state, draft))

    # -- questions

    def groups(self) -> tuple[ChoiceGroup, ...]:
        """The questions of this step."""
        return questions.groups_of(self.state)

    def current_group(self) -> str:
        """The question that number keys answer."""
        return questions.current_group(self.groups(), self.state.group)

    def press_digit(self, digit: int) -> None:
        """A number key: an answer while questions are asked, a count of copies on a line of the checklist."""
        if self.state.phase is Phase.MATERIALS:
            if 0 <= digit <= _MOST_COPIES:
                self._change_line(lambda draft: checklist.with_count(draft, self.state.line, digit))
            return
        group = next((group for group in self.groups() if group.key == self.current_group()), None)
        if group is not None and 1 <= digit <= len(group.choices):
            self.answer(group.key, group.choices[digit - 1].value)

    def answer(self, group: str, value: str) -> None:
        """Answer one question; the next one is asked."""
        draft = self.state.draft
        if draft is None:
            return
        state = replace(self.state, group="")
        if value == questions.SECRET and group in (questions.SECRECY, questions.MATTERS_SECRECY):
            self._stop_for_secrecy(draft)
        elif group == questions.SECRECY:
            self.show(replace(state, not_secret=True))
        elif group == questions.STAGE:
            self.show(self._with_draft(state, questions.with_stage(draft, value)))
        elif group == questions.TYPE:
            self.show(self._with_draft(state, questions.with_type(draft, value)))
        elif group == questions.MATTERS_SECRECY:
            self._state = state
            self._prepare(replace(draft, declared_not_secret=True))
        else:
            self._state = state
            self._prepare(questions.answered(draft, group, value))

    def go_back(self) -> None:
        """One question back, or one step back."""
        keys = [group.key for group in self.groups()]
        at = keys.index(self.current_group()) if keys else 0
        if at > 0:
            self.show(replace(self.state, group=keys[at - 1]))
        elif self.state.phase is Phase.SITUATION:
            self.show(replace(self.state, phase=Phase.PROJECT, group=""))
        elif self.state.phase is Phase.MATERIALS:
            self.show(replace(self.state, phase=Phase.SITUATION, group=""))

    def _stop_for_secrecy(self, draft: Draft) -> None:
        self.ask("discard", lambda: self._gateway.discard(draft.id), lambda _: None)
        self.show(IntakeState(phase=Phase.STOPPED))

    def go_on(self) -> None:
        """The next step, as soon as every question of this one is answered."""
        draft, state = self.state.draft, self.state
        if draft is None or any(not group.picked for group in self.groups()):
            return
        if state.phase is Phase.PROJECT and state.not_secret:
            self._state = replace(state, phase=Phase.SITUATION, group="")
            self._prepare(draft)
        elif state.phase is Phase.SITUATION and draft.declared_not_secret:
            texts = state.texts or form.texts_of(draft)
            first = checklist.next_open(draft, "") or (draft.lines[0].material if draft.lines else "")
            state = replace(state, phase=Phase.MATERIALS, texts=texts, line=first)
            self.show(self._with_draft(state, draft))

    def _prepare(self, draft: Draft) -> None:
        self.ask("prepare", lambda: self._gateway.prepare(draft), self._prepared)

    def _prepared(self, prepared: Prepared) -> None:
        self.show(self._with_draft(replace(self.state, prepared=prepared), prepared.draft))
        self._keep(prepared.draft)

    # -- materials

    def choose_line(self, material: str) -> None:
        """Another line of the checklist: its first page comes into view."""
        draft = self.state.draft
        if draft is not None and material != self.state.line:
            page = checklist.first_page(draft, material) or self.state.page
            self.show(replace(self.state, line=material, page=page))

    def choose_page(self, sha256: str) -> None:
        """Another page: its line is chosen."""
        draft = self.state.draft
        if draft is not None and sha256 != self.state.page:
            line = checklist.line_of_page(draft, sha256) or self.state.line
            self.show(replace(self.state, page=sha256, line=line))

    def judge(self, verdict: Verdict, problem: str = "") -> None:
        """A verdict on the chosen line; unless words are owed, the next open line follows."""
        material = self.state.line
        self._change_line(lambda draft: checklist.with_verdict(draft, material, verdict, problem))
        if verdict is not Verdict.DEFECTIVE:
            self.next_open()

    def describe(self, problem: str) -> None:
        """The words of a defect on the chosen line."""
        self._change_line(lambda draft: checklist.with_problem(draft, self.state.line, problem.strip()))

    def next_open(self) -> None:
        """Go to the next thing that stands in the way."""
        draft = self.state.draft
        following = checklist.next_open(draft, self.state.line) if draft is not None else ""
        if following:
            self.choose_line(following)

    def _change_line(self, change: Callable[[Draft], Draft]) -> None:
        draft = self.state.draft
        if draft is None or not self.state.line or self.state.phase is not Phase.MATERIALS:
            return
        changed = change(draft)
        self.show(self._with_draft(self.state, changed))
        self._keep(changed)

    def take_files(self, files: tuple[str, ...]) -> None:
        """Take files in as pages of the chosen line."""
        draft, line = self.state.draft, self.state.line
        if draft is not None and line and files:
            self.ask("files", lambda: self._gateway.take_files(draft, line, files), self._taken)

    def _taken(self, taken: Taken) -> None:
        draft, notice = taken.draft, "；".join(taken.refused)
        page = checklist.first_page(draft, self.state.line) or self.state.page
        self.show(self._with_draft(replace(self.state, notice=notice, page=page), draft))

    # -- form

    def type_into(self, name: str, text: str) -> None:
        """A field's text changed."""
        draft = self.state.draft
        if draft is None or self.state.texts.get(name) == text:
            return
        texts = {**self.state.texts, name: text}
        changed = form.draft_with(draft, texts)
        self.show(self._with_draft(replace(self.state, texts=texts), changed))

    def leave(self, name: str) -> None:
        """A field was left: it is judged, and the draft kept."""
        if self.state.draft is not None and name not in self.state.touched:
            self.show(replace(self.state, touched=self.state.touched | {name}))
        if self.state.draft is not None:
            self._keep(self.state.draft)

    # -- registration

    def register(self) -> None:
        """Register and print the slip."""
        draft = self.state.draft
        if draft is None or self.state.obstacles or self.state.sending:
            return
        self.show(replace(self.state, sending=True))
        self.ask("register", lambda: self._gateway.register(draft), self._registered)

    def _registered(self, registered: RegisteredShown) -> None:
        self.show(IntakeState(phase=Phase.REGISTERED, registered=registered, prepared=self.state.prepared))

    def print_slip(self) -> None:
        """Print the slip, as often as asked."""
        registered = self.state.registered
        if registered is not None:
            self.ask("print", lambda: self._gateway.print_slip(registered.registration_no), self._printed)

    def _printed(self, outcome: str) -> None:
        registered = self.state.registered
        if registered is not None:
            self.show(replace(self.state, registered=replace(registered, printed=outcome)))

    # -- acts

    def act(self, name: str) -> None:
        """The acts of the bar that need no widget."""
        match name:
            case "next":
                self.next_open()
            case "ok":
                self.judge(Verdict.QUALIFIED)
            case "missing":
                self.judge(Verdict.MISSING)
            case "exempt":
                self.judge(Verdict.EXEMPT)
            case "register":
                self.register()
            case "go_on":
                self.go_on()
            case "back":
                self.go_back()
            case "print":
                self.print_slip()
            case "anew":
                self.begin_anew()

    def bar(self) -> ActionBar:
        """The acts of the step."""
        return bars.bar_of(self.state, self.groups())

    def fail(self, trouble: Trouble) -> None:
        """A refused registration leaves the desk as it was."""
        self._state = replace(self.state, sending=False)
        super().fail(trouble)

    def _with_draft(self, state: IntakeState, draft: Draft) -> IntakeState:
        found = obstacles(draft) if state.phase is Phase.MATERIALS else ()
        return replace(state, draft=draft, obstacles=found)

    def _keep(self, draft: Draft) -> None:
        self.ask("keep", lambda: self._gateway.save(draft), lambda _: None)
