"""What 办件 shows."""

from __future__ import annotations

from dataclasses import dataclass

from ui.shown import Act, Badge, ClockBoard, Event, Mark


@dataclass(frozen=True, slots=True)
class Hit:
    """One case in the list of results."""

    key: str
    name: str
    number: str
    state: Badge


@dataclass(frozen=True, slots=True)
class Hits:
    """A keyset page of results; ``more`` is the key of the next one, empty at the end."""

    rows: tuple[Hit, ...] = ()
    more: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper or licence of the case."""

    key: str
    title: str
    note: str
    state: Badge


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case as it stands."""

    key: str
    name: str
    facts: str
    state: Badge
    clocks: ClockBoard
    events: tuple[Event, ...] = ()
    papers: tuple[PaperShown, ...] = ()
    head: str = ""
    consequence: str = ""
    mark: Mark = Mark.NONE
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesState:
    """What was looked for, what was found, the case in view."""

    looked_for: str = ""
    hits: tuple[Hit, ...] = ()
    more: str = ""
    total: str = ""
    chosen: str = ""
    detail: CaseDetail | None = None
    paper: str = ""
    outcome: str = ""
    loaded: bool = False
