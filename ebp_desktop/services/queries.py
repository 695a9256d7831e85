"""What screens and commands show: today's work, search, one case whole, what waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView
from ebp_desktop.domain.case.clocks import ClockKind, ClockRow, case_clocks
from ebp_desktop.domain.case.words import Happening, history
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.facts import LicenceStatus
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.lookup import cases_touched_since, find_case, open_cases
from ebp_desktop.services.ports import AuditEntry, CasePage, CaseSummary, OutboxEntry, SendState, StoredDocument
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """A clock that ends soon or has ended, with the case it belongs to."""

    case: CaseView
    clock: ClockRow
    unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What this counter did today."""

    registered: int
    told: int
    handed_over: int
    waiting_to_send: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Registrations and closings of one day."""

    day: datetime
    registered: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The counter at a glance: dangers first."""

    dangers: tuple[Danger, ...]
    tally: Tally
    leased_left: int
    leased_until: str
    last_contact: datetime | None
    missing_year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case whole: projection, clocks, history, papers; facts that central has not confirmed are marked."""

    case: CaseView
    clocks: tuple[ClockRow, ...]
    history: tuple[Happening, ...]
    documents: tuple[StoredDocument, ...]
    pending: frozenset[UUID]


class Queries:
    """Reads for the screens; a look at personal data is audited."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def today(self) -> Today:
        """Today's dangers and tally."""
        now = self._desk.clock.now()
        with self._desk.store.read() as tx:
            dangers: list[Danger] = []
            counted = _Counted(now)
            missing: int | None = None
            for case in cases_touched_since(tx, counted.midnight):
                counted.take(case)
            for case in open_cases(tx):
                unsent = bool(tx.outbox.pending_facts(case.id))
                for clock in case_clocks(case, self._desk.calendar, now, self._desk.readings):
                    missing = missing or clock.missing_year
                    if clock.light in {Light.RED, Light.YELLOW} and clock.kind is not ClockKind.STATUTORY:
                        dangers.append(Danger(case=case, clock=clock, unsent=unsent))
            waiting = len(tx.outbox.waiting())
            left, until = tx.numbers.leased_left(now.astimezone(CHINA).year, now.astimezone(CHINA).date())
            contact = tx.settings.get("last_contact_at")
        dangers.sort(key=lambda danger: (str(danger.clock.due or "9999"), danger.clock.light is not Light.RED))
        return Today(
            dangers=tuple(dangers),
            tally=counted.tally(waiting),
            leased_left=left,
            leased_until=f"{until.month}月{until.day}日" if until else "",
            last_contact=datetime.fromisoformat(contact) if contact else None,
            missing_year=missing,
        )

    def find(self, text: str, *, after: str | None = None, limit: int = 50) -> CasePage:
        """Search by two characters, pinyin initials, any code; an empty text lists the newest."""
        with self._desk.store.read() as tx:
            if not text.strip():
                return tx.cases.recent(after=after, limit=limit)
            return tx.cases.search(text, after=after, limit=limit)

    def open_case(self, operator: Operator, code: str) -> CaseFile:
        """One case by any of its numbers; the look is audited (personal data)."""
        operator.require(Act.READ_CASES)
        now = self._desk.clock.now()
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            tx.audit.append(AuditEntry(act="case.read", actor=operator.user, object=str(case.id), at=now))
            documents = tx.documents.of_case(case.id)
            pending = tx.outbox.pending_facts(case.id)
        return CaseFile(
            case=case,
            clocks=case_clocks(case, self._desk.calendar, now, self._desk.readings),
            history=history(case, frozenset(str(fact) for fact in pending)),
            documents=documents,
            pending=pending,
        )

    def outbox(self) -> tuple[OutboxEntry, ...]:
        """Everything that central has not confirmed, oldest first; nothing is ever invisible."""
        with self._desk.store.read() as tx:
            return tx.outbox.waiting()

    def parked(self) -> tuple[OutboxEntry, ...]:
        """Facts that wait for a person."""
        return tuple(entry for entry in self.outbox() if entry.state in {SendState.PARKED, SendState.REJECTED})


class _Counted:
    """Counts what happened today while cases go by."""

    def __init__(self, now: datetime) -> None:
        self._day = now.astimezone(CHINA).date()
        self._registered = self._told = self._handed = 0

    @property
    def midnight(self) -> datetime:
        """When the day began."""
        return datetime.combine(self._day, time(), CHINA)

    def take(self, case: CaseView) -> None:
        """One more case."""
        self._registered += self._is_today(case.registered.received_at)
        self._told += sum(1 for n in case.notices if n.told is not None and self._is_today(n.told.at))
        self._handed += sum(len(out.copies) for out in case.handovers if self._is_today(out.at))

    def _is_today(self, moment: datetime) -> bool:
        return moment.astimezone(CHINA).date() == self._day

    def tally(self, waiting: int) -> Tally:
        """The sums."""
        return Tally(registered=self._registered, told=self._told, handed_over=self._handed, waiting_to_send=waiting)


def ready_count(case: CaseView) -> int:
    """Licences of a case that wait for the applicant."""
    return sum(1 for view in case.licences if not view.is_out and view.status is LicenceStatus.VALID)


def summary_line(row: CaseSummary) -> str:
    """A row in one line for the command line."""
    return f"{row.project_number}  {row.project_name}  {row.stage_name}  {row.state}"
