"""The windows put together: the seat behind every screen, opened for a clerk or drawn offscreen for the day."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from ebp_desktop.bootstrap.agent import require_session
from ebp_desktop.bootstrap.demo import demonstrated
from ebp_desktop.bootstrap.home import clock_of
from ebp_desktop.bootstrap.seat import CounterSeat
from ui import theme as looks
from ui.app import CounterApp, Gateways, application, build_window
from ui.gateways.frame import FrameFacts, Gatekeeper, Lookup
from ui.gateways.intake import Intake
from ui.gateways.machine import MachineSettings, SyncQueue
from ui.gateways.overview import CaseFacts, TodayFacts
from ui.gateways.pages import Pages
from ui.gateways.papers import Notices, Pickup, Supplements
from ui.main_window import MainWindow
from ui.screens.intake.presenter import IntakePresenter
from ui.screens.intake.state import Phase
from ui.screens.sign_in.view import Hint
from ui.snapshots import SIZES, Shot, draw, grab, settle, settled_by
from ui.tasks import BackgroundTasks
from ui.theme import LARGE_TEXT, Theme
from ui.tokens import ThemeName

IDLE_MS = 10 * 60 * 1000
_LOOK_NAME = "look.json"
_MOST_QUESTIONS = 30
_PAPERS = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})
_MOMENTS: dict[str, tuple[Shot, ...]] = {
    "sign_in": (Shot("01-today", "today"), Shot("02-settings", "settings")),
    "registered": (Shot("05-cases", "cases"), Shot("06-sync", "sync")),
    "notices": (Shot("07-notices", "notices"), Shot("08-today", "today")),
    "supplement": (Shot("09-supplement", "supplement"),),
    "case": (Shot("10-case", "cases"),),
    "pickup": (Shot("11-pickup", "pickup"), Shot("12-pickup-1366x768", "pickup", "", (1366, 768))),
    "end": (Shot("13-today", "today"), Shot("14-case", "cases")),
}


class Look(msgspec.Struct, frozen=True):
    """The look that was chosen at this counter."""

    theme: ThemeName = ThemeName.LIGHT
    large_text: bool = False


def gateways_of(seat: CounterSeat, home: Path, *, gated: bool) -> Gateways:
    """Every screen's gateway over one seat."""
    pages = Pages(seat)
    return Gateways(
        frame=FrameFacts(seat),
        lookup=Lookup(seat),
        today=TodayFacts(seat),
        intake=Intake(seat, pages),
        cases=CaseFacts(seat),
        notices=Notices(seat, pages),
        supplement=Supplements(seat, pages),
        pickup=Pickup(seat),
        sync=SyncQueue(seat),
        settings=MachineSettings(seat, lambda theme, large: _keep_look(home, theme, large_text=large)),
        sign_in=Gatekeeper(seat) if gated else None,
    )


def open_window(home: Path, hint: Hint | None = None) -> int:
    """The counter's window until it is closed; people sign in at its gate, which shows ``hint`` in a demo."""
    seat = CounterSeat(home)
    try:
        app = application()
        look = _kept_look(home)
        theme = Theme(look.theme, LARGE_TEXT if look.large_text else 1.0) if look else Theme(looks.preferred(app))
        looks.wear(app, theme)
        counter = CounterApp(gateways_of(seat, home, gated=True), idle_ms=IDLE_MS, hint=hint)
        counter.open()
        return counter.serve()
    finally:
        seat.close()


def open_demo(folder: Path) -> int:
    """The window on a demo home with a central that answers by itself; people and codes stand on the gate."""
    with demonstrated(folder) as demo:
        clock = clock_of(demo.identity)

        def people() -> str:
            lines = (f"{person.user}　{person.password}　{person.code(clock.now())}" for person in demo.people)
            return "演示人员（用户名　密码　动态口令）：\n" + "\n".join(lines)

        sys.stderr.write(people() + "\n")
        return open_window(demo.home, people)


def photograph(home: Path, moment: str) -> list[str]:
    """Draw the screens that belong to a named moment of the day; gives the files relative to the day's folder.

    ``moment`` is ``name:text``, the text being what to find on the screen. Needs a running session.
    """
    name, _, text = moment.partition(":")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application()
    looks.wear(app, Theme(ThemeName.LIGHT))
    seat = CounterSeat.of_session(home, require_session(home))
    tasks = BackgroundTasks()
    window = build_window(gateways_of(seat, home, gated=False), tasks)
    folder = home.parent / "screens"
    try:
        shots = tuple(Shot(s.name, s.screen, text or s.find, s.size) for s in _MOMENTS.get(name, ()))
        made = draw(window, shots, folder, tasks)
        if name == "intake":
            made = _photograph_intake(window, folder, tasks, home.parent / "papers")
    finally:
        window.close()
        window.deleteLater()
        settle()
        tasks.close()
        seat.close()
    return [str(path.relative_to(home.parent)) for path in made]


def _photograph_intake(window: MainWindow, folder: Path, tasks: BackgroundTasks, papers: Path) -> list[Path]:
    """Take a case in as far as its papers, draw two steps of it, and give the draft up again."""
    still = settled_by(tasks)
    window.resize(*SIZES[0])
    window.show()
    window.refresh_frame()
    window.show_screen("intake")
    settle(still)
    presenter = window.screen_named("intake").presenter
    assert isinstance(presenter, IntakePresenter)
    presenter.press_digit(1)
    presenter.press_digit(3)
    presenter.press_digit(1)
    settle(still)
    made = [grab(window, folder / "03-intake-project.png")]
    presenter.go_on()
    settle(still)
    for _ in range(_MOST_QUESTIONS):
        if all(group.picked for group in presenter.groups()):
            break
        presenter.press_digit(1)
        settle(still)
    presenter.go_on()
    settle(still)
    if presenter.state.phase is Phase.MATERIALS:
        files = tuple(str(path) for path in sorted(papers.glob("*")) if path.suffix.lower() in _PAPERS)[:2]
        presenter.take_files(files)
        settle(still)
    made.append(grab(window, folder / "04-intake-materials.png"))
    presenter.give_up()
    settle(still)
    return made


def _kept_look(home: Path) -> Look | None:
    path = home / _LOOK_NAME
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Look)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None


def _keep_look(home: Path, theme: str, *, large_text: bool) -> None:
    (home / _LOOK_NAME).write_bytes(msgspec.json.encode(Look(ThemeName(theme), large_text)))
