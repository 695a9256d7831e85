"""Opens the counter's window: puts gateways, presenters and screens together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui import theme as looks
from ui.frame_state import FrameGateway
from ui.main_window import MainWindow
from ui.navigation import TODAY, LookupGateway
from ui.presenting import Tasks
from ui.screen import Screen
from ui.screens.today.presenter import TodayGateway, TodayPresenter
from ui.screens.today.view import TodayScreen
from ui.tasks import BackgroundTasks
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Gateways:
    """Everything the windows ask of the rest of the product; a screen whose gateway is absent does not exist."""

    frame: FrameGateway
    lookup: LookupGateway
    today: TodayGateway | None = None


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The one application object, made when there is none."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    return QApplication([sys.argv[0], *arguments])


def screens_of(gateways: Gateways, tasks: Tasks) -> list[Screen[Any]]:
    """The screens whose gateways are there."""
    screens: list[Screen[Any]] = []
    if gateways.today is not None:
        screens.append(TodayScreen(TodayPresenter(gateways.today, tasks)))
    return screens


def build_window(gateways: Gateways, tasks: Tasks) -> MainWindow:
    """The window with every screen, not yet shown."""
    return MainWindow(screens_of(gateways, tasks), gateways.frame, gateways.lookup, tasks)


def run(gateways: Gateways, theme: Theme | None = None, arguments: Sequence[str] = ()) -> int:
    """Open the window and serve until it is closed; returns the exit code."""
    app = application(arguments)
    looks.wear(app, theme or Theme(looks.preferred(app)))
    tasks = BackgroundTasks()
    window = build_window(gateways, tasks)
    window.when_closed(lambda: None)
    window.showMaximized()
    window.start(TODAY)
    code = app.exec()
    tasks.close()
    return code
