"""Rows of cells as a table model, with what a screen reader says of each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.shown import Badge, Bar, Cell, Count, Group, Nothing, Row, Words

CELL_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
GROUP_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in px at 100 % (0 takes what is left), and how it is aligned."""

    title: str
    width: int = 0
    centred: bool = False
    spoken: str = ""


def spoken(cell: Cell) -> str:
    """A cell in words."""
    match cell:
        case Words(main, sub):
            return f"{main} {sub}".strip()
        case Badge(_, word):
            return word
        case Count() as count:
            return count_words(count) if count.due or count.waived else ""
        case Bar(words=words):
            return words
        case Nothing():
            return ""


def count_words(count: Count) -> str:
    """What a count of copies shows: kept or sighted, received of due."""
    if count.waived:
        return "免交"
    return f"{count.keep} {count.got}/{count.due}".strip()


class RowsModel(QAbstractTableModel):
    """Holds what a presenter made; a group row spans the table and cannot be chosen."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: tuple[Row | Group, ...] = ()

    @property
    def rows(self) -> tuple[Row | Group, ...]:
        """What is shown."""
        return self._rows

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return self._columns

    def show(self, rows: tuple[Row | Group, ...]) -> bool:
        """Show other rows; returns whether the shape changed (else only the cells did, and the choice stays)."""
        same_shape = len(rows) == len(self._rows) and all(
            _key(new) == _key(old) for new, old in zip(rows, self._rows, strict=True)
        )
        if same_shape:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._columns) - 1))
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    def row_of(self, key: str) -> int:
        """Where the row of that key stands; -1 when it does not."""
        return next((at for at, row in enumerate(self._rows) if isinstance(row, Row) and row.key == key), -1)

    def key_at(self, at: int) -> str:
        """The key of a row; empty for a group or beyond the end."""
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        return row.key if isinstance(row, Row) else ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        """Rows and groups."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        """Columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The cell for the delegate, and its words for everyone else."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == GROUP_ROLE:
            return row if isinstance(row, Group) else None
        if isinstance(row, Group):
            return f"{row.title} {row.hint}".strip() if role in _SPOKEN_ROLES and index.column() == 0 else None
        cell = row.cells[index.column()]
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            column = self._columns[index.column()]
            return f"{column.spoken or column.title} {spoken(cell)}".strip()
        return spoken(cell) if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Column headings."""
        if orientation == Qt.Orientation.Horizontal and role in _SPOKEN_ROLES:
            column = self._columns[section]
            return column.title if role == Qt.ItemDataRole.DisplayRole else column.spoken or column.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Groups are passed over by the keyboard."""
        if not index.isValid() or isinstance(self._rows[index.row()], Group):
            return Qt.ItemFlag.ItemIsEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


_SPOKEN_ROLES: Final = frozenset({int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)})


def _key(row: Row | Group) -> tuple[bool, str]:
    return (True, row.key) if isinstance(row, Row) else (False, row.title)
