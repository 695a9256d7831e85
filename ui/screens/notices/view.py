"""通知 drawn: the list, the paper as it will be printed, and how it was told."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.page_images import PageImages
from ui.screen import Screen
from ui.screens.notices.presenter import NoticesPresenter
from ui.screens.notices.state import NoticePaper, NoticeRow, NoticesState, Reach
from ui.shown import Choice, FieldShown, Row, Tone, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE
from ui.widgets.form import FactLines, FormField
from ui.widgets.page_viewer import PageViewer
from ui.widgets.painted import Gap, Rule
from ui.widgets.questionnaire import ChoiceButton
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, column
from ui.widgets.signature_pad import SignaturePad

_LIST = 372


class TellingPane(QWidget):
    """How the applicant was told: way, recipient, content or signature."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(active().px(SIZE.right_pane))
        theme = active()
        self._head = Head(self.tr("文书"), rule=False)
        self._facts = FactLines()
        ways = (
            Choice(Reach.SIGNED, self.tr("当面签收")),
            Choice(Reach.ELECTRONIC, self.tr("电子送达"), ""),
            Choice(Reach.CALL, self.tr("电话或短信告知")),
        )
        self.ways = tuple(ChoiceButton(way) for way in ways)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(theme.px(SPACE.l), 0, theme.px(SPACE.l), theme.px(SPACE.s))
        box.setSpacing(theme.px(6))
        for way in self.ways:
            box.addWidget(way)
        self.recipient = FormField(FieldShown("recipient", self.tr("收件人"), required=True))
        self.content = FormField(FieldShown("content", self.tr("告知内容"), required=True))
        self.pad = SignaturePad(self.tr("请收件人在此签名"))
        self._pad_head = Head(self.tr("签名"), rule=False)
        pad_box = QWidget()
        inner = QVBoxLayout(pad_box)
        inner.setContentsMargins(theme.px(SPACE.l), 0, theme.px(SPACE.l), theme.px(SPACE.l))
        inner.addWidget(self.pad)
        self._pad_box = pad_box
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole(holder, pad_box))

    def _whole(self, ways: QWidget, pad_box: QWidget) -> QWidget:
        return column(
            self._head,
            self._facts,
            Head(self.tr("怎样告知"), "", "1 2 3", rule=False),
            ways,
            self.recipient,
            self.content,
            self._pad_head,
            pad_box,
            Gap(),
            spacing=0,
        )

    def show_telling(self, state: NoticesState) -> None:
        """The chosen paper and the telling as far as it is recorded."""
        paper = state.paper
        self.setEnabled(paper is not None)
        self._head.say(paper.title if paper else self.tr("文书"))
        self._facts.show_lines(paper.facts if paper else ())
        for at, way in enumerate(self.ways, 1):
            way.show_as(str(at), way.choice.value == state.reach)
        self.recipient.show_field(FieldShown("recipient", self.tr("收件人"), state.recipient, required=True))
        call = state.reach is Reach.CALL
        self.content.setVisible(call)
        self.content.show_field(FieldShown("content", self.tr("告知内容"), state.content, required=call))
        signed = state.reach is Reach.SIGNED
        self._pad_head.setVisible(signed)
        self._pad_box.setVisible(signed)
        if not state.signed and self.pad.strokes():
            self.pad.show_strokes(())


class NoticesScreen(Screen[NoticesState]):
    """Print, hand over, record."""

    presenter: NoticesPresenter

    def __init__(self, presenter: NoticesPresenter, images: PageImages) -> None:
        self._images = images
        super().__init__("notices", presenter)

    def content(self) -> QWidget:
        """List, paper, telling."""
        self._pane = TellingPane()
        self._head = Head(self.tr("待告知"))
        self._list = RowsView(
            self.tr("待告知的文书"),
            (Column("", 0, spoken=self.tr("文书")), Column("", 116, spoken=self.tr("状态"))),
            row_height=60,
        )
        self._list.chosen.connect(lambda key: self.presenter.choose(key))
        self._list.opened.connect(lambda _: self._pane.recipient.edit.setFocus())
        left = column(self._head, self._list, spacing=0, stretch=1)
        left.setObjectName("pane")
        left.setFixedWidth(active().px(_LIST))
        self._viewer = PageViewer(self._images, self.tr("没有文书"))
        self._wire()
        holder = QWidget()
        box = QHBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part, stretch in ((left, 0), (Rule(), 0), (self._viewer, 1), (Rule(), 0), (self._pane, 0)):
            box.addWidget(part, stretch)
        return holder

    def _wire(self) -> None:
        pane = self._pane
        for way in pane.ways:
            way.clicked.connect(lambda _=False, reach=way.choice.value: self.presenter.choose_reach(Reach(reach)))
        pane.recipient.edited.connect(lambda name, text: self.presenter.type_into(name, text))
        pane.content.edited.connect(lambda name, text: self.presenter.type_into(name, text))
        pane.pad.changed.connect(lambda: self.presenter.signed(pane.pad.is_signed()))

    def take_focus(self) -> None:
        """Begin in the list."""
        self._list.setFocus()

    def act(self, name: str) -> None:
        """The signature is read from the pad here."""
        if name == "tell":
            pad = self._pane.pad
            self.presenter.tell(pad.png(QSize(600, 240)) if pad.is_signed() else b"")
        elif name == "sign_again":
            self._pane.pad.clear()
        else:
            self.presenter.act(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 choose the way of telling."""
        if Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_3 and not isinstance(QApplication.focusWidget(), QLineEdit):
            self.presenter.press_digit(event.key() - Qt.Key.Key_0)
            return
        super().keyPressEvent(event)

    def render_state(self, state: NoticesState) -> None:
        """List, pages, telling."""
        self._head.say(self.tr("待告知"), self.tr("{n} 份").format(n=len(state.rows)), self.tr("先到期先告知"))
        self._list.show_rows(tuple(_row(row, row.key == state.chosen) for row in state.rows), state.chosen)
        paper: NoticePaper | None = state.paper
        self._viewer.show_pages(paper.pages if paper else (), paper.pages[0].key if paper and paper.pages else "")
        self._pane.show_telling(state)


def _row(row: NoticeRow, chosen: bool) -> Row:
    tone = Tone.DANGER if row.urgent else Tone.LABEL
    return Row(row.key, (Words(row.title, row.note, strong=chosen, sub_tone=tone), row.state))
