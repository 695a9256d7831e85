"""今日 drawn: dangers over two lists, queue, tally, chart and the rest at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from ui.screen import Screen
from ui.screens.today.presenter import TodayPresenter
from ui.screens.today.state import Danger, Figure, Item, Queue, TodayState
from ui.shown import Row, Tone, Words
from ui.theme import active
from ui.tokens import SIZE, Type
from ui.widgets.bar_chart import BarChart
from ui.widgets.brush import RIGHT, Brush
from ui.widgets.painted import Gap, Painted
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, Title, body, column, row

_DANGER_ROW, _DANGER_ROW_LOW, _ITEM_ROW, _ITEM_ROW_LOW = 58, 48, 54, 44


class QueueView(Painted):
    """The number being served, and who comes next."""

    def __init__(self) -> None:
        super().__init__(height=136)
        self._queue: Queue | None = None

    def show_queue(self, queue: Queue) -> None:
        """Take another queue."""
        self._queue = queue
        self.setAccessibleName(self.tr("正在办理 {now}，等候 {total} 人").format(now=queue.now, total=queue.total))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Large number left, the next ones right."""
        queue, px = self._queue, brush.theme.px
        if queue is None:
            return
        brush.text(QRectF(px(16), px(12), px(150), px(20)), self.tr("正在办理"), Type.SMALL, "text3")
        brush.text(QRectF(px(16), px(32), px(150), px(56)), queue.now, Type.CALL, strong=False)
        brush.text(QRectF(px(16), px(92), px(150), px(20)), queue.now_since, Type.SMALL, "text2")
        brush.fill(QRectF(px(168), px(16), 1, height - px(32)), "line")
        for at, person in enumerate(queue.next[:3]):
            y = px(12) + at * px(30)
            brush.text(QRectF(px(184), y, px(56), px(26)), person.number, Type.BODY, strong=True)
            brush.text(QRectF(px(240), y, width - px(300), px(26)), person.purpose, Type.SMALL, "text2")
            brush.text(QRectF(width - px(80), y, px(64), px(26)), person.since, Type.SMALL, "text3", RIGHT)
        brush.text(QRectF(px(184), px(104), width - px(200), px(20)), queue.rest, Type.SMALL, "text3")


class TallyView(Painted):
    """The day's figures."""

    def __init__(self) -> None:
        super().__init__(height=80)
        self._figures: tuple[Figure, ...] = ()

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Take other figures."""
        self._figures = figures
        self.setAccessibleName("，".join(f"{figure.label} {figure.value}" for figure in figures))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Figure over word."""
        px = brush.theme.px
        step = (width - px(32)) / max(1, len(self._figures))
        for at, figure in enumerate(self._figures):
            x = px(16) + at * step
            brush.text(QRectF(x, px(8), step, px(36)), str(figure.value), Type.FIGURE, strong=False)
            brush.text(QRectF(x, px(44), step, px(20)), figure.label, Type.SMALL, "text3")


