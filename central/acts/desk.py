"""The desk at which a department acts: one case, one person, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from central.people.directory import Person, acting_person
from central.runtime import Central, new_id
from central.store import catalogue, settings
from central.store import schema as t
from central.store.cases import CaseBook, central_fact, find_case
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.domain.calendar import WorkCalendar
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.facts import Body
from ebp_desktop.domain.readings import Readings
from ebp_desktop.domain.roles import Role

T = TypeVar("T")
DECIDES: Final = frozenset({Role.REVIEWER})
_MOST_DRIFT: Final = timedelta(hours=1)
_AFTER: Final = timedelta(microseconds=1)
LEADS: Final = frozenset({Role.REVIEWER, Role.DEPARTMENT_ADMIN})


@dataclass(frozen=True, slots=True)
class MatterPath:
    """``REGISTRATION_NO/MATTER``; the matter is empty when the department has only one in the case."""

    case: str
    matter: str = ""

    @classmethod
    def parse(cls, text: str) -> MatterPath:
        """Split what was typed."""
        case, _, matter = text.partition("/")
        return cls(case.strip(), matter.strip())


@dataclass(slots=True)
class Desk:
    """What an act stands on; facts added here are written when the act returns."""

    central: Central
    work: Work
    book: CaseBook
    case_id: UUID
    person: Person
    calendar: WorkCalendar
    readings: Readings
    clock_now: datetime = field(init=False)

    def __post_init__(self) -> None:
        """An act comes after everything that it saw, even where a counter's clock runs ahead of this one."""
        self.clock_now = self.work.now
        seen = max((each.legal_at for each in self.case.facts), default=self.work.now)
        if self.work.now < seen < self.work.now + _MOST_DRIFT:
            self.work.now = seen + _AFTER

    @property
    def now(self) -> datetime:
        """The legal time of the act; ``clock_now`` is what the clock says, by which deadlines are judged."""
        return self.work.now

    @property
    def case(self) -> CaseView:
        """The case with everything that this act has added so far; raises BadInputError ``case_purged``."""
        view = self.book.view(self.case_id)
        if view is None:
            raise BadInputError("case_purged", "该申报已按保密规定清除。", article="第三条")
        return view

    def add(self, body: Body, *, origin: str = "") -> UUID:
        """Put a fact into the ledger of the case, by this person, from the person's unit."""
        fact_id = new_id()
        fact = central_fact(self.book, self.case_id, fact_id, body, self.person.user, origin or self.person.unit)
        self.book.add(fact)
        clash = next((each for each in self.case.conflicts if each.fact == fact_id), None)
        if clash is not None:
            raise RefusedError("state", clash.words, todo="请核对办件当前状态。")
        return fact_id

    def own_matter(self, wanted: str) -> MatterCase:
        """The person's own matter of the case; another department's is not shown to exist.

        Raises RefusedError ``foreign_matter``, BadInputError ``which_matter``.
        """
        mine = [each for each in self.case.matters if each.terms.department == self.person.unit]
        if not wanted and len(mine) == 1:
            return mine[0]
        found = [each for each in mine if each.terms.code == wanted]
        if not found:
            if not wanted and mine:
                codes = "、".join(each.terms.code for each in mine)
                raise BadInputError("which_matter", f"本部门在该申报中有多个事项，请写明：{codes}。")
            raise RefusedError("foreign_matter", "该事项不属于本部门。", article="第七条")
        return found[0]

    def require(self, roles: frozenset[Role]) -> None:
        """Raise RefusedError ``not_entitled`` unless the person has one of the roles."""
        if not self.person.roles & roles:
            raise RefusedError(
                "not_entitled", f"“{self.person.display_name}”没有办理此项业务的权限。", article="第三十一条"
            )

    def require_lead(self) -> None:
        """Raise RefusedError ``not_lead`` unless the person acts for the stage's lead department (Art. 14)."""
        self.require(LEADS)
        if self.person.unit != self.case.registered.lead_department:
            raise RefusedError("not_lead", "此项只能由本阶段牵头部门决定。", article="第十四条")


def at_desk(central: Central, case: str, user: str, act: Callable[[Desk], T]) -> T:
    """Run an act on a case in one transaction; raises BadInputError ``case_unknown``, RefusedError ``user_unknown``."""

    def run(work: Work) -> T:
        person = acting_person(work.connection, user)
        book = CaseBook(work, central.vault)
        case_id = find_case(work.connection, case)
        book.load([case_id])
        desk = Desk(
            central=central,
            work=work,
            book=book,
            case_id=case_id,
            person=person,
            calendar=catalogue.work_calendar(work.connection),
            readings=settings.readings(work.connection),
        )
        result = act(desk)
        book.write()
        _note_read(desk)
        return result

    return central.transact(run)


def _note_read(desk: Desk) -> None:
    """Whoever acts on a case has seen it: the department's read receipt (Art. 5, 34)."""
    unread = (
        (t.matters.c.case_id == str(desk.case_id))
        & (t.matters.c.department == desk.person.unit)
        & (t.matters.c.read_at == "")
    )
    desk.work.connection.execute(
        sa.update(t.matters).where(unread).values(read_at=stamp(desk.now), read_by=desk.person.user)
    )
