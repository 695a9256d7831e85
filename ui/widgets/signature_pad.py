"""A pad for the collector's signature: drawn by pen, finger or mouse, kept as strokes."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from ui.tokens import Type
from ui.widgets.brush import CENTER, Brush
from ui.widgets.painted import Painted

_LEAST_POINTS = 12
Stroke = tuple[tuple[float, float], ...]


class SignaturePad(Painted):
    """Strokes in shares of the pad, so that they scale; empties on demand."""

    changed = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, height=124)
        self._strokes: list[list[tuple[float, float]]] = []
        self._hint = hint
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("签名"))
        self.setAccessibleDescription(hint)

    def strokes(self) -> tuple[Stroke, ...]:
        """What was drawn, points as shares of width and height."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def show_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Show strokes drawn elsewhere, on the second screen."""
        self._strokes = [list(stroke) for stroke in strokes]
        self.update()

    def is_signed(self) -> bool:
        """Whether there is more than a dot."""
        return sum(len(stroke) for stroke in self._strokes) >= _LEAST_POINTS

    def clear(self) -> None:
        """Sign again."""
        self._strokes = []
        self.update()
        self.changed.emit()

    def png(self, size: QSize) -> bytes:
        """The signature as a picture, dark on white."""
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Qt.GlobalColor.black, max(2.0, size.height() / 60)))
        painter.drawPath(self._path(QRectF(0, 0, size.width(), size.height())))
        painter.end()
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        buffer.close()
        return bytes(held.data())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins."""
        self._strokes.append([])
        self._add(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A stroke goes on."""
        if self._strokes:
            self._add(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A stroke is done."""
        self.changed.emit()

    def _add(self, at: QPointF) -> None:
        share = (min(1.0, max(0.0, at.x() / self.width())), min(1.0, max(0.0, at.y() / self.height())))
        self._strokes[-1].append(share)
        self.update()

    def _path(self, where: QRectF) -> QPainterPath:
        path = QPainterPath()
        for stroke in self._strokes:
            for at, (x, y) in enumerate(stroke):
                point = QPointF(where.x() + x * where.width(), where.y() + y * where.height())
                path.moveTo(point) if at == 0 else path.lineTo(point)
        return path

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, base line, strokes."""
        theme = brush.theme
        where = QRectF(0, 0, width, height)
        brush.panel(where, theme.colour("surface"), theme.colour("line_strong"), theme.px(4))
        brush.painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DashLine))
        base = height - theme.px(22)
        brush.painter.drawLine(QPointF(theme.px(20), base), QPointF(width - theme.px(20), base))
        if not self._strokes:
            brush.text(where, self._hint, Type.BODY, "text3", CENTER)
            return
        pen = QPen(theme.colour("text"), 3.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        brush.painter.setPen(pen)
        brush.painter.setBrush(Qt.BrushStyle.NoBrush)
        brush.painter.drawPath(self._path(where))
