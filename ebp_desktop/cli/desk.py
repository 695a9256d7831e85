"""Notices, results, custody and handover as commands."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context, imported, save_paper, stored
from ebp_desktop.cli.formats import (
    CollectionFile,
    ComplaintFile,
    LicencePagesFile,
    LossFile,
    MoveFile,
    NotifyFile,
    ReceiveFile,
    TellingFile,
)
from ebp_desktop.cli.reading import read_json
from ebp_desktop.domain.case.words import notice_title
from ebp_desktop.domain.material import Page
from ebp_desktop.services.complaints import Complaint
from ebp_desktop.services.handover import Collection, HandedOver, HandoverCheck, LossClaim
from ebp_desktop.services.lookup import find_case, find_notice
from ebp_desktop.services.ports import Judgement
from ebp_desktop.services.telling import Telling


def _out(args: Namespace) -> Path | None:
    return Path(args.out) if getattr(args, "out", None) else None


def notice_list(_args: Namespace, context: Context) -> Answer:
    """Notices that wait for the applicant, the most urgent first."""
    with context.signed() as signed:
        due = signed.services.notices.due()
    rows = [
        {
            "document_no": each.notice.issued.document_no,
            "kind": each.notice.issued.kind,
            "title": notice_title(each.notice.issued.kind),
            "case": each.case.registered.registration_no,
            "matter": each.notice.issued.matter,
            "project_name": each.case.project.name,
            "issued_at": each.notice.issued.issued_at,
            "due": each.clock.due if each.clock else None,
            "words": each.clock.words if each.clock else "",
            "printed": each.printed,
        }
        for each in due
    ]
    words = "\n".join(f"{r['document_no']}  {r['title']}  {r['project_name']}  {r['words']}" for r in rows)
    return Answer(data={"notices": rows}, words=words or "没有待告知的文书。")


def notice_print(args: Namespace, context: Context) -> Answer:
    """The notice as a PDF."""
    with context.signed() as signed:
        paper = signed.services.notices.paper(signed.operator, args.number)
    saved = save_paper(paper, _out(args), context.home)
    return Answer(data=saved, words=f"{saved['title']} {saved['pdf']}")


def notice_deliver(args: Namespace, context: Context) -> Answer:
    """Records that the applicant was told, with its evidence."""
    path = Path(args.file)
    filing = read_json(path, TellingFile)
    with context.signed() as signed, imported(signed, path.parent, filing.evidence) as pages:
        with signed.counter.store.read() as tx:
            case, _notice = find_notice(tx, args.number)
        telling = Telling(
            channel=filing.channel,
            recipient=filing.recipient,
            at=filing.at,
            content=filing.content,
            signature=filing.signature,
            evidence=stored(signed, case.id, pages(filing.evidence)),
        )
        paper = signed.services.notices.paper(signed.operator, args.number)
        done = signed.services.notices.tell(signed.operator, args.number, telling)
    notice = save_paper(paper, _out(args), context.home)
    receipt = save_paper(done.receipt, _out(args), context.home) if done.receipt else None
    told = done.notice.told
    data = {"document_no": args.number, "told_at": told.at if told else None, "notice": notice, "receipt": receipt}
    return Answer(data=data, words=f"{notice['title']} {args.number} 已告知申请人。")


def notify_log(args: Namespace, context: Context) -> Answer:
    """One attempt to tell the applicant that licences are ready."""
    filing = read_json(Path(args.file), NotifyFile)
    with context.signed() as signed:
        case = signed.services.results.notify(
            signed.operator,
            args.code,
            filing.matters,
            filing.channel,
            filing.address,
            reached=filing.reached,
            outcome=filing.outcome,
        )
    return Answer(data={"notified": len(case.notifications)}, words="已记录通知。")


def licence_list(_args: Namespace, context: Context) -> Answer:
    """Results at this counter and what each still needs."""
    with context.signed() as signed:
        rows = [
            {
                "licence": str(row.licence.issued.licence),
                "number": row.licence.issued.number,
                "name": row.licence.issued.name,
                "form": row.licence.issued.form,
                "case": row.case.registered.registration_no,
                "matter": row.matter.terms.code,
                "project_name": row.case.project.name,
                "here": row.here,
                "ready": row.ready,
                "todo": row.todo,
            }
            for row in signed.services.results.rows()
        ]
    words = "\n".join(f"{r['number']}  {r['name']}  {r['todo'] or '可领取'}" for r in rows) or "没有待发证照。"
    return Answer(data={"licences": rows}, words=words)


def licence_receive(args: Namespace, context: Context) -> Answer:
    """Takes paper copies into this window's custody."""
    filing = read_json(Path(args.file), ReceiveFile)
    with context.signed() as signed:
        signed.services.results.receive(signed.operator, args.code, filing.licence, filing.place, filing.slip_no)
    return Answer(data={"received": filing.licence}, words="已入本窗口保管。")


