"""What happened to a case, newest first: day and hour, glyph on a thread, words, and the paper it left."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.shown import Event
from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.brush import RIGHT, Brush
from ui.widgets.icons import GLYPHS

_EVENT_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_ROW: Final = 44
Index = QModelIndex | QPersistentModelIndex


class EventsModel(QAbstractListModel):
    """Events for the view and their words for a screen reader."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[Event, ...] = ()

    def show(self, events: tuple[Event, ...]) -> None:
        """Take other events."""
        self.beginResetModel()
        self._events = events
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self._events)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The event, or its words."""
        if not index.isValid():
            return None
        event = self._events[index.row()]
        if role == _EVENT_ROLE:
            return event
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return "　".join(filter(None, (event.day, event.time, event.what, event.detail, event.paper)))
        return None


class EventDelegate(QStyledItemDelegate):
    """Draws one event."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All are of one height."""
        return QSize(200, active().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Time, thread and glyph, words, paper."""
        event = index.data(_EVENT_ROLE)
        if not isinstance(event, Event):
            return
        painter.save()
        brush = Brush(painter)
        where = QRectF(option.rect)
        theme, pad, y = brush.theme, brush.theme.px(16), where.y()
        brush.text(QRectF(pad, y + theme.px(4), theme.px(96), theme.px(20)), event.day, Type.SMALL, "text2")
        brush.text(QRectF(pad, y + theme.px(23), theme.px(96), theme.px(18)), event.time, Type.NOTE, "text3")
        last = index.row() + 1 == index.model().rowCount()
        glyph, tone = GLYPHS[event.mark]
        size = theme.px(SIZE.glyph)
        x = theme.px(117)
        if not last:
            brush.fill(QRectF(x + size / 2 - 0.75, y + theme.px(30), 1.5, where.height() - theme.px(26)), "line")
        brush.icon(glyph, x, y + theme.px(7), size, tone, 2.0)
        x += theme.px(33)
        room = where.width() - x - pad
        taken = min(theme.width(event.paper, Type.SMALL) + 2, room / 2) if event.paper else 0
        brush.text(QRectF(x, y + theme.px(4), room - taken, theme.px(22)), event.what, Type.BODY, strong=True)
        brush.text(QRectF(x, y + theme.px(25), room, theme.px(18)), event.detail, Type.SMALL, "text2")
        if event.paper:
            paper = QRectF(where.right() - pad - taken, y + theme.px(4), taken, theme.px(22))
            brush.text(paper, event.paper, Type.SMALL, "primary", RIGHT)
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.ring(where.adjusted(4, 1, -4, -1), "focus", 4)
        painter.restore()


class TimelineView(QListView):
    """A list of events; the arrow keys go back in time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(EventDelegate(self))
        self._model = EventsModel(self)
        self.setModel(self._model)

    def show_events(self, events: tuple[Event, ...]) -> None:
        """Take other events."""
        self._model.show(events)
