"""The ink bar: the mark, the one field that takes anything, who serves at which counter, and the time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.frame_state import Frame
from ui.theme import active
from ui.tokens import SIZE, ThemeName, Type
from ui.widgets.brush import RIGHT, Brush
from ui.widgets.focus_ring import RINGLESS
from ui.widgets.painted import Painted

_FIELD_X, _FIELD_MOST, _FIELD_REST = 292, 620, 400


class OneField(QLineEdit):
    """Scan, paste or type anything; Enter looks it up, Escape clears it."""

    left_empty = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("onefield")
        self.setProperty(RINGLESS, True)
        self.setAccessibleName(self.tr("找项目、办件或申请人"))
        self.setPlaceholderText(self.tr("扫码、刷证，或输入编号、信用代码、姓名、拼音首字母"))
        self.setFont(active().font(Type.HEAD, strong=False))
        self.setMaxLength(2048)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field, and leaves it when it is empty."""
        if event.key() == Qt.Key.Key_Escape:
            if not self.text():
                self.left_empty.emit()
            self.clear()
            return
        super().keyPressEvent(event)


class TopBar(Painted):
    """The bar on top of every screen."""

    asked = Signal(str)
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__(height=SIZE.topbar)
        self._frame = Frame()
        self.field = OneField(self)
        self.field.returnPressed.connect(lambda: self.asked.emit(self.field.text().strip()))
        self.field.textEdited.connect(self.typed)
        self.field.installEventFilter(self)

    def show_frame(self, frame: Frame) -> None:
        """Who, where and when."""
        if frame != self._frame:
            self._frame = frame
            self.setAccessibleName(f"{frame.hall} {frame.operator} {frame.counter} {frame.day} {frame.time}")
            self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Redraw the ring around the field when the keyboard comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def _field_rect(self) -> QRectF:
        theme = active()
        x = theme.px(_FIELD_X)
        width = min(theme.px(_FIELD_MOST), self.width() - x - theme.px(_FIELD_REST))
        return QRectF(x, theme.px(8), max(160, width), self.height() - theme.px(16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The field keeps its place."""
        where, theme = self._field_rect(), active()
        self.field.setGeometry(
            round(where.x()) + theme.px(40),
            round(where.y()) + 2,
            round(where.width()) - theme.px(90),
            round(where.height()) - 4,
        )

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ink, river, mark, field, people."""
        brush.fill(QRectF(0, 0, width, height), "ink")
        _river(brush, width, height)
        draw_mark(brush, brush.theme.px(20), (height - brush.theme.px(34)) / 2, brush.theme.px(34))
        theme = brush.theme
        x = theme.px(66)
        brush.text(
            QRectF(x, theme.px(8), theme.px(220), theme.px(26)), self._frame.hall, Type.NAME, "on_ink", serif=True
        )
        brush.text(QRectF(x, theme.px(33), theme.px(220), theme.px(18)), self._frame.subtitle, Type.NOTE, "on_ink2")
        self._draw_field(brush)
        self._draw_people(brush, width)

    def _draw_field(self, brush: Brush) -> None:
        where, theme = self._field_rect(), brush.theme
        edge = None if theme.name is ThemeName.LIGHT else theme.colour("line_strong")
        brush.panel(where, theme.colour("surface"), edge, theme.px(SIZE.control_radius))
        if self.field.hasFocus():
            brush.ring(where.adjusted(-4, -4, 4, 4), "focus_ink", 7)
        brush.icon("scan", where.x() + theme.px(11), where.center().y() - theme.px(10), theme.px(20), "primary", 2.0)
        brush.key_cap(where.right() - theme.px(40), where.center().y(), "F2")

    def _draw_people(self, brush: Brush, width: int) -> None:
        theme, frame = brush.theme, self._frame
        right = float(width - theme.px(20))
        upper, lower = (theme.px(8), theme.px(24)), (theme.px(32), theme.px(18))
        for head, note, role in ((frame.time, frame.day, Type.NAME), (frame.operator, frame.counter, Type.HEAD)):
            room = max(theme.width(head, role), theme.width(note, Type.NOTE)) + 2
            brush.text(QRectF(right - room, upper[0], room, upper[1]), head, role, "on_ink", RIGHT)
            brush.text(QRectF(right - room, lower[0], room, lower[1]), note, Type.NOTE, "on_ink2", RIGHT)
            right -= max(room, theme.px(72)) + theme.px(36)
        if frame.demo:
            words = self.tr("演示")
            room = theme.width(words, Type.NOTE) + theme.px(16)
            where = QRectF(right - room, (self.height() - theme.px(22)) / 2, room, theme.px(22))
            brush.panel(where, None, theme.colour("river"), theme.px(4))
            brush.text(where.adjusted(theme.px(8), 0, 0, 0), words, Type.NOTE, "river")


def _river(brush: Brush, width: int, height: int) -> None:
    """The river at the bar's foot; a plain line in high contrast."""
    if brush.theme.name is ThemeName.CONTRAST:
        brush.hairline(0, width, height - 1, "line_strong")
        return
    brush.painter.setPen(QPen(brush.theme.colour("ink_line"), 1.2))
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    for base, swing in ((height - 5.5, 4), (height - 2, 3)):
        path = QPainterPath(QPointF(0, base))
        span = width / 6
        for at in range(6):
            x = at * span
            path.cubicTo(x + span * 0.35, base - swing, x + span * 0.6, base + swing, x + span, base)
        brush.painter.drawPath(path)


def draw_mark(brush: Brush, x: float, y: float, size: float) -> None:
    """The product's own mark: a window, the ridge, and the river bending below it."""
    painter, theme = brush.painter, brush.theme
    painter.save()
    painter.translate(x, y)
    painter.scale(size / 34, size / 34)
    line = QPen(theme.colour("on_ink"), 2)
    line.setCapStyle(Qt.PenCapStyle.RoundCap)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(1, 1, 32, 32), 4, 4)
    ridge = QPainterPath(QPointF(6, 18))
    for point in (QPointF(12, 10), QPointF(16, 15), QPointF(21, 8), QPointF(28, 18)):
        ridge.lineTo(point)
    painter.drawPath(ridge)
    line.setColor(theme.colour("river"))
    painter.setPen(line)
    river = QPainterPath(QPointF(6, 24))
    river.cubicTo(12, 19.5, 14, 29, 20, 25)
    river.cubicTo(24, 22, 26, 24, 28, 25.5)
    painter.drawPath(river)
    painter.restore()
