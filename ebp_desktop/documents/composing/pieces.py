"""Pieces that many papers share: the hall, the applicant, the project, matters and material rows of a case."""

from __future__ import annotations

from datetime import date

from ebp_desktop.documents import parts
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.clocks import Limit, Unit
from ebp_desktop.domain.identifiers import check_person_id, masked_person_id
from ebp_desktop.domain.material import Counts, Keep, MaterialLine, ShareState, Verdict
from ebp_desktop.domain.project import Handler, PartyKind
from ebp_desktop.services.window import Operator, Window

_STARS = 4


def hall(window: Window, operator: Operator) -> parts.Hall:
    """The window and who sits there."""
    return parts.Hall(
        city=window.city,
        name=window.name,
        counter=window.title,
        operator=f"{operator.display_name}（工号 {operator.staff_no}）" if operator.staff_no else operator.display_name,
        phone=window.phone,
        address=window.address,
        hours=window.hours,
        enquiry=window.enquiry,
    )


def applicant(case: CaseView) -> parts.Applicant:
    """Who applies; the ID number of a person is masked on paper."""
    party, handler = case.registered.applicant, case.registered.handler
    code = party.code if party.kind is PartyKind.UNIT else masked_person_id(party.code)
    return parts.Applicant(
        name=party.name, code=code, agent=handler.name, agent_phone=handler.phone, address=party.address
    )


def project(case: CaseView) -> parts.ProjectLine:
    """The project with its number of now, and the one that earlier papers carry."""
    now, then = case.project, case.registered.project
    former = then.number if then.number and then.number != now.number else ""
    return parts.ProjectLine(
        name=now.name,
        number=now.number,
        temporary=now.project_code is None,
        former=former,
        national_code=now.national_code or "",
        works=now.works.name if now.works else "",
        site=now.site,
    )


def limit(value: Limit, due: date | None = None) -> parts.Limit:
    """A limit on paper; no day while the year's holidays are not announced."""
    unit = parts.LimitUnit.WORK if value.unit is Unit.WORK else parts.LimitUnit.CALENDAR
    return parts.Limit(days=value.days, unit=unit, due=due)


def matter(value: f.MatterTerms, due: date | None = None) -> parts.MatterLine:
    """One approval item."""
    return parts.MatterLine(
        code=value.code,
        name=value.name,
        department=value.department_name,
        nature=value.nature,
        limit=limit(value.promised, due) if value.promised is not None else None,
        higher=value.higher_authority,
    )


def counts(value: Counts) -> parts.Copies:
    """Both forms and the electronic files with their numbers."""
    return parts.Copies(original=value.original, copy=value.copy, electronic=value.electronic)


def material(line: MaterialLine) -> parts.MaterialRow:
    """A checklist line as registered; a shared one never shows as missing (Art. 13)."""
    shared = line.share.state is not ShareState.NOT_SHAREABLE
    verdict = Verdict.QUALIFIED if shared and line.verdict is not Verdict.EXEMPT else line.verdict
    return parts.MaterialRow(
        name=line.name,
        due=counts(line.due),
        received=counts(line.received),
        pages=len(line.pages),
        keep=line.keep,
        verdict=verdict,
        problem="" if shared else line.problem,
        share=line.share.state,
        share_source=line.share.source,
        scan_owed=line.scan_owed is not None,
    )


def materials(case: CaseView, code: str | None = None) -> tuple[parts.MaterialRow, ...]:
    """All lines of the case, or those that one matter uses."""
    return tuple(material(line) for line in case.lines if code is None or code in line.matters)


def paper_rows(papers: tuple[f.ReturnedPaper, ...]) -> tuple[parts.PaperRow, ...]:
    """Returned papers with their counts."""
    return tuple(parts.PaperRow(name=p.name, original=p.original, copy=p.copy) for p in papers)


def kept_only_by(case: CaseView, code: str) -> tuple[parts.PaperRow, ...]:
    """Kept originals that no other open matter uses: they go back when this one is refused."""
    others = {m.terms.code for m in case.matters if m.terms.code != code and m.is_open}
    return tuple(
        parts.PaperRow(name=line.name, original=line.received.original, copy=line.received.copy)
        for line in case.lines
        if code in line.matters
        and not set(line.matters) & others
        and line.keep is Keep.KEEP
        and line.received.original > 0
    )


def masked_identity(number: str) -> str:
    """An identity number as paper may show it: of a passport or permit only its first and last characters."""
    if check_person_id(number).valid:
        return masked_person_id(number)
    hidden = "*" * max(_STARS, len(number) - 3)
    return f"{number[0]}{hidden}{number[-2:]}" if len(number) > _STARS else hidden


def handler_identity(handler: Handler) -> parts.Identity:
    """The person at the window, masked."""
    return parts.Identity(
        name=handler.name,
        id_number=masked_person_id(handler.person_id),
        phone=handler.phone,
        relation="委托代理人" if handler.is_agent else "经办人",
    )


def find(case: CaseView, code: str) -> MatterCase:
    """The matter of a case by its code."""
    return case.matter(code)


PICKUP = {
    "window": "凭本通知书到综合窗口领取",
    "mail": "邮寄送达",
    "electronic": "电子证照，自行下载",
}


def pickup_words(case: CaseView) -> str:
    """How the result will be collected."""
    return PICKUP.get(case.registered.pickup, PICKUP["window"])


ROLE_WORDS = {"legal_representative": "法定代表人", "agent": "经办人", "person": "本人"}
