"""Draws the cells of rows: two-line words, states, counts and small clocks, with hairlines and the chosen row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.shown import Badge, Bar, Cell, Count, Group, Nothing, Words
from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.brush import CENTER, LEFT, Brush
from ui.widgets.rows_model import CELL_ROLE, GROUP_ROLE, Column

Index = QModelIndex | QPersistentModelIndex
_GAP = 6


class CellDelegate(QStyledItemDelegate):
    """One delegate for every list and table of the counter."""

    def __init__(self, columns: tuple[Column, ...], pad: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._pad = columns, pad

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows have fixed heights."""
        return QSize(10, active().px(SIZE.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, content, hairline."""
        painter.save()
        brush = Brush(painter)
        where = QRectF(option.rect)
        group = index.data(GROUP_ROLE)
        if isinstance(group, Group):
            self._group(brush, where, group)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._ground(brush, where, index, chosen)
            cell = index.data(CELL_ROLE)
            if cell is not None:
                self._cell(brush, self._inner(where, index.column()), self._columns[index.column()], cell, chosen)
        painter.restore()

    def _inner(self, where: QRectF, column: int) -> QRectF:
        left = self._pad if column == 0 else 0
        right = self._pad if column == len(self._columns) - 1 else _GAP
        return where.adjusted(left, 0, -right, 0)

    def _ground(self, brush: Brush, where: QRectF, index: Index, chosen: bool) -> None:
        first, last = index.column() == 0, index.column() == len(self._columns) - 1
        if chosen:
            brush.fill(where, "primary_soft")
            if first:
                brush.fill(QRectF(where.x(), where.y(), 4, where.height()), "primary")
            return
        if self._line_below(index):
            left = where.left() + (self._pad if first else 0)
            brush.hairline(left, where.right() - (self._pad if last else 0), where.bottom() - 1)

    def _line_below(self, index: Index) -> bool:
        """None after the last row, none beside the chosen row or a group."""
        model, view = index.model(), self.parent()
        below = model.index(index.row() + 1, 0)
        if not below.isValid() or below.data(GROUP_ROLE) is not None:
            return False
        chosen = view.property("chosenRow") if view is not None else None
        return chosen != index.row() + 1

    def _group(self, brush: Brush, where: QRectF, group: Group) -> None:
        brush.fill(where, "page")
        brush.hairline(where.left(), where.right(), where.top())
        brush.hairline(where.left(), where.right(), where.bottom() - 1)
        x = where.x() + self._pad
        x += brush.text(
            QRectF(x, where.y(), where.width(), where.height()), group.title, Type.SMALL, "text2", strong=True
        )
        x += brush.theme.px(10)
        brush.text(QRectF(x, where.y(), where.right() - x - self._pad, where.height()), group.hint, Type.NOTE, "text3")

    def _cell(self, brush: Brush, where: QRectF, column: Column, cell: Cell, chosen: bool) -> None:
        match cell:
            case Words() as words:
                self._words(brush, where, words, chosen, centred=column.centred)
            case Badge(mark, word):
                brush.badge(where, mark, word)
            case Count() as count:
                _count(brush, where, count)
            case Bar() as bar:
                _bar(brush, where, bar)
            case Nothing():
                brush.text(where, "–", Type.SMALL, "text3", CENTER if column.centred else LEFT)

    def _words(self, brush: Brush, where: QRectF, words: Words, chosen: bool, *, centred: bool) -> None:
        theme, align = brush.theme, CENTER if centred else LEFT
        strong, middle = words.strong, where.center().y()
        if words.sub:
            line, note = theme.px(20), theme.px(17)
            top = QRectF(where.x(), middle - line + 1, where.width(), line)
            fits = theme.width(words.main, strong=strong) <= where.width()
            brush.text(top, words.main, Type.BODY if fits else Type.SMALL, words.tone, align, strong=strong)
            below = QRectF(where.x(), middle + 1, where.width(), note)
            brush.text(below, words.sub, Type.NOTE, words.sub_tone, align)
            return
        self._one_or_two_lines(brush, where, words, align)

    def _one_or_two_lines(self, brush: Brush, where: QRectF, words: Words, align: Qt.AlignmentFlag) -> None:
        """Body, else small on one line, else small or note on two; what is in brackets goes first when nothing fits."""
        theme, width, strong = brush.theme, where.width(), words.strong
        for role in (Type.BODY, Type.SMALL):
            if theme.width(words.main, role, strong=strong) <= width:
                brush.text(where, words.main, role, words.tone, align, strong=strong)
                return
        bare = words.main.split("（")[0].split("(")[0]
        choices = [(halves(name), role) for name in (words.main, bare) for role in (Type.SMALL, Type.NOTE)]
        fits = (c for c in choices if all(theme.width(part, c[1], strong=strong) <= width for part in c[0]))
        parts, role = next(fits, choices[-1])
        line = theme.px(18)
        for at, part in enumerate(parts):
            place = QRectF(where.x(), where.center().y() - line + line * at, width, line)
            brush.text(place, part, role, words.tone, align, strong=strong)


def halves(name: str) -> tuple[str, str]:
    """A long name split near its middle: before a bracket, after a joining word or a stop, never one orphan."""
    middle = (len(name) + 1) // 2
    near = sorted(range(max(2, middle - 3), min(len(name) - 1, middle + 4)), key=lambda at: abs(at - middle))
    for at in near:
        if name[at] in "（(":
            return name[:at], name[at:]
    for at in near:
        if abs(at - middle) <= 2 and name[at - 1] in "与、和及，）" and name[at] not in "）、，":
            return name[:at], name[at:]
    while middle > 2 and (name[middle - 1] in "（(" or name[middle : middle + 1] in ("）", "、", "，")):
        middle -= 1
    return name[:middle], name[middle:]


def _count(brush: Brush, where: QRectF, count: Count) -> None:
    if count.waived or not count.due:
        brush.text(where, "免交" if count.waived else "–", Type.SMALL, "text3", CENTER)
        return
    figures = f"{count.got}/{count.due}"
    keep_room = brush.theme.px(20) if count.keep else 0
    x = where.center().x() - (brush.theme.width(figures, strong=count.short) + keep_room) / 2
    if count.keep:
        brush.text(QRectF(x, where.y(), keep_room, where.height()), count.keep, Type.SMALL, "text3")
        x += keep_room
    tone = "danger" if count.short else "text2"
    brush.text(
        QRectF(x, where.y(), where.right() - x + _GAP, where.height()), figures, Type.BODY, tone, strong=count.short
    )


def _bar(brush: Brush, where: QRectF, bar: Bar) -> None:
    if not bar.words:
        brush.bar(where, bar)
        return
    line = brush.theme.px(20)
    middle = where.center().y()
    brush.text(QRectF(where.x(), middle - line + 1, where.width(), line), bar.words)
    width = min(where.width(), brush.theme.px(116))
    brush.bar(QRectF(where.x(), middle + brush.theme.px(4), width, brush.theme.px(12)), bar)
