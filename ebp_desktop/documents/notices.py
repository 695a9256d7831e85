"""Data of the departments' notices and decisions that the window hands out (Art. 7–9, 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from ebp_desktop.documents.intake import shared_demands
from ebp_desktop.documents.parts import (
    DemandRow,
    Limit,
    LimitUnit,
    MaterialRow,
    Notice,
    PaperRow,
    Remedy,
    listed,
    missing_remedy,
    named,
    required,
)
from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.states import Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceData(Notice):
    """受理通知书; ``deemed``: accepted by rule as of the received day, because nothing was told in time (Art. 7(2)).

    The deemed one is the rule's, not the department's decision: ``department`` still names the department that now
    reviews, ``issuer`` the office that runs the system and puts the paper out.
    """

    accepted_on: Annotated[date, named("受理日期")]
    promised: Annotated[Limit, named("承诺时限")]
    registration_no: Annotated[str, required("登记编号")]
    materials: Annotated[tuple[MaterialRow, ...], listed("材料清单")]
    pickup: Annotated[str, required("领取方式")]
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"
    deemed: Annotated[bool, named("视为受理")] = False
    answer_by: Annotated[date | None, named("告知截止日期")] = None
    issuer: Annotated[str, named("视为受理的出具单位")] = ""
    resumed_days: Annotated[int | None, named("补正后剩余时限")] = None

    def lacking(self) -> tuple[Missing, ...]:
        """Deemed acceptance counts from the received day, needs its issuer, and is not for utility services."""
        found = list(Notice.lacking(self))
        if self.deemed and self.matter.nature is Nature.SERVICE:
            found.append(Missing(line="视为受理", what="市政公用服务事项不适用视为受理"))
        if self.deemed and not self.issuer.strip():
            found.append(Missing(line="出具单位", what="视为受理通知书没有出具单位", article="第七条（二）"))
        if self.deemed and self.accepted_on != self.received_on:
            found.append(Missing(line="受理日期", what="视为受理自收到申请之日起计算", article="第七条（二）"))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNoticeData(Notice):
    """补齐补正材料通知书: the whole list and its deadline, told once (Art. 7(2), 8)."""

    rows: Annotated[tuple[DemandRow, ...], listed("补齐补正材料清单")]
    hand_in_by: Annotated[Limit, named("补正期限")]
    registration_no: Annotated[str, required("登记编号")]
    basis: Annotated[str, required("依据")]
    after_acceptance: Annotated[bool, named("受理后补正")] = False
    round: Annotated[int, named("第几次通知")] = 1
    consequence: Annotated[str, named("逾期后果")] = ""
    consequence_basis: Annotated[str, named("逾期后果的依据")] = ""
    hand_in_place: Annotated[str, required("提交地点")]
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"

    def lacking(self) -> tuple[Missing, ...]:
        """Shared materials may not be asked for; a consequence needs its cited basis."""
        found = [*Notice.lacking(self), *shared_demands(self.rows)]
        if self.consequence.strip() and not self.consequence_basis.strip():
            found.append(Missing(line="逾期后果", what="写明逾期后果必须引用依据", article="第八条"))
        return tuple(found)


class RefusalGround(StrEnum):
    """Why an application is not accepted (Art. 7(3))."""

    NOT_LAWFUL = "not_lawful"
    NOT_IN_POWER = "not_in_power"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalData(Notice):
    """不予受理决定书: ground, reason, the right authority, returned papers, remedies (Art. 7(3))."""

    ground: Annotated[RefusalGround, named("不予受理情形")]
    reason: Annotated[str, required("理由")]
    basis: Annotated[str, required("依据")]
    right_authority: Annotated[str, named("有权受理的行政机关")] = ""
    returned: Annotated[tuple[PaperRow, ...], named("退回材料")] = ()
    remedy: Annotated[Remedy | None, named("救济途径")] = None
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"

    def lacking(self) -> tuple[Missing, ...]:
        """Out of power without the right authority; a licence without remedies."""
        found = [*Notice.lacking(self), *missing_remedy(self, self.remedy)]
        if self.ground is RefusalGround.NOT_IN_POWER and not self.right_authority.strip():
            found.append(
                Missing(line="有权机关", what="不属于职权范围的，必须写明应向哪个机关申请", article="第七条（三）")
            )
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNeededData(Notice):
    """不受理告知书: no licence is required (Art. 7(4))."""

    reason: Annotated[str, required("理由")]
    basis: Annotated[str, required("依据")]
    returned: Annotated[tuple[PaperRow, ...], named("退回材料")] = ()
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialData(Notice):
    """特别程序告知书: a hearing, test or expert review whose time is not counted, told in writing (行政许可法 45)."""

    accepted_on: Annotated[date, named("受理日期")]
    procedure: Annotated[str, required("特别程序名称")]
    reason: Annotated[str, required("启动原因")]
    basis: Annotated[str, required("依据")]
    starts_on: Annotated[date, named("开始日期")]
    expected: Annotated[Limit, named("预计时间")]
    approved_by: Annotated[str, required("批准人")]
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionData(Notice):
    """延长期限通知书: reason, days, who decided, new due date (Art. 14; 行政许可法 42)."""

    accepted_on: Annotated[date, named("受理日期")]
    extra: Annotated[Limit, named("延长期限")]
    former_due: Annotated[date | None, named("原办结日期")] = None
    reason: Annotated[str, required("延长理由")]
    basis: Annotated[str, required("依据")]
    decided_by: Annotated[str, required("批准人")]
    seal: Annotated[str, named("印章名称")] = "行政审批专用章"


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialData(Notice):
    """不予行政许可决定书: facts, reasons, basis, remedies (Art. 9; 行政许可法 38)."""

    accepted_on: Annotated[date, named("受理日期")]
    accepted_no: Annotated[str, required("受理通知书文号")]
    facts: Annotated[str, required("审查认定的事实")]
    reason: Annotated[str, required("理由")]
    basis: Annotated[str, required("依据")]
    returned: Annotated[tuple[PaperRow, ...], named("退回材料")] = ()
    remedy: Annotated[Remedy | None, named("救济途径")] = None
    seal: Annotated[str, named("印章名称")] = ""

    def lacking(self) -> tuple[Missing, ...]:
        """A licence denied without remedies."""
        return (*Notice.lacking(self), *missing_remedy(self, self.remedy))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One licence or approval that comes out of a decision."""

    name: Annotated[str, required("证照或批文名称")]
    number: Annotated[str, named("编号")] = ""
    original: Annotated[int, named("正本")] = 0
    duplicate: Annotated[int, named("副本")] = 0
    electronic: Annotated[bool, named("电子证照")] = False
    revoked: Annotated[str, named("废止原因")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalData(Notice):
    """准予行政许可决定书, or the neutral result paper of a matter that is no licence (Art. 20; 行政许可法 38, 44)."""

    accepted_on: Annotated[date, named("受理日期")]
    accepted_no: Annotated[str, required("受理通知书文号")]
    decision: Annotated[str, required("决定内容")]
    basis: Annotated[str, required("依据")]
    results: Annotated[tuple[ResultLine, ...], named("证照批文")] = ()
    delivery: Annotated[Limit, named("颁发送达时限")] = Limit(days=10, unit=LimitUnit.WORK)
    pickup: Annotated[str, required("领取方式")]
    seal: Annotated[str, named("印章名称")] = ""
