"""The windows under test: offscreen, in the light look, with every Qt warning and every leaked window a failure."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))

from counter_samples import gateways as sample_gateways
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from ui import theme as looks
from ui.app import Gateways, build_window
from ui.main_window import MainWindow
from ui.presenting import ImmediateTasks
from ui.snapshots import settle
from ui.theme import Theme
from ui.tokens import ThemeName

_QUIET = {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["counter"]


@pytest.fixture(autouse=True)
def qt_says_nothing(qapp: QApplication) -> Iterator[None]:
    said: list[str] = []

    def heard(kind: QtMsgType, _: object, words: str) -> None:
        if kind not in _QUIET:
            said.append(words)

    before = qInstallMessageHandler(heard)
    yield
    qInstallMessageHandler(before)
    assert said == []


@pytest.fixture(autouse=True)
def no_window_is_left(qapp: QApplication, qt_says_nothing: None) -> Iterator[None]:
    yield
    settle()
    left = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()
    assert left == []


@pytest.fixture(autouse=True)
def light_look(qapp: QApplication) -> None:
    if vars(qapp).get("counter_theme") != Theme(ThemeName.LIGHT):
        looks.wear(qapp, Theme(ThemeName.LIGHT))


@pytest.fixture(autouse=True)
def nothing_modal(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise AssertionError("a modal box would stop the counter")

    monkeypatch.setattr(QMessageBox, "exec", refuse)


@pytest.fixture
def gateways() -> Gateways:
    return sample_gateways()


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[Callable[..., MainWindow]]:
    opened: list[MainWindow] = []

    def make(gateways: Gateways, width: int = 1440, height: int = 900) -> MainWindow:
        window = build_window(gateways, ImmediateTasks(), hall="乌海市综合窗口")
        opened.append(window)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        window.start(window.first())
        settle()
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()
    settle()


@pytest.fixture
def window(open_window: Callable[..., MainWindow], gateways: Gateways) -> MainWindow:
    return open_window(gateways)


def focusable(root: QWidget) -> list[QWidget]:
    """Every widget below ``root`` that the keyboard can reach."""
    policy = 1  # Qt.FocusPolicy.TabFocus
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisibleTo(root) and widget.isEnabled() and int(widget.focusPolicy().value) & policy
    ]


@pytest.fixture
def reachable() -> Callable[[QWidget], list[QWidget]]:
    return focusable
