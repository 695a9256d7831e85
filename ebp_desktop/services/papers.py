"""Papers as use cases see them: composed from the case, rendered, stored with their data, repeatable byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.services.window import Operator, Window


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
