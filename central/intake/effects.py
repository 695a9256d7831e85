"""What a counter's fact does at central: who may do it, what it must satisfy, and what follows from it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from central.intake.registration import register
from central.intake.verdicts import APPLIED, Verdict, conflict, deferred, rejected
from central.intake.window_acts import (
    check_handover,
    close_matter,
    note_complaint,
    purge,
    record_withdrawal,
    take_copies,
)
from central.runtime import Central
from central.store import schema as t
from central.store.cases import CaseBook
from central.store.devices import Device
from central.store.ledger import StoredFact
from central.store.times import moment
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import BadInputError

# Aggregates of their own, which need no registration before them.
_STANDALONE: Final = (f.ComplaintRegistered, f.AdviceGiven, f.OutageReported)


def apply_fact(
    book: CaseBook, central: Central, device: Device, stored: StoredFact, *, confirmed: bool = False
) -> Verdict:
    """Judge one fact of a counter and, if it may be, let it take effect in ``book``.

    ``confirmed``: a supervisor has vouched for its actor.
    """
    try:
        fact = stored.fact()
    except BadInputError as error:
        return rejected(error.code, error.message)
    doubt = None if confirmed else _doubted_actor(book, fact)
    if doubt is not None:
        return doubt
    body = fact.body
    if isinstance(body, f.CaseRegistered):
        return register(book, central, device, stored, fact)
    if isinstance(body, _STANDALONE):
        book.add(stored)
        if isinstance(body, f.ComplaintRegistered):
            note_complaint(book, fact, body)
        return APPLIED
    if book.view(fact.case_id) is None:
        if isinstance(body, f.CasePurged):
            # Its registration lost its key before it was sent and will never come: nothing is left to wait for.
            return purge(book, central, stored)
        return deferred("case", "本件的收件登记尚未生效，本条记录已保存。", str(fact.case_id))
    return _on_case(book, central, stored, fact)


def _on_case(book: CaseBook, central: Central, stored: StoredFact, fact: f.Fact) -> Verdict:
    before = book.view(fact.case_id)
    after = book.with_fact(fact)
    if before is None or after is None:
        raise LookupError("a case without its registration")
    match fact.body:
        case f.MatterClosed() as body:
            refused = close_matter(before, body)
        case f.LicenceHandedOver() as body:
            refused = check_handover(book, before, body)
        case f.WithdrawalRequested() as body:
            return record_withdrawal(book, before, stored, body)
        case f.CasePurged():
            return purge(book, central, stored)
        case _:
            refused = None
    if refused is not None:
        return refused
    clash = next((each for each in after.conflicts if each.fact == fact.id), None)
    if clash is not None:
        return conflict("state", clash.words, todo="请核对办件当前状态后处理。")
    if isinstance(fact.body, f.LicenceHandedOver):
        take_copies(book, before, fact, fact.body)
    book.add(stored)
    return APPLIED


def _doubted_actor(book: CaseBook, fact: f.Fact) -> Verdict | None:
    """Facts of somebody who was revoked before the act wait for a supervisor and are never dropped (rule 14)."""
    row = book.work.connection.execute(sa.select(t.people.c.revoked_at).where(t.people.c.user == fact.actor)).first()
    if row is None:
        words = f"中心端没有人员“{fact.actor}”，本条记录已保存，待主管确认。"
        return deferred("actor_unknown", words, "supervisor")
    if row.revoked_at and moment(row.revoked_at) <= fact.legal_at:
        words = f"“{fact.actor}”在办理前已停用，本条记录已保存，待主管确认。"
        return deferred("actor_revoked", words, "supervisor")
    return None
