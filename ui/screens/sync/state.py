"""What 同步 shows."""

from __future__ import annotations

from dataclasses import dataclass

from ui.shown import Badge, Bar, Mark


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact on its way: when, what in words, the unseen clock, its state."""

    key: str
    time: str
    what: str
    note: str
    state: Badge
    clock: Bar | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """A fact that central did not take: what happened, what is safe, what to do; the field that may be mended."""

    key: str
    title: str
    happened: str
    safe: str
    todo: str
    field: str = ""
    old: str = ""
    reason: str = ""
    fixable: bool = False


@dataclass(frozen=True, slots=True)
class SyncView:
    """The queue as of now."""

    online: bool = True
    facts: str = ""
    next_try: str = ""
    waiting: tuple[FactRow, ...] = ()
    delivered: tuple[FactRow, ...] = ()
    delivered_count: str = ""
    offline_acts: tuple[tuple[str, Mark, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SyncState:
    """The queue, the chosen fact, and the mending of a parked one."""

    view: SyncView = SyncView()
    chosen: str = ""
    parked: Parked | None = None
    value: str = ""
    basis: str = ""
    outcome: str = ""
    loaded: bool = False

    @property
    def refused(self) -> tuple[FactRow, ...]:
        """Facts that wait for a person."""
        return tuple(row for row in self.view.waiting if row.parked)
