"""The lead department's acts: extending limits, and the joint technical review (Art. 14, 16)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from central.acts.desk import LEADS, Desk, MatterPath, at_desk
from central.acts.notices import NoticeText, issue_notice
from central.runtime import Central, new_id
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.deadlines import LEGAL_CAPS, Handling, extended
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A decided extension with its notice."""

    matter: str
    days: int
    document_no: str


def extend(central: Central, case: str, user: str, days: int, reason: str) -> Extension:
    """Extend the promised limit of a matter by the lead's decision, within the caps, and notify the applicant.

    Raises RefusedError ``not_lead``, ``not_running`` or ``extension_over_cap``.
    """
    path = MatterPath.parse(case)
    return at_desk(central, path.case, user, lambda desk: _extend(desk, path.matter, days, reason))


def _extend(desk: Desk, wanted: str, days: int, reason: str) -> Extension:
    desk.require_lead()
    case = desk.case
    codes = [each.terms.code for each in case.matters]
    code = wanted or (codes[0] if len(codes) == 1 else "")
    if code not in codes:
        raise BadInputError("which_matter", f"请写明事项：{'、'.join(codes)}。")
    matter = case.matter(code)
    if matter.accepted_on is None or not matter.is_open or matter.decision is not None:
        raise RefusedError("not_running", f"“{matter.terms.name}”没有正在计算的办理时限。", article="第十四条")
    if not reason.strip():
        raise BadInputError("reason_missing", "延长时限应写明理由。", article="第十四条")
    if matter.terms.promised is None:
        raise RefusedError("no_limit", "办事指南没有规定该事项的承诺时限。", article="第十条")
    handling = Handling.JOINT if len(codes) > 1 else Handling.SINGLE
    extended(matter.terms.promised, matter.extension_days, days, LEGAL_CAPS[handling])
    desk.add(f.LimitExtended(matter=code, days=days, reason=reason, decided_by=desk.person.user, at=desk.now))
    desk.work.note(desk.person.user, "limit.extended", str(desk.case_id), f"{code} {days}")
    text = NoticeText(kind=f.NoticeKind.EXTENSION, reason=reason)
    notice = issue_notice(desk, desk.case.matter(code), text, department=desk.person.unit)
    return Extension(matter=code, days=days, document_no=notice.document_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """A joint review: who was asked, who has not answered, whether it is closed. Silence is shown as silence."""

    review: UUID
    name: str
    departments: tuple[str, ...]
    silent: tuple[str, ...]
    closed: bool


def reviews(desk: Desk) -> tuple[ReviewState, ...]:
    """The joint reviews of the case, oldest first."""
    bodies = [fact.body for fact in desk.case.facts]
    answered = {(body.review, body.department) for body in bodies if isinstance(body, f.ReviewAnswered)}
    closed = {body.review for body in bodies if isinstance(body, f.ReviewClosed)}
    return tuple(
        ReviewState(
            review=body.review,
            name=body.name,
            departments=body.departments,
            silent=tuple(each for each in body.departments if (body.review, each) not in answered),
            closed=body.review in closed,
        )
        for body in bodies
        if isinstance(body, f.ReviewOpened)
    )


def open_review(central: Central, case: str, user: str, name: str, departments: tuple[str, ...]) -> ReviewState:
    """The lead opens a joint technical review; no clock runs or stops for it (Art. 16)."""

    def act(desk: Desk) -> ReviewState:
        desk.require_lead()
        if any(not each.closed for each in reviews(desk)):
            raise RefusedError("review_open", "本申报已有进行中的联合技术审查。", article="第十六条")
        asked = departments or tuple(dict.fromkeys(each.terms.department for each in desk.case.matters))
        review = new_id()
        desk.add(f.ReviewOpened(review=review, name=name or "联合技术审查", departments=asked, at=desk.now))
        desk.work.note(desk.person.user, "review.opened", str(desk.case_id))
        return reviews(desk)[-1]

    return at_desk(central, MatterPath.parse(case).case, user, act)


def answer_review(central: Central, case: str, user: str, text: str, *, no_opinion: bool) -> ReviewState:
    """One invited department's answer; "no opinion" is said, never assumed.

    Raises RefusedError ``no_review`` or ``not_invited``, BadInputError ``answer_missing``.
    """

    def act(desk: Desk) -> ReviewState:
        desk.require(LEADS)
        current = _open_one(desk)
        if desk.person.unit not in current.departments:
            raise RefusedError("not_invited", "本部门未被邀请参加该联合技术审查。", article="第十六条")
        if no_opinion == bool(text.strip()):
            raise BadInputError("answer_missing", "请填写审查意见，或明确选择“无意见”，二者取一。", article="第十六条")
        body = f.ReviewAnswered(
            review=current.review, department=desk.person.unit, no_opinion=no_opinion, text=text.strip(), at=desk.now
        )
        desk.add(body)
        desk.work.note(desk.person.user, "review.answered", str(desk.case_id))
        return _one(desk, current.review)

    return at_desk(central, MatterPath.parse(case).case, user, act)


def close_review(central: Central, case: str, user: str, text: str) -> ReviewState:
    """The lead's consolidated opinion; refused while an invited department is silent, naming it."""

    def act(desk: Desk) -> ReviewState:
        desk.require_lead()
        current = _open_one(desk)
        if current.silent:
            missing = tuple(Missing(line=each, what="尚未答复", article="第十六条") for each in current.silent)
            raise RefusedError(
                "review_silent", "仍有部门未答复，不能形成综合意见。", article="第十六条", missing=missing
            )
        if not text.strip():
            raise BadInputError("answer_missing", "请填写综合审查意见。", article="第十六条")
        desk.add(f.ReviewClosed(review=current.review, text=text.strip(), at=desk.now))
        desk.work.note(desk.person.user, "review.closed", str(desk.case_id))
        return _one(desk, current.review)

    return at_desk(central, MatterPath.parse(case).case, user, act)


def _open_one(desk: Desk) -> ReviewState:
    for each in reviews(desk):
        if not each.closed:
            return each
    raise RefusedError("no_review", "本申报没有进行中的联合技术审查。", article="第十六条")


def _one(desk: Desk, review: UUID) -> ReviewState:
    return next(each for each in reviews(desk) if each.review == review)
