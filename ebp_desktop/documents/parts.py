"""The values that several papers share: the hall, the applicant, matters, material rows, limits, contacts, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.material import Keep, ShareState, Verdict
from ebp_desktop.domain.states import Nature


def required(title: str) -> Meta:
    """Text that must be there: blank means that the paper cannot be issued."""
    return Meta(min_length=1, pattern=r"\S", title=title)


def listed(title: str) -> Meta:
    """A list that must have at least one entry."""
    return Meta(min_length=1, title=title)


def masked(title: str) -> Meta:
    """The number of an identity paper: on paper only with its middle hidden."""
    return Meta(pattern=r"^(.*\*{4,}.*)?$", title=title)


def named(title: str) -> Meta:
    """Text that may be blank."""
    return Meta(title=title)


Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0)]


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    WORK = "工作日"
    CALENDAR = "自然日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit on paper; ``due`` is absent while the year's holidays are not announced, never guessed."""

    days: Annotated[int, Meta(ge=0, title="时限天数")]
    unit: LimitUnit = LimitUnit.WORK
    due: Annotated[date | None, named("截止日期")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The window that hands the paper out, and who sits there."""

    city: Annotated[str, required("城市")]
    name: Annotated[str, required("窗口单位")]
    counter: Annotated[str, required("窗口")]
    operator: Annotated[str, required("经办人")]
    phone: Annotated[str, named("窗口电话")] = ""
    address: Annotated[str, named("窗口地址")] = ""
    hours: Annotated[str, named("办公时间")] = ""
    enquiry: Annotated[str, named("查询方式")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who applies; ``agent`` is the person at the window."""

    name: Annotated[str, required("申请人")]
    code: Annotated[str, required("统一社会信用代码或证件号")]
    agent: Annotated[str, named("经办人")] = ""
    agent_phone: Annotated[str, named("联系电话")] = ""
    address: Annotated[str, named("地址")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """The project as papers name it; ``former`` is the alias that earlier papers carry."""

    name: Annotated[str, required("项目名称")]
    number: Annotated[str, required("项目编号")]
    temporary: Annotated[bool, named("临时登记号")] = False
    former: Annotated[str, named("原编号")] = ""
    national_code: Annotated[str, named("国家投资项目代码")] = ""
    works: Annotated[str, named("工程名称")] = ""
    site: Annotated[str, named("建设地点")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """One approval item; ``higher`` names the higher authority that decides where the city only passes it on (转报)."""

    code: Annotated[str, required("事项编码")]
    name: Annotated[str, required("事项名称")]
    department: Annotated[str, required("审批部门")]
    nature: Annotated[Nature, named("性质")]
    limit: Annotated[Limit | None, named("承诺时限")] = None
    higher: Annotated[str, named("上级审批机关")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Both forms of one material, 原件 and 复印件, and its electronic files; 份数."""

    original: Count = 0
    copy: Count = 0
    electronic: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRow:
    """One line of the checklist as registered: both forms with their counts due and received."""

    name: Annotated[str, required("材料名称")]
    due: Copies = Copies()
    received: Copies = Copies()
    pages: Count = 0
    keep: Keep = Keep.NONE
    verdict: Verdict = Verdict.QUALIFIED
    problem: Annotated[str, named("问题")] = ""
    share: ShareState = ShareState.NOT_SHAREABLE
    share_source: Annotated[str, named("共享来源")] = ""
    scan_owed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A paper that changes hands: what it is, how many, and a note such as its pages."""

    name: Annotated[str, required("材料名称")]
    original: Count = 0
    copy: Count = 0
    note: Annotated[str, named("备注")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One thing to supply or mend: which material, what is wrong, what is asked, and on what ground."""

    name: Annotated[str, required("材料名称")]
    problem: Annotated[str, required("存在问题")]
    demand: Annotated[str, required("补正要求")]
    basis: Annotated[str, named("依据")] = ""
    share: ShareState = ShareState.NOT_SHAREABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask and where to complain; dated data of the department, never a constant."""

    phone: Annotated[str, required("咨询电话")]
    complaint_phone: Annotated[str, required("投诉电话")]
    person: Annotated[str, named("联系人")] = ""
    address: Annotated[str, named("联系地址")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """复议 and 诉讼 as the department's dated data give them; every term is data."""

    reconsideration_body: Annotated[str, required("复议机关")]
    reconsideration_term: Annotated[str, required("申请复议期限")]
    court: Annotated[str, required("管辖法院")]
    suit_term: Annotated[str, required("起诉期限")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who collects, signs or hands in: the number of the identity paper is masked before it gets here."""

    name: Annotated[str, required("姓名")]
    id_kind: Annotated[str, named("证件类型")] = "居民身份证"
    id_number: Annotated[str, masked("证件号码（脱敏）")] = ""
    phone: Annotated[str, named("联系电话")] = ""
    relation: Annotated[str, named("身份")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper has: its own number, and whether its guide is still a draft (then it carries 样张)."""

    number: Annotated[str, required("编号")]
    draft: Annotated[bool, named("草案指南（样张）")] = False

    def lacking(self) -> tuple[Missing, ...]:
        """What beyond blank fields keeps this paper from being issued."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterPaper(Paper):
    """A paper that the counter makes itself, on the spot."""

    at: Annotated[Moment, named("时间")]
    hall: Annotated[Hall, named("窗口")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Paper):
    """A department's notice about one matter; its 文号 comes from central.

    ``title`` overrides the kind's own words where the matter is no licence. A utility service has no 文号: its
    ``number`` is then the matter case's own number and ``has_document_no`` is false.
    """

    issued_on: Annotated[date, named("落款日期")]
    department: Annotated[str, required("发文机关")]
    applicant: Annotated[Applicant, named("申请人")]
    project: Annotated[ProjectLine, named("项目")]
    matter: Annotated[MatterLine, named("事项")]
    received_on: Annotated[date, named("收到申请日期")]
    contact: Annotated[Contact, named("联系方式")]
    title: Annotated[str, named("文书名称")] = ""
    has_document_no: Annotated[bool, named("有文号")] = True

    @property
    def is_licence(self) -> bool:
        """Only a 行政许可 may say 许可 and 准予/不予, and carries remedies."""
        return self.matter.nature is Nature.LICENCE

    def lacking(self) -> tuple[Missing, ...]:
        """A title that promises a licence on a matter that is none; a service with a 文号."""
        found: list[Missing] = []
        if not self.is_licence and any(word in self.title for word in ("许可", "准予", "不予")):
            found.append(Missing(line="文书名称", what=f"{self.matter.nature}事项不得使用“{self.title}”"))
        if self.matter.nature is Nature.SERVICE and self.has_document_no:
            found.append(Missing(line="文号", what="市政公用服务事项没有文号"))
        return tuple(found)


def missing_remedy(notice: Notice, remedy: Remedy | None) -> tuple[Missing, ...]:
    """A refusal or denial of a licence without its remedies, or remedies where there is no licence (Art. 7, 9)."""
    if notice.is_licence and remedy is None:
        return (
            Missing(line="救济途径", what="缺少复议机关、管辖法院和期限，不能出具", article="行政许可法第三十八条"),
        )
    if not notice.is_licence and remedy is not None:
        return (Missing(line="救济途径", what=f"{notice.matter.nature}事项不印行政复议和诉讼告知"),)
    return ()