def licence_scan(args: Namespace, context: Context) -> Answer:
    """代扫 of a paper licence."""
    path = Path(args.file)
    filing = read_json(path, LicencePagesFile)
    with context.signed() as signed, imported(signed, path.parent, filing.pages) as pages:
        with signed.counter.store.read() as tx:
            case = find_case(tx, args.code)
        sealed = stored(signed, case.id, pages(filing.pages))
        signed.services.results.scan(signed.operator, args.code, filing.licence, sealed)
    return Answer(data={"scanned": len(sealed)}, words=f"已扫描 {len(sealed)} 页，待发证部门确认。")


def licence_close(args: Namespace, context: Context) -> Answer:
    """办结 of a paper result."""
    with context.signed() as signed:
        case = signed.services.results.close(signed.operator, args.case)
    code = args.case.split("/")[-1]
    return Answer(data={"case": args.case, "state": int(case.matter(code).state)}, words="已办结。")


def custody_list(_args: Namespace, context: Context) -> Answer:
    """Every paper copy inside, with its holder."""
    with context.signed() as signed:
        rows = [
            {
                "item": row.item,
                "name": row.name,
                "number": row.number,
                "copy_no": row.copy_no,
                "kind": row.kind,
                "holder": row.holder,
                "place": row.place,
                "case": row.case.registered.registration_no,
            }
            for row in signed.services.results.custody()
        ]
    return Answer(data={"custody": rows}, words="\n".join(f"{r['number']} {r['kind']} {r['holder']}" for r in rows))


def custody_move(args: Namespace, context: Context) -> Answer:
    """Gives copies to another holder."""
    filing = read_json(Path(args.file), MoveFile)
    with context.signed() as signed:
        signed.services.results.pass_on(
            signed.operator, filing.code, filing.licence, filing.to, filing.place, filing.slip_no
        )
    return Answer(data={"moved": filing.licence, "to": filing.to}, words=f"已移交 {filing.to}。")


def handover_check(args: Namespace, context: Context) -> Answer:
    """The verdict on a scanned notice and what is ready."""
    with context.signed() as signed:
        found = signed.services.handover.check(signed.operator, args.qr)
    ok = found.judgement is Judgement.GENUINE
    return Answer(data=check_data(found), words=found.reason, exit_code=0 if ok else 4)


def check_data(found: HandoverCheck) -> dict[str, object]:
    """The verdict as JSON."""
    return {
        "verdict": found.judgement,
        "reason": found.reason,
        "alert": found.alert,
        "case": found.case.registered.registration_no if found.case else None,
        "document_no": found.notice.issued.document_no if found.notice else None,
        "status_checked_at": found.status_checked_at,
        "ready": [
            {
                "item": copy.item,
                "name": copy.licence.issued.name,
                "number": copy.licence.issued.number,
                "kind": copy.kind,
                "place": copy.place,
                "why_not": copy.why_not,
            }
            for copy in found.copies
        ],
        "compared": [
            {"field": row.field, "case": row.in_case, "licence": row.on_licence, "agrees": row.agrees}
            for row in found.compared
        ],
    }


