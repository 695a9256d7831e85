"""From facts to a case: the projection that every screen, command and paper reads.

``project_case`` folds the ledger of one application in the order of legal time, so that any order of arrival gives the
same case. A fact that the state does not allow changes nothing and is listed in ``conflicts`` for the lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.matter_steps import clash, find_matter, moved, on_matter
from ebp_desktop.domain.case.paper_steps import licence_of_item, on_custody, on_licence, on_notice, on_supplement
from ebp_desktop.domain.case.views import CaseView, MatterCase, StateChange
from ebp_desktop.domain.project import Project
from ebp_desktop.domain.states import MatterState


def legal_order(ledger: Iterable[f.Fact]) -> tuple[f.Fact, ...]:
    """Facts in the order that the law sees: the registration first, then by legal time; ids break ties.

    What is done with a notice or licence never comes before its issue, even where a counter's clock lags central's.
    """
    known = tuple(ledger)
    issued: dict[UUID, datetime] = {}
    for fact in known:
        for paper in _papers_made(fact.body):
            issued[paper] = min(issued.get(paper, fact.legal_at), fact.legal_at)

    def place(fact: f.Fact) -> tuple[bool, datetime, bool, datetime, int]:
        causes = [issued[paper] for paper in _papers_used(fact.body) if paper in issued]
        earliest = max((fact.legal_at, *causes))
        is_later = not isinstance(fact.body, f.CaseRegistered)
        return is_later, earliest, bool(causes), fact.recorded_at, fact.id.int

    return tuple(sorted(known, key=place))


def _papers_made(body: f.Body) -> tuple[UUID, ...]:
    match body:
        case f.NoticeIssued():
            return (body.notice,)
        case f.LicenceIssued():
            return (body.licence,)
        case _:
            return ()


def _papers_used(body: f.Body) -> tuple[UUID, ...]:
    """The notices and licences that a fact speaks of."""
    match body:
        case f.NoticeTold() | f.NoticeLost():
            return (body.notice,)
        case f.SupplementRegistered():
            return body.notices
        case f.LicenceScanned() | f.LicenceStatusChanged():
            return (body.licence,)
        case f.LicenceHandedOver():
            return (body.notice, *(copy.licence for copy in body.copies))
        case f.CustodyMoved():
            return licence_of_item(body.item)
        case _:
            return ()


def project_case(ledger: Iterable[f.Fact]) -> CaseView | None:
    """The case behind the facts of one application, or None while its registration is not among them."""
    ordered = legal_order({fact.id: fact for fact in ledger}.values())
    if not ordered or not isinstance(ordered[0].body, f.CaseRegistered):
        return None
    case = _opened(ordered[0], ordered[0].body, ordered)
    for fact in ordered[1:]:
        case = _applied(case, fact)
    return case


def _opened(fact: f.Fact, body: f.CaseRegistered, ordered: tuple[f.Fact, ...]) -> CaseView:
    start = StateChange(state=MatterState.RECEIVED, at=body.received_at, fact=fact.id)
    return CaseView(
        id=fact.case_id,
        registered=body,
        project=body.project,
        lines=body.lines,
        matters=tuple(MatterCase(terms=terms, changes=(start,)) for terms in body.matters),
        facts=ordered,
    )


def _applied(case: CaseView, fact: f.Fact) -> CaseView:
    match fact.body:
        case f.OpinionGiven() | f.DeemedAccepted() | f.MatterClosed() | f.IssuerWithdrew() | f.LimitExtended() as body:
            return on_matter(case, fact, body)
        case f.NoticeIssued() | f.NoticeTold() | f.NoticeLost() as body:
            return on_notice(case, fact, body)
        case f.LicenceIssued() | f.LicenceScanned() | f.LicenceStatusChanged() | f.LicenceHandedOver() as body:
            return on_licence(case, fact, body)
        case f.SupplementRegistered() as body:
            return on_supplement(case, fact, body)
        case f.WithdrawalRecorded() as body:
            return _withdrawn(case, fact, body)
        case f.CustodyMoved() as body:
            return on_custody(case, body)
        case f.CodeAssigned() as body:
            return replace(case, project=replace(case.project, project_code=body.project_code))
        case f.CorrectionMade() as body:
            return replace(case, corrections=(*case.corrections, body), project=_corrected(case.project, body))
        case f.CasePurged():
            return replace(case, purged=True)
        case _:
            return _noted(case, fact)


def _withdrawn(case: CaseView, fact: f.Fact, body: f.WithdrawalRecorded) -> CaseView:
    for code in body.matters:
        matter = find_matter(case, code)
        if matter is not None and matter.decision is not None:
            case = clash(case, fact, f"{code}：部门已作出决定，不能撤件。")
        else:
            case = moved(case, code, MatterState.WITHDRAWN, fact, body.at)
    return case


def _noted(case: CaseView, fact: f.Fact) -> CaseView:
    """Facts that are kept and change no state."""
    match fact.body:
        case f.PapersReturned() as body:
            return replace(case, returned=(*case.returned, body))
        case f.WithdrawalRequested() as body:
            return replace(case, withdrawals=(*case.withdrawals, body))
        case f.ApplicantNotified() as body:
            return replace(case, notifications=(*case.notifications, body))
        case f.CaseDelivered() as body:
            return replace(case, delivered=body)
        case f.PaperFlagged() as body:
            return replace(case, flags=(*case.flags, body))
        case f.OnlinePaperChecked() as body:
            return replace(case, papers_checked=(*case.papers_checked, body))
        case f.ScanSettled() as body:
            lines = (
                replace(line, pages=(*line.pages, *body.pages), scan_owed=None)
                if line.material == body.material
                else line
                for line in case.lines
            )
            return replace(case, lines=tuple(lines))
        case _:
            return case


def _corrected(project: Project, body: f.CorrectionMade) -> Project:
    """The project with its corrected text fields; other fields are on paper only."""
    changes = {c.field: c.new for c in body.changes if c.field in {"name", "site", "national_code"}}
    return replace(
        project,
        name=changes.get("name", project.name),
        site=changes.get("site", project.site),
        national_code=changes.get("national_code", project.national_code),
    )
