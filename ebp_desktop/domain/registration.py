"""What stands between a draft and its registration, named all at once (Art. 3, 5, 13; domain rules 3 and 4).

Missing and defective materials are verdicts, not obstacles: an applicant who insists is registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.facts import Answer, Consent
from ebp_desktop.domain.identifiers import (
    Checked,
    check_national_code,
    check_person_id,
    check_phone,
    check_uscc,
)
from ebp_desktop.domain.material import MaterialLine, ShareState, Verdict
from ebp_desktop.domain.project import Handler, Party, PartyKind, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A case being taken in; ``id`` becomes the ``ref`` of the registration, so that twice is once."""

    id: UUID
    opened_at: datetime
    operator: str
    declared_not_secret: bool = False
    stage: str = ""
    guide: str = ""
    guide_version: str = ""
    project: Project = Project(name="", project_type="", region="", site="")
    parties: tuple[Party, ...] = ()
    handler: Handler = Handler(name="", person_id="", phone="")
    answers: tuple[Answer, ...] = ()
    matters: tuple[str, ...] = ()
    lines: tuple[MaterialLine, ...] = ()
    consent: Consent = Consent()
    pickup: str = "window"
    online: bool = False

    @property
    def title(self) -> str:
        """What the list of drafts shows."""
        return self.project.name or (self.parties[0].name if self.parties else "") or "未填项目"

    def line(self, material: str) -> MaterialLine | None:
        """The checklist line of a material."""
        return next((line for line in self.lines if line.material == material), None)


def obstacles(draft: Draft) -> tuple[Missing, ...]:
    """Everything that refuses the registration of a draft, in the order of the screen; empty when it may go."""
    found: list[Missing] = []
    if not draft.declared_not_secret:
        found.append(Missing(line="保密", what="未确认项目和各事项不涉密", article="第三条"))
    if not draft.stage or not draft.matters:
        found.append(Missing(line="事项", what="未选定办事指南和审批事项", article="第十三条"))
    found.extend(form_faults(draft))
    for line in draft.lines:
        found.extend(line_faults(line))
    return tuple(found)


def form_faults(draft: Draft) -> tuple[Missing, ...]:
    """Faults of the project and party form (Art. 5: the information is entered accurately)."""
    project, found = draft.project, list[Missing]()
    if not project.name.strip():
        found.append(_form("项目名称", "未填写"))
    if not project.site.strip():
        found.append(_form("建设地点", "未填写"))
    if project.national_code:
        found.extend(_wrong("国家代码", check_national_code(project.national_code)))
    found.extend(_figure_faults(project))
    if not draft.parties:
        found.append(_form("申请单位", "未填写"))
    for party in draft.parties:
        found.extend(_party_faults(party))
    handler = draft.handler
    if not handler.name.strip():
        found.append(_form("经办人姓名", "未填写"))
    found.extend(_wrong("经办人证件号码", check_person_id(handler.person_id)) if handler.person_id else ())
    if not handler.person_id:
        found.append(_form("经办人证件号码", "未填写"))
    found.extend(_wrong("经办人手机", check_phone(handler.phone)) if handler.phone else ())
    if not handler.phone:
        found.append(_form("经办人手机", "未填写"))
    return tuple(found)


def _figure_faults(project: Project) -> list[Missing]:
    figures = (("建筑面积", project.floor_area_m2), ("总投资", project.investment_10k_yuan))
    wrong = [name for name, figure in figures if figure is not None and not (figure.is_finite() and figure >= 0)]
    return [_form(name, "须为不小于零的数") for name in wrong]


def _party_faults(party: Party) -> list[Missing]:
    if not party.name.strip():
        return [_form("申请单位名称", "未填写")]
    if party.kind is PartyKind.UNIT:
        return _wrong(f"{party.name} 信用代码", check_uscc(party.code))
    return _wrong(f"{party.name} 身份证号", check_person_id(party.code))


def _form(field: str, what: str) -> Missing:
    return Missing(line=field, what=what, article="第五条")


def _wrong(field: str, checked: Checked) -> list[Missing]:
    if checked.valid:
        return []
    return [Missing(line=field, what="；".join(checked.reasons), article="第五条")]


def line_faults(line: MaterialLine) -> tuple[Missing, ...]:
    """What is wrong with one checklist line: no verdict, paper without its scan, shared material taken on paper."""
    shared = line.share.state is not ShareState.NOT_SHAREABLE
    if shared and line.is_paper_received and line.share.state is not ShareState.FAILED:
        return (Missing(line=line.material, what=f"《{line.name}》可共享取得，不得收取纸件", article="第十三条"),)
    if not shared and line.verdict is Verdict.NONE:
        return (Missing(line=line.material, what=f"《{line.name}》未核对", article="第五条"),)
    if line.lacks_scan:
        return (Missing(line=line.material, what=f"《{line.name}》收了纸件，未扫描", article="第五条"),)
    if line.verdict is Verdict.DEFECTIVE and not line.problem.strip():
        return (Missing(line=line.material, what=f"《{line.name}》判为不合格，未写明问题", article="第七条"),)
    return ()