def collection_of(filing: CollectionFile, evidence: tuple[Page, ...]) -> Collection:
    """The collection that a file describes."""
    return Collection(
        qr=filing.qr,
        recipient=filing.recipient,
        id_number=filing.id_number,
        phone=filing.phone,
        recipient_role=filing.recipient_role,
        id_type=filing.id_type,
        signature=filing.signature,
        items=filing.items,
        evidence=evidence,
    )


def handover_do(args: Namespace, context: Context) -> Answer:
    """Hands licences over and makes both receipts."""
    path = Path(args.file)
    filing = read_json(path, CollectionFile)
    with context.signed() as signed, imported(signed, path.parent, filing.evidence) as pages:
        found = signed.services.handover.check(signed.operator, filing.qr)
        evidence = stored(signed, found.case.id, pages(filing.evidence)) if found.case else ()
        done = signed.services.handover.hand_over(signed.operator, collection_of(filing, evidence))
    return _handed(args, context, done)


def handover_lost(args: Namespace, context: Context) -> Answer:
    """The loss path: both proofs, the old notice void, and the handover if one is asked for."""
    path = Path(args.file)
    filing = read_json(path, LossFile)
    wanted = filing.collection
    names = (*filing.statement, *filing.id_copy, *(wanted.evidence if wanted else ()))
    with context.signed() as signed, imported(signed, path.parent, names) as pages:
        with signed.counter.store.read() as tx:
            case, _notice = find_notice(tx, filing.notice)
        claim = LossClaim(
            document_no=filing.notice,
            stated_unit=filing.stated_unit,
            seal_legible=filing.seal_legible,
            statement=stored(signed, case.id, pages(filing.statement)),
            id_copy=stored(signed, case.id, pages(filing.id_copy)),
            collector=filing.collector,
        )
        evidence = stored(signed, case.id, pages(wanted.evidence)) if wanted else ()
        collection = collection_of(wanted, evidence) if wanted else None
        done = signed.services.handover.lost(signed.operator, claim, collection)
    if isinstance(done, HandedOver):
        return _handed(args, context, done)
    paper = save_paper(done, _out(args), context.home)
    return Answer(data={"void": filing.notice, "paper": paper}, words=f"{filing.notice} 已作废。")


def _handed(args: Namespace, context: Context, done: HandedOver) -> Answer:
    receipt = save_paper(done.receipt, _out(args), context.home)
    service = save_paper(done.service, _out(args), context.home)
    data = {
        "receipt_no": done.out.receipt_no,
        "copies": [{"number": c.number, "name": c.name, "copy_no": c.copy_no} for c in done.out.copies],
        "struck": [{"licence": str(s.licence), "reason": s.reason} for s in done.out.struck],
        "receipt": receipt,
        "service_receipt": service,
        "offline": done.out.offline,
    }
    return Answer(data=data, words=f"已发 {len(done.out.copies)} 本，领证回执 {receipt['pdf']}。")


def complaint_register(args: Namespace, context: Context) -> Answer:
    """投诉 with its number and receipt; the same file twice is one complaint."""
    filing = read_json(Path(args.file), ComplaintFile)
    said = Complaint(
        about=filing.about,
        text=filing.text,
        complainant=filing.complainant,
        phone=filing.phone,
        anonymous=filing.anonymous,
    )
    with context.signed() as signed:
        done = signed.services.complaints.register(signed.operator, filing.ref, said)
    receipt = save_paper(done.receipt, _out(args), context.home)
    data = {
        "complaint_no": done.fact.complaint_no,
        "received_at": done.fact.at,
        "receipt": receipt,
        "repeated": done.repeated,
    }
    return Answer(data=data, words=f"已登记投诉 {done.fact.complaint_no}，回执 {receipt['pdf']}。")
