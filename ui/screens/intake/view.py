"""收件 drawn: the context line, then the questions, the desk or the slip."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ebp_desktop.domain.material import Verdict
from ui.page_images import PageImages
from ui.screen import Screen
from ui.screens.intake.bars import STEP_NAMES, STEPS
from ui.screens.intake.desk import Desk
from ui.screens.intake.outcome import SlipView, StartSide
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.state import IntakeState, Phase
from ui.shown import Mark, Step
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.flow_steps import FlowSteps
from ui.widgets.painted import Gap, Painted
from ui.widgets.questionnaire import Questionnaire
from ui.widgets.sheet import body, row


class ContextLine(Painted):
    """Which project, stage and guide, and where one stands in the four steps."""

    def __init__(self) -> None:
        super().__init__(height=56)
        self._name, self._facts, self._warning = "", "", ""
        self.steps = FlowSteps()
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, active().px(SPACE.l), 0)
        box.addStretch(1)
        box.addWidget(self.steps)

    def say(self, name: str, facts: str, warning: str) -> None:
        """The words at the left, and a warning about the guide."""
        self._name, self._facts, self._warning = name, facts, warning
        self.setAccessibleName("　".join(filter(None, (name, facts, warning))))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Two lines left, the warning before the steps."""
        theme = brush.theme
        brush.fill(QRectF(0, 0, width, height), "surface")
        brush.hairline(0, width, height - 1)
        right = float(self.steps.x() - theme.px(24))
        if self._warning:
            taken = theme.width(self._warning, Type.SMALL, strong=True) + theme.px(26)
            right -= taken
            brush.badge(QRectF(right, 0, taken, height), Mark.WARN, self._warning)
            right -= theme.px(16)
        x = theme.px(16)
        brush.text(QRectF(x, theme.px(7), right - x, theme.px(24)), self._name, Type.NAME)
        brush.text(QRectF(x, theme.px(31), right - x, theme.px(18)), self._facts, Type.SMALL, "text2")


class IntakeScreen(Screen[IntakeState]):
    """One screen from the secrecy gate to the slip."""

    presenter: IntakePresenter

    def __init__(self, presenter: IntakePresenter, images: PageImages) -> None:
        self._images = images
        self._shown_phase: Phase | None = None
        self._asking = False
        super().__init__("intake", presenter)

    def content(self) -> QWidget:
        """Context over a stack of the steps."""
        self._context = ContextLine()
        self._questions = Questionnaire(self.tr("定项目、选情形"))
        self._questions.picked.connect(lambda group, value: self.presenter.answer(group, value))
        self._side = StartSide()
        self._side.project_chosen.connect(lambda key: self.presenter.take_project(key))
        self._side.draft_chosen.connect(lambda key: self.presenter.resume(key))
        self._side.setFixedWidth(active().px(SIZE.side))
        asking = body(Gap(SPACE.m), row(self._questions, self._side, stretch=0), stretch=1)
        self.desk = Desk(self._images)
        self._wire_desk()
        self._slip = SlipView(self._images)
        self._stack = QStackedWidget()
        for page in (asking, self.desk, self._slip):
            self._stack.addWidget(page)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._context)
        box.addWidget(self._stack, 1)
        return holder

    def _wire_desk(self) -> None:
        desk = self.desk
        desk.materials.table.chosen.connect(lambda key: self.presenter.choose_line(key))
        desk.materials.described.connect(lambda text: self.presenter.describe(text))
        desk.viewer.page_changed.connect(lambda key: self.presenter.choose_page(key))
        desk.form.edited.connect(lambda name, text: self.presenter.type_into(name, text))
        desk.form.finished.connect(lambda name: self.presenter.leave(name))
        desk.files_chosen.connect(lambda files: self.presenter.take_files(tuple(files)))

    def set_compact(self, compact: bool) -> None:
        """Narrower panes."""
        self.desk.set_compact(compact)

    def render_state(self, state: IntakeState) -> None:
        """The step that is shown."""
        self._render_context(state)
        if state.phase in (Phase.PROJECT, Phase.SITUATION, Phase.STOPPED):
            focus = QApplication.focusWidget()
            # Other questions take the place of those that hold the keyboard: it must not fall to a stranger.
            self._asking = self._asking or (focus is not None and self._questions.isAncestorOf(focus))
            groups = self.presenter.groups()
            questions = tuple((g.key, g.title, g.note, g.choices, g.picked) for g in groups)
            self._questions.show_questions(questions, self.presenter.current_group())
            self._side.show_start(state)
            self._stack.setCurrentIndex(0)
            self._follow_question()
        elif state.phase is Phase.MATERIALS:
            self.desk.show_desk(state)
            self._stack.setCurrentIndex(1)
        else:
            self._slip.show_slip(state)
            self._stack.setCurrentIndex(2)
        if state.phase is not self._shown_phase:
            self._shown_phase = state.phase
            if self.isVisible():
                self.take_focus()

    def _follow_question(self) -> None:
        """The keyboard goes with the question that is asked, once it was brought among the questions."""
        if self.isVisible() and self._asking and self._questions.focus_on(self.presenter.current_group()):
            self._asking = False

    def _render_context(self, state: IntakeState) -> None:
        draft, prepared = state.draft, state.prepared
        at = STEPS.index(state.phase) if state.phase in STEPS else 0
        done = state.phase is Phase.REGISTERED
        steps = tuple(
            (STEP_NAMES[phase], Step.DONE if n < at or done else Step.NOW if n == at else Step.AHEAD)
            for n, phase in enumerate(STEPS)
        )
        self._context.steps.show_steps(steps)
        name = draft.project.name if draft else ""
        facts = [draft.project.number] if draft else []
        warning = ""
        if prepared is not None and state.phase is not Phase.PROJECT:
            facts += [prepared.type_name, prepared.stage_name]
            facts.append(self.tr("{n} 个事项").format(n=len(prepared.matters)))
            if draft is not None and draft.declared_not_secret:
                facts.append(self.tr("已声明不涉密"))
            if prepared.guide_is_draft:
                warning = self.tr("{guide} 草案，待部门确认").format(guide=prepared.guide_label)
        self._context.say(name or self.tr("收新件"), "　".join(filter(None, facts)), warning)

    def take_focus(self) -> None:
        """The questions, the checklist, or the slip."""
        phase = self.presenter.state.phase
        if phase is Phase.MATERIALS:
            self.desk.materials.table.setFocus()
        elif phase is Phase.REGISTERED:
            self._slip.setFocus()
        else:
            self._asking = True
            self._follow_question()

    def act(self, name: str) -> None:
        """Acts that need a widget; the rest is the presenter's."""
        if name == "import":
            self.desk.ask_files()
        elif name == "defective":
            self.presenter.judge(Verdict.DEFECTIVE)
            self.desk.materials.ask_problem()
        else:
            self.presenter.act(name)
            if name in ("next", "ok", "missing") and not self._in_text():
                self.desk.materials.table.setFocus()

    def _in_text(self) -> bool:
        return isinstance(QApplication.focusWidget(), QLineEdit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits answer and count; Enter in the form goes to the next field; page keys turn pages."""
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and not self._in_text():
            self.presenter.press_digit(key - Qt.Key.Key_0)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.presenter.state.phase is Phase.MATERIALS:
            focus = QApplication.focusWidget()
            if focus is not None and self.desk.next_field(focus):
                return
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and self.presenter.state.phase is Phase.MATERIALS:
            self.desk.viewer.step(1 if key == Qt.Key.Key_PageDown else -1)
            return
        super().keyPressEvent(event)
