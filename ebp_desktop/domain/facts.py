"""The append-only ledger: what can happen to a case, as frozen bodies, and how they become bytes.

Facts of the counters and of central share one shape. Nothing is overwritten: every state is a projection (``case.py``).
A kind that this version does not know is kept as ``UnknownBody`` so that an older client never loses work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.material import MaterialLine, Page
from ebp_desktop.domain.project import Handler, Party, Project
from ebp_desktop.domain.states import MatterState, Nature, Opinion


class NoticeKind(StrEnum):
    """Papers that central numbers and a department answers for."""

    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement_notice"
    REFUSAL = "refusal"
    NOT_NEEDED = "not_needed"
    SPECIAL = "special"
    EXTENSION = "extension"
    DENIAL = "denial"
    APPROVAL = "approval"


class Channel(StrEnum):
    """How an applicant was reached."""

    SIGNED = "signed"
    ELECTRONIC = "electronic"
    CALL = "call"
    MESSAGE = "message"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return {"signed": "当面签收", "electronic": "电子送达", "call": "电话告知", "message": "短信告知"}[self.value]


class ResultForm(StrEnum):
    """结果形式: what a matter gives out."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    BOTH = "both"


class LicenceStatus(StrEnum):
    """证照状态 (Art. 19)."""

    VALID = "valid"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTerms:
    """What the guide in force on the received day says of one matter; it binds to the end (rule 13)."""

    code: str
    name: str
    department: str
    department_name: str
    nature: Nature
    promised: Limit | None = None
    statutory: Limit | None = None
    after: tuple[str, ...] = ()
    counts_from_prerequisite: bool = False
    result_form: ResultForm = ResultForm.ELECTRONIC
    result_name: str = ""
    deemed_acceptance: bool = True
    higher_authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one situation question."""

    question: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """电子送达 consent and address, confirmed on the slip."""

    given: bool = False
    address: str = ""


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
class SupplementItem:
    """补正 item: the line, what is wrong with it and what is asked."""

    material: str
    name: str
    problem: str
    demand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRegistered:
    """补正材料登记 (Art. 8): a hand-in against notices; ``complete`` names the matters whose list is now whole."""

    receipt_no: str
    notices: tuple[UUID, ...]
    lines: tuple[MaterialLine, ...]
    complete: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionMade:
    """当场更正 (Art. 7(4)): signed by the applicant, clocks untouched."""

    paper_no: str
    changes: tuple[FieldChange, ...]
    reason: str
    at: datetime
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPaper:
    """One returned original or copy with its count."""

    material: str
    name: str
    original: int
    copy: int


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
class ScanSettled:
    """A scan that was owed is there now."""

    material: str
    pages: tuple[Page, ...]
    at: datetime


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
class LicenceCopy:
    """One 正本 or 副本 of a licence."""

    licence: UUID
    copy_no: int
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckCopy:
    """A copy that was not handed over, and why (rule 8)."""

    licence: UUID
    reason: str


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
class Remedies:
    """救济途径 of a department, as dated data; a blank one means that the document cannot be issued."""

    review_body: str = ""
    review_term: str = ""
    court: str = ""
    suit_term: str = ""
    phone: str = ""
    complaint_phone: str = ""
    address: str = ""


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
class LicenceIssued:
    """证照 (Art. 18): electronic record, paper, or both; ``file`` is the electronic file kept whole."""

    licence: UUID
    matter: str
    form: ResultForm
    name: str
    number: str
    holder: str
    holder_code: str
    project_code: str
    issuer: str
    issued_on: date
    valid_until: date | None = None
    originals: int = 1
    duplicates: int = 0
    file: Page | None = None
    seal_verified: bool = False

    @property
    def paper_copies(self) -> int:
        """Copies that need custody; an electronic result has none (rule 6)."""
        return 0 if self.form is ResultForm.ELECTRONIC else self.originals + self.duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceStatusChanged:
    """Only the issuer changes or revokes (Art. 19)."""

    licence: UUID
    status: LicenceStatus
    reason: str
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
class WithdrawalRecorded:
    """Central recorded the applicant's withdrawal, before any decision."""

    matters: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerWithdrew:
    """撤回/撤销 by the issuer after 11; the licence is revoked at once."""

    matter: str
    state: MatterState
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAssigned:
    """The project's code where the counter had only a temporary number, or the canonical one of an alias."""

    project_code: str
    instead_of: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBody:
    """A kind that this version does not know, kept as it came."""

    kind: str
    raw: bytes


