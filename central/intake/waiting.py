"""Facts kept without effect: released when what they wait for has come, or when a supervisor vouches for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from central.intake.effects import apply_fact
from central.intake.verdicts import Verdict
from central.people.directory import acting_person
from central.runtime import Central
from central.store import devices, ledger
from central.store import schema as t
from central.store.cases import CaseBook
from central.store.devices import Device
from central.store.work import Work
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.roles import Role
from sync.protocol.messages import FactResult, Outcome

_RELEASED_BY_FACTS: Final = ("case", "deps")
_VOUCHING: Final = frozenset({Role.WINDOW_LEAD, Role.BUREAU_ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A fact without effect and why; no body, for it may speak of persons."""

    fact_id: str
    kind: str
    actor: str
    counter: str
    code: str
    message: str
    received_at: str


def write_and_release(book: CaseBook, central: Central, device: Device) -> None:
    """Write what the transaction added, and let facts count that waited for it, in the order of their arrival."""
    connection, changed = book.work.connection, book.changed
    book.write()
    for fact_id, frame in ledger.deferred_facts(connection, changed, _RELEASED_BY_FACTS):
        deps = ledger.deps_of(frame)
        if len(ledger.known_facts(connection, deps)) < len(set(deps)):
            continue
        stored = ledger.load_facts(connection, central.vault, [str(fact_id)]).get(str(fact_id))
        if stored is None:
            continue
        book.expect(fact_id)
        _answer_anew(book, fact_id, apply_fact(book, central, device, stored.taking_effect()))
        book.write()


def _answer_anew(book: CaseBook, fact_id: UUID, verdict: Verdict) -> FactResult:
    result = verdict.result(fact_id)
    ledger.change_answer(book.work.connection, result)
    book.work.note("central", "fact.released", str(fact_id), f"{verdict.outcome.value} {verdict.code}".strip())
    return result


def list_waiting(central: Central) -> tuple[Waiting, ...]:
    """Every fact that was kept and has no effect, oldest first; nothing is ever invisible."""
    joined = t.envelopes.join(t.facts, t.facts.c.fact_id == t.envelopes.c.fact_id)
    wanted = (
        sa.select(t.facts, t.envelopes.c.answer)
        .select_from(joined)
        .where(t.facts.c.applied.is_(False))
        .order_by(t.envelopes.c.server_seq)
    )
    found: dict[str, Waiting] = {}
    with central.store.read() as connection:
        for row in connection.execute(wanted):
            result = ledger.read_answer(row.answer)
            found[row.fact_id] = Waiting(
                fact_id=row.fact_id,
                kind=row.kind,
                actor=row.actor,
                counter=row.origin,
                code=result.code,
                message=result.message,
                received_at=row.received_at,
            )
    return tuple(found.values())


def confirm(central: Central, fact_id: UUID, user: str) -> FactResult:
    """A supervisor vouches for a quarantined fact, or has one applied that made central fail before (rule 14).

    Raises RefusedError ``not_entitled`` or ``not_waiting``.
    """

    def act(work: Work) -> FactResult:
        person = acting_person(work.connection, user)
        if not person.roles & _VOUCHING:
            raise RefusedError("not_entitled", "只有窗口主管或政务服务局管理员可以确认。", article="第三十一条")
        stored = ledger.load_facts(work.connection, central.vault, [str(fact_id)]).get(str(fact_id))
        answered = ledger.find_answered(work.connection, [fact_id]).get(fact_id, [])
        if stored is None or stored.applied or not answered or answered[-1].result.outcome is not Outcome.DEFERRED:
            raise RefusedError("not_waiting", "该记录不在待确认之列。")
        device = devices.find_device(work.connection, answered[-1].device)
        if device is None:
            raise BadInputError("device_unknown", "登记该记录的工作站已不存在。")
        book = CaseBook(work, central.vault)
        book.expect(fact_id)
        work.note(user, "fact.confirmed", str(fact_id), stored.kind)
        verdict = apply_fact(book, central, device, stored.taking_effect(), confirmed=True)
        result = _answer_anew(book, fact_id, verdict)
        write_and_release(book, central, device)
        return result

    return central.transact(act)
