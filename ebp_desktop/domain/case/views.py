"""What a case looks like: frozen views of matters, notices, licences and lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.material import MaterialLine
from ebp_desktop.domain.project import Project
from ebp_desktop.domain.states import MatterState, Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """One entry of a matter's national status log."""

    state: MatterState
    at: datetime
    fact: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A stretch in which the promised limit stands still; ``until`` is open while it lasts."""

    since: date
    until: date | None
    special: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCase:
    """办件: one matter inside one application."""

    terms: f.MatterTerms
    state: MatterState = MatterState.RECEIVED
    changes: tuple[StateChange, ...] = ()
    first_opinion_at: datetime | None = None
    told_at: datetime | None = None
    accepted_on: date | None = None
    deemed: bool = False
    suspensions: tuple[Suspension, ...] = ()
    supplement_items: tuple[f.SupplementItem, ...] = ()
    first_items: tuple[f.SupplementItem, ...] = ()
    submit_by: date | None = None
    complete_since: datetime | None = None
    decision: Opinion | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    extension_days: int = 0

    @property
    def is_open(self) -> bool:
        """Something is still due from the department."""
        return not self.state.is_final

    @property
    def is_supplement_due(self) -> bool:
        """The applicant owes papers."""
        return self.state is MatterState.SUPPLEMENT_OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A numbered paper with what became of it."""

    issued: f.NoticeIssued
    told: f.NoticeTold | None = None
    void: bool = False
    used: bool = False

    @property
    def is_to_tell(self) -> bool:
        """It waits for the applicant."""
        return self.told is None and not self.void


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """One paper copy of a licence: who holds it, or to whom it went."""

    copy_no: int
    kind: str
    holder: str
    place: str = ""
    handed_over: f.LicenceHandedOver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceView:
    """A result document with its status, scan and copies."""

    issued: f.LicenceIssued
    status: f.LicenceStatus = f.LicenceStatus.VALID
    status_reason: str = ""
    scans: tuple[f.LicenceScanned, ...] = ()
    copies: tuple[CopyView, ...] = ()
    electronic_out: f.LicenceHandedOver | None = None

    @property
    def has_scan(self) -> bool:
        """The department's scan, or ours with its digest confirmed (Art. 21)."""
        return any(scan.by_department or scan.confirmed for scan in self.scans)

    @property
    def is_out(self) -> bool:
        """Every copy has left the counter."""
        if self.copies:
            return all(copy.handed_over is not None for copy in self.copies)
        return self.electronic_out is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A fact that the state did not allow, kept for the lead."""

    fact: UUID
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One application as its facts make it."""

    id: UUID
    registered: f.CaseRegistered
    project: Project
    lines: tuple[MaterialLine, ...]
    matters: tuple[MatterCase, ...]
    facts: tuple[f.Fact, ...]
    notices: tuple[NoticeView, ...] = ()
    licences: tuple[LicenceView, ...] = ()
    supplements: tuple[f.SupplementRegistered, ...] = ()
    corrections: tuple[f.CorrectionMade, ...] = ()
    returned: tuple[f.PapersReturned, ...] = ()
    withdrawals: tuple[f.WithdrawalRequested, ...] = ()
    notifications: tuple[f.ApplicantNotified, ...] = ()
    handovers: tuple[f.LicenceHandedOver, ...] = ()
    losses: tuple[f.NoticeLost, ...] = ()
    flags: tuple[f.PaperFlagged, ...] = ()
    papers_checked: tuple[f.OnlinePaperChecked, ...] = ()
    delivered: f.CaseDelivered | None = None
    purged: bool = False
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_open(self) -> bool:
        """An application is open until every matter has come to its end."""
        return any(matter.is_open for matter in self.matters)

    def matter(self, code: str) -> MatterCase:
        """The matter with this code; raises KeyError when the application does not have it."""
        for matter in self.matters:
            if matter.terms.code == code:
                return matter
        raise KeyError(code)

    def notice(self, notice: UUID) -> NoticeView | None:
        """The notice with this id."""
        return next((view for view in self.notices if view.issued.notice == notice), None)

    def licence(self, licence: UUID) -> LicenceView | None:
        """The licence with this id."""
        return next((view for view in self.licences if view.issued.licence == licence), None)

    def acceptance_notice(self, matter: str) -> NoticeView | None:
        """The 受理通知书 of a matter: the one that releases its licences (Art. 23)."""
        wanted = [n for n in self.notices if n.issued.kind is f.NoticeKind.ACCEPTANCE and n.issued.matter == matter]
        return wanted[-1] if wanted else None

    def line(self, material: str) -> MaterialLine | None:
        """The checklist line of a material."""
        return next((line for line in self.lines if line.material == material), None)
