"""What 今日 shows."""

from __future__ import annotations

from dataclasses import dataclass

from ui.shown import Badge, Bar, BarPair


@dataclass(frozen=True, slots=True)
class Danger:
    """A clock at risk: which matter, why it hurries, what happens otherwise, how much time is left."""

    key: str
    project: str
    matter: str
    state: Badge
    why: str
    consequence: str
    left: str
    bar: Bar
    urgent: bool = False
    screen: str = ""
    next_act: str = ""
    next_detail: str = ""
    next_label: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that waits: words, a note, its state."""

    key: str
    title: str
    note: str
    state: Badge


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person in the queue."""

    number: str
    purpose: str
    since: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The hall's queue, where the hall has a machine for it."""

    total: int
    now: str
    now_since: str
    next: tuple[Waiting, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the day's tally."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """Everything the gateway knows of this day at this counter."""

    facts: str = ""
    dangers: tuple[Danger, ...] = ()
    to_tell: tuple[Item, ...] = ()
    to_hand_over: tuple[Item, ...] = ()
    others: tuple[Item, ...] = ()
    tally: tuple[Figure, ...] = ()
    days: tuple[BarPair, ...] = ()
    queue: Queue | None = None


@dataclass(frozen=True, slots=True)
class TodayState:
    """The day, and the danger that is chosen."""

    view: TodayView = TodayView()
    chosen: str = ""
    loaded: bool = False

    @property
    def danger(self) -> Danger | None:
        """The chosen danger."""
        return next((danger for danger in self.view.dangers if danger.key == self.chosen), None)
