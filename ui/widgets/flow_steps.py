"""Where one stands in a flow: every step with its glyph, joined by a line; and a verdict in large letters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from ui.shown import Mark, Step
from ui.theme import active
from ui.tokens import Type
from ui.widgets.brush import Brush
from ui.widgets.icons import GLYPHS, LOUD
from ui.widgets.painted import Painted

_MARKS = {Step.DONE: Mark.OK, Step.NOW: Mark.NOW, Step.AHEAD: Mark.NONE}


class FlowSteps(Painted):
    """Steps in a row."""

    def __init__(self) -> None:
        super().__init__(height=40)
        self._steps: tuple[tuple[str, Step], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: tuple[tuple[str, Step], ...]) -> None:
        """Words and progress of each step."""
        self._steps = steps
        now = next((words for words, step in steps if step is Step.NOW), "")
        self.setAccessibleName(self.tr("当前步骤：{step}").format(step=now))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All words and lines."""
        theme = active()
        words = sum(
            theme.px(24) + theme.width(text, Type.SMALL, strong=_MARKS[step] in LOUD) for text, step in self._steps
        )
        return QSize(words + theme.px(40) * max(0, len(self._steps) - 1) + 2, theme.px(40))

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Glyph, word, line."""
        theme, x = brush.theme, 0.0
        for at, (words, step) in enumerate(self._steps):
            mark = _MARKS[step]
            taken = theme.px(24) + theme.width(words, Type.SMALL, strong=mark in LOUD)
            brush.badge(QRectF(x, 0, taken + 2, height), mark, words)
            x += taken
            if at + 1 < len(self._steps):
                brush.fill(QRectF(x + theme.px(8), height / 2, theme.px(24), 1), "line_strong")
                x += theme.px(40)


class VerdictBanner(Painted):
    """The answer to a scan: large words on a soft ground, and why one may say so."""

    def __init__(self) -> None:
        super().__init__(height=116)
        self._mark, self._head, self._detail = Mark.NONE, "", ""
        self._reasons: tuple[tuple[Mark, str], ...] = ()

    def say(self, mark: Mark, head: str, detail: str, reasons: tuple[tuple[Mark, str], ...]) -> None:
        """Show a verdict."""
        self._mark, self._head, self._detail, self._reasons = mark, head, detail, reasons
        self.setAccessibleName("　".join((head, detail, *(words for _, words in reasons))))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, glyph, three lines."""
        theme = brush.theme
        glyph, tone = GLYPHS[self._mark]
        soft = f"{tone}_soft" if tone in ("ok", "warn", "danger") else "page"
        brush.fill(QRectF(0, 0, width, height), soft)
        size = theme.px(50)
        brush.icon(glyph, theme.px(22), (height - size) / 2, size, tone, 1.6)
        x, room = theme.px(88), width - theme.px(100)
        head_tone = tone if soft != "page" else "text"
        brush.text(QRectF(x, theme.px(10), room, theme.px(36)), self._head, Type.TITLE, head_tone, serif=True)
        brush.text(QRectF(x, theme.px(48), room, theme.px(22)), self._detail)
        line, left = QRectF(x, theme.px(77), room, theme.px(22)), float(x)
        for mark, words in self._reasons:
            name = "check" if mark is Mark.OK else GLYPHS[mark][0]
            brush.icon(name, left, theme.px(80), theme.px(16), GLYPHS[mark][1], 2.2)
            left += theme.px(20)
            left += brush.text(
                QRectF(left, line.y(), width - left, line.height()), words, Type.SMALL, "text2"
            ) + theme.px(18)
