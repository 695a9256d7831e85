"""Papers as use cases see them: composed from the case, rendered, stored with their data, repeatable byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.ports import Session, StoredDocument

if TYPE_CHECKING:
    from ebp_desktop.services.context import Desk, Operator, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText:
    """A paper before typesetting: its kind, number, date and the JSON of its data."""

    kind: str
    number: str
    issued_on: date
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePaper:
    """A paper that can be printed now and again: ``pdf`` are its bytes, ``token`` the text of its QR."""

    kind: str
    title: str
    number: str
    token: str
    pdf: bytes


class PaperMaker(Protocol):
    """Composes and typesets every paper that leaves the window."""

    def slip(self, case: CaseView, window: Window, operator: Operator, answer_by: date | None) -> PaperText:
        """登记凭单."""
        ...

    def notice(self, case: CaseView, notice: NoticeView, window: Window) -> PaperText:
        """A department's numbered notice."""
        ...

    def supplement_receipt(
        self, case: CaseView, hand_in: f.SupplementRegistered, window: Window, operator: Operator
    ) -> PaperText:
        """补正材料接收凭证."""
        ...

    def correction(self, case: CaseView, made: f.CorrectionMade, window: Window, operator: Operator) -> PaperText:
        """当场更正记录."""
        ...

    def withdrawal(self, case: CaseView, asked: f.WithdrawalRequested, window: Window, operator: Operator) -> PaperText:
        """撤件回执."""
        ...

    def returned(self, case: CaseView, back: f.PapersReturned, window: Window, operator: Operator) -> PaperText:
        """退件通知书."""
        ...

    def service_receipt(
        self,
        case: CaseView,
        number: str,
        handed: f.NoticeTold | f.LicenceHandedOver,
        window: Window,
        operator: Operator,
    ) -> PaperText:
        """送达回证 of a notice told by signature, or of licences handed over."""
        ...

    def handover_receipt(
        self, case: CaseView, out: f.LicenceHandedOver, window: Window, operator: Operator
    ) -> PaperText:
        """领证回执."""
        ...

    def loss_record(
        self, case: CaseView, number: str, loss: f.NoticeLost, collector: str, window: Window, operator: Operator
    ) -> PaperText:
        """遗失证明受理记录."""
        ...

    def complaint_receipt(self, taken: f.ComplaintRegistered, window: Window, operator: Operator) -> PaperText:
        """投诉回执."""
        ...

    def title(self, kind: str) -> str:
        """The Chinese title of a kind."""
        ...

    def render(self, kind: str, data: bytes, token: str) -> bytes:
        """PDF bytes, the same for the same input; without a token it carries 样张.

        Raises BadInputError where something official is blank or a character has no glyph.
        """
        ...

    def with_reprint_mark(self, pdf: bytes, times: int) -> bytes:
        """The same pages with 补打第 n 次 laid over; the original bytes stay as they are."""
        ...

    def template_version(self, kind: str) -> str:
        """The version of the kind's template."""
        ...


def issue(
    desk: Desk, tx: Session, paper: PaperText, case_id: UUID | None, at: datetime, token: str | None = None
) -> MadePaper:
    """Typesets a paper inside the transaction that needs it and stores its snapshot, so that no act stands without it.

    ``token`` is central's for its notices; the counter signs its own papers. The same number again gives the stored
    paper.
    """
    known = tx.documents.get(paper.number, paper.kind)
    if known is not None:
        return reprint_bytes(desk, known)
    signed = desk.tokens.sign(paper.kind, paper.number, paper.issued_on) if token is None else token
    pdf = desk.papers.render(paper.kind, paper.data, signed)
    tx.documents.save(
        StoredDocument(
            number=paper.number,
            kind=paper.kind,
            case_id=case_id,
            data=paper.data,
            token=signed,
            template_version=desk.papers.template_version(paper.kind),
            pdf_sha256=sha256(pdf).hexdigest(),
            made_at=at,
        )
    )
    return MadePaper(kind=paper.kind, title=desk.papers.title(paper.kind), number=paper.number, token=signed, pdf=pdf)


def reprint_bytes(desk: Desk, stored: StoredDocument) -> MadePaper:
    """The stored paper again, byte for byte; raises BadInputError ``paper_differs`` when the bytes are not the same."""
    pdf = desk.papers.render(stored.kind, stored.data, stored.token)
    if sha256(pdf).hexdigest() != stored.pdf_sha256:
        raise BadInputError(
            "paper_differs",
            f"文书 {stored.number} 重新排版与原件不一致，不能补打。",
            safe="原记录未改动。",
            todo="请系统管理员核对模板版本和字体。",
        )
    return MadePaper(
        kind=stored.kind,
        title=desk.papers.title(stored.kind),
        number=stored.number,
        token=stored.token,
        pdf=pdf,
    )
