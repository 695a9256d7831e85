"""视为受理: what silence has accepted gets its paper, once central has heard from the counter after the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from central.acts.desk import Desk
from central.acts.notices import NoticeText, issue_notice
from central.people.directory import Person
from central.runtime import Central
from central.store import catalogue, devices, settings
from central.store import schema as t
from central.store.cases import CaseBook
from central.store.work import Work
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CalendarYearMissing, china_day
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.clocks import deemed_paper_may_issue, in_time, review_deadline, supplement_clock
from ebp_desktop.domain.states import MatterState

RULE = Person(user="rule", display_name="系统规则", staff_no="", unit="central", roles=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A matter that silence has accepted: since when, and which day was missed."""

    matter: MatterCase
    accepted_on: date
    due: date


def issue_deemed(central: Central) -> tuple[str, ...]:
    """Accept by rule whatever is due, each case in a transaction of its own; returns the papers' numbers."""
    issued: list[str] = []
    for case_id in _candidates(central):
        issued += central.transact(partial(_accept_case, central, case_id))
    return tuple(issued)


def _candidates(central: Central) -> list[UUID]:
    waiting = (MatterState.RECEIVED, MatterState.SUPPLEMENT_DONE)
    with central.store.read() as connection:
        rows = connection.scalars(
            sa.select(t.matters.c.case_id)
            .where(t.matters.c.is_open.is_(True), t.matters.c.state.in_([int(state) for state in waiting]))
            .distinct()
        )
        return [UUID(row) for row in rows]


def _accept_case(central: Central, case_id: UUID, work: Work) -> list[str]:
    book = CaseBook(work, central.vault)
    book.load([case_id])
    case = book.view(case_id)
    if case is None:
        return []
    desk = Desk(
        central=central,
        work=work,
        book=book,
        case_id=case_id,
        person=RULE,
        calendar=catalogue.work_calendar(work.connection),
        readings=settings.readings(work.connection),
    )
    numbers = []
    for silence in silences(desk, case):
        if not _counter_was_heard(work, case_id, desk, silence.due):
            continue
        numbers.append(_accept(desk, silence))
    book.write()
    return numbers


def silences(desk: Desk, case: CaseView) -> list[Silence]:
    """The matters of a case that the department has left without an answer until the deadline passed."""
    found: list[Silence] = []
    for matter in case.matters:
        if not matter.terms.deemed_acceptance:
            continue
        try:
            silence = _silence(desk, case, matter)
        except CalendarYearMissing:
            continue
        if silence is not None:
            found.append(silence)
    return found


def _silence(desk: Desk, case: CaseView, matter: MatterCase) -> Silence | None:
    if matter.state is MatterState.RECEIVED:
        due = review_deadline(case.registered.received_at, desk.calendar, desk.readings)
        if in_time(desk.clock_now, due, desk.readings):
            return None
        return Silence(matter=matter, accepted_on=china_day(case.registered.received_at), due=due)
    if matter.state is MatterState.SUPPLEMENT_DONE and matter.complete_since and matter.accepted_on is None:
        clock = supplement_clock(matter.complete_since, desk.calendar, now=desk.clock_now, readings=desk.readings)
        if clock.accepted_from is not None:
            return Silence(matter=matter, accepted_on=clock.accepted_from, due=clock.due)
    return None


def _counter_was_heard(work: Work, case_id: UUID, desk: Desk, due: date) -> bool:
    """A "told" in time may still be waiting at the counter; only contact after the deadline excludes that."""
    device = work.connection.scalar(sa.select(t.cases.c.device).where(t.cases.c.case_id == str(case_id)))
    known = devices.find_device(work.connection, device) if device else None
    return known is not None and deemed_paper_may_issue(due, known.last_contact, desk.readings)


def _accept(desk: Desk, silence: Silence) -> str:
    code = silence.matter.terms.code
    body = f.DeemedAccepted(matter=code, accepted_on=silence.accepted_on, due_was=silence.due, at=desk.now)
    desk.add(body, origin="central")
    desk.work.note("rule", "matter.deemed_accepted", str(desk.case_id), code)
    text = NoticeText(kind=f.NoticeKind.ACCEPTANCE, accepted_on=silence.accepted_on, deemed=True)
    return issue_notice(desk, desk.case.matter(code), text).document_no