class TodayScreen(Screen[TodayState]):
    """The screen a shift begins with."""

    presenter: TodayPresenter

    def __init__(self, presenter: TodayPresenter) -> None:
        super().__init__("today", presenter)

    def content(self) -> QWidget:
        """Lists left, figures right."""
        self._title = Title(self.tr("今日"))
        lists = row(self._tell_sheet(), self._hand_sheet(), even=True)
        self._left = column(self._danger_sheet(), lists, stretch=1)
        self._side = self._side_column()
        return body(self._title, row(self._left, self._side, stretch=0), stretch=1)

    def _danger_sheet(self) -> Sheet:
        self._danger_head = Head(self.tr("今天必须办"))
        self._dangers = RowsView(
            self.tr("今天必须办"),
            (
                Column("", 128, spoken=self.tr("状态")),
                Column("", 0, spoken=self.tr("项目与事项")),
                Column("", 236, spoken=self.tr("为什么急")),
                Column("", 128, spoken=self.tr("时限")),
                Column("", 92, spoken=self.tr("剩余")),
            ),
            row_height=_DANGER_ROW,
            whole=True,
        )
        self._dangers.chosen.connect(lambda key: self.presenter.choose(key))
        self._dangers.opened.connect(lambda key: self.presenter.open_danger(key))
        return Sheet(self._danger_head, self._dangers)

    def _tell_sheet(self) -> Sheet:
        self._tell_head = Head(self.tr("待告知申请人"), key="F6")
        self._tell = self._items(self.tr("待告知申请人"), 104, "notices")
        return Sheet(self._tell_head, self._tell)

    def _hand_sheet(self) -> Sheet:
        self._hand_head = Head(self.tr("待发证照"), key="F7")
        self._hand = self._items(self.tr("待发证照"), 124, "pickup")
        return Sheet(self._hand_head, self._hand)

    def _items(self, name: str, state_width: int, screen: str) -> RowsView:
        columns = (Column("", 0, spoken=self.tr("事情")), Column("", state_width, spoken=self.tr("状态")))
        view = RowsView(name, columns, row_height=_ITEM_ROW)
        view.opened.connect(lambda key: self.presenter.open_item(key, screen))
        return view

    def _side_column(self) -> QWidget:
        self._queue_head, self._queue, self._tally = Head(self.tr("叫号")), QueueView(), TallyView()
        self._chart = BarChart()
        self._other_head = Head(self.tr("网上件与交接"))
        columns = (Column("", 0, spoken=self.tr("事情")), Column("", 96, spoken=self.tr("数量")))
        self._others = RowsView(self.tr("网上件与交接"), columns, row_height=48, whole=True)
        self._others.opened.connect(lambda key: self.presenter.open_item(key, "cases"))
        self._other_sheet = Sheet(self._other_head, self._others, Gap())
        chart = Sheet(Head(self.tr("近十个工作日"), "", self.tr("本窗口")), self._chart)
        side = column(Sheet(self._queue_head, self._queue, self._tally), chart, self._other_sheet, stretch=1)
        side.setFixedWidth(active().px(SIZE.side))
        return side

    def take_focus(self) -> None:
        """Begin in the dangers, or in the first list that has something."""
        for view in (self._dangers, self._tell, self._hand):
            if view.rows_model.rowCount():
                view.setFocus()
                return
        self._dangers.setFocus()

    def set_compact(self, compact: bool) -> None:
        """Fewer px per row, no fourth sheet."""
        self._title.setFixedHeight(active().px(44 if compact else 56))
        self._dangers.set_row_height(_DANGER_ROW_LOW if compact else _DANGER_ROW)
        for at, (wide, narrow) in enumerate(((128, 118), (0, 0), (236, 226), (128, 110), (92, 92))):
            if wide:
                self._dangers.set_column_width(at, narrow if compact else wide)
        for view in (self._tell, self._hand):
            view.set_row_height(_ITEM_ROW_LOW if compact else _ITEM_ROW)
        self._other_sheet.setVisible(bool(self.presenter.state.view.others) and not compact)

    def render_state(self, state: TodayState) -> None:
        """Fill lists and figures."""
        view = state.view
        self._title.say(self.tr("今日"), view.facts)
        self._danger_head.say(
            self.tr("今天必须办"), self.tr("{n} 件").format(n=len(view.dangers)), self.tr("按剩余时间排列")
        )
        self._dangers.show_rows(
            tuple(_danger_row(danger, danger.key == state.chosen) for danger in view.dangers), state.chosen
        )
        self._tell_head.say(
            self.tr("待告知申请人"), self.tr("{n} 份").format(n=len(view.to_tell)), self.tr("先到先告知")
        )
        self._tell.show_rows(tuple(map(_item_row, view.to_tell)), self._tell.chosen_key())
        self._hand_head.say(self.tr("待发证照"), self.tr("{n} 本").format(n=len(view.to_hand_over)))
        self._hand.show_rows(tuple(map(_item_row, view.to_hand_over)), self._hand.chosen_key())
        self._other_sheet.setVisible(bool(view.others) and not self._compact)
        self._others.show_rows(tuple(map(_item_row, view.others)), self._others.chosen_key())
        self._chart.show_days(view.days)
        self._tally.show_figures(view.tally)
        self._render_queue(view.queue)

    def _render_queue(self, queue: Queue | None) -> None:
        self._queue.setVisible(queue is not None)
        if queue is None:
            self._queue_head.say(self.tr("本窗口今天"))
            return
        self._queue_head.say(self.tr("叫号"), self.tr("等候 {n} 人").format(n=queue.total))
        self._queue.show_queue(queue)


def _danger_row(danger: Danger, chosen: bool) -> Row:
    consequence_tone = Tone.DANGER if danger.urgent and chosen else Tone.LABEL
    return Row(
        danger.key,
        (
            danger.state,
            Words(danger.project, danger.matter),
            Words(danger.why, danger.consequence, strong=chosen, sub_tone=consequence_tone),
            danger.bar,
            Words(danger.left, strong=danger.urgent),
        ),
    )


def _item_row(item: Item) -> Row:
    return Row(item.key, (Words(item.title, item.note), item.state))