KINDS: dict[str, type] = {
    "case.registered": CaseRegistered,
    "supplement.registered": SupplementRegistered,
    "correction.made": CorrectionMade,
    "papers.returned": PapersReturned,
    "withdrawal.requested": WithdrawalRequested,
    "notice.told": NoticeTold,
    "scan.settled": ScanSettled,
    "licence.scanned": LicenceScanned,
    "matter.closed": MatterClosed,
    "custody.moved": CustodyMoved,
    "applicant.notified": ApplicantNotified,
    "licence.handed_over": LicenceHandedOver,
    "notice.lost": NoticeLost,
    "online.paper_checked": OnlinePaperChecked,
    "complaint.registered": ComplaintRegistered,
    "advice.given": AdviceGiven,
    "outage.reported": OutageReported,
    "case.purged": CasePurged,
    "document.reprinted": DocumentReprinted,
    "case.delivered": CaseDelivered,
    "opinion.given": OpinionGiven,
    "notice.issued": NoticeIssued,
    "matter.deemed_accepted": DeemedAccepted,
    "licence.issued": LicenceIssued,
    "licence.status_changed": LicenceStatusChanged,
    "limit.extended": LimitExtended,
    "withdrawal.recorded": WithdrawalRecorded,
    "issuer.withdrew": IssuerWithdrew,
    "code.assigned": CodeAssigned,
    "review.opened": ReviewOpened,
    "review.answered": ReviewAnswered,
    "review.closed": ReviewClosed,
    "paper.flagged": PaperFlagged,
}
_KIND_OF = {body: kind for kind, body in KINDS.items()}

# Kinds that only a counter may put forward; central makes all others itself.
COUNTER_KINDS = frozenset(list(KINDS)[: list(KINDS).index("case.delivered")])

Body = (
    CaseRegistered
    | SupplementRegistered
    | CorrectionMade
    | PapersReturned
    | WithdrawalRequested
    | NoticeTold
    | ScanSettled
    | LicenceScanned
    | MatterClosed
    | CustodyMoved
    | ApplicantNotified
    | LicenceHandedOver
    | NoticeLost
    | OnlinePaperChecked
    | ComplaintRegistered
    | AdviceGiven
    | OutageReported
    | CasePurged
    | DocumentReprinted
    | CaseDelivered
    | OpinionGiven
    | NoticeIssued
    | DeemedAccepted
    | LicenceIssued
    | LicenceStatusChanged
    | LimitExtended
    | WithdrawalRecorded
    | IssuerWithdrew
    | CodeAssigned
    | ReviewOpened
    | ReviewAnswered
    | ReviewClosed
    | PaperFlagged
    | UnknownBody
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry of the ledger; ``legal_at`` is the time that the law counts, ``recorded_at`` when it was written down.

    ``case_id`` is the aggregate (the application; complaints, advice and outages have one of their own), ``origin`` a
    counter number, a department code or "central", ``actor`` the person's user name.
    """

    id: UUID
    case_id: UUID
    kind: str
    legal_at: datetime
    recorded_at: datetime
    actor: str
    origin: str
    body: Body


def kind_of(body: Body) -> str:
    """The kind under which a body is stored and sent."""
    return body.kind if isinstance(body, UnknownBody) else _KIND_OF[type(body)]


def encode_body(body: Body) -> bytes:
    """JSON bytes of a body, stable for the same value."""
    return body.raw if isinstance(body, UnknownBody) else msgspec.json.encode(body, order="deterministic")


def decode_body(kind: str, raw: bytes) -> Body:
    """The body behind stored or received bytes; an unknown kind is kept raw.

    Raises BadInputError ``bad_fact`` when a known kind does not hold what it must.
    """
    wanted = KINDS.get(kind)
    if wanted is None:
        return UnknownBody(kind=kind, raw=raw)
    try:
        body: Body = msgspec.json.decode(raw, type=wanted)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError("bad_fact", f"记录内容不符合格式：{kind}", place=str(error)) from error
    return body
