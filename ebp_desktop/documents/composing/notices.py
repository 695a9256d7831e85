"""The departments' notices: from what central issued and the case it belongs to, to the data of the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from ebp_desktop.documents import notices, parts
from ebp_desktop.documents.composing import pieces
from ebp_desktop.documents.parts import Contact, DemandRow, Notice, Remedy
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.domain.clocks import Limit, Unit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.states import Nature
from ebp_desktop.services.window import Window

SYSTEM_OWNER = "乌海市行政审批和政务服务局"
BASIS_ACCEPTANCE = "《工程建设项目审批管理系统运行管理办法（试行）》第七条"


class Common(TypedDict):
    """What every notice carries."""

    number: str
    draft: bool
    issued_on: date
    department: str
    applicant: parts.Applicant
    project: parts.ProjectLine
    matter: parts.MatterLine
    received_on: date
    contact: Contact
    has_document_no: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A notice with its case and window."""

    case: CaseView
    view: NoticeView
    window: Window

    @property
    def issued(self) -> f.NoticeIssued:
        """What central issued."""
        return self.view.issued

    @property
    def terms(self) -> f.MatterTerms:
        """The matter's terms."""
        return self.case.matter(self.issued.matter).terms

    @property
    def accepted_on(self) -> date:
        """The acceptance day; a notice that needs one and has none cannot be issued."""
        day = self.issued.accepted_on or self.case.matter(self.issued.matter).accepted_on
        if day is None:
            raise BadInputError("not_accepted", f"《{self.terms.name}》尚未受理，不能出具本文书。", article="第七条")
        return day

    @property
    def accepted_no(self) -> str:
        """The number of the acceptance notice."""
        view = self.case.acceptance_notice(self.issued.matter)
        return view.issued.document_no if view else ""


def compose(source: Source) -> Notice:
    """The paper's data; raises BadInputError where something that the paper needs is not there."""
    return _MAKERS[source.issued.kind](source)


def common(source: Source) -> Common:
    """The part that all notices share."""
    issued, case = source.issued, source.case
    is_service = source.terms.nature is Nature.SERVICE
    return Common(
        number=issued.document_no,
        draft=case.registered.guide_is_draft,
        issued_on=issued.issued_at.astimezone(CHINA).date(),
        department=issued.department_name,
        applicant=pieces.applicant(case),
        project=pieces.project(case),
        matter=pieces.matter(source.terms, issued.due_on),
        received_on=case.registered.received_at.astimezone(CHINA).date(),
        contact=Contact(
            phone=issued.remedies.phone,
            complaint_phone=issued.remedies.complaint_phone or issued.remedies.phone,
            address=issued.remedies.address,
        ),
        has_document_no=not is_service,
    )


def _remedy(source: Source) -> Remedy | None:
    found = source.issued.remedies
    if source.terms.nature is not Nature.LICENCE or not (found.review_body and found.court):
        return None
    return Remedy(
        reconsideration_body=found.review_body,
        reconsideration_term=found.review_term,
        court=found.court,
        suit_term=found.suit_term,
    )


def _acceptance(source: Source) -> Notice:
    issued, case = source.issued, source.case
    promised = issued.promised or source.terms.promised or Limit(0)
    return notices.AcceptanceData(
        **common(source),
        accepted_on=source.accepted_on,
        promised=pieces.limit(promised, issued.due_on),
        registration_no=case.registered.registration_no,
        materials=pieces.materials(case, issued.matter),
        pickup=pieces.pickup_words(case),
        deemed=issued.deemed,
        issuer=SYSTEM_OWNER if issued.deemed else "",
    )


def _supplement(source: Source) -> Notice:
    issued, case = source.issued, source.case
    start = issued.issued_at.astimezone(CHINA).date()
    until = issued.submit_by or start
    return notices.SupplementNoticeData(
        **common(source),
        rows=tuple(
            DemandRow(name=item.name, problem=item.problem, demand=item.demand or "按办事指南要求补齐")
            for item in issued.items
        ),
        hand_in_by=pieces.limit(Limit(max(0, (until - start).days), Unit.CALENDAR), until),
        registration_no=case.registered.registration_no,
        basis=issued.basis or BASIS_ACCEPTANCE,
        after_acceptance=issued.after_acceptance,
        round=_round(source),
        hand_in_place=source.window.name,
    )


