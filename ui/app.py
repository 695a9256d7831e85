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
from ui.page_images import PageImages
from ui.presenting import Tasks
from ui.screen import Screen
from ui.screens.cases.presenter import CasesGateway, CasesPresenter
from ui.screens.cases.view import CasesScreen
from ui.screens.intake.gateway import IntakeGateway
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.view import IntakeScreen
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
    intake: IntakeGateway | None = None
    cases: CasesGateway | None = None


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
    if gateways.intake is not None:
        images = PageImages(gateways.intake.page, tasks)
        screens.append(IntakeScreen(IntakePresenter(gateways.intake, tasks), images))
    if gateways.cases is not None:
        screens.append(CasesScreen(CasesPresenter(gateways.cases, tasks)))
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
