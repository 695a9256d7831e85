"""What opinions, decisions and closings do to one matter of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case.views import CaseView, Conflict, MatterCase, StateChange, Suspension
from ebp_desktop.domain.states import MatterState, Opinion, may_follow


def with_matter(case: CaseView, matter: MatterCase) -> CaseView:
    """The case with one matter in its new shape."""
    matters = tuple(matter if m.terms.code == matter.terms.code else m for m in case.matters)
    return replace(case, matters=matters)


def clash(case: CaseView, fact: f.Fact, words: str) -> CaseView:
    """The case unchanged but for one more conflict, which goes to the lead."""
    return replace(case, conflicts=(*case.conflicts, Conflict(fact=fact.id, words=words)))


def moved(case: CaseView, code: str, state: MatterState, fact: f.Fact, at: datetime) -> CaseView:
    """The case with a matter in its next state, or with a conflict where the regulation does not let it go there."""
    matter = find_matter(case, code)
    if matter is None or not may_follow(matter.state, state):
        before = matter.state.label if matter else "无此事项"
        return clash(case, fact, f"{code}：当前为“{before}”，不能转为“{state.label}”。")
    changed = replace(
        matter,
        state=state,
        changes=(*matter.changes, StateChange(state=state, at=at, fact=fact.id)),
        closed_at=at if state.is_final else matter.closed_at,
    )
    return with_matter(case, changed)


def find_matter(case: CaseView, code: str) -> MatterCase | None:
    """The matter with this code, or None."""
    return next((m for m in case.matters if m.terms.code == code), None)


MatterBody = f.OpinionGiven | f.DeemedAccepted | f.MatterClosed | f.IssuerWithdrew | f.LimitExtended


def on_matter(case: CaseView, fact: f.Fact, body: MatterBody) -> CaseView:
    """What a department, central or the window did to one matter (Art. 7–10, 14, 19–21)."""
    matter = find_matter(case, body.matter)
    if matter is None:
        return clash(case, fact, f"本次申报没有事项 {body.matter}。")
    match body:
        case f.OpinionGiven():
            return _on_opinion(case, matter, fact, body)
        case f.DeemedAccepted():
            return _deemed(case, matter, fact, body)
        case f.MatterClosed():
            return _closed(case, matter, fact, body)
        case f.IssuerWithdrew():
            after = moved(case, body.matter, body.state, fact, body.at)
            return after if after.conflicts != case.conflicts else _revoked_with(after, body)
        case f.LimitExtended():
            return with_matter(case, replace(matter, extension_days=matter.extension_days + body.days))


def _deemed(case: CaseView, matter: MatterCase, fact: f.Fact, body: f.DeemedAccepted) -> CaseView:
    """Accepted by rule as of the received day; an acceptance that was told too late is dated back (Art. 7(2))."""
    if matter.accepted_on is None or matter.state.is_final:
        after = moved(case, body.matter, MatterState.ACCEPTED, fact, body.at)
        if after.conflicts != case.conflicts:
            return after
        case, matter = after, after.matter(body.matter)
    earliest = min(matter.accepted_on or body.accepted_on, body.accepted_on)
    return with_matter(case, replace(matter, accepted_on=earliest, deemed=True))


_CLOSES = {Opinion.APPROVE: MatterState.APPROVED, Opinion.DENY: MatterState.DENIED}


def _closed(case: CaseView, matter: MatterCase, fact: f.Fact, body: f.MatterClosed) -> CaseView:
    """The close follows the department's decision; nobody else chooses an outcome (Art. 20)."""
    decided = None if matter.decision is None else _CLOSES[matter.decision]
    if matter.state in {MatterState.ACCEPTED, MatterState.IN_REVIEW} and decided is not body.state:
        return clash(case, fact, f"{body.matter}：没有与“{body.state.label}”一致的部门决定，不能办结。")
    return moved(case, body.matter, body.state, fact, body.at)


def _revoked_with(case: CaseView, body: f.IssuerWithdrew) -> CaseView:
    licences = tuple(
        replace(view, status=f.LicenceStatus.REVOKED, status_reason=body.reason)
        if view.issued.matter == body.matter
        else view
        for view in case.licences
    )
    return replace(case, licences=licences)


