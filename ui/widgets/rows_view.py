"""Lists and tables of the counter: the toolkit's table view over rows, hairlines only, 44 px and more a row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from ui.shown import Group, Row
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import CENTER, LEFT, Brush
from ui.widgets.cell_delegate import CellDelegate
from ui.widgets.rows_model import Column, RowsModel


class RowsHeader(QHeaderView):
    """Quiet column headings over one hairline."""

    def __init__(self, columns: tuple[Column, ...], pad: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns, self._pad = columns, pad
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """One heading."""
        painter.save()
        brush = Brush(painter)
        where = QRectF(rect)
        brush.fill(where, "surface")
        brush.hairline(where.left(), where.right(), where.bottom() - 1)
        column = self._columns[logical]
        left = self._pad if logical == 0 else 0
        place = where.adjusted(left, 0, -6, 0)
        brush.text(place, column.title, Type.NOTE, "text3", CENTER if column.centred else LEFT)
        painter.restore()


class RowsView(QTableView):
    """One look for every list; a whole row is chosen, Enter and a double click open it.

    With ``turns_pages`` the page keys are left to the viewer beside the list.
    """

    chosen = Signal(str)
    opened = Signal(str)
    _ready = False

    def __init__(
        self,
        name: str,
        columns: tuple[Column, ...],
        *,
        row_height: int = SIZE.row,
        header_height: int = 0,
        pad: int = SPACE.l,
        whole: bool = False,
        turns_pages: bool = False,
    ) -> None:
        super().__init__()
        self._row_height, self._header_height, self._whole = row_height, header_height, whole
        self._pad_at_100, self._turns_pages = pad, turns_pages
        self.rows_model = RowsModel(columns, self)
        self.setModel(self.rows_model)
        pad = active().px(pad)
        self.setItemDelegate(CellDelegate(columns, pad, self))
        self.setHorizontalHeader(RowsHeader(columns, pad, self))
        self._dress(name)
        self._measure()
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.activated.connect(self._opened)
        self._ready = True

    def _dress(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if self._whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setVisible(bool(self._header_height))
        self.horizontalHeader().setAccessibleName(name)

    def _measure(self) -> None:
        theme = active()
        self.verticalHeader().setDefaultSectionSize(theme.px(self._row_height))
        if self._header_height:
            self.horizontalHeader().setFixedHeight(theme.px(self._header_height))
        for at, column in enumerate(self.rows_model.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(at, mode)
            if column.width:
                extra = self._pad_at_100 if at in (0, len(self.rows_model.columns) - 1) else 0
                self.horizontalHeader().resizeSection(at, theme.px(column.width + extra))

    def set_row_height(self, at_100: int) -> None:
        """Another height of rows, for low screens."""
        if at_100 != self._row_height:
            self._row_height = at_100
            self._measure()
            self._lay_rows()

    def set_column_width(self, column: int, at_100: int) -> None:
        """Another width of a fixed column, for narrow screens."""
        extra = self._pad_at_100 if column in (0, len(self.rows_model.columns) - 1) else 0
        self.horizontalHeader().resizeSection(column, active().px(at_100 + extra))

    def show_rows(self, rows: tuple[Row | Group, ...], chosen: str = "") -> None:
        """Show rows and choose the one of that key; the choice is not reported back."""
        blocked = self.selectionModel().blockSignals(True)
        if self.rows_model.show(rows):
            self._lay_rows()
        self._choose(chosen)
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def _lay_rows(self) -> None:
        self.clearSpans()
        theme = active()
        columns = len(self.rows_model.columns)
        for at, row in enumerate(self.rows_model.rows):
            group = isinstance(row, Group)
            self.setRowHeight(at, theme.px(30 if group else self._row_height))
            if group and columns > 1:
                self.setSpan(at, 0, 1, columns)
        if self._whole:
            self.setFixedHeight(self.whole_height())
        self.updateGeometry()

    def whole_height(self) -> int:
        """Height of all rows and the header."""
        header = active().px(self._header_height)
        return header + sum(self.rowHeight(at) for at in range(self.rows_model.rowCount()))

    def sizeHint(self) -> QSize:
        """All rows when the view is whole."""
        return QSize(120, self.whole_height() if self._whole else 120)

    def _choose(self, key: str) -> None:
        at = self.rows_model.row_of(key) if key else -1
        self.setProperty("chosenRow", at if at >= 0 else None)
        if at < 0:
            self.clearSelection()
            return
        index = self.rows_model.index(at, 0)
        self.setCurrentIndex(index)
        self.selectRow(at)
        self.scrollTo(index)

    def chosen_key(self) -> str:
        """Key of the chosen row."""
        rows = self.selectionModel().selectedRows()
        return self.rows_model.key_at(rows[0].row()) if rows else ""

    def _selection_changed(self, _: QItemSelection, __: QItemSelection) -> None:
        rows = self.selectionModel().selectedRows()
        self.setProperty("chosenRow", rows[0].row() if rows else None)
        self.viewport().update()
        key = self.chosen_key()
        if key:
            self.chosen.emit(key)

    def _opened(self, index: QModelIndex) -> None:
        key = self.rows_model.key_at(index.row())
        if key:
            self.opened.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down pass over groups; Enter opens; everything the list does not use goes to the screen."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._opened(self.currentIndex())
            event.accept()
        elif self._left_to_others(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _left_to_others(self, event: QKeyEvent) -> bool:
        """Page keys where pages are turned, and everything that types."""
        pages = self._turns_pages and event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        return pages or bool(event.text() and event.text().isprintable())

    def _step(self, step: int) -> None:
        at = self.currentIndex().row() + step
        while 0 <= at < self.rows_model.rowCount():
            if self.rows_model.key_at(at):
                index = self.rows_model.index(at, 0)
                self.setCurrentIndex(index)
                self.scrollTo(index)
                return
            at += step

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Entering by Tab lands on a row."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount():
            self._step(1)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, then the ring around the current one when the keyboard is here."""
        super().paintEvent(event)
        at = self.currentIndex().row()
        if not self.hasFocus() or at < 0:
            return
        painter = QPainter(self.viewport())
        brush = Brush(painter)
        top, height = self.rowViewportPosition(at), self.rowHeight(at)
        brush.ring(QRectF(2, top + 2, self.viewport().width() - 4, height - 4), "focus", 4)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the look changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._ready:
            self._measure()
            self._lay_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chosen row in sight."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def use_natural_height(self) -> None:
        """Let the layout give what is left."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
