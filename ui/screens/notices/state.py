"""What 通知 shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.shown import Badge, Bar, Mark, PageImage


class Reach(StrEnum):
    """How the applicant is told."""

    SIGNED = "signed"
    ELECTRONIC = "electronic"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One paper to tell."""

    key: str
    title: str
    note: str
    state: Badge
    bar: Bar | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """The chosen paper: its pages, who it is for, what happens if it is not told in time."""

    key: str
    title: str
    facts: tuple[tuple[str, str, Mark], ...]
    pages: tuple[PageImage, ...] = ()
    consequence: str = ""
    recipient: str = ""
    phone: str = ""
    consent_address: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """How the clerk says the applicant was told; ``signature`` is a PNG for a signed handover."""

    reach: Reach
    recipient: str
    content: str = ""
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class NoticesState:
    """The list, the chosen paper, and the telling as it is being recorded."""

    rows: tuple[NoticeRow, ...] = ()
    chosen: str = ""
    paper: NoticePaper | None = None
    reach: Reach = Reach.SIGNED
    recipient: str = ""
    content: str = ""
    signed: bool = False
    outcome: str = ""
    loaded: bool = False

    @property
    def row(self) -> NoticeRow | None:
        """The chosen row."""
        return next((row for row in self.rows if row.key == self.chosen), None)
