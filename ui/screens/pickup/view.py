"""领证 drawn: verdict and licences left, comparison below, collector, evidence and signature right."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.screen import Screen
from ui.screens.pickup.presenter import PickupPresenter
from ui.screens.pickup.state import Answer, CopyRow, FieldPair, NoticeCheck, PickupState
from ui.shown import Badge, FieldShown, Mark, Row, Tone, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE
from ui.widgets.empty import EmptyNote
from ui.widgets.flow_steps import VerdictBanner
from ui.widgets.form import FormField
from ui.widgets.painted import Gap
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, Title, body, column, row
from ui.widgets.signature_pad import SignaturePad

_LICENCE_ROW, _PAIR_ROW, _EVIDENCE_ROW = 60, 40, 48
_MARKS = {
    Answer.GENUINE: Mark.SHIELD,
    Answer.VOID: Mark.PARK,
    Answer.USED: Mark.WARN,
    Answer.UNKNOWN: Mark.WARN,
    Answer.FORGED: Mark.DANGER,
}


class CollectorPane(QWidget):
    """Who collects, with what evidence, and the signature."""

    def __init__(self) -> None:
        super().__init__()
        theme = active()
        self.setFixedWidth(theme.px(SIZE.side))
        self.fields = tuple(
            FormField(FieldShown(name, label, required=True))
            for name, label in (
                ("recipient", self.tr("领取人")),
                ("id_number", self.tr("证件号码")),
                ("phone", self.tr("手机")),
            )
        )
        self.evidence = RowsView(
            self.tr("凭据"),
            (Column("", 0, spoken=self.tr("凭据")), Column("", 108, spoken=self.tr("状态"))),
            row_height=_EVIDENCE_ROW,
            whole=True,
        )
        self.evidence_head = Head(self.tr("凭据"))
        self.pad = SignaturePad(self.tr("请领取人在此签名"))
        pad_box = QWidget()
        inner = QVBoxLayout(pad_box)
        inner.setContentsMargins(theme.px(SPACE.l), theme.px(SPACE.m), theme.px(SPACE.l), theme.px(SPACE.l))
        inner.addWidget(self.pad)
        self.pad_head = Head(self.tr("签名"))
        self._pad_sheet = Sheet(self.pad_head, pad_box)
        whole = column(
            Sheet(Head(self.tr("领取人")), Gap(SPACE.xs), *self.fields, Gap(SPACE.s)),
            Sheet(self.evidence_head, self.evidence),
            self._pad_sheet,
            Gap(),
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def set_compact(self, compact: bool) -> None:
        """Lower rows, so that the pad stays in sight."""
        self.evidence.set_row_height(40 if compact else _EVIDENCE_ROW)
        for field in self.fields:
            field.set_field_height(SIZE.field_compact if compact else SIZE.field)
        self.pad.setFixedHeight(active().px(104 if compact else 124))

    def show_collector(
        self, fields: tuple[FieldShown, ...], evidence: tuple[tuple[str, str, Mark, str], ...], *, signed: bool
    ) -> None:
        """Fields as validated, evidence as it stands."""
        for widget, shown in zip(self.fields, fields, strict=True):
            widget.show_field(shown)
        rows = tuple(
            Row(str(at), (Words(what, how), Badge(mark, word))) for at, (what, how, mark, word) in enumerate(evidence)
        )
        self.evidence.show_rows(rows, self.evidence.chosen_key())
        owed = any(mark in (Mark.MISSING, Mark.OPEN) for _, _, mark, _ in evidence)
        self.evidence_head.say(self.tr("凭据"), self.tr("还有未齐") if owed else self.tr("必需的已齐"))
        self.pad_head.say(self.tr("签名"), "", self.tr("已签名") if signed else self.tr("笔、手指或鼠标均可"))
        if not signed and self.pad.is_signed():
            self.pad.show_strokes(())


class PickupScreen(Screen[PickupState]):
    """The act that cannot be undone: it asks for everything first."""

    presenter: PickupPresenter

    def __init__(self, presenter: PickupPresenter) -> None:
        super().__init__("pickup", presenter)

    def content(self) -> QWidget:
        """What waits, or the notice that was scanned."""
        self._title = Title(self.tr("领证"))
        self._pane = CollectorPane()
        for field in self._pane.fields:
            field.edited.connect(lambda name, text: self.presenter.type_into(name, text))
        self._pane.pad.changed.connect(lambda: self.presenter.signed(self._pane.pad.is_signed()))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting())
        self._stack.addWidget(row(self._notice(), self._pane, stretch=0))
        return body(self._title, self._stack, stretch=1)

    def _waiting(self) -> QWidget:
        self._ready_head = Head(self.tr("待发证照"))
        self._ready = RowsView(
            self.tr("待发证照"),
            (Column(self.tr("证照")), Column(self.tr("保管"), 180)),
            row_height=56,
            header_height=SIZE.table_head,
        )
        self._scan_note = EmptyNote("pickup", self.tr("扫描受理通知书二维码"), self.tr("或按 F2 输入通知书文号"))
        side = Sheet(self._scan_note)
        side.setFixedWidth(active().px(SIZE.side))
        return row(Sheet(self._ready_head, self._ready), side, stretch=0)

    def _notice(self) -> QWidget:
        self._banner = VerdictBanner()
        self._copies_head = Head(self.tr("证照"))
        self._copies = RowsView(
            self.tr("证照"),
            (
                Column(self.tr("证照")),
                Column(self.tr("份数"), 56, centred=True),
                Column(self.tr("保管"), 168),
                Column(self.tr("本次"), 124),
            ),
            row_height=_LICENCE_ROW,
            header_height=SIZE.table_head,
        )
        self._copies.chosen.connect(lambda key: self.presenter.choose_copy(key))
        self._pairs_head = Head(self.tr("发证前核对"), "", self.tr("证照与办件逐字段比对"))
        self._pairs = RowsView(
            self.tr("发证前核对"),
            (
                Column(self.tr("项"), 108),
                Column(self.tr("办件")),
                Column(self.tr("证照")),
                Column("", 96, spoken=self.tr("结果")),
            ),
            row_height=_PAIR_ROW,
            header_height=SIZE.table_head,
            whole=True,
        )
        self._pairs_sheet = Sheet(self._pairs_head, self._pairs)
        upper = Sheet(self._banner, self._copies_head, self._copies)
        return column(upper, self._pairs_sheet, stretch=0)

    def set_compact(self, compact: bool) -> None:
        """Lower rows."""
        self._title.setFixedHeight(active().px(44 if compact else 56))
        self._copies.set_row_height(50 if compact else _LICENCE_ROW)
        self._pairs.set_row_height(32 if compact else _PAIR_ROW)
        self._pane.set_compact(compact)

    def take_focus(self) -> None:
        """The first empty field of the collector, else the copies, else what waits."""
        if self.presenter.state.check is None:
            self._ready.setFocus()
            return
        empty = next((field for field in self._pane.fields if not field.edit.text()), None)
        (empty.edit if empty is not None else self._copies).setFocus()

    def act(self, name: str) -> None:
        """The signature is read from the pad here."""
        pad = self._pane.pad
        if name == "hand_over":
            self.presenter.hand_over(pad.png(QSize(600, 240)))
        elif name == "sign_again":
            pad.clear()
        else:
            self.presenter.act(name)

    def render_state(self, state: PickupState) -> None:
        """What waits, or the scanned notice."""
        check = state.check
        self._stack.setCurrentIndex(1 if check is not None else 0)
        if check is None:
            self._title.say(self.tr("领证"), state.outcome)
            self._ready_head.say(self.tr("待发证照"), self.tr("{n} 本").format(n=len(state.ready)))
            rows = tuple(Row(each.key, (Words(each.title, each.note), each.state)) for each in state.ready)
            self._ready.show_rows(rows, self._ready.chosen_key())
            return
        self._title.say(self.tr("领证"), check.facts)
        self._render_check(check, state)
        self._pane.show_collector(self.presenter.fields(), self.presenter.evidence(), signed=state.signed)

    def _render_check(self, check: NoticeCheck, state: PickupState) -> None:
        self._banner.say(_MARKS[check.answer], check.head, check.detail, check.reasons)
        going = self.tr("本次发 {n} 本").format(n=len(state.going))
        self._copies_head.say(self.tr("证照"), self.tr("{n} 本").format(n=len(check.copies)), going)
        self._copies.show_rows(tuple(_copy_row(copy, copy.key == state.copy) for copy in check.copies), state.copy)
        self._pairs_sheet.setVisible(bool(check.pairs))
        self._pairs.show_rows(tuple(map(_pair_row, check.pairs)), self._pairs.chosen_key())


def _copy_row(copy: CopyRow, chosen: bool) -> Row:
    return Row(
        copy.key,
        (
            Words(copy.name, copy.note, strong=chosen),
            Words(str(copy.count)),
            Words(copy.place, copy.place_note),
            copy.state,
        ),
    )


def _pair_row(pair: FieldPair) -> Row:
    badge = Badge(Mark.OK, "一致") if pair.agrees else Badge(Mark.BAD, "不一致")
    tone = Tone.TEXT if pair.agrees else Tone.DANGER
    return Row(
        pair.field,
        (Words(pair.field, tone=Tone.SUPPORT), Words(pair.in_case), Words(pair.on_licence, tone=tone), badge),
    )
