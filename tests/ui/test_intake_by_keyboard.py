"""收件 in the real window, by keyboard alone, from the gate to the slip."""

from __future__ import annotations

import pytest
from counter_samples.intake import CODE
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.material import Verdict
from ui.app import Gateways
from ui.main_window import MainWindow
from ui.screens.intake import checklist
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.state import Phase
from ui.screens.intake.view import IntakeScreen
from ui.snapshots import settle


class Keys:
    """Hands on the keyboard; counts every stroke."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.strokes = 0

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key)
            self.strokes += 1
            settle()

    def write(self, text: str) -> None:
        """As an input method commits it; Qt's own key clicks know no Chinese."""
        committed = QInputMethodEvent("", [])
        committed.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), committed)
        settle()


@pytest.fixture
def keys(window: MainWindow) -> Keys:
    window.show_screen("intake")
    settle()
    return Keys(window)


@pytest.fixture
def screen(keys: Keys) -> IntakeScreen:
    screen = keys.window.screen_named("intake")
    assert isinstance(screen, IntakeScreen)
    return screen


@pytest.fixture
def presenter(screen: IntakeScreen) -> IntakePresenter:
    return screen.presenter


def at_the_desk(keys: Keys) -> None:
    keys.press(Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_1, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_Return)


def test_from_the_gate_to_the_slip(
    keys: Keys, screen: IntakeScreen, presenter: IntakePresenter, gateways: Gateways
) -> None:
    keys.press(Qt.Key.Key_F2)
    keys.write(CODE)
    keys.press(Qt.Key.Key_Return)
    at_the_desk(keys)
    assert presenter.state.phase is Phase.MATERIALS
    assert screen.desk.materials.table.hasFocus()
    for line in checklist.owed(presenter.state.draft):
        presenter.take_files(("scan.pdf",)) if line.due.original else None
        keys.press(Qt.Key.Key_F6)
    screen.desk.form.go_to("handler_name")
    for text in ("王建国", "15030219850307123X", "13847316021"):
        keys.write(text)
        keys.press(Qt.Key.Key_Return)
    assert presenter.state.obstacles == ()
    keys.press(Qt.Key.Key_F9)
    assert presenter.state.phase is Phase.REGISTERED
    assert gateways.intake.registered[0].project.project_code == CODE
    print(f"keystrokes beyond the form's own text: {keys.strokes}")  # noqa: T201 -- the figure itself is the point
    assert keys.strokes <= 40
    keys.press(Qt.Key.Key_Return)
    assert presenter.state.phase is Phase.PROJECT


def test_a_secret_project_stops_at_the_first_key(keys: Keys, presenter: IntakePresenter) -> None:
    keys.press(Qt.Key.Key_2)
    assert presenter.state.phase is Phase.STOPPED
    assert "涉密" in keys.window.action_bar.shown.head


def test_a_defect_is_described_without_leaving_the_keyboard(
    keys: Keys, screen: IntakeScreen, presenter: IntakePresenter
) -> None:
    at_the_desk(keys)
    keys.press(Qt.Key.Key_F7)
    assert screen.desk.materials.problem.edit.hasFocus()
    keys.write("未盖章")
    keys.press(Qt.Key.Key_Return)
    assert presenter.state.draft.line("M301").problem == "未盖章"
    assert presenter.state.draft.line("M301").verdict is Verdict.DEFECTIVE
    assert screen.desk.materials.table.hasFocus()


def test_digits_count_copies_on_the_line(keys: Keys, presenter: IntakePresenter) -> None:
    at_the_desk(keys)
    keys.press(*[Qt.Key.Key_Down] * 8)
    assert presenter.state.line == "M315"
    keys.press(Qt.Key.Key_3, Qt.Key.Key_F8)
    assert presenter.state.draft.line("M315").received.original == 3


def test_digits_in_a_field_are_text(keys: Keys, screen: IntakeScreen, presenter: IntakePresenter) -> None:
    at_the_desk(keys)
    screen.desk.form.go_to("floor_area")
    keys.write("12460")
    assert presenter.state.texts["floor_area"] == "12460"
    assert presenter.state.draft.line("M301").received.original == 0


def test_enter_walks_through_the_form_and_back_to_the_checklist(keys: Keys, screen: IntakeScreen) -> None:
    at_the_desk(keys)
    fields = screen.desk.form.fields()
    screen.desk.form.go_to(fields[0].name)
    for field in fields[1:]:
        keys.press(Qt.Key.Key_Return)
        assert field.edit.hasFocus()
    keys.press(Qt.Key.Key_Return)
    assert screen.desk.materials.table.hasFocus()


def test_page_keys_turn_pages_and_the_tools_answer_to_their_keys(
    keys: Keys, screen: IntakeScreen, presenter: IntakePresenter, gateways: Gateways
) -> None:
    presenter.resume(str(gateways.intake.half_done))
    settle()
    keys.press(Qt.Key.Key_PageDown)
    assert presenter.state.page == "p2"
    keys.press(Qt.Key.Key_PageUp)
    canvas = screen.desk.viewer.canvas
    canvas.setFocus()
    before = canvas.fitted
    keys.press(Qt.Key.Key_W)
    assert canvas.fitted != before
    keys.press(Qt.Key.Key_Plus)
    assert canvas.fitted == ""
    keys.press(Qt.Key.Key_R, Qt.Key.Key_Minus, Qt.Key.Key_D)
    assert canvas.true_tone


def test_a_disabled_act_says_why_when_its_key_is_pressed(keys: Keys) -> None:
    at_the_desk(keys)
    keys.press(Qt.Key.Key_F9)
    assert keys.window.action_bar.reason().startswith("还差")


def test_dropped_files_go_to_the_chosen_line(keys: Keys, screen: IntakeScreen, presenter: IntakePresenter) -> None:
    at_the_desk(keys)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/papers/form.pdf"), QUrl("https://example.invalid/x.pdf")])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    screen.desk.viewer.dropEvent(event)
    assert len(presenter.state.draft.line("M301").pages) == 1


def test_a_failure_is_a_strip_that_blocks_nothing(
    keys: Keys, screen: IntakeScreen, presenter: IntakePresenter, gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(keys)

    def fail(*_: object) -> None:
        raise SurroundingsError("disk_full", "磁盘满了。", safe="已登记的没有丢失。", todo="请清理磁盘。")

    monkeypatch.setattr(gateways.intake, "save", fail)
    keys.press(Qt.Key.Key_F8)
    strip = screen._trouble
    assert strip.isVisible()
    assert "已登记的没有丢失" in strip.accessibleName()
    keys.press(Qt.Key.Key_F8)
    assert presenter.state.draft.line("M303").verdict is Verdict.MISSING


def test_a_half_done_case_survives_another_screen(keys: Keys, presenter: IntakePresenter, window: MainWindow) -> None:
    at_the_desk(keys)
    keys.press(Qt.Key.Key_F8)
    window.show_screen("cases")
    window.show_screen("intake")
    settle()
    assert presenter.state.draft.line("M301").verdict is Verdict.MISSING
