"""The frame: navigation, the one field, the band, the action bar, the lock; all by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from counter_samples import gateways as sample_gateways
from counter_samples.frame import OFFLINE, ONLINE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ebp_desktop.domain.errors import RefusedError
from ui.app import CounterApp, Gateways
from ui.main_window import MainWindow
from ui.navigation import Landing
from ui.presenting import ImmediateTasks
from ui.shown import Act, ActionBar, Mark
from ui.snapshots import settle
from ui.widgets.action_bar import ActionBarView
from ui.widgets.status_band import StatusBand

ALL = ("today", "intake", "cases", "notices", "supplement", "pickup", "sync", "settings")


def press(window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)
    settle()


def test_ctrl_and_a_digit_opens_each_screen(window: MainWindow) -> None:
    for at, name in enumerate(ALL):
        press(window, Qt.Key(Qt.Key.Key_1 + at), Qt.KeyboardModifier.ControlModifier)
        assert window.current == name


def test_the_rail_shows_only_screens_that_exist(open_window: Callable[..., MainWindow], gateways: Gateways) -> None:
    window = open_window(replace(gateways, pickup=None, sync=None))
    assert window.rail.names() == ("today", "intake", "cases", "notices", "supplement", "settings")


def test_f2_goes_to_the_one_field_from_anywhere(window: MainWindow) -> None:
    for name in ALL:
        window.show_screen(name)
        press(window, Qt.Key.Key_F2)
        assert window.top.field.hasFocus()


@pytest.mark.parametrize(
    ("typed", "screen"),
    [("乌住建受〔2026〕196号", "pickup"), ("150300-2026-000412-9", "intake"), ("rm", "cases")],
)
def test_what_is_scanned_lands_where_it_belongs(window: MainWindow, typed: str, screen: str) -> None:
    window.focus_field()
    window.top.field.setText(typed)
    press(window, Qt.Key.Key_Return)
    assert window.current == screen


def test_a_scan_that_names_nothing_lands_in_the_search(
    open_window: Callable[..., MainWindow], gateways: Gateways
) -> None:
    class Lost:
        def look_up(self, text: str) -> Landing:
            raise RefusedError("lookup_failed", "查不到。")

    window = open_window(replace(gateways, lookup=Lost()))
    window.look_up("什么")
    assert window.current == "cases"


def test_escape_empties_the_field_and_then_leaves_it(window: MainWindow) -> None:
    window.focus_field()
    window.top.field.setText("rm")
    press(window, Qt.Key.Key_Escape)
    assert window.top.field.text() == ""
    press(window, Qt.Key.Key_Escape)
    assert not window.top.field.hasFocus()


def test_typing_on_the_case_screen_searches_at_once(window: MainWindow, gateways: Gateways) -> None:
    window.show_screen("cases")
    window.focus_field()
    QTest.keyClicks(window.top.field, "rm")
    QTest.qWait(200)
    assert gateways.cases.searches[-1] == "rm"


def test_the_band_grows_and_speaks_while_offline(window: MainWindow, gateways: Gateways) -> None:
    online_height = window.band.height()
    gateways.frame.online = False
    window.refresh_frame()
    assert window.band.height() > online_height
    assert "2 件审查时限正在走" in window.band.accessibleName()


def test_the_band_takes_its_words_from_the_connection(qapp: QApplication) -> None:
    band = StatusBand()
    band.show_connection(OFFLINE)
    band.show_connection(ONLINE)
    assert "号段余 37 个" in band.accessibleName()
    band.deleteLater()


def test_waiting_counts_stand_on_the_rail(window: MainWindow) -> None:
    names = [button.accessibleName() for button in window.rail.findChildren(QWidget) if button.accessibleName()]
    assert "通知 待办 6 件 Ctrl+4" in names


def test_a_disabled_act_keeps_its_place_and_says_why(qapp: QApplication) -> None:
    bar = ActionBarView()
    done: list[str] = []
    bar.wanted.connect(done.append)
    acts = (Act("a", "F6", "打印"), Act("b", "F9", "登记出单", primary=True, enabled=False, why="还差 2 项"))
    bar.show_bar(ActionBar(Mark.MISSING, "还差 2 项才能登记", "", acts))
    assert bar.press("F9")
    assert (done, bar.reason()) == ([], "还差 2 项")
    assert bar.button("b").accessibleDescription() == "还差 2 项"
    assert bar.press("F6")
    assert done == ["a"]
    assert not bar.press("F12")
    bar.deleteLater()


def test_one_primary_act_stands_last_on_every_screen(window: MainWindow) -> None:
    for name in ALL:
        window.show_screen(name)
        settle()
        acts = window.action_bar.shown.acts
        assert [act.primary for act in acts].count(True) == (1 if acts else 0), name
        assert not acts or acts[-1].primary, name


def test_every_act_has_a_key_of_its_own(window: MainWindow) -> None:
    for name in ALL:
        window.show_screen(name)
        keys = [act.key for act in window.action_bar.shown.acts]
        assert len(keys) == len(set(keys)), name


def test_function_keys_do_what_their_button_says(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F5)
    assert window.current == "intake"


def test_enter_does_the_next_act_on_today(window: MainWindow) -> None:
    window.screen_named("today").take_focus()
    press(window, Qt.Key.Key_Return)
    assert window.current == "notices"


def test_one_focus_ring_follows_the_keyboard(window: MainWindow) -> None:
    window.show_screen("notices")
    window.action_bar.button("print").setFocus()
    settle()
    assert window.ring.isVisible()
    assert window.ring.geometry().contains(
        window.action_bar.button("print").mapTo(window, window.action_bar.button("print").rect().center())
    )
    window.screen_named("notices").take_focus()
    settle()
    assert not window.ring.isVisible()


class TestLock:
    @pytest.fixture
    def locked(self, open_window: Callable[..., MainWindow]) -> tuple[MainWindow, Gateways]:
        gateways = sample_gateways(gated=True)
        window = open_window(gateways)
        window.lock()
        settle()
        return window, gateways

    def type_in(self, password: str) -> None:
        for text in ("surina", password, "123456"):
            QTest.keyClicks(QApplication.focusWidget(), text)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            settle()

    def test_nothing_below_the_lock_hears_a_key(self, locked: tuple[MainWindow, Gateways]) -> None:
        window, _ = locked
        here = window.current
        for key in (Qt.Key.Key_F5, Qt.Key.Key_F2, Qt.Key.Key_Return):
            press(window, key)
        press(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        assert window.current == here
        assert not window.top.field.hasFocus()

    def test_the_right_person_goes_on_where_the_work_was(self, locked: tuple[MainWindow, Gateways]) -> None:
        window, gateways = locked
        self.type_in("opens-sesame")
        assert gateways.sign_in.inside
        press(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        assert window.current == "cases"

    def test_a_wrong_password_is_said_and_forgotten(self, locked: tuple[MainWindow, Gateways]) -> None:
        window, gateways = locked
        self.type_in("wrong")
        gate = window._gate
        assert not gateways.sign_in.inside
        assert "不对" in gate.presenter.trouble.message
        assert gate.presenter.state.password == ""
        assert gate.presenter.state.user == "surina"
        assert gate.isVisible()

    def test_an_idle_counter_locks_itself(self, open_window: Callable[..., MainWindow]) -> None:
        window = open_window(sample_gateways(gated=True))
        window.lock_when_idle(30)
        QTest.qWait(120)
        assert window._gate.isVisible()
        window.lock_when_idle(0)


def test_another_text_size_opens_the_window_anew_where_it_was(qapp: QApplication, gateways: Gateways) -> None:
    counter = CounterApp(gateways)
    counter.open(maximised=False, locked=False)
    counter.window.show_screen("settings")
    first = counter.window
    counter.wear("dark", False)
    assert counter.window is first
    counter.wear("dark", True)
    assert counter.window is not first
    assert counter.window.current == "settings"
    counter.wear("light", False)
    settle(lambda: counter.tasks.waiting == 0)
    counter.window.close()
    assert counter.tasks.close()


def test_a_window_without_people_cannot_be_locked(window: MainWindow) -> None:
    window.lock()
    press(window, Qt.Key.Key_F5)
    assert window.current == "intake"


def test_immediate_tasks_report_refusals() -> None:
    heard: list[str] = []

    def refuse() -> None:
        raise RefusedError("no", "不行")

    ImmediateTasks().run(refuse, lambda _: heard.append("done"), lambda error: heard.append(error.message))
    assert heard == ["不行"]
