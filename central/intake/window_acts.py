"""Acts of the window that central decides on: closing, handover, withdrawal, complaint, purge."""

from __future__ import annotations

import sqlalchemy as sa

from central.intake.verdicts import APPLIED, Verdict, conflict, rejected
from central.runtime import Central, new_id
from central.store import schema as t
from central.store.cases import CaseBook, central_fact
from central.store.ledger import StoredFact
from central.store.times import stamp
from central.store.work import FeedDraft
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, LicenceView
from ebp_desktop.domain.states import MatterState, Opinion

_CLOSES_AS = {Opinion.APPROVE: MatterState.APPROVED, Opinion.DENY: MatterState.DENIED}


def close_matter(case: CaseView, body: f.MatterClosed) -> Verdict | None:
    """The window closes what the department decided, a paper result only with its scan (Art. 20, 21)."""
    matter = next((each for each in case.matters if each.terms.code == body.matter), None)
    if matter is None:
        return rejected("matter_unknown", f"本件没有事项 {body.matter}。")
    if matter.decision is None:
        return conflict("undecided", "审批部门尚未作出决定，不能办结。", article="第二十条")
    if body.state is not _CLOSES_AS[matter.decision]:
        return rejected("other_outcome", "办结结果与审批部门的决定不一致。", article="第二十条")
    if matter.decision is Opinion.APPROVE:
        papers = [each for each in case.licences if each.issued.matter == body.matter and each.issued.paper_copies]
        if any(not each.has_scan for each in papers):
            return conflict("scan_missing", "纸质结果尚未扫描上传，不能办结。", article="第二十一条")
    return None


def check_handover(book: CaseBook, case: CaseView, body: f.LicenceHandedOver) -> Verdict | None:
    """Every paper copy goes out once (rule 6); the first handover that central records stands."""
    notice = case.notice(body.notice)
    if notice is None:
        return rejected("notice_unknown", "所指的受理通知书不在本件中。", article="第二十三条")
    for copy in body.copies:
        licence = case.licence(copy.licence)
        if licence is None or licence.issued.matter != notice.issued.matter:
            return rejected("licence_unknown", f"《{copy.name}》不属于该受理通知书的事项。", article="第二十三条")
        if licence.issued.paper_copies and _is_out(book, copy):
            return conflict("handed_over", f"《{copy.name}》第 {copy.copy_no} 本已经发出。", article="第二十三条")
    return None


def take_copies(book: CaseBook, case: CaseView, fact: f.Fact, body: f.LicenceHandedOver) -> None:
    """The row of a copy is taken by one handover only, whatever two transactions do at once."""
    for copy in body.copies:
        if _has_paper(case.licence(copy.licence)):
            book.work.connection.execute(
                sa.insert(t.licence_copies).values(
                    licence=str(copy.licence),
                    copy_no=copy.copy_no,
                    handed_by=str(fact.id),
                    handed_at=stamp(body.at),
                )
            )


def _has_paper(licence: LicenceView | None) -> bool:
    return licence is not None and licence.issued.paper_copies > 0


def _is_out(book: CaseBook, copy: f.LicenceCopy) -> bool:
    here = (t.licence_copies.c.licence == str(copy.licence)) & (t.licence_copies.c.copy_no == copy.copy_no)
    return book.work.connection.scalar(sa.select(t.licence_copies.c.handed_by).where(here)) is not None


def record_withdrawal(book: CaseBook, case: CaseView, stored: StoredFact, body: f.WithdrawalRequested) -> Verdict:
    """The request takes effect when central records it, for matters without a decision; loses against a decision."""
    known = {matter.terms.code: matter for matter in case.matters}
    unknown = [code for code in body.matters if code not in known]
    if unknown or not body.matters:
        return rejected("matter_unknown", f"本件没有事项 {'、'.join(unknown)}。")
    late = [code for code in body.matters if known[code].decision is not None or not known[code].is_open]
    if late:
        return conflict("decided", f"事项 {'、'.join(late)} 已有决定或已经结束，不能撤件。", todo="请告知申请人。")
    book.add(stored)
    recorded = f.WithdrawalRecorded(matters=body.matters, at=book.work.now)
    book.add(central_fact(book, stored.case_id, new_id(), recorded, "central", "central"))
    return APPLIED


def note_complaint(book: CaseBook, fact: f.Fact, body: f.ComplaintRegistered) -> None:
    """Enter a complaint in the register; who complained stays sealed in the fact (Art. 33)."""
    known = sa.select(t.complaints.c.complaint_no).where(t.complaints.c.complaint_no == body.complaint_no)
    if book.work.connection.scalar(known) is None:
        book.work.connection.execute(
            sa.insert(t.complaints).values(
                complaint_no=body.complaint_no, case_id=str(fact.case_id), registered_at=stamp(body.at)
            )
        )


def purge(book: CaseBook, central: Central, stored: StoredFact) -> Verdict:
    """Destroy the case's key and scans; the ledger keeps an opaque id and this act under a key of its own (rule 10)."""
    connection, case_id = book.work.connection, str(stored.case_id)
    book.write()
    mine = list(connection.scalars(sa.select(t.case_blobs.c.sha256).where(t.case_blobs.c.case_id == case_id)))
    connection.execute(sa.delete(t.case_blobs).where(t.case_blobs.c.case_id == case_id))
    shared = set(connection.scalars(sa.select(t.case_blobs.c.sha256).where(t.case_blobs.c.sha256.in_(mine))))
    for sha256 in sorted(set(mine) - shared):
        connection.execute(sa.delete(t.blobs).where(t.blobs.c.sha256 == sha256))
        central.blobs.remove(sha256)
    central.vault.destroy_case_key(connection, stored.case_id)
    book.forget(stored.case_id)
    connection.execute(
        sa.update(t.cases)
        .where(t.cases.c.case_id == case_id)
        .values(purged_at=stamp(book.work.now), is_open=False, project_code="", temporary_no="")
    )
    connection.execute(sa.update(t.matters).where(t.matters.c.case_id == case_id).values(is_open=False))
    connection.execute(
        sa.update(t.projects).where(t.projects.c.case_id == case_id).values(national_code="", name_key="", works="")
    )
    for fact_id in connection.scalars(sa.select(t.facts.c.fact_id).where(t.facts.c.case_id == case_id)).all():
        removed = FeedDraft(
            collection="fact", item_id=fact_id, case_id=stored.case_id, kind="", row_hash="0" * 16, removed=True
        )
        book.work.publish(removed)
    connection.execute(sa.update(t.facts).where(t.facts.c.case_id == case_id).values(body=b""))
    book.add(stored)
    return APPLIED