_STATE_AFTER = {
    Opinion.ACCEPT: MatterState.ACCEPTED,
    Opinion.NOT_NEEDED: MatterState.NOT_NEEDED,
    Opinion.REFUSE: MatterState.REFUSED,
    Opinion.SUPPLEMENT: MatterState.SUPPLEMENT_OPEN,
    Opinion.SPECIAL: MatterState.SPECIAL_OPEN,
}


def _on_opinion(case: CaseView, matter: MatterCase, fact: f.Fact, body: f.OpinionGiven) -> CaseView:
    code, day = body.matter, body.at.astimezone(CHINA).date()
    seen = with_matter(case, replace(matter, first_opinion_at=matter.first_opinion_at or body.at))
    if body.opinion in {Opinion.APPROVE, Opinion.DENY}:
        return _decided(seen, code, fact, body)
    if body.opinion is Opinion.VERIFY:
        return _verified(seen, code, fact, body, day)
    if body.opinion is Opinion.SPECIAL_END:
        ended = moved(seen, code, MatterState.SPECIAL_DONE, fact, body.at)
        return _resumed(moved(ended, code, MatterState.IN_REVIEW, fact, body.at), code, day)
    if body.opinion is Opinion.SUPPLEMENT and matter.state is MatterState.ACCEPTED:
        seen = moved(seen, code, MatterState.IN_REVIEW, fact, body.at)
    after = moved(seen, code, _STATE_AFTER[body.opinion], fact, body.at)
    if after.conflicts != seen.conflicts:
        return after
    return with_matter(after, _opinion_noted(after.matter(code), body, day))


def _opinion_noted(matter: MatterCase, body: f.OpinionGiven, day: date) -> MatterCase:
    if body.opinion is Opinion.ACCEPT:
        return replace(matter, accepted_on=matter.accepted_on or day)
    if body.opinion not in {Opinion.SUPPLEMENT, Opinion.SPECIAL}:
        return matter
    special = body.opinion is Opinion.SPECIAL
    # A notice before acceptance ends the review clock; there is no promised limit yet that could pause (Art. 8).
    pause = (Suspension(since=day, until=None, special=special),) if matter.accepted_on else ()
    paused = replace(matter, suspensions=(*matter.suspensions, *pause))
    if special:
        return paused
    return replace(
        paused,
        supplement_items=body.items,
        first_items=matter.first_items or body.items,
        submit_by=body.due,
        complete_since=None,
    )


def _decided(case: CaseView, code: str, fact: f.Fact, body: f.OpinionGiven) -> CaseView:
    matter = case.matter(code)
    if matter.state is MatterState.ACCEPTED:
        case = moved(case, code, MatterState.IN_REVIEW, fact, body.at)
        matter = case.matter(code)
    if matter.state is not MatterState.IN_REVIEW or matter.decision is not None:
        return clash(case, fact, f"{code}：当前为“{matter.state.label}”，不能作出决定。")
    return with_matter(case, replace(matter, decision=body.opinion, decided_at=body.at))


def _verified(case: CaseView, code: str, fact: f.Fact, body: f.OpinionGiven, day: date) -> CaseView:
    matter = case.matter(code)
    if matter.state not in {MatterState.SUPPLEMENT_OPEN, MatterState.SUPPLEMENT_DONE}:
        return clash(case, fact, f"{code}：当前为“{matter.state.label}”，没有待核对的补正。")
    if not body.complete:
        if matter.state is MatterState.SUPPLEMENT_DONE:
            case = moved(case, code, MatterState.SUPPLEMENT_OPEN, fact, body.at)
        return with_matter(
            case,
            replace(case.matter(code), supplement_items=body.items or matter.supplement_items, complete_since=None),
        )
    if matter.state is MatterState.SUPPLEMENT_OPEN:
        case = moved(case, code, MatterState.SUPPLEMENT_DONE, fact, body.at)
    target = MatterState.IN_REVIEW if matter.accepted_on else MatterState.ACCEPTED
    after = moved(case, code, target, fact, body.at)
    if after.conflicts != case.conflicts:
        return after
    cleared = replace(after.matter(code), supplement_items=(), accepted_on=matter.accepted_on or day)
    return _resumed(with_matter(after, cleared), code, day)


def _resumed(case: CaseView, code: str, day: date) -> CaseView:
    matter = case.matter(code)
    pauses = tuple(replace(p, until=day) if p.until is None else p for p in matter.suspensions)
    return with_matter(case, replace(matter, suspensions=pauses))
