"""Facts of the counter about what reaches the applicant: notices told, results kept, handed over and lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain.facts.terms import Channel, LicenceCopy, StruckCopy
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.states import MatterState


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTold:
    """告知: the act by which a notice reached the applicant, with evidence."""

    notice: UUID
    channel: Channel
    at: datetime
    recipient: str
    content: str = ""
    signature: str = ""
    evidence: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceScanned:
    """A paper licence was scanned (Art. 21); the counter's own scan counts once the department confirmed its digest."""

    licence: UUID
    pages: tuple[Page, ...]
    by_department: bool
    confirmed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterClosed:
    """办结 (Art. 20, 21, 29)."""

    matter: str
    state: MatterState
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyMoved:
    """保管: a kept original or a licence copy changes hands; ``item`` is a licence id with copy, or a material id."""

    item: str
    name: str
    from_holder: str
    to_holder: str
    place: str
    slip_no: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantNotified:
    """通知领证 (Art. 22): one attempt with its outcome."""

    matters: tuple[str, ...]
    channel: Channel
    address: str
    reached: bool
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceHandedOver:
    """领证 (Art. 23, 24): copies out against the acceptance notice or both proofs of its loss."""

    receipt_no: str
    notice: UUID
    copies: tuple[LicenceCopy, ...]
    recipient: str
    recipient_role: str
    id_type: str
    id_number: str
    phone: str
    at: datetime
    status_checked_at: datetime
    offline: bool = False
    loss: UUID | None = None
    signature: str = ""
    evidence: tuple[Page, ...] = ()
    struck: tuple[StruckCopy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLost:
    """通知书遗失 (Art. 24): the stamped statement and the collector's ID copy, both scanned; the notice is void."""

    notice: UUID
    stated_unit: str
    seal_legible: bool
    statement: tuple[Page, ...]
    id_copy: tuple[Page, ...]
    at: datetime
