"""The foot of every screen: what stands in the way in words at the left, the acts with their keys at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from ui.shown import Act, ActionBar
from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.brush import Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.key_button import KeyButton
from ui.widgets.painted import Painted

_REASON_MS = 6000


class ActionBarView(Painted):
    """Shows an action bar; one primary act, always the last; a disabled act keeps its place."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(height=SIZE.action_bar)
        self._shown = ActionBar()
        self._why = ""
        self._buttons: dict[str, KeyButton] = {}
        self._box = QHBoxLayout(self)
        theme = active()
        self._box.setContentsMargins(0, theme.px(10), theme.px(20), theme.px(10))
        self._box.setSpacing(theme.px(8))
        self._box.addStretch(1)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_REASON_MS)
        self._quiet.timeout.connect(self._forget_reason)

    def show_bar(self, bar: ActionBar) -> None:
        """Take another bar; buttons of the same acts stay, so that the keyboard does not lose its place."""
        self._why = ""
        same = [(act.name, act.key) for act in bar.acts] == [(act.name, act.key) for act in self._shown.acts]
        self._shown = bar
        self.setAccessibleName("　".join(filter(None, (bar.head, bar.detail))))
        if not same:
            self._rebuild(bar.acts)
        for act in bar.acts:
            self._buttons[act.name].show_as(act.label, primary=act.primary, enabled=act.enabled, why=act.why)
        self.update()

    def _rebuild(self, acts: tuple[Act, ...]) -> None:
        for button in self._buttons.values():
            self._box.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for act in acts:
            button = KeyButton(act.key, act.label, primary=act.primary)
            button.clicked.connect(lambda _=False, name=act.name: self.want(name))
            self._buttons[act.name] = button
            self._box.addWidget(button)

    @property
    def shown(self) -> ActionBar:
        """The bar as shown."""
        return self._shown

    def button(self, name: str) -> KeyButton | None:
        """The button of an act."""
        return self._buttons.get(name)

    def press(self, key: str) -> bool:
        """Do the act of that key; a disabled one says why. False when no act has the key."""
        act = next((act for act in self._shown.acts if act.key == key), None)
        if act is None:
            return False
        self.want(act.name)
        return True

    def want(self, name: str) -> None:
        """Do an act, or say what stands in its way."""
        act = self._shown.named(name)
        if act is None:
            return
        if act.enabled:
            self.wanted.emit(name)
            return
        self._why = act.why
        self._quiet.start()
        self.update()

    def _forget_reason(self) -> None:
        self._why = ""
        self.update()

    def reason(self) -> str:
        """Why the last wanted act cannot be done, while it is shown."""
        return self._why

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, glyph, two lines."""
        theme = brush.theme
        brush.fill(QRectF(0, 0, width, height), "surface")
        brush.hairline(0, width, 0)
        glyph, tone = GLYPHS[self._shown.mark]
        size = theme.px(SIZE.icon)
        if self._shown.head:
            brush.icon(glyph, theme.px(20), (height - size) / 2, size, tone, 2.0)
        used = sum(button.sizeHint().width() + theme.px(8) for button in self._buttons.values()) + theme.px(20)
        x = theme.px(54)
        room = width - used - x - theme.px(12)
        upper = QRectF(x, theme.px(11), room, theme.px(22))
        lower = QRectF(x, theme.px(33), room, theme.px(20))
        head, detail = (self._why, self._shown.head) if self._why else (self._shown.head, self._shown.detail)
        brush.text(upper, head, Type.STRONG)
        brush.text(lower, detail, Type.SMALL, "text2")
