"""A widget that draws itself from the look in force and says in words what it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme as looks
from ui.widgets.brush import Brush


class Painted(QWidget):
    """Base of drawn parts; measures are px at 100 % and follow large-text mode."""

    def __init__(self, parent: QWidget | None = None, *, height: int = 0, width: int = 0) -> None:
        super().__init__(parent)
        self._height, self._width = height, width
        self.measure()

    def measure(self) -> None:
        """Fix the sides that were given, at the look's scale."""
        theme = looks.active()
        if self._height:
            self.setFixedHeight(theme.px(self._height))
        if self._width:
            self.setFixedWidth(theme.px(self._width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw by the look in force."""
        painter = QPainter(self)
        self.draw(Brush(painter), self.width(), self.height())
        painter.end()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Draw the whole widget."""

    def changeEvent(self, event: QEvent) -> None:
        """Measure again and redraw when the look changes."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.measure()
            self.update()
        super().changeEvent(event)


class Gap(QWidget):
    """Room that takes what is left, or a fixed height (px at 100 %)."""

    def __init__(self, height: int = 0) -> None:
        super().__init__()
        if height:
            self.setFixedHeight(looks.active().px(height))
            return
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


class Rule(Painted):
    """An upright hairline between two panes."""

    def __init__(self) -> None:
        super().__init__(width=1)

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """One px."""
        brush.painter.fillRect(0, 0, max(1, width), height, brush.theme.colour("line"))
