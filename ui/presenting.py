"""The Qt-free half of every screen: a presenter keeps a frozen state and asks a gateway in the background."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from ebp_desktop.domain.errors import EbpError
from ui.shown import ActionBar, Trouble

State = TypeVar("State")
Result = TypeVar("Result")
Translate = Callable[[str, str], str]


class Lane(StrEnum):
    """Where work runs: one thread for the store, so that acts keep their order, and another for pictures."""

    STORE = "store"
    IMAGES = "images"


class Tasks(Protocol):
    """Runs work off the window's thread and brings the result back to it."""

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[EbpError], None],
        lane: Lane = Lane.STORE,
    ) -> None:
        """Run ``work``; call ``done`` or ``failed`` on the window's thread."""
        ...


class ImmediateTasks:
    """Runs work at once on the caller's thread; for commands and tests without a window."""

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[EbpError], None],
        lane: Lane = Lane.STORE,
    ) -> None:
        """Run and report."""
        try:
            result = work()
        except EbpError as error:
            failed(error)
            return
        done(result)


class Speaking:
    """Anything that makes words for people; the translator is handed in, the source is Chinese."""

    _translate: Translate | None = None

    def speak_with(self, translate: Translate) -> None:
        """Use a translator of (context, source)."""
        self._translate = translate

    def tr(self, source: str) -> str:
        """The words in the language in force."""
        return self._translate(type(self).__name__, source) if self._translate else source


def trouble_of(error: EbpError) -> Trouble:
    """A failure as a screen shows it."""
    missing = tuple(f"{item.line}：{item.what}" if item.line else item.what for item in error.missing)
    return Trouble(error.message, error.safe, error.todo, missing)


class Presenter(Speaking, Generic[State]):
    """Base of all presenters.

    ``bind`` names the view's render function and the frame's navigation; until then states are only kept. A newer
    request of the same kind makes an older answer void, so that a slow search never overwrites a later one.
    """

    def __init__(self, state: State, tasks: Tasks) -> None:
        self._state = state
        self._tasks = tasks
        self._render: Callable[[State], None] | None = None
        self._go: Callable[[str, str], None] | None = None
        self._asked: dict[str, int] = {}
        self.trouble: Trouble | None = None
        self.busy = 0

    @property
    def state(self) -> State:
        """What is shown now."""
        return self._state

    def bind(self, render: Callable[[State], None], go: Callable[[str, str], None] | None = None) -> None:
        """Show every state by ``render``; ``go`` opens another screen with something to find there."""
        self._render, self._go = render, go
        render(self._state)

    def enter(self) -> None:
        """The screen is shown."""

    def find(self, text: str) -> None:
        """Something was looked for that belongs to this screen."""

    def act(self, name: str) -> None:
        """An act of the action bar."""

    def bar(self) -> ActionBar:
        """The action bar for the state."""
        return ActionBar()

    def go(self, screen: str, text: str = "") -> None:
        """Open another screen."""
        if self._go is not None:
            self._go(screen, text)

    def show(self, state: State) -> None:
        """Keep a state and draw it."""
        self._state = state
        if self._render is not None:
            self._render(state)

    def ask(self, kind: str, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        """Run work in the background; failures are shown in words, stale answers dropped."""
        turn = self._asked.get(kind, 0) + 1
        self._asked[kind] = turn
        self.busy += 1

        def arrived(result: Result) -> None:
            self.busy -= 1
            if self._asked[kind] == turn:
                self.trouble = None
                done(result)

        def failed(error: EbpError) -> None:
            self.busy -= 1
            if self._asked[kind] == turn:
                self.fail(trouble_of(error))

        self._tasks.run(work, arrived, failed)

    def fail(self, trouble: Trouble) -> None:
        """Say what went wrong; the state stays as it was."""
        self.trouble = trouble
        self.show(self._state)

    def forget_trouble(self) -> None:
        """The words were read."""
        if self.trouble is not None:
            self.trouble = None
            self.show(self._state)
