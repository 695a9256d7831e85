"""What a screen can show, as plain values without Qt: presenters make them, views and delegates draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mark(StrEnum):
    """A state's glyph; each has its own outline, so that it reads without colour."""

    OK = "ok"
    OPEN = "open"
    NOW = "now"
    MISSING = "missing"
    BAD = "bad"
    FIX = "fix"
    WARN = "warn"
    DANGER = "danger"
    PAUSE = "pause"
    SEND = "send"
    PARK = "park"
    SHARE = "share"
    CLOCK = "clock"
    NONE = "none"
    BOX = "box"
    SHIELD = "shield"


class Tone(StrEnum):
    """Text tones a cell may use; they are names of colour tokens."""

    TEXT = "text"
    SUPPORT = "text2"
    LABEL = "text3"
    DANGER = "danger"
    WARN = "warn"
    OK = "ok"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: glyph, word and colour, always together."""

    mark: Mark
    word: str


@dataclass(frozen=True, slots=True)
class Words:
    """One or two lines of text in a cell."""

    main: str
    sub: str = ""
    tone: Tone = Tone.TEXT
    strong: bool = False
    sub_tone: Tone = Tone.LABEL


@dataclass(frozen=True, slots=True)
class Count:
    """Copies due and received; ``keep`` is 收 or 验, ``waived`` says 免交, ``coming`` that nothing is amiss yet."""

    due: int
    got: int = 0
    keep: str = ""
    waived: bool = False
    coming: bool = False

    @property
    def short(self) -> bool:
        """Whether the counter still lacks copies."""
        return not self.waived and not self.coming and self.got < self.due


@dataclass(frozen=True, slots=True)
class Bar:
    """A small clock: shares of the whole between 0 and 1; the pause is hatched where it was."""

    used: float
    mark: Mark = Mark.NOW
    pause: tuple[float, float] | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A cell that has nothing to say; shown as a dash."""


Cell = Words | Badge | Count | Bar | Nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list or table; ``key`` is what the presenter knows it by."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading between rows."""

    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something the clerk may do now; a disabled act keeps its place and ``why`` says what stands in the way."""

    name: str
    key: str
    label: str
    primary: bool = False
    enabled: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class ActionBar:
    """The foot of a screen: where one stands, the consequence in words, and the acts; the last one is the next act."""

    mark: Mark = Mark.NONE
    head: str = ""
    detail: str = ""
    acts: tuple[Act, ...] = ()

    def primary(self) -> Act | None:
        """The next act, if there is one."""
        return next((act for act in self.acts if act.primary), None)

    def named(self, name: str) -> Act | None:
        """The act of that name, if it is offered."""
        return next((act for act in self.acts if act.name == name), None)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure in the clerk's words: what happened, what is safe, what to do now."""

    message: str
    safe: str = ""
    todo: str = ""
    missing: tuple[str, ...] = ()


class PauseKind(StrEnum):
    """Why a clock stands still; each is hatched in its own way."""

    SUPPLEMENT = "supplement"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a clock stood still, both ends included."""

    first: date
    last: date
    kind: PauseKind


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock of a case; without ``start`` it has not begun, without ``due`` it cannot be computed."""

    name: str
    detail: str
    badge: Badge
    note: str = ""
    start: date | None = None
    due: date | None = None
    ended: date | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockBoard:
    """All clocks of a case with the days that do not count; ``source`` names the calendar."""

    today: date
    rows: tuple[ClockRow, ...] = ()
    days_off: frozenset[date] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history."""

    day: str
    time: str
    mark: Mark
    what: str
    detail: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class BarPair:
    """One day of the small chart: received and closed."""

    label: str
    received: int
    closed: int


class Step(StrEnum):
    """How far a step of a flow has come."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick by its number key; ``value`` is what the service knows it by."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as the viewer needs it: encoded image bytes are read by the gateway, off the window's thread."""

    key: str
    label: str
    facts: str = ""
    finding: str = ""
    place: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One form field: label, value, and what validation has to say about it."""

    name: str
    label: str
    value: str = ""
    mark: Mark = Mark.NONE
    note: str = ""
    readonly: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class FormPart:
    """A titled part of a form."""

    title: str
    fields: tuple[FieldShown, ...]
    hint: str = ""
