"""Data of the papers made when things change hands: service, licences, lost notices, returns, custody, complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from ebp_desktop.documents.notices import ResultLine
from ebp_desktop.documents.parts import (
    Applicant,
    CounterPaper,
    Identity,
    MatterLine,
    Moment,
    PaperRow,
    ProjectLine,
    listed,
    named,
    required,
)
from ebp_desktop.domain.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPaper:
    """A document that is being served."""

    name: Annotated[str, required("文书名称")]
    number: Annotated[str, required("文号")]
    department: Annotated[str, required("发文机关")]
    copies: Annotated[int, named("份数")] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReceiptData(CounterPaper):
    """送达回证: who received which documents, where, how, signed by the receiver and two servers."""

    applicant: Annotated[Applicant, named("受送达人")]
    project: Annotated[ProjectLine, named("项目")]
    papers: Annotated[tuple[ServedPaper, ...], listed("送达文书")]
    way: Annotated[str, required("送达方式")]
    place: Annotated[str, required("送达地点")]
    receiver: Annotated[Identity, named("收件人")]
    servers: Annotated[tuple[str, ...], listed("送达人")]
    for_another: Annotated[str, named("代收理由")] = ""
    notes: Annotated[str, named("备注")] = ""


class Proof(StrEnum):
    """Against what a licence is handed over (Art. 23, 24)."""

    ACCEPTANCE = "acceptance"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverReceiptData(CounterPaper):
    """领证回执: licences with numbers and copies, who took them, against which notice (Art. 22–24)."""

    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    matter: Annotated[MatterLine, named("事项")]
    results: Annotated[tuple[ResultLine, ...], listed("证照批文")]
    proof: Annotated[Proof, named("领取凭据")]
    proof_number: Annotated[str, required("凭据编号")]
    collector: Annotated[Identity, named("领取人")]
    status_checked_at: Annotated[Moment, named("证照状态核验时间")]
    offline: Annotated[bool, named("离线发放")] = False
    remaining: Annotated[str, named("尚未领取")] = ""

    def lacking(self) -> tuple[Missing, ...]:
        """Only revoked licences: then nothing is handed over (Art. 19)."""
        if all(line.revoked for line in self.results):
            return (Missing(line="证照批文", what="没有可以发放的证照", article="第十九条"),)
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRecordData(CounterPaper):
    """遗失证明受理记录: stamped statement and ID copy, both scanned; the lost notice is void (Art. 24)."""

    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    matter: Annotated[MatterLine, named("事项")]
    lost_number: Annotated[str, required("遗失的受理通知书文号")]
    statement_unit: Annotated[str, required("遗失证明盖章单位")]
    collector: Annotated[Identity, named("领取人")]
    statement_scanned: bool
    id_copy_scanned: bool
    seal_legible: bool

    def lacking(self) -> tuple[Missing, ...]:
        """Either proof missing, or another unit's seal."""
        checks = (
            (self.statement_scanned, "遗失证明", "遗失证明没有扫描"),
            (self.id_copy_scanned, "身份证复印件", "领取人身份证复印件没有扫描"),
            (self.seal_legible, "公章", "遗失证明的公章不清晰"),
            (self.statement_unit == self.applicant.name, "盖章单位", "遗失证明的盖章单位与申请人不一致"),
        )
        return tuple(Missing(line=line, what=what, article="第二十四条") for fine, line, what in checks if not fine)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalData(CounterPaper):
    """撤件回执: the applicant's own withdrawal; effective when central has recorded it."""

    registration_no: Annotated[str, required("登记编号")]
    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    matters: Annotated[tuple[MatterLine, ...], listed("撤回的事项")]
    reason: Annotated[str, required("撤件原因")]
    returned: Annotated[tuple[PaperRow, ...], named("退回材料")] = ()
    effective_at: Annotated[datetime | None, named("生效时间")] = None


class ReturnCause(StrEnum):
    """退件 is no outcome of its own: it follows one of these."""

    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"
    DENIED = "denied"
    LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnData(CounterPaper):
    """退件通知书: why papers go back, each with its counts; papers that other matters share stay (Art. 4)."""

    registration_no: Annotated[str, required("登记编号")]
    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    matters: Annotated[tuple[MatterLine, ...], listed("事项")]
    cause: Annotated[ReturnCause, named("退件情形")]
    reason: Annotated[str, required("退件原因")]
    returned: Annotated[tuple[PaperRow, ...], listed("退回材料")]
    document_no: Annotated[str, named("所依据的文书")] = ""
    kept: Annotated[tuple[PaperRow, ...], named("留存材料")] = ()
    collector: Annotated[Identity | None, named("领取人")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRow:
    """A kept original or a paper licence on its way."""

    name: Annotated[str, required("材料或证照")]
    case: Annotated[str, required("登记编号")]
    project: Annotated[str, named("项目名称")] = ""
    original: int = 0
    copy: int = 0
    note: Annotated[str, named("备注")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodySlipData(CounterPaper):
    """材料交接单: who passes which papers to whom; the counts are signed for."""

    giver: Annotated[str, required("移交方")]
    taker: Annotated[str, required("接收方")]
    purpose: Annotated[str, required("交接事由")]
    rows: Annotated[tuple[CustodyRow, ...], listed("交接清单")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReceiptData(CounterPaper):
    """投诉回执: a complaint taken at the window; the complainant may stay anonymous (Art. 33)."""

    complainant: Annotated[str, named("投诉人")] = ""
    subject: Annotated[str, required("投诉事项")]
    content: Annotated[str, required("投诉内容")]
    against: Annotated[str, named("被投诉单位")] = ""
    handled_by: Annotated[str, required("受理单位")]
    answer_by: Annotated[str, required("答复时限")]
    case: Annotated[str, named("相关登记编号")] = ""
    phone: Annotated[str, required("查询电话")]
