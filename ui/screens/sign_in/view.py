"""登录 drawn: the mark, three fields, one button; it covers the whole window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.screens.sign_in.presenter import SignInPresenter
from ui.screens.sign_in.state import SignInState
from ui.shown import FieldShown
from ui.theme import active
from ui.tokens import SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.focus_ring import RINGLESS
from ui.widgets.form import FormField
from ui.widgets.key_button import KeyButton
from ui.widgets.painted import Painted
from ui.widgets.sheet import Head, Sheet
from ui.widgets.top_bar import draw_mark

_WIDTH, _HINT_MS = 460, 2000
Hint = Callable[[], str]


class Brand(Painted):
    """The mark and the hall's name on ink."""

    def __init__(self, hall: str) -> None:
        super().__init__(height=96)
        self._hall = hall
        self.setAccessibleName(hall)

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Mark, name, line."""
        px = brush.theme.px
        draw_mark(brush, 0, (height - px(52)) / 2, px(52))
        x = px(72)
        brush.text(QRectF(x, px(18), width - x, px(34)), self._hall, Type.TITLE, "on_ink", serif=True)
        words = self.tr("工程建设项目审批　窗口端")
        brush.text(QRectF(x, px(54), width - x, px(22)), words, Type.SMALL, "on_ink2")


class SignInGate(QWidget):
    """Covers the window until someone signed in."""

    passed = Signal(str)

    def __init__(self, presenter: SignInPresenter, hall: str, hint: Hint | None = None) -> None:
        super().__init__()
        self._hint = hint
        self.presenter = presenter
        self.setAccessibleName(self.tr("登录"))
        self.setProperty(RINGLESS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        presenter.speak_with(QCoreApplication.translate)
        self._head = Head(self.tr("登录"))
        self._user = FormField(FieldShown("user", self.tr("用户名"), required=True))
        self._password = FormField(FieldShown("password", self.tr("密码"), required=True), secret=True)
        self._otp = FormField(FieldShown("otp", self.tr("动态口令"), required=True))
        self._otp.edit.setMaxLength(6)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(active().px(44))
        self._button = KeyButton("Enter", self.tr("登录"), primary=True)
        self._lay_out(hall)
        self._wire()
        presenter.bind(self.render_state)

    def _lay_out(self, hall: str) -> None:
        theme = active()
        pad = theme.px(SPACE.l)
        self._words.setContentsMargins(pad, 0, pad, 0)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(pad, theme.px(SPACE.s), pad, pad)
        row.addStretch(1)
        row.addWidget(self._button)
        sheet = Sheet(self._head, self._user, self._password, self._otp, self._words, foot)
        holder = QWidget()
        holder.setFixedWidth(theme.px(_WIDTH))
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(SPACE.m))
        box.addWidget(Brand(hall))
        box.addWidget(sheet)
        box.addWidget(self._hint_label())
        grid = QGridLayout(self)
        grid.addWidget(holder, 1, 1)
        for at in (0, 2):
            grid.setRowStretch(at, 1)
            grid.setColumnStretch(at, 1)

    def _hint_label(self) -> QLabel:
        """What a newcomer to the demo needs to know; empty anywhere else."""
        label = QLabel(self._hint() if self._hint else "")
        label.setStyleSheet(f"color: {active().colour('on_ink2').name()}")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setVisible(self._hint is not None)
        if self._hint is not None:
            hint = self._hint
            beat = QTimer(label)
            beat.setInterval(_HINT_MS)
            beat.timeout.connect(lambda: label.setText(hint()))
            beat.start()
        return label

    def _wire(self) -> None:
        for field in (self._user, self._password, self._otp):
            field.edited.connect(self.presenter.type_into)
            field.edit.returnPressed.connect(self._entered)
        self._button.clicked.connect(self.presenter.sign_in)

    def _entered(self) -> None:
        """Enter goes to the next empty field, and signs in once none is empty."""
        empty = next((f for f in (self._user, self._password, self._otp) if not f.edit.text()), None)
        if empty is not None:
            empty.edit.setFocus()
        else:
            self.presenter.sign_in()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing below the gate hears a key."""
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first empty field."""
        field = self._password if self._user.edit.text() else self._user
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: SignInState) -> None:
        """Fields, what went wrong, whether one may go on."""
        if state.signed_in is not None:
            self.passed.emit(state.signed_in.operator)
        self._head.say(self.tr("登录"), "", state.locked_for)
        for field, value in ((self._user, state.user), (self._password, state.password), (self._otp, state.otp)):
            field.show_field(FieldShown(field.name, field.label.text(), value, required=True))
        trouble = self.presenter.trouble
        words = f"{trouble.message}{trouble.todo}" if trouble else ""
        self._words.setText(self.tr("正在核对…") if state.checking else words)
        self._words.setStyleSheet(f"color: {active().colour('danger' if trouble else 'text2').name()}")
        why = self.tr("用户名、密码和 6 位动态口令都要填")
        self._button.show_as(self.tr("登录"), primary=True, enabled=state.complete and not state.checking, why=why)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ink covers everything."""
        painter = QPainter(self)
        Brush(painter).fill(QRectF(self.rect()), "ink")
        painter.end()
