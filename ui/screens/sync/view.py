"""同步 drawn: the queue left, the parked fact and what works offline right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QWidget

from ui.screen import Screen
from ui.screens.sync.presenter import SyncPresenter
from ui.screens.sync.state import FactRow, Parked, SyncState
from ui.shown import Badge, FieldShown, Group, Mark, Nothing, Row, Tone, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.form import FormField
from ui.widgets.painted import Gap, Painted
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, Title, body, column, row

_FACT_ROW, _LOW_ROW = 56, 48


class Explained(Painted):
    """A parked fact in three short paragraphs."""

    def __init__(self) -> None:
        super().__init__(height=196)
        self._parts: tuple[tuple[str, str], ...] = ()

    def show_parked(self, parked: Parked) -> None:
        """What happened, what is safe, what to do now."""
        self._parts = (
            (self.tr("发生了什么"), parked.happened),
            (self.tr("什么是安全的"), parked.safe),
            (self.tr("现在做什么"), parked.todo),
        )
        self.setAccessibleName("　".join(f"{head}：{words}" for head, words in self._parts))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Small heads over their words."""
        px = brush.theme.px
        for at, (head, words) in enumerate(self._parts):
            y = px(12) + at * px(62)
            brush.text(QRectF(px(16), y, width - px(32), px(20)), head, Type.SMALL, "text3", strong=True)
            brush.paragraph(QRect(px(16), y + px(20), width - px(32), px(42)), words)


class SyncScreen(Screen[SyncState]):
    """The counter's mail, never an invisible item."""

    presenter: SyncPresenter

    def __init__(self, presenter: SyncPresenter) -> None:
        super().__init__("sync", presenter)

    def content(self) -> QWidget:
        """Queue left, mending right."""
        self._title = Title(self.tr("同步"))
        self._head = Head(self.tr("未送达"))
        self._facts = RowsView(
            self.tr("待发和已发"),
            (
                Column(self.tr("时间"), 64),
                Column(self.tr("事情")),
                Column(self.tr("审查时限（2 日）"), 148),
                Column(self.tr("状态"), 118),
            ),
            row_height=_FACT_ROW,
            header_height=SIZE.table_head,
        )
        self._facts.chosen.connect(lambda key: self.presenter.choose(key))
        self._facts.opened.connect(lambda _: self._value.edit.setFocus())
        side = self._side()
        return body(self._title, row(Sheet(self._head, self._facts), side, stretch=0), stretch=1)

    def _side(self) -> QWidget:
        self._parked_head = Head()
        self._explained = Explained()
        self._old = FormField(FieldShown("old", self.tr("原登记值"), readonly=True))
        self._value = FormField(FieldShown("value", self.tr("改为"), required=True))
        self._basis = FormField(FieldShown("basis", self.tr("依据"), required=True))
        for field in (self._value, self._basis):
            field.edited.connect(lambda name, text: self.presenter.type_into(name, text))
        self._parked_sheet = Sheet(
            self._parked_head, self._explained, self._old, self._value, self._basis, Gap(SPACE.s)
        )
        self._offline = RowsView(
            self.tr("离线时可以做什么"),
            (Column("", 0, spoken=self.tr("事情")), Column("", 110, spoken=self.tr("能否办"))),
            row_height=36,
            whole=True,
        )
        side = column(self._parked_sheet, Sheet(Head(self.tr("离线时")), self._offline, Gap()), stretch=1)
        side.setFixedWidth(active().px(SIZE.side))
        return side

    def set_compact(self, compact: bool) -> None:
        """Lower rows."""
        self._title.setFixedHeight(active().px(44 if compact else 56))
        self._facts.set_row_height(_LOW_ROW if compact else _FACT_ROW)
        self._offline.set_row_height(32 if compact else 36)

    def take_focus(self) -> None:
        """Begin in the queue."""
        self._facts.setFocus()

    def render_state(self, state: SyncState) -> None:
        """Queue, mending, what works."""
        view = state.view
        self._title.say(self.tr("同步"), view.facts, view.next_try)
        waiting, refused = len(view.waiting), len(state.refused)
        count = self.tr("{n} 件：待发 {a}，待改 {b}").format(n=waiting, a=waiting - refused, b=refused)
        self._head.say(self.tr("未送达"), count, self.tr("待改的在前，其余按先后"))
        rows: list[Row | Group] = [_fact_row(fact, fact.key == state.chosen) for fact in view.waiting]
        if view.delivered:
            rows.append(Group(self.tr("已送达"), view.delivered_count))
            rows += [_fact_row(fact, fact.key == state.chosen) for fact in view.delivered]
        self._facts.show_rows(tuple(rows), state.chosen)
        self._render_parked(state)
        acts = tuple(Row(words, (Words(words), Badge(mark, can))) for words, mark, can in view.offline_acts)
        self._offline.show_rows(acts, self._offline.chosen_key())

    def _render_parked(self, state: SyncState) -> None:
        parked = state.parked
        self._parked_sheet.setVisible(parked is not None)
        if parked is None:
            return
        self._parked_head.say(parked.title, mark=Mark.PARK)
        self._explained.show_parked(parked)
        for field in (self._old, self._value, self._basis):
            field.setVisible(parked.fixable and bool(parked.field))
        label = parked.field or self.tr("改为")
        self._old.show_field(FieldShown("old", self.tr("原登记值"), parked.old, Mark.BAD, parked.reason, readonly=True))
        changed = state.value.strip() != parked.old.strip()
        self._value.show_field(
            FieldShown("value", label, state.value, Mark.OK if changed else Mark.NONE, required=True)
        )
        self._basis.show_field(FieldShown("basis", self.tr("依据"), state.basis, required=True))


def _fact_row(fact: FactRow, chosen: bool) -> Row:
    return Row(
        fact.key,
        (
            Words(fact.time, tone=Tone.SUPPORT),
            Words(fact.what, fact.note, strong=chosen),
            fact.clock or Nothing(),
            fact.state,
        ),
    )
