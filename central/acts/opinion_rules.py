"""Which opinion a department may give now (Art. 7–9): pure rules over the case, each refusal with its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ebp_desktop.domain.calendar import CalendarYearMissing, WorkCalendar, china_day
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.clocks import in_time, review_deadline
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.facts import SupplementItem
from ebp_desktop.domain.material import ShareState
from ebp_desktop.domain.readings import Readings, ReviewSupplement
from ebp_desktop.domain.states import MatterState, Opinion

JURISDICTION: Final = "jurisdiction"
LAW: Final = "law"
GROUNDS: Final = {JURISDICTION: "依法不属于本机关职权范围", LAW: "不符合法律、法规规定"}
_IN_REVIEW: Final = frozenset({MatterState.ACCEPTED, MatterState.IN_REVIEW})
_FROM: Final = {
    Opinion.ACCEPT: frozenset({MatterState.RECEIVED}),
    Opinion.NOT_NEEDED: frozenset({MatterState.RECEIVED}),
    Opinion.REFUSE: frozenset({MatterState.RECEIVED, MatterState.SUPPLEMENT_DONE}),
    Opinion.SUPPLEMENT: frozenset({MatterState.RECEIVED, MatterState.SUPPLEMENT_DONE}) | _IN_REVIEW,
    Opinion.VERIFY: frozenset({MatterState.SUPPLEMENT_DONE}),
    Opinion.SPECIAL: _IN_REVIEW,
    Opinion.SPECIAL_END: frozenset({MatterState.SPECIAL_OPEN}),
    Opinion.APPROVE: _IN_REVIEW,
    Opinion.DENY: _IN_REVIEW,
}
_NEEDS_REASON: Final = frozenset({Opinion.NOT_NEEDED, Opinion.REFUSE, Opinion.SPECIAL, Opinion.DENY})
_BOUND_BY_REVIEW: Final = frozenset({Opinion.ACCEPT, Opinion.NOT_NEEDED, Opinion.REFUSE, Opinion.SUPPLEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRequest:
    """What a reviewer says; ``lead`` is who decided a supplement in review for the lead department (Art. 14)."""

    opinion: Opinion
    items: tuple[SupplementItem, ...] = ()
    until: date | None = None
    reason: str = ""
    ground: str = ""
    authority: str = ""
    complete: bool = True
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The time of the opinion with the calendar and readings that judge it."""

    now: datetime
    calendar: WorkCalendar
    readings: Readings


def check_opinion(case: CaseView, matter: MatterCase, request: OpinionRequest, moment: Moment) -> None:
    """Raise RefusedError or BadInputError, with the article, unless the opinion may be given now."""
    if matter.decision is not None:
        raise RefusedError("decided", f"“{matter.terms.name}”已作出决定。", article="第九条")
    if matter.state not in _FROM[request.opinion]:
        raise _wrong_state(matter, request.opinion)
    _check_in_time(case, matter, request.opinion, moment)
    if request.opinion in _NEEDS_REASON and not request.reason.strip():
        raise BadInputError("reason_missing", "应写明理由。", article="第七条" if not matter.accepted_on else "第九条")
    if request.opinion is Opinion.REFUSE:
        _check_refusal(request)
    if request.opinion is Opinion.SUPPLEMENT:
        check_supplement(case, matter, request, moment)


def _wrong_state(matter: MatterCase, opinion: Opinion) -> RefusedError:
    state = matter.state.label
    if opinion in _BOUND_BY_REVIEW and matter.deemed:
        return RefusedError(
            "deemed_accepted",
            f"“{matter.terms.name}”逾期未告知，已视为受理，不能再作此意见。",
            article="第七条",
            todo="请继续审查并作出决定。",
        )
    if opinion is Opinion.VERIFY and matter.state is MatterState.SUPPLEMENT_OPEN:
        return RefusedError("supplement_open", "窗口尚未登记补齐全部材料。", article="第八条")
    return RefusedError("state", f"“{matter.terms.name}”当前为“{state}”，不能作此意见。", article="第七条")


