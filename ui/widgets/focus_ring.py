"""The one focus ring of a window: two px with a two-px gap, drawn over whatever holds the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from shiboken6 import isValid

from ui.widgets.brush import Brush

_REACH: Final = 4
_WATCHED: Final = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange}
)
RINGLESS: Final = "drawsOwnFocus"
"""Dynamic property of widgets that draw their focus themselves (item views ring the current row)."""


class FocusRing(QWidget):
    """Follows the keyboard focus inside one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._target: QWidget | None = None
        self._chain: list[QWidget] = []
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        self._forget()
        if now is None or not self._window.isAncestorOf(now):
            self.hide()
            return
        if isinstance(now, QAbstractItemView) or now.property(RINGLESS):
            self.hide()
            return
        self._target = now
        widget: QWidget | None = now
        while widget is not None and widget is not self._window:
            widget.installEventFilter(self)
            self._chain.append(widget)
            widget = widget.parentWidget()
        self._place()

    def _forget(self) -> None:
        for widget in self._chain:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._chain.clear()
        self._target = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with the widget and whatever holds it."""
        if event.type() in _WATCHED:
            self._place()
        elif event.type() == QEvent.Type.Destroy:
            self._forget()
            self.hide()
        return False

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        corner = target.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(
            corner.x() - _REACH, corner.y() - _REACH, target.width() + 2 * _REACH, target.height() + 2 * _REACH
        )
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Gap, then ring; on the ink frame its own hue."""
        painter = QPainter(self)
        brush = Brush(painter)
        on_ink = bool(self._target and self._target.property("onInk"))
        brush.ring(QRectF(self.rect()), "focus_ink" if on_ink else "focus", 7)
        painter.end()
