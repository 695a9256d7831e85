"""The registry of every paper that leaves the printer: its title, data, template and layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ebp_desktop.documents import handing, intake, ledgers, notices
from ebp_desktop.documents.parts import Notice, Paper
from ebp_desktop.domain.errors import UsageError
from ebp_desktop.domain.states import Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """One paper of the family.

    ``formal`` papers follow GB/T 9704, the others are the counter's own; ``carries_token`` says whether a signed QR
    belongs on page 1; ``neutral_title`` stands where the matter is no 行政许可; ``version`` changes with the template.
    """

    code: str
    title: str
    data: type[Paper]
    formal: bool = False
    carries_token: bool = True
    neutral_title: str = ""
    service_title: str = ""
    version: str = "1"

    @property
    def template(self) -> str:
        """File name of the Typst template under ``resources/templates``."""
        return f"{self.code}.typ"

    def title_for(self, paper: Paper) -> str:
        """The words on top: the data's own, else by the matter's nature."""
        if not isinstance(paper, Notice):
            return self.title
        if paper.title:
            return paper.title
        if paper.matter.nature is Nature.SERVICE and self.service_title:
            return self.service_title
        return self.title if paper.is_licence or not self.neutral_title else self.neutral_title


_ALL: Final = (
    DocumentKind(code="slip", title="登记凭单", data=intake.SlipData),
    DocumentKind(code="supplement_receipt", title="补正材料接收凭证", data=intake.SupplementReceiptData),
    DocumentKind(code="missing_list", title="一次性告知单", data=intake.MissingListData),
    DocumentKind(code="advice", title="咨询告知单", data=intake.AdviceData),
    DocumentKind(code="correction", title="当场更正记录", data=intake.CorrectionData),
    DocumentKind(
        code="acceptance",
        title="受理通知书",
        service_title="服务申请接收通知单",
        data=notices.AcceptanceData,
        formal=True,
    ),
    DocumentKind(code="supplement_notice", title="补齐补正材料通知书", data=notices.SupplementNoticeData, formal=True),
    DocumentKind(
        code="refusal",
        title="不予受理决定书",
        neutral_title="申请事项不能受理告知书",
        data=notices.RefusalData,
        formal=True,
    ),
    DocumentKind(code="not_needed", title="不受理告知书", data=notices.NotNeededData, formal=True),
    DocumentKind(code="special", title="特别程序告知书", data=notices.SpecialData, formal=True),
    DocumentKind(code="extension", title="延长办理期限通知书", data=notices.ExtensionData, formal=True),
    DocumentKind(
        code="denial",
        title="不予行政许可决定书",
        neutral_title="审查未通过告知书",
        data=notices.DenialData,
        formal=True,
    ),
    DocumentKind(
        code="approval",
        title="准予行政许可决定书",
        neutral_title="办理结果通知书",
        data=notices.ApprovalData,
        formal=True,
    ),
    DocumentKind(code="service_receipt", title="送达回证", data=handing.ServiceReceiptData),
    DocumentKind(code="handover_receipt", title="领证回执", data=handing.HandoverReceiptData),
    DocumentKind(code="loss_record", title="遗失证明受理记录", data=handing.LossRecordData),
    DocumentKind(code="withdrawal", title="撤件回执", data=handing.WithdrawalData),
    DocumentKind(code="return", title="退件通知书", data=handing.ReturnData),
    DocumentKind(code="custody_slip", title="材料交接单", data=handing.CustodySlipData),
    DocumentKind(code="complaint_receipt", title="投诉回执", data=handing.ComplaintReceiptData),
    DocumentKind(code="daily_report", title="当日业务日报", data=ledgers.DailyReportData, carries_token=False),
    DocumentKind(code="shift", title="交接班单", data=ledgers.ShiftData, carries_token=False),
    DocumentKind(code="separator", title="扫描分隔页", data=ledgers.SeparatorData),
    DocumentKind(code="folder_label", title="档案袋标签", data=ledgers.FolderLabelData),
)
_BY_CODE: Final = {kind.code: kind for kind in _ALL}


def document_kinds() -> tuple[DocumentKind, ...]:
    """Every kind, in the order of the counter's day."""
    return _ALL


def kind_of(code: str) -> DocumentKind:
    """The kind with this code; ``UsageError`` names the ones there are."""
    if code not in _BY_CODE:
        raise UsageError(
            "document_kind_unknown", f"没有“{code}”这种文书", todo="可用的种类：" + "、".join(_BY_CODE), place=code
        )
    return _BY_CODE[code]
