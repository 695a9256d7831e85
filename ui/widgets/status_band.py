"""The band under the top bar: online one quiet line; offline a calm sand band that says what holds and what waits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal

from ui.frame_state import Connection
from ui.tokens import SIZE, Type
from ui.widgets.brush import RIGHT, Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.painted import Painted


class StatusBand(Painted):
    """Draws a connection."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__(height=SIZE.band_online)
        self._connection = Connection()

    def show_connection(self, connection: Connection) -> None:
        """Take another state; the band is higher while offline."""
        if connection == self._connection:
            return
        changed = connection.online != self._connection.online
        self._connection = connection
        self.setAccessibleName("　".join(filter(None, (connection.head, *connection.facts, connection.unseen))))
        if changed:
            self._height = SIZE.band_online if connection.online else SIZE.band_offline
            self.measure()
            self.resized.emit()
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Whichever it is."""
        if self._connection.online:
            self._draw_online(brush, width, height)
        else:
            self._draw_offline(brush, width, height)

    def _draw_online(self, brush: Brush, width: int, height: int) -> None:
        theme, state = brush.theme, self._connection
        brush.fill(QRectF(0, 0, width, height), "page")
        brush.hairline(0, width, height - 1)
        right = float(width - theme.px(20))
        for badge in reversed(state.devices):
            right -= theme.width(badge.word, Type.SMALL)
            brush.text(QRectF(right, 0, theme.px(160), height), badge.word, Type.SMALL, "text2")
            right -= theme.px(22)
            glyph, tone = GLYPHS[badge.mark]
            brush.icon(glyph, right, height / 2 - theme.px(8), theme.px(16), tone, 2.0)
            right -= theme.px(20)
        size = theme.px(SIZE.glyph)
        brush.icon("on", theme.px(20), (height - size) / 2, size, "ok", 1.9)
        x = theme.px(44) + brush.text(
            QRectF(theme.px(44), 0, theme.px(120), height), state.head, Type.SMALL, "ok", strong=True
        )
        x += theme.px(16)
        brush.text(QRectF(x, 0, max(0.0, right - x), height), "　".join(state.facts), Type.SMALL, "text3")

    def _draw_offline(self, brush: Brush, width: int, height: int) -> None:
        theme, state = brush.theme, self._connection
        brush.fill(QRectF(0, 0, width, height), "band")
        brush.icon("off", theme.px(20), (height - theme.px(22)) / 2, theme.px(22), "on_band", 1.9)
        right = float(width - theme.px(20))
        if state.unseen:
            taken = theme.width(state.unseen, strong=True)
            brush.text(
                QRectF(right - taken, 0, taken + 1, height), state.unseen, Type.BODY, "on_band", RIGHT, strong=True
            )
            right -= taken + theme.px(24)
            brush.icon("clock", right, (height - theme.px(18)) / 2, theme.px(18), "on_band", 2.0)
            right -= theme.px(16)
        x = theme.px(52)
        x += brush.text(QRectF(x, 0, right - x, height), state.head, Type.HEAD, "on_band") + theme.px(24)
        for fact in state.facts:
            if x + theme.width(fact) > right:
                break
            x += brush.text(QRectF(x, 0, right - x, height), fact, Type.BODY, "on_band") + theme.px(24)
