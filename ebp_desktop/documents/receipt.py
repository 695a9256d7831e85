"""The 80 mm form of the slip: what the applicant needs at hand when the counter has only a receipt printer."""

from __future__ import annotations

from ebp_desktop.documents.intake import SlipData
from ebp_desktop.documents.parts import Limit, MaterialRow
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.material import ShareState, Verdict
from ebp_desktop.services.receipts import Code, Pair, Receipt, ReceiptLine, Rule, Words

SLIP_SENTENCE = "本凭单为收件登记凭证，不是受理决定；审批部门逾期未一次性告知补正内容的，自收到申请之日起即视为受理。"


def slip_receipt(data: SlipData, token: str) -> Receipt:
    """登记凭单 on 80 mm paper, with the same code and the same sentence as on A4."""
    at = data.at.astimezone(CHINA)
    lacking = [row for row in data.materials if _is_lacking(row)]
    number_label = "临时登记号" if data.project.temporary else "项目编号"
    lines: list[ReceiptLine] = [
        Words(text=data.hall.name, centred=True),
        Words(text="登记凭单", bold=True, large=True, centred=True),
        Words(text="样张", bold=True, large=True, centred=True) if data.draft or not token else Rule(),
        Pair(label="编号", value=data.number),
        Pair(label="收件时间", value=f"{at:%Y-%m-%d %H:%M}"),
        Pair(label="窗口", value=f"{data.hall.counter} {data.hall.operator}"),
        Pair(label=number_label, value=data.project.number),
        Words(text=f"项目：{data.project.name}"),
        Words(text=f"申请人：{data.applicant.name}"),
        Words(text=f"阶段：{data.stage}"),
        Rule(),
        *(Words(text=f"{matter.code} {matter.name}（{matter.department}）") for matter in data.matters),
        Rule(),
        Words(text=f"材料 {len(data.materials)} 项，缺件或不合格 {len(lacking)} 项", bold=True),
        *(Words(text=f"· {row.name}：{row.problem or row.verdict.label}") for row in lacking),
        Rule(),
        Words(text=SLIP_SENTENCE, bold=True),
        Words(text=f"审批部门应当场或者在{_limit(data.answer_by)}一次性告知。"),
    ]
    if token:
        lines.append(Code(token=token, number=data.number))
    if data.hall.phone:
        lines.append(Words(text=f"电话 {data.hall.phone}", centred=True))
    return Receipt(lines=tuple(lines))


def _is_lacking(row: MaterialRow) -> bool:
    return row.share is ShareState.NOT_SHAREABLE and row.verdict in {Verdict.MISSING, Verdict.DEFECTIVE}


def _limit(limit: Limit) -> str:
    days = f"{limit.days}个{limit.unit}"
    if limit.due is None:
        return f"{days}（具体日期待节假日安排公布后告知）"
    return f"{days}（{limit.due.year}年{limit.due.month}月{limit.due.day}日前）"
