"""What notices, licences, hand-ins and custody do to a case."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.matter_steps import clash, find_matter, moved, with_matter
from ebp_desktop.domain.case.views import CaseView, CopyView, LicenceView, NoticeView
from ebp_desktop.domain.material import MaterialLine
from ebp_desktop.domain.states import MatterState

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def on_notice(case: CaseView, fact: f.Fact, body: f.NoticeIssued | f.NoticeTold | f.NoticeLost) -> CaseView:
    """A notice was issued, told to the applicant, or lost (Art. 7, 8, 24)."""
    if isinstance(body, f.NoticeIssued):
        case = replace(case, notices=(*case.notices, NoticeView(issued=body)))
        matter = find_matter(case, body.matter)
        if matter is not None and body.accepted_on is not None and matter.accepted_on is None:
            case = with_matter(case, replace(matter, accepted_on=body.accepted_on))
        return case
    view = case.notice(body.notice)
    if view is None:
        return clash(case, fact, "所指的通知书不在本件中。")
    if isinstance(body, f.NoticeLost):
        return _with_notice(replace(case, losses=(*case.losses, body)), replace(view, void=True))
    told = body if view.told is None else view.told
    case = _with_notice(case, replace(view, told=told))
    matter = find_matter(case, view.issued.matter)
    if matter is None or matter.told_at is not None:
        return case
    return with_matter(case, replace(matter, told_at=body.at))


def _with_notice(case: CaseView, view: NoticeView) -> CaseView:
    notices = tuple(view if n.issued.notice == view.issued.notice else n for n in case.notices)
    return replace(case, notices=notices)


LicenceBody = f.LicenceIssued | f.LicenceScanned | f.LicenceStatusChanged | f.LicenceHandedOver


def on_licence(case: CaseView, fact: f.Fact, body: LicenceBody) -> CaseView:
    """A result arrived, was scanned, changed its status, or left the counter (Art. 18–23)."""
    if isinstance(body, f.LicenceIssued):
        more = (*case.licences, LicenceView(issued=body, copies=_copies(body)))
        return _used_up(replace(case, licences=more), body.matter)
    if isinstance(body, f.LicenceHandedOver):
        return _handed_over(case, fact, body)
    view = case.licence(body.licence)
    if view is None:
        return clash(case, fact, "所指的证照不在本件中。")
    if isinstance(body, f.LicenceScanned):
        return _with_licence(case, replace(view, scans=(*view.scans, body)))
    changed = _with_licence(case, replace(view, status=body.status, status_reason=body.reason))
    return _used_up(changed, view.issued.matter)


def _copies(body: f.LicenceIssued) -> tuple[CopyView, ...]:
    return tuple(
        CopyView(copy_no=no, kind="正本" if no <= body.originals else "副本", holder=body.issuer)
        for no in range(1, body.paper_copies + 1)
    )


def _with_licence(case: CaseView, view: LicenceView) -> CaseView:
    licences = tuple(view if v.issued.licence == view.issued.licence else v for v in case.licences)
    return replace(case, licences=licences)


def _handed_over(case: CaseView, fact: f.Fact, body: f.LicenceHandedOver) -> CaseView:
    case = replace(case, handovers=(*case.handovers, body))
    for out in body.copies:
        view = case.licence(out.licence)
        if view is None:
            case = clash(case, fact, "领证记录中的证照不在本件中。")
            continue
        if view.copies and all(c.copy_no != out.copy_no for c in view.copies):
            case = clash(case, fact, f"《{out.name}》没有第 {out.copy_no} 本。")
            continue
        if any(c.copy_no == out.copy_no and c.handed_over for c in view.copies):
            case = clash(case, fact, f"《{out.name}》第 {out.copy_no} 本已经发出，本次记录为重复。")
            continue
        copies = tuple(replace(c, handed_over=body, holder="") if c.copy_no == out.copy_no else c for c in view.copies)
        electronic = None if view.copies else view.electronic_out or body
        case = _with_licence(case, replace(view, copies=copies, electronic_out=electronic))
    view_of_notice = case.notice(body.notice)
    return case if view_of_notice is None else _used_up(case, view_of_notice.issued.matter)


def _used_up(case: CaseView, matter: str) -> CaseView:
    """A notice is used when the last copy of its matter is out; a result that arrives later opens it again."""
    mine = [view for view in case.licences if view.issued.matter == matter]
    gone = bool(mine) and all(view.is_out or view.status is f.LicenceStatus.REVOKED for view in mine)
    spent = {out.notice for out in case.handovers}
    notices = tuple(
        replace(view, used=gone) if view.issued.notice in spent and view.issued.matter == matter else view
        for view in case.notices
    )
    return replace(case, notices=notices)


def on_supplement(case: CaseView, fact: f.Fact, body: f.SupplementRegistered) -> CaseView:
    """A hand-in lays its papers over the lines and ends the rounds that it completes (Art. 8)."""
    handed = {line.material: line for line in body.lines}
    lines = tuple(_merged(line, handed.get(line.material)) for line in case.lines)
    case = replace(case, lines=lines, supplements=(*case.supplements, body))
    for code in body.complete:
        case = moved(case, code, MatterState.SUPPLEMENT_DONE, fact, body.at)
        matter = find_matter(case, code)
        if matter is not None and matter.state is MatterState.SUPPLEMENT_DONE:
            case = with_matter(case, replace(matter, complete_since=body.at))
    return case


def _merged(line: MaterialLine, handed: MaterialLine | None) -> MaterialLine:
    """The line with what came in the supplement; earlier pages stay, they are evidence."""
    if handed is None:
        return line
    return replace(
        line,
        received=handed.received,
        verdict=handed.verdict,
        problem=handed.problem,
        pages=(*line.pages, *handed.pages),
        files=(*line.files, *handed.files),
        scan_owed=handed.scan_owed,
    )


def licence_item(licence: UUID, copy_no: int) -> str:
    """The custody name of one paper copy."""
    return f"{licence}#{copy_no}"


def licence_of_item(item: str) -> tuple[UUID, ...]:
    """The licence behind a custody name; empty for a kept original."""
    licence, mark, _ = item.partition("#")
    return (UUID(licence),) if mark and _UUID.fullmatch(licence) else ()


def on_custody(case: CaseView, body: f.CustodyMoved) -> CaseView:
    """A paper copy changed hands; what is out already does not move any more."""
    for view in case.licences:
        copies = tuple(
            replace(c, holder=body.to_holder, place=body.place)
            if licence_item(view.issued.licence, c.copy_no) == body.item and c.handed_over is None
            else c
            for c in view.copies
        )
        if copies != view.copies:
            return _with_licence(case, replace(view, copies=copies))
    return case
