"""Every paper of a case, composed and typeset: the counter's implementation of the ``PaperMaker`` port."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ebp_desktop.documents import handing, intake, notices, parts
from ebp_desktop.documents.composing import pieces
from ebp_desktop.documents.composing.notices import Source, compose
from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.kinds import kind_of
from ebp_desktop.documents.renderer import Renderer
from ebp_desktop.documents.reprint import stamp_reprint
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.domain.case.words import notice_title
from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.material import MaterialLine
from ebp_desktop.domain.states import MatterState
from ebp_desktop.services.papers import PaperText
from ebp_desktop.services.window import Operator, Window

REVIEW_LIMIT = Limit(2)


class Composer:
    """Composes papers from cases and renders them."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def render(self, kind: str, data: bytes, token: str) -> bytes:
        """PDF bytes; without a token the pages carry 样张."""
        return self._renderer.render(kind, parse_data(kind, data), token or None)

    def with_reprint_mark(self, pdf: bytes, times: int) -> bytes:
        """The pages with 补打第 n 次 laid over."""
        return stamp_reprint(pdf, times)

    def title(self, kind: str) -> str:
        """The Chinese title of a kind."""
        return kind_of(kind).title

    def template_version(self, kind: str) -> str:
        """The version of the kind's template."""
        return kind_of(kind).version

    def slip(self, case: CaseView, window: Window, operator: Operator, answer_by: date | None) -> PaperText:
        """登记凭单 (Art. 5)."""
        registered = case.registered
        consent = registered.consent
        data = intake.SlipData(
            number=registered.registration_no,
            draft=registered.guide_is_draft,
            at=registered.received_at,
            hall=pieces.hall(window, operator),
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            stage=registered.stage_name,
            project_type=registered.project_type_name or registered.project.project_type,
            guide=f"{registered.guide_version}{'（草案）' if registered.guide_is_draft else ''}",
            matters=tuple(pieces.matter(terms) for terms in registered.matters),
            materials=pieces.materials(case),
            answer_by=pieces.limit(REVIEW_LIMIT, answer_by),
            channel="网上申报" if registered.online else "窗口申报",
            delivery=f"同意电子送达，{consent.address}" if consent.given else "窗口送达",
        )
        return _text("slip", data, _day(registered.received_at))

    def notice(self, case: CaseView, notice: NoticeView, window: Window) -> PaperText:
        """A department's numbered notice."""
        data = compose(Source(case=case, view=notice, window=window))
        return _text(notice.issued.kind.value, data, _day(notice.issued.issued_at))

    def supplement_receipt(
        self, case: CaseView, hand_in: f.SupplementRegistered, window: Window, operator: Operator
    ) -> PaperText:
        """补正材料接收凭证 (Art. 4, 8)."""
        handed = {line.material: line for line in hand_in.lines}
        served = tuple(
            _served(case, view, handed, hand_in)
            for view in (case.notice(notice) for notice in hand_in.notices)
            if view is not None
        )
        data = intake.SupplementReceiptData(
            number=hand_in.receipt_no,
            draft=case.registered.guide_is_draft,
            at=hand_in.at,
            hall=pieces.hall(window, operator),
            registration_no=case.registered.registration_no,
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            notices=served,
            round=len(case.supplements),
        )
        return _text("supplement_receipt", data, _day(hand_in.at))

    def correction(self, case: CaseView, made: f.CorrectionMade, window: Window, operator: Operator) -> PaperText:
        """当场更正记录 (Art. 7(4))."""
        data = intake.CorrectionData(
            number=made.paper_no,
            draft=case.registered.guide_is_draft,
            at=made.at,
            hall=pieces.hall(window, operator),
            registration_no=case.registered.registration_no,
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            rows=tuple(intake.CorrectionRow(place=c.field, old=c.old, new=c.new) for c in made.changes),
        )
        return _text("correction", data, _day(made.at))

    def withdrawal(self, case: CaseView, asked: f.WithdrawalRequested, window: Window, operator: Operator) -> PaperText:
        """撤件回执; effective once central has recorded it."""
        data = handing.WithdrawalData(
            number=asked.paper_no,
            draft=case.registered.guide_is_draft,
            at=asked.at,
            hall=pieces.hall(window, operator),
            registration_no=case.registered.registration_no,
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            matters=tuple(pieces.matter(case.matter(code).terms) for code in asked.matters),
            reason=asked.reason,
        )
        return _text("withdrawal", data, _day(asked.at))

    def returned(self, case: CaseView, back: f.PapersReturned, window: Window, operator: Operator) -> PaperText:
        """退件通知书 with returned originals (Art. 4)."""
        data = handing.ReturnData(
            number=back.paper_no,
            draft=case.registered.guide_is_draft,
            at=back.at,
            hall=pieces.hall(window, operator),
            registration_no=case.registered.registration_no,
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            matters=tuple(pieces.matter(case.matter(code).terms) for code in back.matters),
            cause=_cause(case, back),
            reason=back.reason,
            returned=pieces.paper_rows(back.papers),
            collector=pieces.handler_identity(case.registered.handler),
        )
        return _text("return", data, _day(back.at))

    def service_receipt(
        self,
        case: CaseView,
        number: str,
        handed: f.NoticeTold | f.LicenceHandedOver,
        window: Window,
        operator: Operator,
    ) -> PaperText:
        """送达回证 of a notice or of licences."""
        is_notice = isinstance(handed, f.NoticeTold)
        data = handing.ServiceReceiptData(
            number=number,
            draft=case.registered.guide_is_draft,
            at=handed.at,
            hall=pieces.hall(window, operator),
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            papers=_told_papers(case, handed) if isinstance(handed, f.NoticeTold) else _out_papers(case, handed),
            way="直接送达",
            place=window.name,
            receiver=_receiver(case, handed),
            servers=(operator.display_name,),
            notes="" if is_notice else "凭《受理通知书》领取",
        )
        return _text("service_receipt", data, _day(handed.at))

    def handover_receipt(
        self, case: CaseView, out: f.LicenceHandedOver, window: Window, operator: Operator
    ) -> PaperText:
        """领证回执 (Art. 22–24)."""
        view = case.notice(out.notice)
        if view is None:
            raise BadInputError("notice_unknown", "领证所凭的通知书不在本件中。")
        remaining = [
            f"{lic.issued.name}（{copy.kind}）"
            for lic in case.licences
            for copy in lic.copies
            if lic.issued.matter == view.issued.matter and copy.handed_over is None
        ]
        data = handing.HandoverReceiptData(
            number=out.receipt_no,
            draft=case.registered.guide_is_draft,
            at=out.at,
            hall=pieces.hall(window, operator),
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            matter=pieces.matter(case.matter(view.issued.matter).terms),
            results=_results(case, out),
            proof=handing.Proof.LOST if out.loss else handing.Proof.ACCEPTANCE,
            proof_number=view.issued.document_no,
            collector=_receiver(case, out),
            status_checked_at=out.status_checked_at,
            offline=out.offline,
            remaining="、".join(remaining),
        )
        return _text("handover_receipt", data, _day(out.at))

    def loss_record(
        self, case: CaseView, number: str, loss: f.NoticeLost, collector: str, window: Window, operator: Operator
    ) -> PaperText:
        """遗失证明受理记录 (Art. 24)."""
        view = case.notice(loss.notice)
        if view is None:
            raise BadInputError("notice_unknown", "遗失的通知书不在本件中。")
        data = handing.LossRecordData(
            number=number,
            draft=case.registered.guide_is_draft,
            at=loss.at,
            hall=pieces.hall(window, operator),
            applicant=pieces.applicant(case),
            project=pieces.project(case),
            matter=pieces.matter(case.matter(view.issued.matter).terms),
            lost_number=view.issued.document_no,
            statement_unit=loss.stated_unit,
            collector=parts.Identity(name=collector),
            statement_scanned=bool(loss.statement),
            id_copy_scanned=bool(loss.id_copy),
            seal_legible=loss.seal_legible,
        )
        return _text("loss_record", data, _day(loss.at))

    def complaint_receipt(self, taken: f.ComplaintRegistered, window: Window, operator: Operator) -> PaperText:
        """投诉回执 (Art. 33)."""
        data = handing.ComplaintReceiptData(
            number=taken.complaint_no,
            at=taken.at,
            hall=pieces.hall(window, operator),
            complainant="" if taken.anonymous else taken.complainant,
            subject=taken.about,
            content=taken.text,
            handled_by="乌海市工程建设项目审批制度改革工作领导小组办公室",
            answer_by="按信访和投诉处理规定的期限答复",
            phone=window.phone or "0473-12345",
        )
        return _text("complaint_receipt", data, _day(taken.at))


