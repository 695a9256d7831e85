"""The read models of cases and matters, and the cases that a transaction works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.ledger import BODY_VERSION, StoredFact, load_cases, mark_applied, save_facts
from central.store.times import stamp
from central.store.vault import Vault
from central.store.work import Work
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import Body, CaseRegistered, Fact, encode_body, kind_of
from ebp_desktop.domain.identifiers import check_project_code, normalised


@dataclass(slots=True)
class CaseBook:
    """The cases of one transaction: locked in one order, loaded once, written once at the end."""

    work: Work
    vault: Vault
    _facts: dict[UUID, list[Fact]] = field(default_factory=dict)
    _added: list[StoredFact] = field(default_factory=list)
    _waiting: set[UUID] = field(default_factory=set)
    _changed: set[UUID] = field(default_factory=set)

    def load(self, case_ids: Iterable[UUID]) -> None:
        """Lock and read cases; those already read are kept."""
        wanted = sorted({case_id for case_id in case_ids if case_id not in self._facts}, key=str)
        if not wanted:
            return
        names = [str(case_id) for case_id in wanted]
        locked = sa.select(t.cases.c.case_id).where(t.cases.c.case_id.in_(names)).order_by(t.cases.c.case_id)
        self.work.connection.execute(locked.with_for_update()).all()
        found = load_cases(self.work.connection, self.vault, wanted)
        for case_id in wanted:
            self._facts[case_id] = [each.fact() for each in found.get(case_id, [])]

    def view(self, case_id: UUID) -> CaseView | None:
        """The case as its facts make it, those of this transaction included; None before its registration."""
        self.load([case_id])
        return project_case(self._facts[case_id])

    def with_fact(self, fact: Fact) -> CaseView | None:
        """The case as it would be with one more fact, nothing changed."""
        self.load([fact.case_id])
        return project_case([*self._facts[fact.case_id], fact])

    def add(self, stored: StoredFact) -> None:
        """Take in a new fact, or let one that waited count from now on; ``write`` writes it."""
        self._added.append(stored)
        if stored.applied:
            self.load([stored.case_id])
            self._facts[stored.case_id].append(stored.fact())
            self._changed.add(stored.case_id)

    def expect(self, fact_id: UUID) -> None:
        """This fact lies in the database without effect; adding it lets it count instead of writing it again."""
        self._waiting.add(fact_id)

    @property
    def changed(self) -> frozenset[UUID]:
        """The cases that have got facts since the last ``write``."""
        return frozenset(self._changed)

    def forget(self, case_id: UUID) -> None:
        """The case was purged in this transaction: nothing of it counts any more."""
        self._facts[case_id] = []
        self._changed.discard(case_id)

    def write(self) -> None:
        """Save the new facts and bring the read models of the changed cases up to date."""
        save_facts(self.work, self.vault, [each for each in self._added if each.fact_id not in self._waiting])
        for each in self._added:
            if each.fact_id in self._waiting:
                mark_applied(self.work, each)
            if each.applied:
                self.work.publish(each.draft())
        self._added = []
        for case_id in sorted(self._changed, key=str):
            view = project_case(self._facts[case_id])
            if view is not None:
                save_models(self.work, view)
        self._changed.clear()


def read_case(connection: Connection, vault: Vault, case_id: UUID) -> CaseView | None:
    """A case as it is, without a lock; None before its registration and after a purge."""
    return project_case(each.fact() for each in load_cases(connection, vault, [case_id]).get(case_id, []))


def central_fact(book: CaseBook, case_id: UUID, fact_id: UUID, body: Body, actor: str, origin: str) -> StoredFact:
    """A fact of central's own making, as of this transaction's moment."""
    moment = stamp(book.work.now)
    return StoredFact(
        fact_id=fact_id,
        case_id=case_id,
        kind=kind_of(body),
        body_v=BODY_VERSION,
        body=encode_body(body).decode(),
        actor=actor,
        origin=origin,
        legal_at=moment,
        recorded_at=moment,
    )


def add_case(work: Work, fact: Fact, body: CaseRegistered, device: str) -> None:
    """The rows of a new case, its matters in their departments' inboxes, all or none (Art. 5)."""
    day, serial = body.registration_no.split("-")[2:4]
    work.connection.execute(
        sa.insert(t.cases).values(
            case_id=str(fact.case_id),
            registration_no=body.registration_no,
            ref=str(body.ref),
            counter=body.counter,
            device=device,
            day=day,
            serial=int(serial),
            project_code=body.project.project_code or "",
            temporary_no=body.project.temporary_no or "",
            stage=body.stage,
            guide=body.guide,
            guide_version=body.guide_version,
            received_at=stamp(body.received_at),
            is_open=True,
        )
    )
    rows = [
        {
            "case_id": str(fact.case_id),
            "matter": matter.code,
            "department": matter.department,
            "state": 1,
            "is_open": True,
            "delivered_at": stamp(work.now),
        }
        for matter in body.matters
    ]
    work.connection.execute(sa.insert(t.matters), rows)


def save_models(work: Work, view: CaseView) -> None:
    """Bring the rows of a case in line with its projection."""
    work.connection.execute(
        sa.update(t.cases)
        .where(t.cases.c.case_id == str(view.id))
        .values(is_open=view.is_open, project_code=view.project.project_code or "")
    )
    for matter in view.matters:
        work.connection.execute(
            sa.update(t.matters)
            .where(t.matters.c.case_id == str(view.id), t.matters.c.matter == matter.terms.code)
            .values(state=int(matter.state), is_open=matter.is_open)
        )


def registration_high(connection: Connection, counter: str, days: int = 30) -> dict[str, int]:
    """The highest registration serial of each of a counter's last days, so that a new epoch continues behind it."""
    rows = connection.execute(
        sa.select(t.cases.c.day, sa.func.max(t.cases.c.serial))
        .where(t.cases.c.counter == counter)
        .group_by(t.cases.c.day)
        .order_by(t.cases.c.day.desc())
        .limit(days)
    )
    return {day: int(serial) for day, serial in rows}


def find_case(connection: Connection, number: str) -> UUID:
    """The case behind a registration number, temporary number, project code, alias or case id.

    A project code with several cases means its newest; raises BadInputError ``case_unknown``.
    """
    typed = normalised(number)
    checked = check_project_code(typed)
    code = checked.normal if checked.valid else typed
    canonical = connection.scalar(sa.select(t.aliases.c.canonical).where(t.aliases.c.code == code, t.aliases.c.certain))
    names = [code, canonical] if canonical else [code]
    found = connection.scalar(
        sa.select(t.cases.c.case_id)
        .where(
            t.cases.c.registration_no.in_(names)
            | t.cases.c.temporary_no.in_(names)
            | t.cases.c.project_code.in_(names)
            | (t.cases.c.case_id == typed.lower())
        )
        .order_by(t.cases.c.received_at.desc())
        .limit(1)
    )
    if found is None or not typed:
        raise BadInputError("case_unknown", f"没有编号为“{number}”的申报。", todo="核对登记号、项目编号或临时登记号。")
    return UUID(found)
