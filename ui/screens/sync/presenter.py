"""同步 without Qt: nothing is ever invisible, and a refused fact says what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.sync.state import Parked, SyncState, SyncView
from ui.shown import Act, ActionBar, Mark


class SyncGateway(Protocol):
    """The outbox in words."""

    def queue(self) -> SyncView:
        """The queue as of now."""
        ...

    def parked(self, key: str) -> Parked | None:
        """Why a fact is parked; None when it only waits."""
        ...

    def send_now(self) -> str:
        """Try to send at once; gives the outcome in words."""
        ...

    def resubmit(self, key: str, value: str, basis: str) -> str:
        """Queue a parked fact again, mended where a field may be; gives the outcome in words."""
        ...


class SyncPresenter(Presenter[SyncState]):
    """The queue, the parked ones first."""

    def __init__(self, gateway: SyncGateway, tasks: Tasks) -> None:
        super().__init__(SyncState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load the queue anew."""
        self.ask("queue", self._gateway.queue, self._loaded)

    def _loaded(self, view: SyncView) -> None:
        keys = [row.key for row in (*view.waiting, *view.delivered)]
        chosen = self.state.chosen if self.state.chosen in keys else next(iter(keys), "")
        state = replace(self.state, view=view, chosen=chosen, loaded=True)
        self.show(state)
        if chosen and (state.parked is None or state.parked.key != chosen):
            self._look_at(chosen)

    def choose(self, key: str) -> None:
        """Another fact."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key, parked=None, value="", basis="", outcome=""))
            self._look_at(key)

    def _look_at(self, key: str) -> None:
        if any(row.key == key and row.parked for row in self.state.view.waiting):
            self.ask("parked", lambda: self._gateway.parked(key), self._explained)

    def _explained(self, parked: Parked | None) -> None:
        if parked is not None and parked.key == self.state.chosen:
            self.show(replace(self.state, parked=parked, value=parked.old))

    def type_into(self, name: str, text: str) -> None:
        """The mended value, or what it rests on."""
        if name == "value":
            self.show(replace(self.state, value=text))
        elif name == "basis":
            self.show(replace(self.state, basis=text))

    def why_not(self) -> str:
        """What stands between a parked fact and the queue."""
        state, parked = self.state, self.state.parked
        if parked is None:
            return self.tr("这一件没有停")
        if not parked.fixable:
            return self.tr("这一件须由主管处理")
        if parked.field and state.value.strip() == parked.old.strip():
            return self.tr("改正后的值与原值相同")
        if parked.field and not state.basis.strip():
            return self.tr("还没有写依据")
        return ""

    def act(self, name: str) -> None:
        """Try now, or queue the mended fact."""
        if name == "send":
            self.ask("send", self._gateway.send_now, self._done)
        elif name == "resubmit" and not self.why_not():
            key, value, basis = self.state.chosen, self.state.value.strip(), self.state.basis.strip()
            self.ask("resubmit", lambda: self._gateway.resubmit(key, value, basis), self._mended)

    def _done(self, outcome: str) -> None:
        self._state = replace(self.state, outcome=outcome)
        self.enter()

    def _mended(self, outcome: str) -> None:
        self._state = SyncState(outcome=outcome, loaded=True)
        self.enter()

    def bar(self) -> ActionBar:
        """What a person must do, else that nothing needs watching."""
        state = self.state
        waiting, refused = len(state.view.waiting), len(state.refused)
        if state.parked is not None:
            why = self.why_not()
            acts = (
                Act("send", "F5", self.tr("现在试发")),
                Act("resubmit", "F9", self.tr("改正并排队重发"), primary=True, enabled=not why, why=why),
            )
            head = self.tr("{n} 件已停，改正后重新排队").format(n=refused)
            rest = self.tr("其余 {n} 件联网后自动发出，不用看守").format(n=waiting - refused)
            return ActionBar(Mark.PARK, head, state.outcome or why or rest, acts)
        alone = (Act("send", "F5", self.tr("现在试发"), primary=True),)
        if refused:
            head = self.tr("{n} 件已停，待改").format(n=refused)
            return ActionBar(Mark.PARK, head, self.tr("在列表中选中它，右边说明怎么改"), alone)
        if waiting:
            head = self.tr("{n} 件待发，联网后自动发出").format(n=waiting)
            return ActionBar(Mark.SEND, head, state.outcome or self.tr("全部已存本机，不用看守"), alone)
        return ActionBar(Mark.OK, self.tr("全部已送达"), state.outcome or state.view.facts, alone)
