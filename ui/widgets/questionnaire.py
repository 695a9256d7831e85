"""Questions answered by number keys: the current one shows its keys, answered ones their answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.shown import Choice
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.sheet import Head, Sheet

_COLUMNS = 3


class ChoiceButton(QAbstractButton):
    """One answer: its digit while the question is asked, a tick once it is picked."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self._digit = ""
        self.setText(choice.label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(active().px(SIZE.target))

    def show_as(self, digit: str, picked: bool) -> None:
        """Its key, and whether it is the answer."""
        self._digit = digit
        self.setChecked(picked)
        chosen = self.tr("已选") if picked else ""
        self.setAccessibleName(" ".join(filter(None, (self.choice.label, self.choice.note, chosen, digit))))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for cap and words."""
        theme = active()
        words = max(theme.width(self.text()), theme.width(self.choice.note, Type.NOTE))
        return QSize(theme.px(56) + words, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, cap or tick, words."""
        painter = QPainter(self)
        brush = Brush(painter)
        theme, picked = brush.theme, self.isChecked()
        fill = "primary_soft" if picked or self.underMouse() else "surface"
        edge = theme.colour("primary" if picked else "line_strong")
        brush.panel(QRectF(self.rect()), theme.colour(fill), edge, theme.px(SIZE.control_radius))
        x, middle = theme.px(12), self.height() / 2
        if picked:
            brush.icon("check", x + 2, middle - theme.px(10), theme.px(20), "primary", 2.4)
        elif self._digit:
            brush.key_cap(x, middle, self._digit)
        x += theme.px(32)
        room = QRectF(x, 0, self.width() - x - theme.px(6), self.height())
        if self.choice.note:
            half = self.height() / 2
            brush.text(QRectF(x, half - theme.px(20), room.width(), theme.px(20)), self.text(), strong=picked)
            note = QRectF(x, half + 1, room.width(), theme.px(17))
            brush.text(note, self.choice.note, Type.NOTE, "text3")
        else:
            brush.text(room, self.text(), strong=picked)
        painter.end()


class QuestionSheet(Sheet):
    """One question on its sheet."""

    picked = Signal(str, str)

    def __init__(self, key: str, title: str, choices: tuple[Choice, ...]) -> None:
        self._head = Head(title)
        answers = QWidget()
        grid = QGridLayout(answers)
        theme = active()
        grid.setContentsMargins(theme.px(SPACE.l), theme.px(SPACE.m), theme.px(SPACE.l), theme.px(SPACE.l))
        grid.setSpacing(theme.px(SPACE.s))
        super().__init__(self._head, answers)
        self._key, self._title = key, title
        self._buttons: list[ChoiceButton] = []
        columns = 2 if len(choices) in (2, 4) else _COLUMNS
        noted = any(choice.note for choice in choices)
        for at, choice in enumerate(choices):
            button = ChoiceButton(choice)
            button.clicked.connect(lambda _=False, value=choice.value: self.picked.emit(self._key, value))
            button.setFixedHeight(theme.px(SIZE.target + (12 if noted else 0)))
            grid.addWidget(button, at // columns, at % columns)
            self._buttons.append(button)
        for at in range(columns):
            grid.setColumnStretch(at, 1)

    def show_answer(self, picked: str, note: str, *, current: bool) -> None:
        """The answer, and the keys while it is asked."""
        self._head.say(self._title, note if current else "")
        for at, button in enumerate(self._buttons, 1):
            digit = str(at) if current and at <= 9 else ""
            button.show_as(digit, button.choice.value == picked)

    def buttons(self) -> tuple[ChoiceButton, ...]:
        """Its answers."""
        return tuple(self._buttons)


class Questionnaire(QScrollArea):
    """All questions of a step below each other."""

    picked = Signal(str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = QWidget()
        self._inner.setObjectName("page")
        self._box = QVBoxLayout(self._inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(active().px(SPACE.m))
        self.setWidget(self._inner)
        self._sheets: dict[str, QuestionSheet] = {}
        self._shape: tuple[object, ...] = ()

    def show_questions(
        self, questions: tuple[tuple[str, str, str, tuple[Choice, ...], str], ...], current: str
    ) -> None:
        """Key, title, note, choices and answer of each question; ``current`` takes the number keys."""
        shape = tuple((key, title, choices) for key, title, _, choices, _ in questions)
        if shape != self._shape:
            self._build(questions)
            self._shape = shape
        for key, _, note, _, answer in questions:
            self._sheets[key].show_answer(answer, note, current=key == current)
        if current in self._sheets:
            self.ensureWidgetVisible(self._sheets[current])

    def _build(self, questions: tuple[tuple[str, str, str, tuple[Choice, ...], str], ...]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._sheets = {}
        for key, title, _, choices, _ in questions:
            sheet = QuestionSheet(key, title, choices)
            sheet.picked.connect(self.picked)
            self._sheets[key] = sheet
            self._box.addWidget(sheet)
        self._box.addStretch(1)

    def focus_on(self, key: str) -> bool:
        """Put the keyboard on a question: on its answer, else on its first choice; False when it is not there."""
        sheet = self._sheets.get(key)
        buttons = sheet.buttons() if sheet is not None else ()
        if not buttons:
            return False
        chosen = next((button for button in buttons if button.isChecked()), buttons[0])
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def sheet(self, key: str) -> QuestionSheet | None:
        """The sheet of a question."""
        return self._sheets.get(key)
