"""设置 drawn: parts left, the one in view right; the look changes at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.screen import Screen
from ui.screens.settings.presenter import LOOK, SettingsPresenter
from ui.screens.settings.state import Section, SettingsState
from ui.shown import Badge, Choice, Mark, Row, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE, ThemeName
from ui.widgets.form import FactLines
from ui.widgets.painted import Gap
from ui.widgets.questionnaire import Questionnaire
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, Title, body, column

_THEME, _TEXT = "theme", "text"


class SettingsScreen(Screen[SettingsState]):
    """How every part stands, with its test."""

    presenter: SettingsPresenter
    look_chosen = Signal(str, bool)

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__("settings", presenter)

    def content(self) -> QWidget:
        """List and panel."""
        self._list = RowsView(
            self.tr("设置项"),
            (Column("", 0, spoken=self.tr("设置项")), Column("", 96, spoken=self.tr("状态"))),
            row_height=56,
        )
        self._list.chosen.connect(lambda key: self.presenter.choose(key))
        left = column(Head(self.tr("设置")), self._list, spacing=0, stretch=1)
        left.setObjectName("pane")
        left.setFixedWidth(active().px(SIZE.results))
        self._title = Title(height=54)
        self._look = Questionnaire(self.tr("外观"))
        self._look.picked.connect(self._picked)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._look)
        self._stack.addWidget(self._panel())
        right = body(self._title, self._stack, spacing=SPACE.m, stretch=1)
        holder = QWidget()
        box = QHBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(left)
        box.addWidget(right, 1)
        return holder

    def _panel(self) -> QWidget:
        self._section_head = Head()
        self._lines = FactLines()
        self._explained = QLabel()
        self._explained.setWordWrap(True)
        pad = active().px(SPACE.l)
        self._explained.setContentsMargins(pad, pad // 2, pad, pad)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Sheet(self._section_head, self._lines, self._explained))
        box.addWidget(Gap())
        return holder

    def _picked(self, group: str, value: str) -> None:
        state = self.presenter.state
        theme = value if group == _THEME else state.theme
        large = value == "large" if group == _TEXT else state.large_text
        self.presenter.choose_look(theme, large)
        self.look_chosen.emit(theme, large)

    def take_focus(self) -> None:
        """Begin in the list."""
        self._list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 choose the colours while the look is shown."""
        themes = tuple(ThemeName)
        at = event.key() - Qt.Key.Key_1
        if self.presenter.state.section is None and 0 <= at < len(themes):
            self._picked(_THEME, themes[at])
            return
        super().keyPressEvent(event)

    def render_state(self, state: SettingsState) -> None:
        """List and the part in view."""
        look = Row(LOOK, (Words(self.tr("外观"), self.tr("浅色、深色、高对比、大字")), Badge(Mark.OK, self.tr("生效"))))
        rows = (look, *(_section_row(section) for section in state.sections))
        self._list.show_rows(rows, state.chosen)
        section = state.section
        if section is None:
            self._title.say(self.tr("外观"), self.tr("选中立即生效"))
            self._look.show_questions(self._look_questions(state), _THEME)
            self._stack.setCurrentIndex(0)
            return
        self._title.say(section.title, section.note, state.outcome, section.state)
        self._section_head.say(section.title)
        self._lines.show_lines(section.lines)
        self._explained.setText(section.explained)
        self._explained.setVisible(bool(section.explained))
        self._stack.setCurrentIndex(1)

    def _look_questions(self, state: SettingsState) -> tuple[tuple[str, str, str, tuple[Choice, ...], str], ...]:
        themes = (
            Choice(ThemeName.LIGHT, self.tr("浅色")),
            Choice(ThemeName.DARK, self.tr("深色")),
            Choice(ThemeName.CONTRAST, self.tr("高对比")),
        )
        sizes = (Choice("normal", self.tr("标准字号")), Choice("large", self.tr("大字")))
        return (
            (_THEME, self.tr("颜色"), "", themes, state.theme),
            (_TEXT, self.tr("字号"), "", sizes, "large" if state.large_text else "normal"),
        )


def _section_row(section: Section) -> Row:
    return Row(section.key, (Words(section.title, section.note), section.state))
