"""Data of the papers made while an application is taken in: slip, hand-in receipt, lists, advice, correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from ebp_desktop.documents.parts import (
    Applicant,
    Copies,
    CounterPaper,
    DemandRow,
    Limit,
    MaterialRow,
    MatterLine,
    ProjectLine,
    listed,
    named,
    required,
)
from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.material import ShareState, Verdict

ARTICLE_SHARED = "第十三条"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipData(CounterPaper):
    """登记凭单: what was registered, by whom, when, and what happens next (Art. 5)."""

    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    stage: Annotated[str, required("阶段")]
    project_type: Annotated[str, required("项目类型")]
    guide: Annotated[str, required("办事指南版本")]
    matters: Annotated[tuple[MatterLine, ...], listed("申报事项")]
    materials: Annotated[tuple[MaterialRow, ...], listed("申报材料")]
    answer_by: Annotated[Limit, named("审查告知时限")]
    channel: Annotated[str, required("申报方式")] = "窗口申报"
    delivery: Annotated[str, named("送达方式及地址")] = ""
    notes: Annotated[tuple[str, ...], named("备注")] = ()

    def lacking(self) -> tuple[Missing, ...]:
        """A shared material shown as missing (Art. 13) or a line without a verdict (Art. 5)."""
        return tuple(problem for row in self.materials for problem in _row_problems(row))


def _row_problems(row: MaterialRow) -> tuple[Missing, ...]:
    if row.verdict is Verdict.NONE:
        return (Missing(line=row.name, what="材料未核对，不能出具登记凭单", article="第五条"),)
    if row.share is not ShareState.NOT_SHAREABLE and row.verdict in {Verdict.MISSING, Verdict.DEFECTIVE}:
        return (Missing(line=row.name, what="可共享的材料不得列为缺件", article=ARTICLE_SHARED),)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedRow:
    """One line of a supplement hand-in: what the notice asked, what came in, whether the line is now complete."""

    name: Annotated[str, required("材料名称")]
    demand: Annotated[str, required("补正要求")]
    received: Copies = Copies()
    pages: Annotated[int, named("页数")] = 0
    complete: bool = False
    note: Annotated[str, named("备注")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedNotice:
    """A supplement notice that a hand-in answers."""

    number: Annotated[str, required("补正通知书文号")]
    matter: Annotated[str, required("事项名称")]
    department: Annotated[str, required("审批部门")]
    rows: Annotated[tuple[HandedRow, ...], listed("补正材料")]
    hand_in_by: Annotated[date | None, named("补正期限")] = None

    @property
    def is_complete(self) -> bool:
        """Nothing on the notice is owed any more."""
        return all(row.complete for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementReceiptData(CounterPaper):
    """补正材料接收凭证: one hand-in, which may serve several notices (Art. 4, 8)."""

    registration_no: Annotated[str, required("登记编号")]
    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    notices: Annotated[tuple[ServedNotice, ...], listed("补正通知书")]
    round: Annotated[int, named("第几次提交")] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingListData(CounterPaper):
    """一次性告知单: everything that is missing or to be mended, before or beside a registration."""

    applicant_name: Annotated[str, required("申请人")]
    project_name: Annotated[str, required("项目名称")]
    stage: Annotated[str, required("阶段")]
    guide: Annotated[str, required("办事指南版本")]
    rows: Annotated[tuple[DemandRow, ...], listed("缺件清单")]
    registration_no: Annotated[str, named("登记编号")] = ""

    def lacking(self) -> tuple[Missing, ...]:
        """A shared material on the list (Art. 13)."""
        return shared_demands(self.rows)


def shared_demands(rows: tuple[DemandRow, ...]) -> tuple[Missing, ...]:
    """Shareable materials among what is asked for; none may be (Art. 13)."""
    return tuple(
        Missing(line=row.name, what="可共享的材料不得要求申请人提交", article=ARTICLE_SHARED)
        for row in rows
        if row.share is not ShareState.NOT_SHAREABLE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceItem:
    """One question and what the window answered."""

    asked: Annotated[str, required("咨询内容")]
    answer: Annotated[str, required("答复")]
    basis: Annotated[str, named("依据")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceData(CounterPaper):
    """咨询告知单: numbered advice without any state; it replaces nothing."""

    visitor: Annotated[str, required("咨询人")]
    items: Annotated[tuple[AdviceItem, ...], listed("咨询事项")]
    project_name: Annotated[str, named("项目名称")] = ""
    stage: Annotated[str, named("阶段")] = ""
    materials: Annotated[tuple[DemandRow, ...], named("需补充的材料")] = ()

    def lacking(self) -> tuple[Missing, ...]:
        """A shared material on the list (Art. 13)."""
        return shared_demands(self.materials)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One slip of the pen, mended on the spot."""

    place: Annotated[str, required("更正位置")]
    old: Annotated[str, named("更正前")]
    new: Annotated[str, required("更正后")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionData(CounterPaper):
    """当场更正记录: old and new value, signed by the applicant (Art. 7(4))."""

    registration_no: Annotated[str, required("登记编号")]
    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    rows: Annotated[tuple[CorrectionRow, ...], listed("更正内容")]
