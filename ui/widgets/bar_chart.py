"""A small chart of working days: received solid, closed as an outline, values on the bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QSizePolicy

from ui.shown import BarPair
from ui.tokens import Type
from ui.widgets.brush import CENTER, Brush
from ui.widgets.painted import Painted


class BarChart(Painted):
    """Takes the room it is given."""

    def __init__(self) -> None:
        super().__init__()
        self._days: tuple[BarPair, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def sizeHint(self) -> QSize:
        """What the pictures ask for."""
        return QSize(300, 190)

    def show_days(self, days: tuple[BarPair, ...]) -> None:
        """Take other days; the last one is today."""
        self._days = days
        words = "；".join(
            self.tr("{day} 收件 {received} 办结 {closed}").format(
                day=day.label, received=day.received, closed=day.closed
            )
            for day in days
        )
        self.setAccessibleName(self.tr("近日收件与办结：{days}").format(days=words))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Legend, bars, days."""
        theme = brush.theme
        pad, base, top = theme.px(16), height - theme.px(30), theme.px(38)
        self._legend(brush, pad)
        brush.hairline(pad, width - pad, base)
        if not self._days:
            return
        step = (width - 2 * pad) / len(self._days)
        peak = max(1, *(max(day.received, day.closed) for day in self._days))
        thick = min(theme.px(14), step * 0.3)
        for at, day in enumerate(self._days):
            x, now = pad + at * step, at == len(self._days) - 1
            tone = "text" if now else "text3"
            room = base - top - theme.px(16)
            left = QRectF(
                x + step / 2 - thick - 1, base - room * day.received / peak, thick, room * day.received / peak
            )
            right = QRectF(left.right() + 3, base - room * day.closed / peak, thick, room * day.closed / peak)
            if day.received:
                brush.fill(left, "primary")
            brush.painter.setPen(QPen(theme.colour("line_strong"), 1.2))
            brush.painter.setBrush(Qt.BrushStyle.NoBrush)
            if day.closed:
                brush.painter.drawRect(right.adjusted(0.5, 0.5, -0.5, 0))
            value = QRectF(left.x() - theme.px(10), left.y() - theme.px(17), thick + theme.px(20), theme.px(16))
            brush.text(value, str(day.received or ""), Type.NOTE, tone, CENTER, strong=now)
            brush.text(
                QRectF(x, base + theme.px(5), step, theme.px(20)), day.label, Type.NOTE, tone, CENTER, strong=now
            )

    def _legend(self, brush: Brush, pad: float) -> None:
        theme = brush.theme
        y = theme.px(12)
        brush.fill(QRectF(pad, y, 12, 12), "primary")
        received, closed = self.tr("收件"), self.tr("办结")
        x = pad + theme.px(18)
        x += brush.text(QRectF(x, theme.px(8), theme.px(80), theme.px(20)), received, Type.NOTE, "text2") + theme.px(14)
        brush.painter.setPen(QPen(theme.colour("line_strong"), 1.2))
        brush.painter.setBrush(Qt.BrushStyle.NoBrush)
        brush.painter.drawRect(QRectF(x, y + 0.5, 11, 11))
        brush.text(QRectF(x + theme.px(18), theme.px(8), theme.px(80), theme.px(20)), closed, Type.NOTE, "text2")
