"""Opens the counter's window: puts gateways, presenters and screens together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui import theme as looks
from ui.frame_state import FrameGateway
from ui.main_window import MainWindow
from ui.navigation import LookupGateway
from ui.page_images import PageImages
from ui.presenting import Tasks
from ui.screen import Screen
from ui.screens.cases.presenter import CasesGateway, CasesPresenter
from ui.screens.cases.view import CasesScreen
from ui.screens.intake.gateway import IntakeGateway
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.view import IntakeScreen
from ui.screens.notices.presenter import NoticesGateway, NoticesPresenter
from ui.screens.notices.view import NoticesScreen
from ui.screens.pickup.presenter import PickupGateway, PickupPresenter
from ui.screens.pickup.view import PickupScreen
from ui.screens.settings.presenter import SettingsGateway, SettingsPresenter
from ui.screens.settings.view import SettingsScreen
from ui.screens.sign_in.presenter import SignInGateway, SignInPresenter
from ui.screens.sign_in.view import Hint, SignInGate
from ui.screens.supplement.presenter import SupplementGateway, SupplementPresenter
from ui.screens.supplement.view import SupplementScreen
from ui.screens.sync.presenter import SyncGateway, SyncPresenter
from ui.screens.sync.view import SyncScreen
from ui.screens.today.presenter import TodayGateway, TodayPresenter
from ui.screens.today.view import TodayScreen
from ui.tasks import BackgroundTasks
from ui.theme import LARGE_TEXT, Theme
from ui.tokens import ThemeName


@dataclass(frozen=True, slots=True)
class Gateways:
    """Everything the windows ask of the rest of the product; a screen whose gateway is absent does not exist."""

    frame: FrameGateway
    lookup: LookupGateway
    today: TodayGateway | None = None
    intake: IntakeGateway | None = None
    cases: CasesGateway | None = None
    notices: NoticesGateway | None = None
    supplement: SupplementGateway | None = None
    pickup: PickupGateway | None = None
    sync: SyncGateway | None = None
    settings: SettingsGateway | None = None
    sign_in: SignInGateway | None = None


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The one application object, made when there is none."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    return QApplication([sys.argv[0], *arguments])


def screens_of(gateways: Gateways, tasks: Tasks) -> list[Screen[Any]]:
    """The screens whose gateways are there, in the order of the rail."""
    screens: list[Screen[Any]] = []
    if gateways.today is not None:
        screens.append(TodayScreen(TodayPresenter(gateways.today, tasks)))
    if gateways.intake is not None:
        images = PageImages(gateways.intake.page, tasks)
        screens.append(IntakeScreen(IntakePresenter(gateways.intake, tasks), images))
    if gateways.cases is not None:
        screens.append(CasesScreen(CasesPresenter(gateways.cases, tasks)))
    if gateways.notices is not None:
        images = PageImages(gateways.notices.page, tasks)
        screens.append(NoticesScreen(NoticesPresenter(gateways.notices, tasks), images))
    if gateways.supplement is not None:
        images = PageImages(gateways.supplement.page, tasks)
        screens.append(SupplementScreen(SupplementPresenter(gateways.supplement, tasks), images))
    if gateways.pickup is not None:
        screens.append(PickupScreen(PickupPresenter(gateways.pickup, tasks)))
    if gateways.sync is not None:
        screens.append(SyncScreen(SyncPresenter(gateways.sync, tasks)))
    if gateways.settings is not None:
        look = looks.active()
        presenter = SettingsPresenter(gateways.settings, tasks, look.name, look.scale > 1)
        screens.append(SettingsScreen(presenter))
    return screens


def build_window(gateways: Gateways, tasks: Tasks, *, hall: str = "", hint: Hint | None = None) -> MainWindow:
    """The window with every screen, not yet shown; gated when people sign in."""
    gate = None
    if gateways.sign_in is not None:
        gate = SignInGate(SignInPresenter(gateways.sign_in, tasks), hall or _hall_name(), hint)
    return MainWindow(screens_of(gateways, tasks), gateways.frame, gateways.lookup, tasks, gate)


def _hall_name() -> str:
    return QCoreApplication.translate("Gate", "综合窗口")


class CounterApp:
    """The running counter: one window, opened anew when the text size changes."""

    def __init__(self, gateways: Gateways, *, hall: str = "", idle_ms: int = 0, hint: Hint | None = None) -> None:
        self._gateways, self._hall, self._idle_ms, self._hint = gateways, hall, idle_ms, hint
        self.app = application()
        self.tasks = BackgroundTasks()
        self.window = self._new_window()

    def _new_window(self) -> MainWindow:
        window = build_window(self._gateways, self.tasks, hall=self._hall, hint=self._hint)
        for screen in window.screens():
            if isinstance(screen, SettingsScreen):
                screen.look_chosen.connect(self.wear)
        window.lock_when_idle(self._idle_ms if self._gateways.sign_in is not None else 0)
        return window

    def open(self, *, maximised: bool = True, locked: bool = True) -> None:
        """Show the window, gated when people sign in."""
        if maximised:
            self.window.showMaximized()
        else:
            self.window.show()
        self.window.start(self.window.first())
        if locked:
            self.window.lock()

    def wear(self, theme: str, large_text: bool) -> None:
        """Another look: colours change in place, another text size opens the window anew where it was."""
        before = looks.active()
        look = Theme(ThemeName(theme), LARGE_TEXT if large_text else 1.0)
        looks.wear(self.app, look)
        if look.scale == before.scale:
            return
        old, here, size = self.window, self.window.current, self.window.size()
        self.window = self._new_window()
        self.window.resize(size)
        self.window.show()
        self.window.start(here)
        old.close()
        old.deleteLater()

    def serve(self) -> int:
        """Serve until the window is closed; returns the exit code."""
        code = self.app.exec()
        self.tasks.close()
        return code


def run(gateways: Gateways, *, theme: Theme | None = None, hall: str = "", idle_ms: int = 600_000) -> int:
    """Open the window and serve until it is closed; returns the exit code."""
    app = application()
    looks.wear(app, theme or Theme(looks.preferred(app)))
    counter = CounterApp(gateways, hall=hall, idle_ms=idle_ms)
    counter.open()
    return counter.serve()
