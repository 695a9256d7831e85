"""What 补正 shows."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain.material import MaterialLine
from ui.shown import Badge, Mark


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One notice whose papers are still owed."""

    key: str
    title: str
    note: str
    state: Badge


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One line of the notice: what is wrong, what is asked, and whether it was handed in since."""

    line: MaterialLine
    problem: str
    demand: str = ""
    satisfied: bool = False


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """The chosen notice with its lines."""

    key: str
    case: str
    title: str
    facts: tuple[tuple[str, str, Mark], ...]
    lines: tuple[OwedLine, ...]
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class HandInShown:
    """What a hand-in made, in words."""

    receipt_no: str
    words: str


@dataclass(frozen=True, slots=True)
class SupplementState:
    """The list, the chosen notice, and the hand-in on the desk."""

    rows: tuple[OwedRow, ...] = ()
    chosen: str = ""
    notice: OwedNotice | None = None
    line: str = ""
    page: str = ""
    outcome: str = ""
    refused: str = ""
    loaded: bool = False

    @property
    def owed(self) -> OwedLine | None:
        """The chosen line."""
        lines = self.notice.lines if self.notice else ()
        return next((owed for owed in lines if owed.line.material == self.line), None)
