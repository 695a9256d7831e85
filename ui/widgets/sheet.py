"""Sheets, their heads, and a screen's title: the paper that everything lies on."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.shown import Badge, Mark
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import RIGHT, Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.painted import Painted


class Sheet(QFrame):
    """One white sheet on the page; sheets never nest."""

    def __init__(self, *children: QWidget) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(1, 1, 1, 1)
        self.box.setSpacing(0)
        for child in children:
            self.box.addWidget(child)


class Head(Painted):
    """A section's head: title, count beside it, a hint and a key at the right, hairline below."""

    def __init__(
        self,
        title: str = "",
        count: str = "",
        hint: str = "",
        *,
        key: str = "",
        rule: bool = True,
        height: int = SIZE.head,
    ) -> None:
        super().__init__(height=height)
        self._key, self._rule = key, rule
        self._title, self._count, self._hint = title, count, hint
        self._mark: Mark | None = None
        self.say(title, count, hint)

    def say(self, title: str, count: str = "", hint: str = "", mark: Mark | None = None) -> None:
        """Show other words."""
        self._title, self._count, self._hint, self._mark = title, count, hint, mark
        self.setAccessibleName(" ".join(filter(None, (title, count, hint))))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Title left, hint and key right."""
        pad = x = brush.theme.px(SPACE.l)
        if self._mark:
            size = brush.theme.px(SIZE.glyph)
            brush.icon(GLYPHS[self._mark][0], x, (height - size) / 2, size, GLYPHS[self._mark][1], 2.0)
            x += size + brush.theme.px(8)
        right = width - pad
        if self._key:
            right -= brush.key_cap_width(self._key)
            brush.key_cap(right, height / 2, self._key)
            right -= brush.theme.px(8)
        if self._hint:
            room = min(brush.theme.width(self._hint, Type.SMALL) + 2, max(0, right - x))
            brush.text(QRectF(right - room, 0, room, height), self._hint, Type.SMALL, "text3", RIGHT)
            right -= room + brush.theme.px(12)
        x += brush.text(QRectF(x, 0, right - x, height), self._title, Type.HEAD) + brush.theme.px(8)
        if self._count:
            brush.text(QRectF(x, 0, max(0, right - x), height), self._count, Type.HEAD, "text3", strong=False)
        if self._rule:
            brush.hairline(0, width, height - 1)


class Title(Painted):
    """A screen's title in the serif, with quiet facts beside it."""

    def __init__(self, title: str = "", height: int = 56) -> None:
        super().__init__(height=height)
        self._title, self._facts, self._right = title, "", ""
        self._badge: Badge | None = None

    def say(self, title: str, facts: str = "", right: str = "", badge: Badge | None = None) -> None:
        """Show other words."""
        self._title, self._facts, self._right, self._badge = title, facts, right, badge
        state = badge.word if badge else ""
        self.setAccessibleName(" ".join(filter(None, (title, facts, state, right))))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Title, facts, state; at the right what happens next."""
        theme, room = brush.theme, width
        if self._right:
            taken = theme.width(self._right, Type.SMALL) + 2
            brush.text(QRectF(width - taken, 3, taken, height - 2), self._right, Type.SMALL, "text3", RIGHT)
            room -= taken + theme.px(20)
        badge_width = 0
        if self._badge:
            badge_width = theme.width(self._badge.word, Type.SMALL, strong=True) + theme.px(24 + 20)
        title_width = theme.width(self._title, Type.TITLE, serif=True)
        x = float(min(title_width, room - badge_width))
        brush.text(QRectF(0, 0, x + 1, height - 2), self._title, Type.TITLE, serif=True)
        x += theme.px(16)
        facts_room = max(0.0, room - badge_width - x)
        taken_by_facts = min(theme.width(self._facts), facts_room)
        if self._facts and facts_room > theme.px(40):
            brush.text(QRectF(x, 3, facts_room, height - 2), self._facts, Type.BODY, "text2")
            x += taken_by_facts + theme.px(20)
        if self._badge:
            brush.badge(QRectF(x, 1, badge_width, height), self._badge.mark, self._badge.word)


def row(*parts: QWidget, spacing: int = SPACE.m, stretch: int | None = None, even: bool = False) -> QWidget:
    """Widgets side by side; ``stretch`` is the index of the one that takes what is left, ``even`` shares it alike."""
    holder = QWidget()
    box = QHBoxLayout(holder)
    _fill(box, parts, spacing, stretch)
    for at in range(len(parts) if even else 0):
        box.setStretch(at, 1)
    return holder


def column(*parts: QWidget, spacing: int = SPACE.m, stretch: int | None = None) -> QWidget:
    """Widgets below each other; ``stretch`` is the index of the one that takes what is left."""
    holder = QWidget()
    _fill(QVBoxLayout(holder), parts, spacing, stretch)
    return holder


def body(*parts: QWidget, spacing: int = SPACE.xs, stretch: int | None = None) -> QWidget:
    """A screen's body on the page, with its margins."""
    holder = column(*parts, spacing=spacing, stretch=stretch)
    holder.setObjectName("page")
    layout: QLayout | None = holder.layout()
    if layout is not None:
        theme = active()
        layout.setContentsMargins(theme.px(SPACE.xl), 0, theme.px(SPACE.xl), theme.px(SPACE.m))
    return holder


def _fill(box: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget, ...], spacing: int, stretch: int | None) -> None:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(active().px(spacing))
    for at, part in enumerate(parts):
        box.addWidget(part, 1 if at == stretch else 0)
