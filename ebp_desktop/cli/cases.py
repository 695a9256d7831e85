"""Case commands: register, show, find, supplement, correct, return, withdraw, purge."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import msgspec

from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context, Signed, imported, save_paper, stored
from ebp_desktop.cli.formats import FILES, CorrectionFile, LineFile, RegistrationFile, ReturnFile, SupplementFile
from ebp_desktop.cli.reading import read_json
from ebp_desktop.domain.case import CaseView, LicenceView, NoticeView
from ebp_desktop.domain.case.clocks import ClockRow
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import Answer as SituationAnswer
from ebp_desktop.domain.identifiers import masked_person_id
from ebp_desktop.domain.project import Project
from ebp_desktop.domain.registration import Draft
from ebp_desktop.services.intake import Judged, PageFile
from ebp_desktop.services.lookup import find_notice
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.queries import CaseFile
from ebp_desktop.services.registration import Registered
from ebp_desktop.services.supplement import blank_line, owed_of


def schema(_args: Namespace, _context: Context) -> Answer:
    """The JSON Schemas of every file that case commands read."""
    shapes = {name: msgspec.json.schema(kind) for name, kind in FILES.items()}
    return Answer(data={**shapes["register"], "files": shapes})


def register(args: Namespace, context: Context) -> Answer:
    """Registers one filing from a file; the same file twice is one registration."""
    path = Path(args.file)
    filing = read_json(path, RegistrationFile)
    names = tuple(name for line in filing.lines for name in line.pages)
    with context.signed() as signed, imported(signed, path.parent, names) as pages:
        intake = signed.services.intake
        draft = intake.open(signed.operator, declared_not_secret=filing.declared_not_secret, draft_id=filing.ref)
        try:
            draft = _filled(signed, draft, filing)
            for line in filing.lines:
                draft = _judged(signed, draft, line, pages(line.pages))
            done = signed.services.registration.register(signed.operator, draft)
        finally:
            intake.discard(signed.operator, filing.ref)
        return _registered(done, Path(args.out) if args.out else None, context.home)


def _filled(signed: Signed, draft: Draft, filing: RegistrationFile) -> Draft:
    intake, typed = signed.services.intake, filing.project
    answers = tuple(SituationAnswer(question=q, choice=c) for q, c in sorted(filing.answers.items()))
    draft, _selection = intake.choose_guide(draft, filing.stage, filing.project_type, answers, filing.matters)
    project = Project(
        name=typed.name,
        project_type=filing.project_type,
        region=typed.region,
        site=typed.site,
        project_code=typed.project_code,
        national_code=typed.national_code,
        floor_area_m2=typed.floor_area_m2,
        investment_10k_yuan=typed.investment_10k_yuan,
        works=typed.works,
    )
    draft = intake.fill(draft, project=project, parties=filing.parties, handler=filing.handler, consent=filing.consent)
    return intake.look_up_shared(draft)


def _judged(signed: Signed, draft: Draft, line: LineFile, pages: tuple[PageFile, ...]) -> Draft:
    intake = signed.services.intake
    if pages:
        draft = intake.attach(draft, line.material, pages)
    draft = intake.judge(
        draft, line.material, Judged(received=line.received, verdict=line.verdict, problem=line.problem)
    )
    if line.scan_owed:
        draft = intake.owe_scan(signed.operator, draft, line.material, line.scan_owed)
    return draft


def _registered(done: Registered, out: Path | None, home: Path) -> Answer:
    case = done.case
    registered = case.registered
    slip = save_paper(done.slip, out, home)
    data = {
        "registration_no": registered.registration_no,
        "project_code": case.project.project_code,
        "temporary_no": case.project.temporary_no,
        "received_at": registered.received_at,
        "slip": {"pdf": slip["pdf"], "qr": slip["qr"]},
        "matters": [
            {"code": terms.code, "case": f"{registered.registration_no}/{terms.code}"} for terms in registered.matters
        ],
        "lacking": [
            {"material": line.material, "name": line.name, "what": line.problem or line.verdict.label}
            for line in registered.lacking
        ],
        "repeated": done.repeated,
    }
    return Answer(data=data, words=f"已登记 {registered.registration_no}，登记凭单 {slip['pdf']}。")


def show(args: Namespace, context: Context) -> Answer:
    """One case whole: state, clocks, history, papers."""
    with context.signed() as signed:
        found = signed.services.queries.open_case(signed.operator, args.code)
    case = found.case
    words = "\n".join(
        [f"{case.project.number}  {case.project.name}  {case.registered.stage_name}"]
        + [f"  {m.terms.code} {m.terms.name}：{m.state.label}" for m in case.matters]
        + [f"  {row.matter} {row.kind.label}：{row.words}" for row in found.clocks]
    )
    return Answer(data=case_data(found), words=words)


def case_data(found: CaseFile) -> dict[str, object]:
    """A case as JSON; ID numbers masked."""
    case = found.case
    registered = case.registered
    return {
        "registration_no": registered.registration_no,
        "project_code": case.project.project_code,
        "temporary_no": case.project.temporary_no,
        "project_name": case.project.name,
        "applicant": registered.applicant.name,
        "handler": {"name": registered.handler.name, "person_id": masked_person_id(registered.handler.person_id)},
        "stage": registered.stage,
        "guide": {
            "id": registered.guide,
            "version": registered.guide_version,
            "draft": registered.guide_is_draft,
        },
        "received_at": registered.received_at,
        "open": case.is_open,
        "pending": [str(fact) for fact in sorted(found.pending, key=str)],
        "delivered_to": list(case.delivered.departments) if case.delivered else [],
        "matters": [_matter_data(case, code) for code in (m.terms.code for m in case.matters)],
        "clocks": [_clock_data(row) for row in found.clocks],
        "timeline": [
            {"at": h.at, "title": h.title, "detail": h.detail, "number": h.number, "pending": h.pending}
            for h in found.history
        ],
        "documents": [
            {"kind": d.kind, "number": d.number, "made_at": d.made_at, "prints": d.prints} for d in found.documents
        ],
        "notices": [_notice_data(notice) for notice in case.notices],
        "licences": [_licence_data(licence) for licence in case.licences],
    }


def _matter_data(case: CaseView, code: str) -> dict[str, object]:
    matter = case.matter(code)
    return {
        "code": code,
        "case": f"{case.registered.registration_no}/{code}",
        "name": matter.terms.name,
        "department": matter.terms.department_name,
        "state": int(matter.state),
        "state_name": matter.state.label,
        "accepted_on": matter.accepted_on,
        "deemed": matter.deemed,
        "submit_by": matter.submit_by,
        "supplement": [
            {"material": i.material, "name": i.name, "problem": i.problem, "demand": i.demand}
            for i in matter.supplement_items
        ],
        "status_log": [{"state": int(c.state), "at": c.at} for c in matter.changes],
    }


def _notice_data(notice: NoticeView) -> dict[str, object]:
    issued = notice.issued
    return {
        "document_no": issued.document_no,
        "kind": issued.kind,
        "matter": issued.matter,
        "issued_at": issued.issued_at,
        "told_at": notice.told.at if notice.told else None,
        "void": notice.void,
        "used": notice.used,
        "deemed": issued.deemed,
    }


def _licence_data(licence: LicenceView) -> dict[str, object]:
    issued = licence.issued
    copies = [{"copy_no": c.copy_no, "kind": c.kind, "holder": c.holder, "place": c.place} for c in licence.copies]
    return {
        "licence": str(issued.licence),
        "matter": issued.matter,
        "name": issued.name,
        "number": issued.number,
        "form": issued.form,
        "status": licence.status,
        "scanned": licence.has_scan,
        "out": licence.is_out,
        "copies": copies,
    }


def _clock_data(row: ClockRow) -> dict[str, object]:
    return {
        "matter": row.matter,
        "kind": row.kind,
        "start": row.start,
        "due": row.due,
        "used": row.used,
        "remaining": row.remaining,
        "days": row.total.days,
        "unit": row.total.unit,
        "light": row.light,
        "words": row.words,
        "pauses": [{"from": p.noticed, "to": p.resumed} for p in row.pauses],
        "calendar_year_missing": row.missing_year,
    }


def find(args: Namespace, context: Context) -> Answer:
    """Cases by two characters, pinyin initials or any code."""
    with context.signed() as signed:
        page = signed.services.queries.find(args.text, after=args.after, limit=args.limit)
    rows = [
        {
            "registration_no": row.registration_no,
            "project_code": row.project_number,
            "project_name": row.project_name,
            "applicant": row.applicant,
            "stage": row.stage,
            "state": row.state,
            "received_at": row.received_at,
            "next_due": row.next_due,
        }
        for row in page.rows
    ]
    words = "\n".join(f"{r['project_code']}  {r['project_name']}  {r['state']}" for r in rows) or "没有找到。"
    return Answer(data={"cases": rows, "next": page.next_key}, words=words)


def supplement(args: Namespace, context: Context) -> Answer:
    """A hand-in against supplement notices, with its slip."""
    path = Path(args.file)
    filing = read_json(path, SupplementFile)
    names = tuple(name for line in filing.lines for name in line.pages)
    with context.signed() as signed, imported(signed, path.parent, names) as pages:
        with signed.counter.store.read() as tx:
            if not filing.notices:
                raise BadInputError("notice_missing", "没有指明补正通知书。", place="notices")
            case, _notice = find_notice(tx, filing.notices[0])
        items = {line.item.material: line.item for owed in owed_of(case) for line in owed.lines}
        lines = []
        for line in filing.lines:
            item = items.get(line.material)
            if item is None:
                known = case.line(line.material)
                name = known.name if known else line.material
                raise BadInputError(
                    "not_asked", f"《{name}》不在补正通知书所列范围内。", article="第七条", place=line.material
                )
            sealed = stored(signed, case.id, pages(line.pages))
            blank = blank_line(case, item)
            lines.append(
                replace(blank, received=line.received, verdict=line.verdict, problem=line.problem, pages=sealed)
            )
        done = signed.services.supplements.hand_in(signed.operator, filing.notices, tuple(lines))
    paper = save_paper(done.receipt, Path(args.out) if args.out else None, context.home)
    data = {
        "receipt_no": done.receipt.number,
        "receipt": paper,
        "complete": list(done.complete),
        "missing": [{"material": i.material, "name": i.name, "problem": i.problem} for i in done.missing],
    }
    words = f"已登记补正 {done.receipt.number}，" + (
        "材料已齐。" if not done.missing else f"还差 {len(done.missing)} 项。"
    )
    return Answer(data=data, words=words)


def correct(args: Namespace, context: Context) -> Answer:
    """当场更正 with its record."""
    filing = read_json(Path(args.file), CorrectionFile)
    with context.signed() as signed:
        done = signed.services.amendments.correct(
            signed.operator, filing.code, filing.changes, filing.reason, filing.signature
        )
    return _papered(args, context, done.paper, "已登记当场更正")


def give_back(args: Namespace, context: Context) -> Answer:
    """退件 with its notice."""
    filing = read_json(Path(args.file), ReturnFile)
    with context.signed() as signed:
        done = signed.services.amendments.give_back(
            signed.operator, filing.code, filing.matters, filing.reason, filing.papers, filing.signature
        )
    return _papered(args, context, done.paper, "已登记退件")


def withdraw(args: Namespace, context: Context) -> Answer:
    """撤件 by the applicant with its receipt."""
    with context.signed() as signed:
        done = signed.services.amendments.withdraw(signed.operator, args.code, args.reason)
    return _papered(args, context, done.paper, "已登记撤件申请，中心登记后生效")


def _papered(args: Namespace, context: Context, paper: MadePaper, words: str) -> Answer:
    from_paper = save_paper(paper, Path(args.out) if args.out else None, context.home)
    return Answer(data={"paper_no": from_paper["number"], "paper": from_paper}, words=f"{words}：{from_paper['pdf']}")


def purge(args: Namespace, context: Context) -> Answer:
    """A secret page was found: the case's key is destroyed."""
    with context.signed() as signed:
        opaque = signed.services.amendments.purge(signed.operator, args.code)
    return Answer(data={"purged": opaque}, words="已销毁该件的密钥，内容不可恢复；已向中心登记。")
