"""What 领证 shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.shown import Badge, Mark


class Answer(StrEnum):
    """What a scanned notice is worth."""

    GENUINE = "genuine"
    VOID = "void"
    USED = "used"
    UNKNOWN = "unknown"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy that the notice releases, or why it may not go out now."""

    key: str
    name: str
    note: str
    count: int
    place: str
    place_note: str
    state: Badge
    may_go: bool


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of the case beside the licence's own record."""

    field: str
    in_case: str
    on_licence: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.in_case.strip() == self.on_licence.strip()


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """The verdict on a scan and what it releases."""

    answer: Answer
    head: str
    detail: str
    reasons: tuple[tuple[Mark, str], ...] = ()
    facts: str = ""
    copies: tuple[CopyRow, ...] = ()
    pairs: tuple[FieldPair, ...] = ()
    recipient: str = ""
    id_number: str = ""
    phone: str = ""
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Collector:
    """Who collects which copies, with the signature as a PNG."""

    code: str
    recipient: str
    id_number: str
    phone: str
    copies: tuple[str, ...]
    signature: bytes


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A licence that waits here, before any notice is scanned."""

    key: str
    title: str
    note: str
    state: Badge


@dataclass(frozen=True, slots=True)
class PickupState:
    """What waits, what was scanned, who collects."""

    ready: tuple[ReadyRow, ...] = ()
    code: str = ""
    check: NoticeCheck | None = None
    copy: str = ""
    recipient: str = ""
    id_number: str = ""
    phone: str = ""
    signed: bool = False
    outcome: str = ""
    loaded: bool = False

    @property
    def going(self) -> tuple[CopyRow, ...]:
        """Copies that may go out now."""
        return tuple(copy for copy in self.check.copies if copy.may_go) if self.check else ()
