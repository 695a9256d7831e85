"""Own icons: SVG strokes from the resources, tinted with a token and kept as pixmaps."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import locate
from ui.shown import Mark

GLYPHS: dict[Mark, tuple[str, str]] = {
    Mark.OK: ("ok", "ok"),
    Mark.OPEN: ("todo", "text2"),
    Mark.NOW: ("now", "primary"),
    Mark.MISSING: ("miss", "danger"),
    Mark.BAD: ("bad", "danger"),
    Mark.FIX: ("warn", "warn"),
    Mark.WARN: ("warn", "warn"),
    Mark.DANGER: ("danger", "danger"),
    Mark.PAUSE: ("pause", "text2"),
    Mark.SEND: ("send", "warn"),
    Mark.PARK: ("park", "danger"),
    Mark.SHARE: ("share", "text2"),
    Mark.CLOCK: ("clock", "text2"),
    Mark.NONE: ("todo", "text3"),
    Mark.BOX: ("box", "text2"),
    Mark.SHIELD: ("shield", "ok"),
}
"""Every state's glyph and the token of its colour."""
LOUD = frozenset({Mark.DANGER, Mark.WARN, Mark.FIX, Mark.MISSING, Mark.BAD, Mark.PARK, Mark.NOW, Mark.SEND})
"""Marks whose word is medium: what needs a hand carries weight, what is fine does not."""


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return locate("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _pixmap(name: str, size: int, colour: str, knockout: str, stroke: float, ratio: float) -> QPixmap:
    svg = _source(name).replace("currentColor", colour).replace('"knockout"', f'"{knockout}"')
    svg = svg.replace('stroke-width="1.75"', f'stroke-width="{stroke}"', 1)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def draw_icon(
    painter: QPainter, name: str, where: QRectF, tint: QColor, knockout: QColor | None = None, stroke: float = 1.75
) -> None:
    """Draw an icon into a square; ``knockout`` is the ground that shows through a filled glyph."""
    ratio = painter.device().devicePixelRatioF()
    ground = (knockout or QColor("#FFFFFF")).name()
    pixmap = _pixmap(name, round(where.width()), tint.name(), ground, stroke, ratio)
    painter.drawPixmap(where.topLeft(), pixmap)


def icon(name: str, size: int, tint: QColor, ratio: float = 2.0) -> QIcon:
    """An icon for a widget of the toolkit that draws it by itself."""
    return QIcon(_pixmap(name, size, tint.name(), "#FFFFFF", 1.75, ratio))
