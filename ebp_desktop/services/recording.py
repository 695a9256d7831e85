"""The one way a fact comes to be: fact, audit record, outbox envelope and list row, in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.case.clocks import case_clocks, next_clock
from ebp_desktop.domain.case.words import case_state_words
from ebp_desktop.domain.material import Page
from ebp_desktop.services.context import Desk
from ebp_desktop.services.lookup import has_work
from ebp_desktop.services.ports import AuditEntry, CaseSummary, FileInfo, Session
from ebp_desktop.services.window import Operator


def record(
    desk: Desk,
    tx: Session,
    operator: Operator,
    case_id: UUID,
    body: f.Body,
    *,
    legal_at: datetime,
    detail: str = "",
    pages: tuple[Page, ...] = (),
    supersedes: UUID | None = None,
) -> f.Fact:
    """Writes a fact of this counter in every place that must know it; nothing is visible before the commit."""
    now = desk.clock.now()
    fact = f.Fact(
        id=desk.ids.new(),
        case_id=case_id,
        kind=f.kind_of(body),
        legal_at=legal_at,
        recorded_at=now,
        actor=operator.user,
        origin=desk.window.number,
        body=body,
    )
    tx.ledger.append(fact)
    for page in pages:
        tx.files.note(case_id, FileInfo(sha256=page.sha256, size=page.size, mime=page.mime))
    slot = tx.outbox.next_slot()
    tx.outbox.put(slot, fact, desk.sealer.seal(fact, slot, pages, supersedes))
    tx.audit.append(AuditEntry(act=fact.kind, actor=operator.user, object=str(case_id), detail=detail, at=now))
    refresh_row(desk, tx, case_id)
    return fact


def refresh_row(desk: Desk, tx: Session, case_id: UUID) -> CaseView | None:
    """Projects the case anew and writes its row and search words; None for an aggregate that is no case (any more)."""
    case = project_case(tx.ledger.of_case(case_id))
    if case is None or case.purged:
        tx.cases.remove(case_id)
    else:
        tx.cases.save(summarised(desk, case))
    return case


def summarised(desk: Desk, case: CaseView) -> CaseSummary:
    """The list row of a case as of now."""
    now = desk.clock.now()
    registered, project = case.registered, case.project
    soonest = next_clock(case_clocks(case, desk.calendar, now, desk.readings))
    numbers = (
        registered.registration_no,
        project.project_code,
        project.temporary_no,
        registered.project.temporary_no,
        registered.project.project_code,
        project.national_code,
        *(view.issued.document_no for view in case.notices),
        *(view.issued.number for view in case.licences),
    )
    people = tuple(party.name for party in registered.parties)
    codes = tuple(party.code for party in registered.parties)
    return CaseSummary(
        case_id=case.id,
        registration_no=registered.registration_no,
        project_number=project.number,
        project_name=project.name,
        applicant=registered.applicant.name,
        stage=registered.stage,
        stage_name=registered.stage_name,
        state=case_state_words(case),
        is_open=has_work(case),
        received_at=registered.received_at,
        next_due=soonest.due if soonest else None,
        numbers=tuple(dict.fromkeys(number for number in numbers if number)),
        words=(project.name, *people, *codes, registered.handler.name, project.site),
        updated_at=now,
    )