def _text(kind: str, data: parts.Paper, issued_on: date) -> PaperText:
    return PaperText(kind=kind, number=data.number, issued_on=issued_on, data=msgspec.json.encode(data))


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _served(
    case: CaseView, view: NoticeView, handed: dict[str, MaterialLine], hand_in: f.SupplementRegistered
) -> intake.ServedNotice:
    terms = case.matter(view.issued.matter).terms
    whole = view.issued.matter in hand_in.complete
    rows: list[intake.HandedRow] = []
    for item in view.issued.items:
        line = handed.get(item.material)
        rows.append(
            intake.HandedRow(
                name=item.name,
                demand=item.demand or item.problem,
                received=pieces.counts(line.received) if line else parts.Copies(),
                pages=len(line.pages) if line else 0,
                complete=whole or (line is not None and not line.is_lacking),
                note=line.problem if line else "本次未提交",
            )
        )
    return intake.ServedNotice(
        number=view.issued.document_no,
        matter=terms.name,
        department=view.issued.department_name,
        rows=tuple(rows),
        hand_in_by=view.issued.submit_by,
    )


_CAUSES = {
    MatterState.WITHDRAWN: handing.ReturnCause.WITHDRAWN,
    MatterState.NOT_NEEDED: handing.ReturnCause.NOT_NEEDED,
    MatterState.REFUSED: handing.ReturnCause.REFUSED,
    MatterState.DENIED: handing.ReturnCause.DENIED,
}


