"""办件 drawn: results at the left; clocks over history and papers at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.screen import Screen
from ui.screens.cases.presenter import CasesPresenter
from ui.screens.cases.state import CaseDetail, CasesState, PaperShown
from ui.shown import Row, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE
from ui.widgets.clock_board import ClockBoardView
from ui.widgets.empty import EmptyNote
from ui.widgets.painted import Rule
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, Title, body, column
from ui.widgets.timeline import TimelineView

_RESULT_ROW, _PAPER_ROW = 56, 50


class CaseSheet(QWidget):
    """One case: title, clocks, history and papers."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Title(height=54)
        self._clock_head, self._clocks = Head(self.tr("时限")), ClockBoardView()
        self._event_head, self.events = Head(self.tr("经过")), TimelineView(self.tr("经过"))
        self._paper_head = Head(self.tr("文书与证照"), key="F6")
        self.papers = RowsView(
            self.tr("文书与证照"),
            (Column("", 0, spoken=self.tr("文书")), Column("", 96, spoken=self.tr("状态"))),
            row_height=_PAPER_ROW,
        )
        story = column(self._event_head, self.events, spacing=0, stretch=1)
        papers = column(self._paper_head, self.papers, spacing=0, stretch=1)
        papers.setFixedWidth(active().px(SIZE.results))
        lower = QWidget()
        box = QHBoxLayout(lower)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(story, 1)
        box.addWidget(Rule())
        box.addWidget(papers)
        whole = body(
            self.title,
            Sheet(self._clock_head, self._clocks),
            Sheet(lower),
            spacing=SPACE.m,
            stretch=2,
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def show_case(self, detail: CaseDetail, paper: str) -> None:
        """Fill it."""
        self.title.say(detail.name, detail.facts, "", detail.state)
        clocks = detail.clocks
        self._clock_head.say(self.tr("时限"), self.tr("{n} 个时钟").format(n=len(clocks.rows)), clocks.source)
        self._clocks.show_board(clocks)
        self._event_head.say(
            self.tr("经过"), self.tr("{n} 条").format(n=len(detail.events)), self.tr("最新在上，按 ↓ 看更早")
        )
        self.events.show_events(detail.events)
        self._paper_head.say(self.tr("文书与证照"), str(len(detail.papers)))
        self.papers.show_rows(tuple(map(_paper_row, detail.papers)), paper)


class CasesScreen(Screen[CasesState]):
    """Find and look at any case."""

    presenter: CasesPresenter

    def __init__(self, presenter: CasesPresenter) -> None:
        super().__init__("cases", presenter)

    def content(self) -> QWidget:
        """Results, case."""
        self._case = CaseSheet()
        self._head = Head(self.tr("办件"), key="F2")
        self._results = RowsView(
            self.tr("找到的办件"),
            (Column("", 0, spoken=self.tr("项目")), Column("", 92, spoken=self.tr("状态"))),
            row_height=_RESULT_ROW,
        )
        self._results.chosen.connect(lambda key: self.presenter.choose(key))
        self._results.opened.connect(lambda _: self._case.events.setFocus())
        self._results.verticalScrollBar().valueChanged.connect(self._scrolled)
        left = column(self._head, self._results, spacing=0, stretch=1)
        left.setObjectName("pane")
        left.setFixedWidth(active().px(SIZE.results))
        self._case.papers.chosen.connect(lambda key: self.presenter.choose_paper(key))
        self._case.papers.opened.connect(lambda _: self.presenter.act("print"))
        self._empty = EmptyNote("case", self.tr("选一个办件，或按 F2 查找"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._case)
        holder = QWidget()
        box = QHBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(left)
        box.addWidget(self._stack, 1)
        return holder

    def _scrolled(self, value: int) -> None:
        bar = self._results.verticalScrollBar()
        if value >= bar.maximum() - self._results.rowHeight(0):
            self.presenter.load_more()

    def take_focus(self) -> None:
        """Begin in the results."""
        self._results.setFocus()

    def render_state(self, state: CasesState) -> None:
        """Results and the case in view."""
        count = self.tr("{n} 件").format(n=state.total or len(state.hits)) if state.loaded else ""
        title = self.tr("找到") if state.looked_for else self.tr("最近办件")
        self._head.say(title, count)
        rows = tuple(
            Row(hit.key, (Words(hit.name, hit.number, strong=hit.key == state.chosen), hit.state)) for hit in state.hits
        )
        self._results.show_rows(rows, state.chosen)
        if state.detail is not None:
            self._case.show_case(state.detail, state.paper)
        elif state.loaded and not state.hits:
            self._empty.say(self.tr("没有找到“{text}”").format(text=state.looked_for))
        self._stack.setCurrentIndex(1 if state.detail is not None else 0)


def _paper_row(paper: PaperShown) -> Row:
    return Row(paper.key, (Words(paper.title, paper.note), paper.state))
