"""Giving an opinion: the fact, the paper that follows from it and its number, in one transaction (Art. 7–9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from central.acts.desk import DECIDES, LEADS, Desk, MatterPath, at_desk
from central.acts.notices import NoticeText, issue_notice
from central.acts.opinion_rules import Moment, OpinionRequest, check_opinion
from central.people.directory import acting_person
from central.runtime import Central
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import china_day
from ebp_desktop.domain.case import MatterCase
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.states import MatterState, Opinion

_PAPER_OF = {
    Opinion.ACCEPT: f.NoticeKind.ACCEPTANCE,
    Opinion.NOT_NEEDED: f.NoticeKind.NOT_NEEDED,
    Opinion.SUPPLEMENT: f.NoticeKind.SUPPLEMENT,
    Opinion.REFUSE: f.NoticeKind.REFUSAL,
    Opinion.SPECIAL: f.NoticeKind.SPECIAL,
    Opinion.APPROVE: f.NoticeKind.APPROVAL,
    Opinion.DENY: f.NoticeKind.DENIAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionResult:
    """What became of an opinion: the matter's state after it, and the paper if there is one."""

    registration_no: str
    matter: str
    state: MatterState
    document_no: str = ""


def give_opinion(central: Central, case: str, user: str, request: OpinionRequest) -> OpinionResult:
    """Record a department's opinion on its own matter; ``case`` is ``REGISTRATION_NO/MATTER``.

    Raises RefusedError or BadInputError with the article, and then nothing has happened.
    """
    path = MatterPath.parse(case)
    return at_desk(central, path.case, user, lambda desk: _give(desk, path.matter, request))


def _give(desk: Desk, wanted: str, request: OpinionRequest) -> OpinionResult:
    desk.require(DECIDES)
    matter = desk.own_matter(wanted)
    request = replace(request, items=tuple(_named(desk, item) for item in request.items))
    moment = Moment(now=desk.clock_now, calendar=desk.calendar, readings=desk.readings)
    check_opinion(desk.case, matter, request, moment)
    if request.lead:
        _check_lead(desk, request.lead)
    was_accepted = matter.accepted_on is not None
    opinion = f.OpinionGiven(
        matter=matter.terms.code,
        opinion=request.opinion,
        department=matter.terms.department,
        reviewer=desk.person.user,
        at=desk.now,
        items=request.items,
        due=request.until,
        reason=request.reason,
        ground=request.ground,
        authority=request.authority,
        complete=request.complete,
        in_review=was_accepted,
    )
    desk.add(opinion)
    desk.work.note(desk.person.user, "opinion.given", str(desk.case_id), f"{matter.terms.code} {request.opinion.value}")
    notice = _paper(desk, desk.case.matter(matter.terms.code), request, was_accepted=was_accepted)
    if request.opinion is Opinion.DENY:
        # The decision is complete with its paper; nothing electronic or on paper is still to come (Art. 9, 20).
        desk.add(f.MatterClosed(matter=matter.terms.code, state=MatterState.DENIED, at=desk.now))
    return OpinionResult(
        registration_no=desk.case.registered.registration_no,
        matter=matter.terms.code,
        state=desk.case.matter(matter.terms.code).state,
        document_no=notice.document_no if notice else "",
    )


def _named(desk: Desk, item: f.SupplementItem) -> f.SupplementItem:
    """The item with the material's own name, which the paper prints; a reviewer need only say which one."""
    line = desk.case.line(item.material)
    return item if item.name or line is None else replace(item, name=line.name)


def _check_lead(desk: Desk, user: str) -> None:
    lead = acting_person(desk.work.connection, user)
    if lead.unit != desk.case.registered.lead_department or not lead.roles & LEADS:
        raise RefusedError("not_lead", f"“{lead.display_name}”不是本阶段牵头部门的人员。", article="第十四条")
    desk.work.note(user, "supplement_in_review.decided", str(desk.case_id))


def _paper(desk: Desk, matter: MatterCase, request: OpinionRequest, *, was_accepted: bool) -> f.NoticeIssued | None:
    """The paper that an opinion brings; a verified supplement is accepted on the spot (Art. 8)."""
    kind = _PAPER_OF.get(request.opinion)
    if request.opinion is Opinion.VERIFY and request.complete and not was_accepted:
        kind = f.NoticeKind.ACCEPTANCE
    if kind is None:
        return None
    accepted_on = (matter.accepted_on or china_day(desk.now)) if kind is f.NoticeKind.ACCEPTANCE else None
    text = NoticeText(
        kind=kind,
        accepted_on=accepted_on,
        items=request.items,
        submit_by=request.until,
        reason=request.reason,
        ground=request.ground,
        authority=request.authority,
    )
    return issue_notice(desk, matter, text)
