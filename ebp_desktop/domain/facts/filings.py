"""Facts of the counter about a filing: registered, supplemented, corrected, returned, withdrawn, purged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain.facts.terms import Answer, Consent, FieldChange, MatterTerms, ReturnedPaper
from ebp_desktop.domain.material import MaterialLine, Page
from ebp_desktop.domain.project import Handler, Party, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered:
    """收件登记 (Art. 5, 6): one filing of one stage with all its matters and lines."""

    ref: UUID
    registration_no: str
    counter: str
    project: Project
    parties: tuple[Party, ...]
    handler: Handler
    stage: str
    stage_name: str
    guide: str
    guide_version: str
    guide_is_draft: bool
    lead_department: str
    stage_days: int
    answers: tuple[Answer, ...]
    matters: tuple[MatterTerms, ...]
    lines: tuple[MaterialLine, ...]
    received_at: datetime
    online: bool = False
    consent: Consent = Consent()
    pickup: str = "window"
    declared_not_secret: bool = True
    project_type_name: str = ""

    @property
    def applicant(self) -> Party:
        """The first party, who applies."""
        return self.parties[0]

    @property
    def lacking(self) -> tuple[MaterialLine, ...]:
        """Lines that the slip names as missing or defective."""
        return tuple(line for line in self.lines if line.is_lacking)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRegistered:
    """补正材料登记 (Art. 8): a hand-in against notices; ``complete`` names the matters whose list is now whole."""

    receipt_no: str
    notices: tuple[UUID, ...]
    lines: tuple[MaterialLine, ...]
    complete: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionMade:
    """当场更正 (Art. 7(4)): signed by the applicant, clocks untouched."""

    paper_no: str
    changes: tuple[FieldChange, ...]
    reason: str
    at: datetime
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersReturned:
    """退件 (Art. 4): originals go back against signature."""

    paper_no: str
    matters: tuple[str, ...]
    reason: str
    papers: tuple[ReturnedPaper, ...]
    at: datetime
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested:
    """撤件 by the applicant; effective when central records it."""

    paper_no: str
    matters: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettled:
    """A scan that was owed is there now."""

    material: str
    pages: tuple[Page, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlinePaperChecked:
    """网上件核对/收取 (Art. 26): one flagged paper was looked at or kept."""

    matter: str
    material: str
    kept: bool
    agrees: bool
    pages: tuple[Page, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRegistered:
    """投诉 taken at the window (Art. 33)."""

    complaint_no: str
    about: str
    text: str
    complainant: str
    phone: str
    anonymous: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven:
    """咨询告知: a numbered slip without a state; it replaces nothing."""

    advice_no: str
    stage: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReported:
    """接口故障 (Art. 34(6)): since when, until when, and how it was noticed."""

    started_at: datetime
    ended_at: datetime
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePurged:
    """A secret matter leaves no trace (rule 10): keys are destroyed, the ledger keeps an opaque id and this act."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReprinted:
    """补打: the same bytes again, counted."""

    number: str
    times: int
    at: datetime