def _round(source: Source) -> int:
    mine = [
        view.issued.notice
        for view in source.case.notices
        if view.issued.kind is f.NoticeKind.SUPPLEMENT and view.issued.matter == source.issued.matter
    ]
    return mine.index(source.issued.notice) + 1 if source.issued.notice in mine else 1


def _refusal(source: Source) -> Notice:
    issued = source.issued
    out_of_power = bool(issued.authority) or issued.ground == notices.RefusalGround.NOT_IN_POWER.value
    return notices.RefusalData(
        **common(source),
        ground=notices.RefusalGround.NOT_IN_POWER if out_of_power else notices.RefusalGround.NOT_LAWFUL,
        reason=issued.reason,
        basis=issued.basis or BASIS_ACCEPTANCE,
        right_authority=issued.authority,
        returned=pieces.kept_only_by(source.case, issued.matter),
        remedy=_remedy(source),
    )


def _not_needed(source: Source) -> Notice:
    return notices.NotNeededData(
        **common(source),
        reason=source.issued.reason,
        basis=source.issued.basis or BASIS_ACCEPTANCE,
        returned=pieces.kept_only_by(source.case, source.issued.matter),
    )


def _special(source: Source) -> Notice:
    issued = source.issued
    return notices.SpecialData(
        **common(source),
        accepted_on=source.accepted_on,
        procedure=issued.procedure,
        reason=issued.reason,
        basis=issued.basis or "《中华人民共和国行政许可法》第四十五条",
        starts_on=issued.issued_at.astimezone(CHINA).date(),
        expected=pieces.limit(issued.expected or Limit(0)),
        approved_by=issued.approved_by,
    )


def _extension(source: Source) -> Notice:
    issued = source.issued
    return notices.ExtensionData(
        **common(source),
        accepted_on=source.accepted_on,
        extra=pieces.limit(issued.expected or Limit(0), issued.due_on),
        former_due=issued.former_due,
        reason=issued.reason,
        basis=issued.basis or "《中华人民共和国行政许可法》第四十二条",
        decided_by=issued.approved_by,
    )


def _denial(source: Source) -> Notice:
    issued = source.issued
    return notices.DenialData(
        **common(source),
        accepted_on=source.accepted_on,
        accepted_no=source.accepted_no,
        facts=issued.finding or issued.reason,
        reason=issued.reason,
        basis=issued.basis or "《中华人民共和国行政许可法》第三十八条",
        returned=pieces.kept_only_by(source.case, issued.matter),
        remedy=_remedy(source),
    )


def _approval(source: Source) -> Notice:
    issued, case = source.issued, source.case
    results = tuple(
        notices.ResultLine(
            name=view.issued.name,
            number=view.issued.number,
            original=view.issued.originals if view.copies else 0,
            duplicate=view.issued.duplicates if view.copies else 0,
            electronic=view.issued.form is not f.ResultForm.PAPER,
        )
        for view in case.licences
        if view.issued.matter == issued.matter
    )
    return notices.ApprovalData(
        **common(source),
        accepted_on=source.accepted_on,
        accepted_no=source.accepted_no,
        decision=issued.reason or f"经审查，《{source.terms.name}》申请符合法定条件、标准，予以通过。",
        basis=issued.basis or "《中华人民共和国行政许可法》第三十八条",
        results=results,
        pickup=pieces.pickup_words(case),
    )


_MAKERS: dict[f.NoticeKind, Callable[[Source], Notice]] = {
    f.NoticeKind.ACCEPTANCE: _acceptance,
    f.NoticeKind.SUPPLEMENT: _supplement,
    f.NoticeKind.REFUSAL: _refusal,
    f.NoticeKind.NOT_NEEDED: _not_needed,
    f.NoticeKind.SPECIAL: _special,
    f.NoticeKind.EXTENSION: _extension,
    f.NoticeKind.DENIAL: _denial,
    f.NoticeKind.APPROVAL: _approval,
}
