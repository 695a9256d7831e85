"""One entry of the ledger: every kind of fact by its name, and how a body becomes bytes.

A kind that this version does not know is kept as ``UnknownBody`` so that an older client never loses work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts.departments import (
    CaseDelivered,
    DeemedAccepted,
    LimitExtended,
    NoticeIssued,
    OpinionGiven,
    PaperFlagged,
    ReviewAnswered,
    ReviewClosed,
    ReviewOpened,
)
from ebp_desktop.domain.facts.filings import (
    AdviceGiven,
    CasePurged,
    CaseRegistered,
    ComplaintRegistered,
    CorrectionMade,
    DocumentReprinted,
    OnlinePaperChecked,
    OutageReported,
    PapersReturned,
    ScanSettled,
    SupplementRegistered,
    WithdrawalRequested,
)
from ebp_desktop.domain.facts.giving import (
    ApplicantNotified,
    CustodyMoved,
    LicenceHandedOver,
    LicenceScanned,
    MatterClosed,
    NoticeLost,
    NoticeTold,
)
from ebp_desktop.domain.facts.outcomes import (
    CodeAssigned,
    IssuerWithdrew,
    LicenceIssued,
    LicenceStatusChanged,
    WithdrawalRecorded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBody:
    """A kind that this version does not know, kept as it came."""

    kind: str
    raw: bytes


_OF_COUNTERS: dict[str, type] = {
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
}
_OF_CENTRAL: dict[str, type] = {
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
KINDS: dict[str, type] = _OF_COUNTERS | _OF_CENTRAL
# Kinds that only a counter may put forward; central makes all others itself.
COUNTER_KINDS = frozenset(_OF_COUNTERS)
_KIND_OF = {body: kind for kind, body in KINDS.items()}

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
