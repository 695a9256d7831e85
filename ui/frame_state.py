"""What the frame around every screen shows: who serves where, whether central is reached, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from ui.shown import Badge


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail: the screen's name, its words, its icon, and how many things wait there."""

    name: str
    label: str
    icon: str
    badge: int = 0
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """The band: online in one quiet line, offline since when, what waits, what still works, what runs unseen."""

    online: bool = True
    head: str = ""
    facts: tuple[str, ...] = ()
    unseen: str = ""
    devices: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole frame."""

    hall: str = ""
    subtitle: str = ""
    operator: str = ""
    counter: str = ""
    time: str = ""
    day: str = ""
    demo: bool = False
    connection: Connection = field(default_factory=Connection)
    waiting: dict[str, int] = field(default_factory=dict)
    loud: frozenset[str] = frozenset()


class FrameGateway(Protocol):
    """Where the frame's facts come from."""

    def frame(self) -> Frame:
        """The frame as of now; cheap enough for every few seconds."""
        ...
