"""补正 drawn: notices left, the notice's own lines, the pages handed in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from ebp_desktop.domain.material import Keep, Verdict
from ui.page_images import PageImages
from ui.screen import Screen
from ui.screens.supplement.presenter import SupplementPresenter
from ui.screens.supplement.state import OwedLine, OwedRow, SupplementState
from ui.shown import Badge, Count, Mark, Row, Tone, Words
from ui.theme import active
from ui.tokens import SIZE
from ui.widgets.form import FactLines
from ui.widgets.page_viewer import PageViewer
from ui.widgets.painted import Rule
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, column

_LIST, _LINES = 330, 520


class SupplementScreen(Screen[SupplementState]):
    """What the notice asks, and nothing else."""

    presenter: SupplementPresenter

    def __init__(self, presenter: SupplementPresenter, images: PageImages) -> None:
        self._images = images
        super().__init__("supplement", presenter)

    def content(self) -> QWidget:
        """Three panes without gaps."""
        self._head = Head(self.tr("待补正"))
        self._list = RowsView(
            self.tr("待补正的通知"),
            (Column("", 0, spoken=self.tr("通知")), Column("", 104, spoken=self.tr("期限"))),
            row_height=60,
        )
        self._list.chosen.connect(lambda key: self.presenter.choose(key))
        self._list.opened.connect(lambda _: self._lines.setFocus())
        left = column(self._head, self._list, spacing=0, stretch=1)
        left.setObjectName("pane")
        left.setFixedWidth(active().px(_LIST))
        self._middle = self._notice_pane()
        self._viewer = PageViewer(self._images, self.tr("还没有扫描页；按 F5 导入，或把文件拖到这里"))
        self._viewer.files_dropped.connect(lambda files: self.presenter.take_files(tuple(files)))
        holder = QWidget()
        box = QHBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part, stretch in ((left, 0), (Rule(), 0), (self._middle, 0), (Rule(), 0), (self._viewer, 1)):
            box.addWidget(part, stretch)
        return holder

    def _notice_pane(self) -> QWidget:
        self._notice_head = Head(self.tr("补正通知"))
        self._facts = FactLines()
        self._lines_head = Head(self.tr("通知所列"))
        self._lines = RowsView(
            self.tr("通知所列各项"),
            (
                Column(self.tr("材料与问题")),
                Column(self.tr("原件"), 60, centred=True),
                Column(self.tr("状态"), 96),
            ),
            row_height=60,
            header_height=SIZE.table_head,
        )
        self._lines.chosen.connect(lambda key: self.presenter.choose_line(key))
        pane = column(self._notice_head, self._facts, self._lines_head, self._lines, spacing=0, stretch=3)
        pane.setObjectName("pane")
        pane.setFixedWidth(active().px(_LINES))
        return pane

    def take_focus(self) -> None:
        """Begin in the list, or on the notice's lines."""
        (self._lines if self.presenter.state.notice else self._list).setFocus()

    def set_compact(self, compact: bool) -> None:
        """A narrower middle on small screens."""
        self._middle.setFixedWidth(active().px(460 if compact else _LINES))

    def act(self, name: str) -> None:
        """Files are chosen here; the rest is the presenter's."""
        if name == "import":
            self._ask_files()
            return
        self.presenter.act(name)

    def _ask_files(self) -> None:
        dialog = QFileDialog(self, self.tr("导入补正材料"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(self.tr("材料 (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.ofd)"))
        dialog.filesSelected.connect(lambda files: self.presenter.take_files(tuple(files)))
        dialog.open()

    def render_state(self, state: SupplementState) -> None:
        """List, notice, pages."""
        self._head.say(self.tr("待补正"), self.tr("{n} 份").format(n=len(state.rows)), self.tr("期限近的在前"))
        self._list.show_rows(tuple(_owed_row(row, row.key == state.chosen) for row in state.rows), state.chosen)
        notice = state.notice
        self._notice_head.say(notice.title if notice else self.tr("补正通知"))
        self._facts.show_lines(notice.facts if notice else ())
        lines = notice.lines if notice else ()
        self._lines_head.say(self.tr("通知所列"), self.tr("{n} 项").format(n=len(lines)), self.tr("不得另提要求"))
        self._lines.show_rows(tuple(_line_row(each, each.line.material == state.line) for each in lines), state.line)
        self._viewer.show_pages(self.presenter.pages(), state.page)


def _owed_row(row: OwedRow, chosen: bool) -> Row:
    return Row(row.key, (Words(row.title, row.note, strong=chosen), row.state))


def _line_row(owed: OwedLine, chosen: bool) -> Row:
    line = owed.line
    keep = "" if line.keep is Keep.NONE else line.keep.label
    words = Words(line.name, owed.demand or owed.problem, strong=chosen, sub_tone=Tone.LABEL)
    got = line.due.original if owed.satisfied else line.received.original
    return Row(line.material, (words, Count(line.due.original, got, keep), _line_badge(owed)))


def _line_badge(owed: OwedLine) -> Badge:
    if owed.satisfied:
        return Badge(Mark.OK, "已交")
    if owed.line.verdict is Verdict.QUALIFIED:
        return Badge(Mark.MISSING, "未扫描") if owed.line.lacks_scan else Badge(Mark.OK, "交来合格")
    if owed.line.verdict is Verdict.MISSING:
        return Badge(Mark.MISSING, "仍缺")
    return Badge(Mark.OPEN, "待交")
