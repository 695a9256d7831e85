"""The rail at the left: every screen, its Ctrl+digit and how much waits there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout

from ui.frame_state import Place
from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.brush import CENTER, Brush
from ui.widgets.focus_ring import RINGLESS
from ui.widgets.painted import Painted


class RailButton(QPushButton):
    """One screen's entry."""

    def __init__(self, place: Place, digit: str) -> None:
        super().__init__(place.label)
        self._place, self._digit = place, digit
        self.setCheckable(True)
        self.setProperty(RINGLESS, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(active().px(SIZE.rail_item))
        self.show_place(place)

    def show_place(self, place: Place) -> None:
        """Take another count."""
        self._place = place
        waiting = self.tr("待办 {count} 件").format(count=place.badge) if place.badge else ""
        key = f"Ctrl+{self._digit}" if self._digit else ""
        self.setAccessibleName(" ".join(filter(None, (place.label, waiting, key))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bar, digit, icon, word, count."""
        painter = QPainter(self)
        brush = Brush(painter)
        theme, width, here = brush.theme, self.width(), self.isChecked()
        if here or self.underMouse():
            brush.fill(QRectF(0, 0, width - 1, self.height()), "surface" if here else "track")
        if here:
            brush.fill(QRectF(0, 0, 4, self.height()), "primary")
        size = theme.px(SIZE.icon)
        brush.icon(
            self._place.icon, (width - size) / 2, theme.px(8), size, "primary" if here else "text2", 2 if here else 1.6
        )
        place = QRectF(0, theme.px(31), width, theme.px(20))
        brush.text(place, self.text(), Type.SMALL, "text" if here else "text2", CENTER, strong=here)
        if self._digit:
            brush.text(QRectF(theme.px(9), theme.px(8), theme.px(12), theme.px(14)), self._digit, Type.NOTE, "text3")
        if self._place.badge:
            self._count(brush)
        if self.hasFocus():
            brush.ring(QRectF(self.rect()).adjusted(5, 1, -3, -1), "focus", 5)
        painter.end()

    def _count(self, brush: Brush) -> None:
        theme, words = brush.theme, str(self._place.badge) if self._place.badge < 100 else "99+"
        width = max(theme.px(18), theme.width(words, Type.NOTE, strong=True) + theme.px(8))
        where = QRectF(self.width() - theme.px(8) - width, theme.px(6), width, theme.px(16))
        brush.painter.setPen(Qt.PenStyle.NoPen)
        brush.painter.setBrush(theme.colour("warn" if self._place.loud else "text2"))
        brush.painter.drawRoundedRect(where, where.height() / 2, where.height() / 2)
        brush.text(where, words, Type.NOTE, "surface", CENTER, strong=True)


class Rail(Painted):
    """All entries below each other."""

    chosen = Signal(str)

    def __init__(self, places: tuple[Place, ...]) -> None:
        super().__init__(width=SIZE.rail)
        self.setAccessibleName(self.tr("导航"))
        self._places = {place.name: place for place in places}
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, active().px(6), 0, 0)
        box.setSpacing(0)
        for at, place in enumerate(places):
            button = RailButton(place, str((at + 1) % 10) if at < 10 else "")
            button.clicked.connect(lambda _=False, name=place.name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[place.name] = button
            box.addWidget(button)
        box.addStretch(1)

    def names(self) -> tuple[str, ...]:
        """Screens in their order; Ctrl+digit counts along it."""
        return tuple(self._places)

    def stand_on(self, name: str) -> None:
        """Mark the screen that is shown."""
        self._buttons[name].setChecked(True)

    def show_waiting(self, waiting: dict[str, int], loud: frozenset[str]) -> None:
        """How much waits on each screen; a loud count asks for a hand."""
        for name, place in self._places.items():
            self._buttons[name].show_place(
                Place(place.name, place.label, place.icon, waiting.get(name, 0), name in loud)
            )

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, edge and the hint at the foot."""
        brush.fill(QRectF(0, 0, width, height), "page")
        brush.fill(QRectF(width - 1, 0, 1, height), "line")
        hint = QRectF(0, height - brush.theme.px(26), width, brush.theme.px(20))
        if height > sum(button.height() for button in self._buttons.values()) + brush.theme.px(36):
            brush.text(hint, self.tr("Ctrl + 数字"), Type.NOTE, "text3", CENTER)
