"""设置 without Qt: shows how every part stands and runs its tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.settings.state import Section, SettingsState
from ui.shown import Act, ActionBar, Mark

LOOK = "look"


class SettingsGateway(Protocol):
    """How every part stands."""

    def sections(self) -> tuple[Section, ...]:
        """All parts but the look, which is the window's own."""
        ...

    def do(self, section: str, act: str) -> str:
        """Run a part's act; gives the outcome in words."""
        ...

    def keep_look(self, theme: str, large_text: bool) -> None:
        """Remember the look that was chosen."""
        ...


class SettingsPresenter(Presenter[SettingsState]):
    """One part in view."""

    def __init__(self, gateway: SettingsGateway, tasks: Tasks, theme: str = "light", large_text: bool = False) -> None:
        super().__init__(SettingsState(chosen=LOOK, theme=theme, large_text=large_text), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load how everything stands."""
        self.ask("sections", self._gateway.sections, self._loaded)

    def _loaded(self, sections: tuple[Section, ...]) -> None:
        keys = [section.key for section in sections]
        chosen = self.state.chosen if self.state.chosen in (*keys, LOOK) else LOOK
        self.show(replace(self.state, sections=sections, chosen=chosen, loaded=True))

    def choose(self, key: str) -> None:
        """Another part."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key, outcome=""))

    def choose_look(self, theme: str, large_text: bool) -> None:
        """Wear another look and remember it."""
        self.show(replace(self.state, theme=theme, large_text=large_text))
        self.ask("look", lambda: self._gateway.keep_look(theme, large_text), lambda _: None)

    def act(self, name: str) -> None:
        """A part's act."""
        section = self.state.section
        if section is not None and any(act.name == name for act in section.acts):
            self.ask("do", lambda: self._gateway.do(section.key, name), self._done)

    def _done(self, outcome: str) -> None:
        self._state = replace(self.state, outcome=outcome)
        self.enter()

    def bar(self) -> ActionBar:
        """The part's acts."""
        section = self.state.section
        if section is None:
            words = self.tr("外观立即生效，随本机保存")
            return ActionBar(Mark.OK, self.tr("外观"), words)
        acts: tuple[Act, ...] = section.acts
        return ActionBar(
            section.state.mark, f"{section.title}：{section.state.word}", self.state.outcome or section.note, acts
        )