def _cause(case: CaseView, back: f.PapersReturned) -> handing.ReturnCause:
    states = [case.matter(code).state for code in back.matters]
    return _CAUSES.get(states[0], handing.ReturnCause.LISTED) if states else handing.ReturnCause.LISTED


def _told_papers(case: CaseView, told: f.NoticeTold) -> tuple[handing.ServedPaper, ...]:
    view = case.notice(told.notice)
    if view is None:
        raise BadInputError("notice_unknown", "送达的通知书不在本件中。")
    issued = view.issued
    return (
        handing.ServedPaper(
            name=notice_title(issued.kind), number=issued.document_no, department=issued.department_name
        ),
    )


def _out_papers(case: CaseView, out: f.LicenceHandedOver) -> tuple[handing.ServedPaper, ...]:
    found: dict[str, int] = {}
    for copy in out.copies:
        found[copy.number] = found.get(copy.number, 0) + 1
    papers: list[handing.ServedPaper] = []
    for number, copies in found.items():
        view = next(v for v in case.licences if v.issued.number == number)
        department = case.matter(view.issued.matter).terms.department_name
        papers.append(handing.ServedPaper(name=view.issued.name, number=number, department=department, copies=copies))
    return tuple(papers)


def _receiver(case: CaseView, handed: f.NoticeTold | f.LicenceHandedOver) -> parts.Identity:
    handler = case.registered.handler
    if isinstance(handed, f.NoticeTold):
        known = handed.recipient == handler.name
        return pieces.handler_identity(handler) if known else parts.Identity(name=handed.recipient)
    return parts.Identity(
        name=handed.recipient,
        id_kind=handed.id_type,
        id_number=pieces.masked_identity(handed.id_number),
        phone=handed.phone,
        relation=pieces.ROLE_WORDS.get(handed.recipient_role, ""),
    )


def _results(case: CaseView, out: f.LicenceHandedOver) -> tuple[notices.ResultLine, ...]:
    lines: list[notices.ResultLine] = []
    for view in case.licences:
        mine = [copy for copy in out.copies if copy.licence == view.issued.licence]
        struck = next((s.reason for s in out.struck if s.licence == view.issued.licence), "")
        if not mine and not struck:
            continue
        kinds = {copy.copy_no: copy.kind for copy in view.copies}
        originals = sum(1 for copy in mine if kinds.get(copy.copy_no) == "正本")
        lines.append(
            notices.ResultLine(
                name=view.issued.name,
                number=view.issued.number,
                original=originals,
                duplicate=sum(1 for copy in mine if kinds.get(copy.copy_no) == "副本"),
                electronic=not view.copies,
                revoked=struck,
            )
        )
    return tuple(lines)
