"""今日 without Qt: loads the day, keeps the choice, says what to do first."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.today.state import Danger, TodayState, TodayView
from ui.shown import Act, ActionBar, Mark


class TodayGateway(Protocol):
    """Where the day comes from."""

    def today(self) -> TodayView:
        """The day at this counter as of now."""
        ...

    def call_next(self) -> TodayView:
        """Call the next number of the queue and give the day after it."""
        ...


class TodayPresenter(Presenter[TodayState]):
    """Dangers first; Enter opens the one that is chosen."""

    def __init__(self, gateway: TodayGateway, tasks: Tasks) -> None:
        super().__init__(TodayState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load the day anew."""
        self.ask("day", self._gateway.today, self._loaded)

    def _loaded(self, view: TodayView) -> None:
        keys = [danger.key for danger in view.dangers]
        chosen = self.state.chosen if self.state.chosen in keys else next(iter(keys), "")
        self.show(TodayState(view, chosen, loaded=True))

    def choose(self, key: str) -> None:
        """Another danger is chosen."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key))

    def open_danger(self, key: str) -> None:
        """Go where the danger is mended."""
        danger = next((danger for danger in self.state.view.dangers if danger.key == key), None)
        if danger is not None:
            self.go(danger.screen or "cases", danger.key)

    def open_item(self, key: str, screen: str) -> None:
        """Go where a waiting thing is dealt with."""
        self.go(screen, key)

    def act(self, name: str) -> None:
        """The acts of the bar."""
        match name:
            case "intake":
                self.go("intake")
            case "tell":
                self.go("notices")
            case "pickup":
                self.go("pickup")
            case "call":
                self.ask("call", self._gateway.call_next, self._loaded)
            case "open":
                self.open_danger(self.state.chosen)

    def bar(self) -> ActionBar:
        """The chosen danger in words; without one, the day is calm."""
        danger, queue = self.state.danger, self.state.view.queue
        acts = [
            Act("tell", "F6", self.tr("告知")),
            Act("pickup", "F7", self.tr("发证")),
        ]
        if queue is not None:
            acts.append(Act("call", "F9", self.tr("叫下一号")))
        if danger is None:
            acts.append(Act("intake", "F5", self.tr("收新件"), primary=True))
            head = self.tr("没有今天必须办的事") if self.state.loaded else self.tr("正在取今天的事")
            return ActionBar(
                Mark.OK if self.state.loaded else Mark.CLOCK, head, self.tr("按 F5 收新件，或在上方扫码"), tuple(acts)
            )
        acts.insert(0, Act("intake", "F5", self.tr("收新件")))
        acts.append(Act("open", "Enter", danger.next_label or self.tr("打开办件"), primary=True))
        return ActionBar(
            Mark.DANGER if danger.urgent else Mark.WARN,
            self._first(danger),
            danger.next_detail or danger.consequence,
            tuple(acts),
        )

    def _first(self, danger: Danger) -> str:
        words = danger.next_act or f"{danger.project}，{danger.why}"
        return self.tr("先办：{what}").format(what=words)
