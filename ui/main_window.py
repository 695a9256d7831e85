"""The window: frame around the screens, navigation by keyboard, sign-in and idle lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ebp_desktop.domain.errors import EbpError
from ui.frame_state import Frame, FrameGateway
from ui.navigation import CASES, Landing, LookupGateway, places
from ui.presenting import Tasks
from ui.screen import Screen
from ui.screens.sign_in.view import SignInGate
from ui.shown import ActionBar
from ui.widgets.action_bar import ActionBarView
from ui.widgets.focus_ring import FocusRing
from ui.widgets.rail import Rail
from ui.widgets.status_band import StatusBand
from ui.widgets.top_bar import TopBar

_FRAME_EVERY_MS: Final = 5000
_TYPED_PAUSE_MS: Final = 120
_FUNCTION_KEYS: Final = tuple(f"F{number}" for number in range(3, 13))
_HANDS: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)
LEAST_WIDTH, LEAST_HEIGHT = 1180, 700


class MainWindow(QWidget):
    """Everything a clerk sees; screens are handed in, the window only frames and switches them."""

    def __init__(
        self,
        screens: Sequence[Screen[Any]],
        frame_gateway: FrameGateway,
        lookup: LookupGateway,
        tasks: Tasks,
        gate: SignInGate | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("综合窗口"))
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self._frame_gateway, self._lookup, self._tasks = frame_gateway, lookup, tasks
        self._screens = {screen.name: screen for screen in screens}
        self._current = ""
        self._gate = gate
        self._lock_after_ms = 0
        self._closing: Callable[[], None] | None = None
        self._build(tuple(self._screens))
        self._wire()
        self._bind_keys()
        self.ring = FocusRing(self)
        if gate is not None:
            gate.setParent(self)
            gate.hide()
            gate.passed.connect(lambda _: self.unlock())

    def _build(self, names: tuple[str, ...]) -> None:
        self.top = TopBar()
        self.band = StatusBand()
        self.rail = Rail(places(names))
        self.action_bar = ActionBarView()
        self._stack = QStackedWidget()
        for screen in self._screens.values():
            self._stack.addWidget(screen)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        inner.addWidget(self._stack, 1)
        inner.addWidget(self.action_bar)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(inner, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top)
        outer.addWidget(self.band)
        outer.addLayout(middle, 1)

    def _wire(self) -> None:
        self.rail.chosen.connect(self.show_screen)
        self.top.asked.connect(self.look_up)
        self.top.typed.connect(self._typed)
        self.top.field.left_empty.connect(self._leave_field)
        self.action_bar.wanted.connect(self._want)
        for screen in self._screens.values():
            screen.bar_changed.connect(lambda bar, screen=screen: self._bar_changed(screen, bar))
            screen.typed_for.connect(self.top.field.setText)
            screen.connect_frame(self.go)
        self._beat = QTimer(self)
        self._beat.setInterval(_FRAME_EVERY_MS)
        self._beat.timeout.connect(self.refresh_frame)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPED_PAUSE_MS)
        self._pause.timeout.connect(self._search_typed)

    def _bind_keys(self) -> None:
        QShortcut(QKeySequence("F2"), self, self.focus_field)
        for at, name in enumerate(self.rail.names()[:10]):
            QShortcut(QKeySequence(f"Ctrl+{(at + 1) % 10}"), self, lambda name=name: self.show_screen(name))
        for key in _FUNCTION_KEYS:
            QShortcut(QKeySequence(key), self, lambda key=key: self._function_key(key))
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock)

    @property
    def current(self) -> str:
        """Name of the screen in front."""
        return self._current

    def screen_named(self, name: str) -> Screen[Any]:
        """A screen."""
        return self._screens[name]

    def screens(self) -> tuple[Screen[Any], ...]:
        """All screens in the order of the rail."""
        return tuple(self._screens.values())

    def first(self) -> str:
        """The screen a shift begins with."""
        return next(iter(self._screens))

    def start(self, first: str) -> None:
        """Show the first screen and keep the frame fresh."""
        self.refresh_frame()
        self._beat.start()
        self.show_screen(first)

    def show_screen(self, name: str) -> None:
        """Bring a screen to the front."""
        if self._locked():
            return
        screen = self._screens[name]
        self._current = name
        self.rail.stand_on(name)
        self._stack.setCurrentWidget(screen)
        self.action_bar.show_bar(screen.bar())
        screen.enter()

    def go(self, name: str, text: str = "") -> None:
        """Bring a screen to the front with something to find there."""
        if name not in self._screens:
            return
        if name != self._current:
            self.show_screen(name)
        if text:
            self._screens[name].presenter.find(text)

    def look_up(self, text: str) -> None:
        """Land where the text belongs."""
        if text and not self._locked():
            self._tasks.run(lambda: self._lookup.look_up(text), self._land, self._lost)

    def _land(self, landing: Landing) -> None:
        self.go(landing.screen, landing.text)
        if landing.screen in self._screens:
            self._screens[landing.screen].take_focus()

    def _lost(self, error: EbpError) -> None:
        self.go(CASES, self.top.field.text())

    def _typed(self, text: str) -> None:
        if self._current == CASES:
            self._pause.start()

    def _search_typed(self) -> None:
        if self._current == CASES:
            self._screens[CASES].presenter.find(self.top.field.text().strip())

    def focus_field(self) -> None:
        """Put the keyboard into the one field."""
        if not self._locked():
            self.top.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.top.field.selectAll()

    def _leave_field(self) -> None:
        if self._current:
            self._screens[self._current].take_focus()

    def _bar_changed(self, screen: Screen[Any], bar: ActionBar) -> None:
        if screen.name == self._current:
            self.action_bar.show_bar(bar)

    def _function_key(self, key: str) -> None:
        if not self._locked():
            self.action_bar.press(key)

    def _want(self, name: str) -> None:
        if self._current and not self._locked():
            self._screens[self._current].act(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter that nothing else used does the next act when that is its key."""
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and not self._locked() and self.action_bar.press("Enter"):
            event.accept()
            return
        super().keyPressEvent(event)

    def refresh_frame(self) -> None:
        """Ask for the frame's facts."""
        self._tasks.run(self._frame_gateway.frame, self.show_frame, self._frame_missing)

    def _frame_missing(self, error: EbpError) -> None:
        """The frame keeps its last facts; the screen that asked for more says what failed."""

    def show_frame(self, frame: Frame) -> None:
        """Draw the frame's facts."""
        self.top.show_frame(frame)
        self.band.show_connection(frame.connection)
        self.rail.show_waiting(frame.waiting, frame.loud)

    def lock_when_idle(self, after_ms: int) -> None:
        """Lock after so many milliseconds without a hand; 0 never."""
        self._lock_after_ms = after_ms
        app = QApplication.instance()
        if app is not None and after_ms:
            app.installEventFilter(self)
            self._idle.start(after_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A hand on keyboard, mouse or screen puts off the idle lock."""
        if event.type() in _HANDS and self._lock_after_ms:
            self._idle.start(self._lock_after_ms)
        return False

    def lock(self) -> None:
        """Cover everything until someone signs in."""
        gate = self._gate
        if gate is None or gate.isVisible():
            return
        gate.presenter.lock(self.tr("窗口已锁定") if self._current else "")
        gate.setGeometry(self.rect())
        gate.show()
        gate.raise_()
        self.ring.raise_()
        gate.setFocus(Qt.FocusReason.OtherFocusReason)

    def unlock(self) -> None:
        """Someone signed in: uncover the work as it was left."""
        if self._gate is not None:
            self._gate.hide()
        self.refresh_frame()
        if self._current:
            self._screens[self._current].take_focus()

    def _locked(self) -> bool:
        return self._gate is not None and not self._gate.isHidden()

    def when_closed(self, closing: Callable[[], None]) -> None:
        """Call this when the window closes."""
        self._closing = closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the timers; what was registered is already on disk."""
        self._beat.stop()
        self._idle.stop()
        self._pause.stop()
        if self._closing is not None:
            self._closing()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lock covers all."""
        super().resizeEvent(event)
        if self._gate is not None:
            self._gate.setGeometry(self.rect())
