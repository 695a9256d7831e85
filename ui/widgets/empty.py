"""What stands where there is nothing yet: a quiet icon and one sentence that says how to go on."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from ui.tokens import Type
from ui.widgets.brush import CENTER, Brush
from ui.widgets.painted import Painted


class EmptyNote(Painted):
    """Fills the room it is given."""

    def __init__(self, icon: str, words: str, detail: str = "") -> None:
        super().__init__()
        self._icon, self._words, self._detail = icon, words, detail
        self.say(words, detail)

    def say(self, words: str, detail: str = "") -> None:
        """Other words."""
        self._words, self._detail = words, detail
        self.setAccessibleName(f"{words} {detail}".strip())
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Icon over words, in the middle."""
        theme = brush.theme
        size, middle = theme.px(44), height / 2
        brush.icon(self._icon, (width - size) / 2, middle - size - theme.px(8), size, "text3", 1.4)
        words = QRectF(0, middle + theme.px(4), width, theme.px(26))
        brush.text(words, self._words, Type.HEAD, "text2", CENTER, strong=False)
        detail = QRectF(0, middle + theme.px(30), width, theme.px(22))
        brush.text(detail, self._detail, Type.SMALL, "text3", CENTER)
