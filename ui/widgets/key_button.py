"""A button that shows its key; the primary one is the next act, and a screen has only one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.brush import Brush


class KeyButton(QPushButton):
    """A 44 px button with a key cap; without a key it is an ordinary button of the same look."""

    def __init__(
        self, key: str, label: str, *, primary: bool = False, quiet: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(label, parent)
        self._key, self._primary, self._quiet = key, primary, quiet
        self.setAccessibleName(f"{label} {key}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(active().px(SIZE.target))

    def show_as(self, label: str, *, primary: bool, enabled: bool, why: str) -> None:
        """Take other words or another rank; a disabled button tells why in its description."""
        self.setText(label)
        self._primary = primary
        self.setEnabled(enabled)
        self.setAccessibleName(f"{label} {self._key}".strip())
        self.setAccessibleDescription("" if enabled else why)
        self.setToolTip("" if enabled else why)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Cap, words and their room."""
        theme = active()
        cap = max(theme.px(24), theme.width(self._key, Type.NOTE) + theme.px(10)) + theme.px(8) if self._key else 0
        return QSize(theme.px(28) + cap + theme.width(self.text(), Type.STRONG), theme.px(SIZE.target))

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def _tokens(self) -> tuple[str | None, str, str | None, str]:
        """Fill, words, edge and cap edge for the state the button is in."""
        if not self.isEnabled():
            return None, "text3", "line", "line"
        if self._primary:
            fill = "primary_hover" if self.underMouse() or self.isDown() else "primary"
            return fill, "on_primary", fill, "on_primary"
        fill_plain = "primary_soft" if self.underMouse() or self.isDown() or self.isChecked() else "surface"
        if self._quiet:
            return (fill_plain if fill_plain != "surface" else None), "text2", None, "line_strong"
        return fill_plain, "text", "primary" if self.isChecked() else "line_strong", "line_strong"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rounded ground, cap, words in the middle."""
        painter = QPainter(self)
        brush = Brush(painter)
        fill, words, edge, cap = self._tokens()
        theme = brush.theme
        brush.panel(
            QRectF(self.rect()),
            theme.colour(fill) if fill else None,
            theme.colour(edge) if edge else None,
            theme.px(SIZE.control_radius),
        )
        taken = brush.key_cap_width(self._key) + theme.px(8) if self._key else 0
        inner = taken + theme.width(self.text(), Type.STRONG)
        x = (self.width() - inner) / 2
        if self._key:
            brush.key_cap(x, self.height() / 2, self._key, words, cap)
            x += taken
        brush.text(QRectF(x, 0, self.width() - x, self.height()), self.text(), Type.STRONG, words)
        painter.end()
