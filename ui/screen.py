"""The Qt half of every screen: renders a presenter's states and hands the action bar to the frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.presenting import Presenter
from ui.shown import ActionBar, Mark, Trouble
from ui.theme import active
from ui.tokens import COMPACT_HEIGHT, SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.key_button import KeyButton
from ui.widgets.painted import Painted

State = TypeVar("State")


class TroubleStrip(Painted):
    """What happened, what is safe, what to do now; stays until read, blocks nothing."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._trouble: Trouble | None = None
        self._close = KeyButton("", self.tr("知道了"), quiet=True, parent=self)
        self._close.clicked.connect(self.closed)
        self.hide()

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Take the words, or none."""
        self._trouble = trouble
        if trouble is not None:
            lines = 1 + bool(trouble.safe or trouble.todo) + bool(trouble.missing)
            self.setFixedHeight(active().px(20 + 22 * max(2, lines)))
            self.setAccessibleName("　".join((trouble.message, trouble.safe, trouble.todo, *trouble.missing)))
        self.setVisible(trouble is not None)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button at the right."""
        hint = self._close.sizeHint()
        self._close.resize(hint)
        self._close.move(self.width() - hint.width() - active().px(SPACE.l), (self.height() - hint.height()) // 2)

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, glyph, lines."""
        if self._trouble is None:
            return
        theme = brush.theme
        brush.fill(QRectF(0, 0, width, height), "danger_soft")
        brush.hairline(0, width, height - 1)
        glyph, tone = GLYPHS[Mark.BAD]
        brush.icon(glyph, theme.px(20), theme.px(12), theme.px(22), tone, 2.0)
        x, room, y = theme.px(54), width - theme.px(54 + 140), float(theme.px(10))
        lines = (
            (self._trouble.message, Type.STRONG, "text"),
            ("　".join(filter(None, (self._trouble.safe, self._trouble.todo))), Type.SMALL, "text2"),
            ("；".join(self._trouble.missing), Type.SMALL, "danger"),
        )
        for words, role, words_tone in lines:
            if words:
                brush.text(QRectF(x, y, room, theme.px(22)), words, role, words_tone)
                y += theme.px(22)


class Screen(QWidget, Generic[State]):
    """Base of all screens; subclasses build their widgets in ``content`` and fill them in ``render``."""

    bar_changed = Signal(object)
    typed_for = Signal(str)

    def __init__(self, name: str, presenter: Presenter[Any]) -> None:
        super().__init__()
        self.name = name
        self.presenter = presenter
        self.setObjectName("page")
        self._compact: bool | None = None
        self._trouble = TroubleStrip()
        self._trouble.closed.connect(presenter.forget_trouble)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._trouble)
        box.addWidget(self.content(), 1)
        presenter.speak_with(QCoreApplication.translate)

    def connect_frame(self, go: Callable[[str, str], None]) -> None:
        """Bind the presenter: from now on its states are drawn."""
        self.presenter.bind(self._rendered, go)

    def content(self) -> QWidget:
        """The screen's widgets."""
        return QWidget()

    def render_state(self, state: State) -> None:
        """Fill the widgets."""

    def _rendered(self, state: State) -> None:
        self._trouble.show_trouble(self.presenter.trouble)
        self.render_state(state)
        self.bar_changed.emit(self.bar())

    def bar(self) -> ActionBar:
        """The action bar for the state that is shown."""
        return self.presenter.bar()

    def enter(self) -> None:
        """The screen comes to the front: load, and put the keyboard where the next act is."""
        self.presenter.enter()
        self.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""

    def act(self, name: str) -> None:
        """An act of the bar; view-only acts are done here by subclasses."""
        self.presenter.act(name)

    def set_compact(self, compact: bool) -> None:
        """Fewer px per row on low screens."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the measures for the height."""
        super().resizeEvent(event)
        window = self.window()
        compact = window.height() < active().px(COMPACT_HEIGHT)
        if compact != self._compact:
            self._compact = compact
            self.set_compact(compact)
