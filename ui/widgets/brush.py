"""How things are drawn: lines of text, state badges, key caps, hairlines and hatched pauses, from the look in force."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from ui import theme as looks
from ui.shown import Bar, Mark, PauseKind
from ui.theme import Theme
from ui.tokens import SIZE, Type
from ui.widgets.icons import GLYPHS, LOUD, draw_icon

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
_BAR_TOKEN = {Mark.DANGER: "danger", Mark.WARN: "warn", Mark.FIX: "warn", Mark.OK: "text3"}


class Brush:
    """A painter with the look in force; made at the head of a paint event and gone after it."""

    def __init__(self, painter: QPainter, theme: Theme | None = None) -> None:
        self.painter = painter
        self.theme = theme or looks.active()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)

    def text(
        self,
        where: QRectF,
        words: str,
        role: Type = Type.BODY,
        tone: str = "text",
        align: Qt.AlignmentFlag = LEFT,
        *,
        strong: bool | None = None,
        serif: bool = False,
    ) -> int:
        """Draw one line, elided at its end when it does not fit; returns the px it takes."""
        font = self.theme.font(role, strong=strong, serif=serif)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(words)
        if width > where.width() + 1:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(where.width()))
        self.painter.setFont(font)
        self.painter.setPen(self.theme.colour(tone))
        self.painter.drawText(where, int(align), words)
        return width

    def paragraph(self, where: QRect, words: str, role: Type = Type.BODY, tone: str = "text") -> None:
        """Draw text over several lines from the top."""
        self.painter.setFont(self.theme.font(role))
        self.painter.setPen(self.theme.colour(tone))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWrapAnywhere)
        self.painter.drawText(QRectF(where), flags, words)

    def fill(self, where: QRectF, token: str) -> None:
        """Fill a rectangle with a token."""
        self.painter.fillRect(where, self.theme.colour(token))

    def hairline(self, left: float, right: float, y: float, tone: str = "line") -> None:
        """A one-px line across."""
        self.fill(QRectF(left, y, right - left, 1), tone)

    def icon(self, name: str, x: float, y: float, size: float, tone: str = "text2", stroke: float = 1.75) -> None:
        """An icon of our own set, its top left corner at x, y."""
        where = QRectF(x, y, round(size), round(size))
        draw_icon(self.painter, name, where, self.theme.colour(tone), self.theme.colour("surface"), stroke)

    def badge(self, where: QRectF, mark: Mark, word: str, role: Type = Type.SMALL, *, tone: str = "") -> float:
        """Glyph and word of a state, centred upright in the place; returns the px they take."""
        glyph, own_tone = GLYPHS[mark]
        size = self.theme.px(SIZE.glyph)
        self.icon(glyph, where.x(), where.center().y() - size / 2, size, tone or own_tone, 2.0)
        start = size + self.theme.px(6)
        place = QRectF(where.x() + start, where.y(), where.width() - start, where.height())
        return start + self.text(place, word, role, tone or own_tone, strong=mark in LOUD)

    def key_cap_width(self, key: str) -> int:
        """Width of a key cap."""
        return max(self.theme.px(24), self.theme.width(key, Type.NOTE) + self.theme.px(10))

    def key_cap(self, x: float, middle: float, key: str, tone: str = "text2", edge: str = "line_strong") -> int:
        """A key's cap, centred upright on ``middle``; returns its width."""
        width, height = self.key_cap_width(key), self.theme.px(SIZE.key_cap)
        self.painter.setPen(QPen(self.theme.colour(edge), 1))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(QRectF(x + 0.5, middle - height / 2 + 0.5, width - 1, height - 1), 3, 3)
        self.text(QRectF(x, middle - height / 2, width, height), key, Type.NOTE, tone, CENTER)
        return width

    def ring(self, where: QRectF, tone: str = "focus", radius: float = 6) -> None:
        """The focus ring: two px in a hue that no state uses."""
        self.painter.setPen(QPen(self.theme.colour(tone), 2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(where.adjusted(1, 1, -1, -1), radius, radius)

    def frame(self, where: QRectF, edge: str, ground: str) -> None:
        """A one-px frame on crisp pixels."""
        self.painter.setPen(QPen(self.theme.colour(edge), 1))
        self.painter.setBrush(self.theme.colour(ground))
        self.painter.drawRect(where.adjusted(0.5, 0.5, -0.5, -0.5))

    def hatch(self, where: QRectF, kind: PauseKind) -> None:
        """A pause: slanted for a supplement, upright for a special procedure."""
        painter, height = self.painter, where.height()
        painter.save()
        painter.setClipRect(where)
        painter.fillRect(where, self.theme.colour("surface"))
        painter.setPen(QPen(self.theme.colour("hatch"), 1.3))
        lean = height if kind is PauseKind.SUPPLEMENT else 0.0
        x = where.left() - height
        while x < where.right() + height:
            painter.drawLine(QLineF(QPointF(x, where.bottom()), QPointF(x + lean, where.top())))
            x += 6
        painter.setClipping(False)
        painter.restore()
        painter.setPen(QPen(self.theme.colour("hatch"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(0.5, 0.5, -0.5, -0.5))

    def bar(self, where: QRectF, bar: Bar) -> None:
        """A small clock, 8 px high in the middle of the place."""
        height = self.theme.px(8)
        track = QRectF(where.x(), round(where.center().y() - height / 2), where.width(), height)
        self.frame(track, "line_strong", "surface")
        used = QRectF(track.x(), track.y(), track.width() * min(1.0, max(0.0, bar.used)), height)
        self.fill(used, _BAR_TOKEN.get(bar.mark, "primary"))
        if bar.pause:
            first, last = bar.pause
            self.hatch(
                QRectF(track.x() + track.width() * first, track.y() - 1, track.width() * (last - first), height + 2),
                PauseKind.SUPPLEMENT,
            )

    def selection(self, where: QRectF) -> None:
        """The ground of a chosen row: a tint, and a bar at its left."""
        self.fill(where, "primary_soft")
        self.fill(QRectF(where.x(), where.y(), 4, where.height()), "primary")

    def panel(self, where: QRectF, fill: QColor | None, edge: QColor | None, radius: float) -> None:
        """A rounded ground with an optional edge."""
        self.painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
        self.painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
