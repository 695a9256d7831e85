"""Everyone can use every screen: names for the reader, an order for the Tab key, no text cut, whatever the size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from counter_samples import gateways as sample_gateways
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableView, QWidget

from ui import theme as looks
from ui.main_window import MainWindow
from ui.snapshots import SIZES, Shot, draw, settle
from ui.theme import LARGE_TEXT, Theme
from ui.tokens import ThemeName
from ui.widgets.brush import Brush

SCREENS = ("today", "intake", "cases", "notices", "supplement", "pickup", "sync", "settings")
FIND = {"pickup": "乌住建受〔2026〕196号", "cases": "rm"}
Open = Callable[..., MainWindow]
Reachable = Callable[[QWidget], list[QWidget]]


def show(window: MainWindow, name: str) -> None:
    window.show_screen(name)
    if name in FIND:
        window.screen_named(name).presenter.find(FIND[name])
    if name == "intake":
        presenter = window.screen_named(name).presenter
        presenter.resume(str(presenter._gateway.half_done))
    settle()


@pytest.mark.parametrize("name", SCREENS)
def test_every_widget_that_takes_the_keyboard_has_a_name(window: MainWindow, reachable: Reachable, name: str) -> None:
    show(window, name)
    widgets = reachable(window)
    assert len(widgets) > 8
    assert [type(widget).__name__ for widget in widgets if not widget.accessibleName()] == []


@pytest.mark.parametrize("name", SCREENS)
def test_every_table_says_its_cells_in_words(window: MainWindow, name: str) -> None:
    show(window, name)
    for table in window.screen_named(name).findChildren(QTableView):
        model = table.model()
        for row in range(model.rowCount()):
            spoken = [model.data(model.index(row, 0), int(Qt.ItemDataRole.AccessibleTextRole))]
            assert all(spoken), (table.accessibleName(), row)


@pytest.mark.parametrize("name", SCREENS)
def test_tab_goes_round_every_widget_without_a_trap(window: MainWindow, reachable: Reachable, name: str) -> None:
    show(window, name)
    wanted = {id(widget) for widget in reachable(window) if not widget.focusProxy()}
    seen: set[int] = set()
    for _ in range(len(wanted) * 2 + 20):
        focus = QApplication.focusWidget()
        if focus is not None:
            seen.add(id(focus))
        QTest.keyClick(focus or window, Qt.Key.Key_Tab)
    named = {id(w): w.accessibleName() for w in reachable(window)}
    assert {named[each] for each in wanted - seen if each in named} == set()


@pytest.fixture
def cut_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that were drawn into too little room."""
    cut: list[str] = []
    plain = Brush.text

    def watched(brush: Brush, where: QRectF, words: str, *args: object, **kwargs: object) -> int:
        taken = plain(brush, where, words, *args, **kwargs)
        if taken > where.width() + 1:
            cut.append(words)
        return taken

    monkeypatch.setattr(Brush, "text", watched)
    return cut


def cut_labels(window: MainWindow) -> list[str]:
    return [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible()
        and not label.wordWrap()
        and QFontMetrics(label.font()).horizontalAdvance(label.text()) > label.width() + 1
    ]


@pytest.mark.parametrize("size", SIZES, ids=["1440x900", "1366x768"])
@pytest.mark.parametrize("name", SCREENS)
def test_no_text_is_cut(open_window: Open, cut_texts: list[str], name: str, size: tuple[int, int]) -> None:
    window = open_window(sample_gateways(), *size)
    show(window, name)
    cut_texts.clear()
    window.grab()
    assert window.size().toTuple() == size
    assert cut_texts == []
    assert cut_labels(window) == []


@pytest.mark.parametrize("name", SCREENS)
def test_large_text_fits_the_usual_screen(
    qapp: QApplication, open_window: Open, cut_texts: list[str], name: str
) -> None:
    looks.wear(qapp, Theme(ThemeName.LIGHT, LARGE_TEXT))
    window = open_window(sample_gateways(), 1920, 1080)
    show(window, name)
    cut_texts.clear()
    window.grab()
    assert cut_texts == []


@pytest.mark.parametrize("name", SCREENS)
def test_buttons_are_as_large_as_a_finger(window: MainWindow, name: str) -> None:
    show(window, name)
    small = [
        button.accessibleName()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.width() >= 24 and min(button.width(), button.height()) < 40
    ]
    assert small == []


@pytest.mark.parametrize("theme", list(ThemeName))
def test_every_screen_can_be_drawn_in_every_look(
    qapp: QApplication, open_window: Open, theme: ThemeName, tmp_path: Path
) -> None:
    looks.wear(qapp, Theme(theme))
    window = open_window(sample_gateways())
    files = draw(window, [Shot(name, name, FIND.get(name, "")) for name in SCREENS], tmp_path)
    assert [file.stat().st_size > 20_000 for file in files] == [True] * len(SCREENS)


def test_offline_is_said_in_words_on_every_screen(open_window: Open, cut_texts: list[str]) -> None:
    gateways = sample_gateways()
    gateways.frame.online = False
    window = open_window(gateways, 1366, 768)
    cut_texts.clear()
    window.grab()
    assert cut_texts == []
    assert window.band.accessibleName().startswith("离线　自 09:18 起")
