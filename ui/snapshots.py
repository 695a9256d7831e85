"""Draws screens offscreen into PNG files: for the counter's day without a display, for tests, and for the manual."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QWidget

from ui.main_window import MainWindow
from ui.tasks import BackgroundTasks

SIZES: tuple[tuple[int, int], ...] = ((1440, 900), (1366, 768))
_MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file name without ending, the screen, what to find there, and the window's size."""

    name: str
    screen: str
    find: str = ""
    size: tuple[int, int] = SIZES[0]


def settle(still: Callable[[], bool] = lambda: True, most_seconds: float = _MOST_SECONDS) -> None:
    """Let the window work until ``still`` holds and nothing waits to be drawn."""
    deadline = time.monotonic() + most_seconds
    while time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if still():
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if still():
                return


def settled_by(tasks: BackgroundTasks | None) -> Callable[[], bool]:
    """Whether all background work was delivered."""
    return (lambda: tasks.waiting == 0) if tasks is not None else (lambda: True)


def grab(widget: QWidget, path: Path) -> Path:
    """Save what a widget shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(path))
    return path


def draw(window: MainWindow, shots: Iterable[Shot], folder: Path, tasks: BackgroundTasks | None = None) -> list[Path]:
    """Show each screen in its size and save it; returns the files in order."""
    files = []
    still = settled_by(tasks)
    for shot in shots:
        window.resize(*shot.size)
        window.show()
        window.refresh_frame()
        window.show_screen(shot.screen)
        settle(still)
        if shot.find:
            window.screen_named(shot.screen).presenter.find(shot.find)
            settle(still)
        files.append(grab(window, folder / f"{shot.name}.png"))
    return files