def _check_in_time(case: CaseView, matter: MatterCase, opinion: Opinion, moment: Moment) -> None:
    """After two working days silence has accepted the application; nothing late undoes that (Art. 7(2))."""
    if opinion not in _BOUND_BY_REVIEW or matter.state is not MatterState.RECEIVED:
        return
    if not matter.terms.deemed_acceptance:
        return
    try:
        due = review_deadline(case.registered.received_at, moment.calendar, moment.readings)
    except CalendarYearMissing:
        return
    if not in_time(moment.now, due, moment.readings):
        raise RefusedError(
            "review_over",
            f"审查时限已于 {due} 届满，“{matter.terms.name}”自收到申请之日起视为受理。",
            article="第七条",
            safe="窗口将出具视为受理的通知书。",
            todo="请继续审查并作出决定。",
        )


def _check_refusal(request: OpinionRequest) -> None:
    if request.ground not in GROUNDS:
        raise BadInputError(
            "ground_missing", "不予受理应注明依据：jurisdiction（不属于职权）或 law（不符合规定）。", article="第七条"
        )
    if request.ground == JURISDICTION and not request.authority.strip():
        raise BadInputError("authority_missing", "不属于本机关职权的，应告知有权受理的机关。", article="第七条")


def check_supplement(case: CaseView, matter: MatterCase, request: OpinionRequest, moment: Moment) -> None:
    """The list is complete and asks for nothing that may not be asked; there is a deadline (Art. 7, 8, 13; rule 5)."""
    if not request.items:
        raise BadInputError("items_missing", "补正通知应一次性列明全部需补正内容。", article="第七条")
    if request.until is None:
        raise BadInputError("until_missing", "补正通知应写明提交期限。", article="第七条")
    if request.until <= china_day(moment.now):
        raise BadInputError("until_past", f"提交期限 {request.until} 应晚于今天。", article="第七条")
    if matter.state in _IN_REVIEW:
        _check_in_review(request, moment.readings)
    faults = [fault for item in request.items for fault in _item_faults(case, matter, item)]
    if faults:
        raise RefusedError(
            "items_refused", "补正清单中有不得要求的内容。", article=faults[0].article, missing=tuple(faults)
        )


def _check_in_review(request: OpinionRequest, readings: Readings) -> None:
    if readings.review_supplement is ReviewSupplement.NOT_ALLOWED:
        raise RefusedError("review_supplement_off", "受理后不再发出补正通知。", article="第八条")
    if not request.lead:
        raise RefusedError("lead_missing", "受理后要求补正，须由牵头部门决定并记录。", article="第十四条")


def _item_faults(case: CaseView, matter: MatterCase, item: SupplementItem) -> list[Missing]:
    line = case.line(item.material)
    if line is None or matter.terms.code not in line.matters:
        return [Missing(line=item.material, what="不在本事项的材料清单内", article="第十三条")]
    if line.share.state is not ShareState.NOT_SHAREABLE:
        return [Missing(line=item.material, what=f"《{line.name}》可共享取得，不得要求提交", article="第十三条")]
    if not item.problem.strip():
        return [Missing(line=item.material, what=f"《{line.name}》未写明问题", article="第七条")]
    if matter.first_items and item.material not in _may_be_named_again(case, matter):
        return [
            Missing(line=item.material, what=f"《{line.name}》未在首次补正通知中列明，不得再次要求", article="第七条")
        ]
    return []


def _may_be_named_again(case: CaseView, matter: MatterCase) -> frozenset[str]:
    """What the first notice asked for, and papers handed in since: their defects are new (rule 5)."""
    first = {item.material for item in matter.first_items}
    handed_in = {line.material for supplement in case.supplements for line in supplement.lines}
    return frozenset(first | handed_in)
