"""Facts of central on the way to a decision: delivery, opinions, notices, limits, joint review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.facts.terms import NoticeKind, Remedies, SupplementItem
from ebp_desktop.domain.states import Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelivered:
    """Central fanned the case out to every department in one transaction (Art. 5)."""

    departments: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven:
    """A department's opinion on one matter (Art. 7–9)."""

    matter: str
    opinion: Opinion
    department: str
    reviewer: str
    at: datetime
    items: tuple[SupplementItem, ...] = ()
    due: date | None = None
    reason: str = ""
    ground: str = ""
    authority: str = ""
    basis: str = ""
    finding: str = ""
    procedure: str = ""
    approved_by: str = ""
    expected: Limit | None = None
    complete: bool = True
    in_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeIssued:
    """文书: a numbered paper of a department (文号 by central only), ready to be printed at any counter."""

    notice: UUID
    kind: NoticeKind
    document_no: str
    matter: str
    department: str
    department_name: str
    issued_at: datetime
    token: str
    deemed: bool = False
    accepted_on: date | None = None
    due_on: date | None = None
    promised: Limit | None = None
    items: tuple[SupplementItem, ...] = ()
    submit_by: date | None = None
    reason: str = ""
    ground: str = ""
    authority: str = ""
    basis: str = ""
    finding: str = ""
    procedure: str = ""
    approved_by: str = ""
    expected: Limit | None = None
    former_due: date | None = None
    after_acceptance: bool = False
    remedies: Remedies = Remedies()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeemedAccepted:
    """视为受理 by rule of Art. 7(2), as of the received day."""

    matter: str
    accepted_on: date
    due_was: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitExtended:
    """The lead's decision to extend (Art. 14), with its cap and notice."""

    matter: str
    days: int
    reason: str
    decided_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOpened:
    """联合技术审查 opened by the lead (Art. 16)."""

    review: UUID
    name: str
    departments: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswered:
    """One department's answer; "no opinion" is an explicit value, silence is none."""

    review: UUID
    department: str
    no_opinion: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClosed:
    """The lead's consolidated opinion."""

    review: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFlagged:
    """核对/收取 asked by a department for an online filing (Art. 26)."""

    matter: str
    material: str
    keep: bool
    at: datetime
