"""The sides of 收件: known projects and drafts before, matters in between, the slip and what was registered after."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.page_images import PageImages
from ui.screens.intake.state import IntakeState, Phase
from ui.shown import Badge, Mark, Row, Words
from ui.theme import active
from ui.tokens import SIZE, SPACE
from ui.widgets.flow_steps import VerdictBanner
from ui.widgets.focus_ring import RINGLESS
from ui.widgets.form import FactLines
from ui.widgets.page_viewer import PageViewer
from ui.widgets.painted import Gap
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView
from ui.widgets.sheet import Head, Sheet, column


class StartSide(QWidget):
    """Right of the questions: known projects and half-done cases, later the matters that follow."""

    project_chosen = Signal(str)
    draft_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        two = (Column("", 0, spoken=self.tr("名称")), Column("", 108, spoken=self.tr("状态")))
        self._hits_head = Head(self.tr("项目"))
        self._hits = RowsView(self.tr("找到的项目"), two, row_height=56)
        self._hits.opened.connect(self.project_chosen)
        self._hits.clicked.connect(lambda index: self.project_chosen.emit(self._hits.rows_model.key_at(index.row())))
        self._drafts_head = Head(self.tr("未办完的收件"))
        self._drafts = RowsView(self.tr("未办完的收件"), two, row_height=56)
        self._drafts.opened.connect(self.draft_chosen)
        self._matters_head = Head(self.tr("要办的事项"))
        self._matters = RowsView(self.tr("要办的事项"), two, row_height=56)
        self._known = column(Sheet(self._hits_head, self._hits), Sheet(self._drafts_head, self._drafts))
        self._follows = Sheet(self._matters_head, self._matters)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._known)
        box.addWidget(self._follows)

    def show_start(self, state: IntakeState) -> None:
        """Whichever side belongs to the step."""
        situation = state.phase is Phase.SITUATION
        self._known.setVisible(not situation)
        self._follows.setVisible(situation)
        if situation:
            self._show_matters(state)
            return
        chosen = state.draft.project.project_code if state.draft else ""
        hint = self.tr("按 F2 扫码或输入编号、名称、信用代码")
        if state.looked_for and not state.hits:
            hint = self.tr("没有找到，按新项目办理")
        count = self.tr("{n} 个").format(n=len(state.hits)) if state.hits else ""
        self._hits_head.say(self.tr("项目"), count, "" if state.hits else hint)
        rows = []
        for hit in state.hits:
            taken = bool(chosen) and hit.project.project_code == chosen
            badge = Badge(Mark.OK, self.tr("已选用")) if taken else hit.state or Badge(Mark.OPEN, self.tr("Enter 选用"))
            rows.append(Row(hit.key, (Words(hit.project.name, hit.note or hit.project.number, strong=taken), badge)))
        self._hits.show_rows(tuple(rows), self._hits.chosen_key())
        self._drafts_head.say(self.tr("未办完的收件"), self.tr("{n} 件").format(n=len(state.drafts)))
        drafts = tuple(
            Row(str(draft.id), (Words(draft.title, draft.note), Badge(Mark.PAUSE, self.tr("Enter 继续"))))
            for draft in state.drafts
        )
        self._drafts.show_rows(drafts, self._drafts.chosen_key())

    def _show_matters(self, state: IntakeState) -> None:
        matters = state.prepared.matters if state.prepared else ()
        self._matters_head.say(
            self.tr("要办的事项"), self.tr("{n} 个").format(n=len(matters)), self.tr("随回答即时更新")
        )
        rows = tuple(
            Row(
                matter.code,
                (Words(matter.name, matter.department), Badge(Mark.CLOCK, matter.limit or self.tr("无时限"))),
            )
            for matter in matters
        )
        self._matters.show_rows(rows)


class SlipView(QWidget):
    """After registration: the slip as printed, its numbers, and what it says is lacking."""

    def __init__(self, images: PageImages) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setProperty(RINGLESS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("登记结果"))
        theme = active()
        self._viewer = PageViewer(images, self.tr("凭单正在生成"))
        self._banner = VerdictBanner()
        self._facts = FactLines()
        self._lack_head = Head(self.tr("凭单列明"))
        self._lack = RowsView(
            self.tr("凭单列明的缺件和不合格"), (Column("", 0, spoken=self.tr("材料")),), row_height=40
        )
        side = column(Sheet(self._banner, self._facts), Sheet(self._lack_head, self._lack, Gap()), stretch=1)
        side.setFixedWidth(theme.px(SIZE.side + 60))
        margins = QWidget()
        inner = QVBoxLayout(margins)
        inner.setContentsMargins(theme.px(SPACE.xl), theme.px(SPACE.l), theme.px(SPACE.xl), theme.px(SPACE.m))
        inner.addWidget(side)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._viewer, 1)
        box.addWidget(margins)

    def show_slip(self, state: IntakeState) -> None:
        """The registration's result."""
        done = state.registered
        if done is None:
            return
        self._viewer.show_pages(done.pages, done.pages[0].key if done.pages else "")
        reason = self.tr("{n} 个事项同时送各部门").format(n=len(done.matters))
        self._banner.say(Mark.OK, self.tr("已登记"), done.registration_no, ((Mark.OK, reason),))
        self._facts.show_lines(
            (
                (self.tr("项目编号"), done.number, Mark.OK),
                (self.tr("收件时间"), done.received, Mark.NONE),
                (self.tr("告知期限"), done.answer_by, Mark.NONE),
                *((self.tr("事项"), matter, Mark.NONE) for matter in done.matters[:6]),
            )
        )
        count = self.tr("{n} 项").format(n=len(done.lacking)) if done.lacking else self.tr("材料齐全")
        self._lack_head.say(self.tr("凭单列明"), count)
        self._lack.show_rows(tuple(Row(str(at), (Words(name),)) for at, name in enumerate(done.lacking)))
