"""Issuing a department's paper: number, dates, signed token; the window prints and tells it (Art. 7, 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from central.acts.desk import Desk
from central.people.directory import find_unit
from central.runtime import new_id
from central.store.numbers import next_document_no
from ebp_desktop.crypto.tokens import TokenBody, encode
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CalendarYearMissing, china_day
from ebp_desktop.domain.case import MatterCase
from ebp_desktop.domain.clocks import limit_due
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.states import Nature

# Papers that turn an applicant of a licence away name the ways to appeal (domain.md, words on paper).
_NEEDS_REMEDIES = frozenset({f.NoticeKind.REFUSAL, f.NoticeKind.DENIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What a paper says beyond its matter and department."""

    kind: f.NoticeKind
    accepted_on: date | None = None
    deemed: bool = False
    items: tuple[f.SupplementItem, ...] = ()
    submit_by: date | None = None
    reason: str = ""
    ground: str = ""
    authority: str = ""


def issue_notice(desk: Desk, matter: MatterCase, text: NoticeText, *, department: str = "") -> f.NoticeIssued:
    """Number, sign and record a paper of the matter's department (or of ``department``, for the lead's).

    Raises RefusedError ``remedies_missing`` or ``agency_missing``: then nothing of the act remains.
    """
    terms, notice = matter.terms, new_id()
    unit = find_unit(desk.work.connection, department or terms.department)
    # Phones belong on every paper; whether review and court are printed is for the kind of paper and the nature.
    remedies = unit.remedies
    is_due = text.kind in _NEEDS_REMEDIES and terms.nature is Nature.LICENCE
    if is_due and not (remedies.review_body and remedies.court):
        raise RefusedError(
            "remedies_missing",
            f"未设置{unit.name}的救济途径，不能出具该文书。",
            article="行政许可法第三十八条",
            todo="请政务服务局管理员补充复议机关和管辖法院后再出具。",
        )
    number = _number(desk, matter, text.kind, unit.unit, unit.agency, notice)
    body = f.NoticeIssued(
        notice=notice,
        kind=text.kind,
        document_no=number,
        matter=terms.code,
        department=unit.unit,
        department_name=unit.name,
        issued_at=desk.now,
        token=encode(TokenBody(text.kind.value, number, china_day(desk.now)), desk.central.signer),
        deemed=text.deemed,
        accepted_on=text.accepted_on,
        due_on=_due(desk, matter, text.accepted_on),
        promised=terms.promised if text.accepted_on else None,
        items=text.items,
        submit_by=text.submit_by,
        reason=text.reason,
        ground=text.ground,
        authority=text.authority,
        remedies=remedies,
    )
    desk.add(body, origin="central" if text.deemed else unit.unit)
    desk.work.note(desk.person.user, "notice.issued", number, text.kind.value)
    return body


def _number(desk: Desk, matter: MatterCase, kind: f.NoticeKind, unit: str, agency: str, notice: UUID) -> str:
    """Utility services have no 文号: their papers carry the registration's number with the matter and a count."""
    if matter.terms.nature is Nature.SERVICE:
        count = 1 + sum(each.issued.matter == matter.terms.code for each in desk.case.notices)
        return f"{desk.case.registered.registration_no}/{matter.terms.code}/{count}"
    return next_document_no(
        desk.work.connection,
        department=unit,
        agency=agency,
        kind=kind,
        year=china_day(desk.now).year,
        notice=notice,
        case_id=desk.case_id,
    )


def _due(desk: Desk, matter: MatterCase, accepted_on: date | None) -> date | None:
    """The last day of the promised limit, or None where the guide or the calendar does not say it yet."""
    promised = matter.terms.promised
    if accepted_on is None or promised is None or (matter.terms.after and matter.terms.counts_from_prerequisite):
        return None
    try:
        return limit_due(accepted_on, promised, desk.calendar)
    except CalendarYearMissing:
        return None
