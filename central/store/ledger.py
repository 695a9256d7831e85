"""The ledger: every fact with its sealed body, what counters sent, and what they were answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.times import moment, stamp
from central.store.vault import Vault
from central.store.work import FeedDraft, Work
from ebp_desktop.crypto.keys import open_bytes, seal_bytes
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import Fact, decode_body
from sync.protocol.buckets import row_hash
from sync.protocol.messages import Envelope, FactResult, Outcome

BODY_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFact:
    """A fact with the exact text of its body; ``applied`` ones make the case, others wait for a person or a repair."""

    fact_id: UUID
    case_id: UUID
    kind: str
    body_v: int
    body: str
    actor: str
    origin: str
    legal_at: str
    recorded_at: str
    applied: bool = True

    def fact(self) -> Fact:
        """The value that the domain works on; raises BadInputError ``bad_fact``."""
        return Fact(
            id=self.fact_id,
            case_id=self.case_id,
            kind=self.kind,
            legal_at=moment(self.legal_at),
            recorded_at=moment(self.recorded_at),
            actor=self.actor,
            origin=self.origin,
            body=decode_body(self.kind, self.body.encode()),
        )

    def taking_effect(self) -> StoredFact:
        """The same fact, applied."""
        return replace(self, applied=True)

    def draft(self) -> FeedDraft:
        """The fact's row in the feed."""
        return FeedDraft(
            collection="fact",
            item_id=str(self.fact_id),
            case_id=self.case_id,
            kind=self.kind,
            row_hash=f"{row_hash(str(self.fact_id), self.body):016x}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEnvelope:
    """A counter's envelope with central's answer to it."""

    envelope: Envelope
    result: FactResult
    server_seq: int


def save_facts(work: Work, vault: Vault, facts: Sequence[StoredFact]) -> None:
    """Write facts, their bodies sealed under their cases' keys."""
    if not facts:
        return
    case_keys = vault.case_keys(work.connection, [fact.case_id for fact in facts])
    rows = []
    for fact in facts:
        if fact.case_id not in case_keys:
            case_keys[fact.case_id] = vault.make_case_key(work.connection, fact.case_id)
        rows.append(
            {
                "fact_id": str(fact.fact_id),
                "case_id": str(fact.case_id),
                "kind": fact.kind,
                "body_v": fact.body_v,
                "body": seal_bytes(case_keys[fact.case_id], fact.body.encode(), fact.fact_id.bytes),
                "actor": fact.actor,
                "origin": fact.origin,
                "legal_at": _stamped(fact.legal_at, work),
                "recorded_at": _stamped(fact.recorded_at, work),
                "received_at": stamp(work.now),
                "applied": fact.applied,
            }
        )
    work.connection.execute(sa.insert(t.facts), rows)


def _stamped(text: str, work: Work) -> str:
    """A fact that was refused for its unreadable time is kept all the same, under the time of its arrival."""
    try:
        return stamp(moment(text))
    except BadInputError:
        return stamp(work.now)


def mark_applied(work: Work, fact: StoredFact) -> None:
    """A fact that was kept raw takes effect now."""
    work.connection.execute(sa.update(t.facts).where(t.facts.c.fact_id == str(fact.fact_id)).values(applied=True))


def load_facts(connection: Connection, vault: Vault, fact_ids: Iterable[str]) -> dict[str, StoredFact]:
    """Facts by id; one whose case was purged is left out, for its body cannot be read any more."""
    wanted = sorted(set(fact_ids))
    if not wanted:
        return {}
    found = _opened(connection, vault, sa.select(t.facts).where(t.facts.c.fact_id.in_(wanted)))
    return {str(fact.fact_id): fact for fact in found}


def load_cases(connection: Connection, vault: Vault, case_ids: Iterable[UUID]) -> dict[UUID, list[StoredFact]]:
    """The applied facts of several cases."""
    names = sorted({str(case_id) for case_id in case_ids})
    ledgers: dict[UUID, list[StoredFact]] = defaultdict(list)
    if names:
        wanted = sa.select(t.facts).where(t.facts.c.case_id.in_(names), t.facts.c.applied.is_(True))
        for fact in _opened(connection, vault, wanted):
            ledgers[fact.case_id].append(fact)
    return dict(ledgers)


def _opened(connection: Connection, vault: Vault, wanted: sa.Select[tuple[object, ...]]) -> list[StoredFact]:
    rows = connection.execute(wanted).all()
    case_keys = vault.case_keys(connection, [UUID(row.case_id) for row in rows])
    facts = []
    for row in rows:
        key = case_keys.get(UUID(row.case_id))
        if key is None or not row.body:
            continue
        fact_id = UUID(row.fact_id)
        facts.append(
            StoredFact(
                fact_id=fact_id,
                case_id=UUID(row.case_id),
                kind=row.kind,
                body_v=row.body_v,
                body=open_bytes(key, row.body, fact_id.bytes).decode(),
                actor=row.actor,
                origin=row.origin,
                legal_at=row.legal_at,
                recorded_at=row.recorded_at,
                applied=row.applied,
            )
        )
    return facts


def save_envelopes(connection: Connection, envelopes: Sequence[StoredEnvelope]) -> None:
    """Keep what was sent (without the body, which lies sealed in the fact) and what was answered."""
    if not envelopes:
        return
    rows = [
        {
            "fact_id": str(each.envelope.fact_id),
            "device": each.envelope.device,
            "epoch": each.envelope.epoch,
            "seq": each.envelope.seq,
            "prev": each.envelope.prev,
            "hash": each.envelope.hash,
            "frame": _frame(each.envelope),
            "outcome": each.result.outcome.value,
            "server_seq": each.server_seq,
            "answer": msgspec.json.encode(each.result).decode(),
        }
        for each in envelopes
    ]
    connection.execute(sa.insert(t.envelopes), rows)


class _Frame(msgspec.Struct):
    deps: tuple[UUID, ...] = ()


def _frame(envelope: Envelope) -> str:
    fields = {
        "case_id": envelope.case_id,
        "permit_id": envelope.permit_id,
        "boot_id": envelope.boot_id,
        "mono_ms": envelope.mono_ms,
        "skew_ms": envelope.skew_ms,
        "blobs": envelope.blobs,
        "deps": envelope.deps,
        "supersedes": envelope.supersedes,
        "recorded_at": envelope.recorded_at,
        "legal_at": envelope.legal_at,
    }
    return msgspec.json.encode(fields).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What central remembers of an envelope that it has seen."""

    fact_id: UUID
    device: str
    epoch: str
    hash: str
    result: FactResult


def find_answered(connection: Connection, fact_ids: Iterable[UUID]) -> dict[UUID, list[Answered]]:
    """The earlier answers to these facts, one for each epoch that a fact was sent in."""
    names = [str(fact_id) for fact_id in fact_ids]
    found: dict[UUID, list[Answered]] = defaultdict(list)
    if not names:
        return found
    here = t.envelopes.c
    chosen = sa.select(here.fact_id, here.device, here.epoch, here.hash, here.answer)
    for row in connection.execute(chosen.where(here.fact_id.in_(names)).order_by(here.server_seq)):
        fact_id, result = UUID(row.fact_id), msgspec.json.decode(row.answer, type=FactResult)
        one = Answered(fact_id=fact_id, device=row.device, epoch=row.epoch, hash=row.hash, result=result)
        found[fact_id].append(one)
    return dict(found)


def change_answer(connection: Connection, result: FactResult) -> None:
    """Replace the answer to a fact that was deferred; each envelope keeps its own receipt."""
    here = t.envelopes.c
    rows = connection.execute(
        sa.select(here.device, here.epoch, here.seq, here.answer).where(here.fact_id == str(result.fact_id))
    ).all()
    for row in rows:
        kept = msgspec.json.decode(row.answer, type=FactResult).receipt
        answer = msgspec.json.encode(replace(result, receipt=kept)).decode()
        place = (here.device == row.device) & (here.epoch == row.epoch) & (here.seq == row.seq)
        connection.execute(sa.update(t.envelopes).where(place).values(outcome=result.outcome.value, answer=answer))


def has_fact(connection: Connection, fact_id: UUID) -> bool:
    """Whether the ledger holds a fact of this id, with or without effect."""
    return connection.scalar(sa.select(t.facts.c.fact_id).where(t.facts.c.fact_id == str(fact_id))) is not None


def deferred_facts(connection: Connection, case_ids: Iterable[UUID], codes: Iterable[str]) -> list[tuple[UUID, str]]:
    """Facts of these cases that wait with one of these codes, in the order of their arrival: id and frame."""
    names = sorted({str(case_id) for case_id in case_ids})
    if not names:
        return []
    joined = t.envelopes.join(t.facts, t.facts.c.fact_id == t.envelopes.c.fact_id)
    wanted = (
        sa.select(t.envelopes.c.fact_id, t.envelopes.c.frame, t.envelopes.c.answer)
        .select_from(joined)
        .where(
            t.facts.c.case_id.in_(names), t.facts.c.applied.is_(False), t.envelopes.c.outcome == Outcome.DEFERRED.value
        )
        .order_by(t.envelopes.c.server_seq)
    )
    good, found = set(codes), dict[UUID, str]()
    for row in connection.execute(wanted):
        if msgspec.json.decode(row.answer, type=FactResult).code in good:
            found.setdefault(UUID(row.fact_id), row.frame)
    return list(found.items())


def read_answer(text: str) -> FactResult:
    """The answer as it lies beside its envelope."""
    return msgspec.json.decode(text, type=FactResult)


def deps_of(frame: str) -> tuple[UUID, ...]:
    """What a kept envelope says that its fact depends on."""
    return msgspec.json.decode(frame, type=_Frame).deps


def known_facts(connection: Connection, fact_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these facts are applied."""
    names = [str(fact_id) for fact_id in fact_ids]
    if not names:
        return set()
    rows = connection.scalars(
        sa.select(t.facts.c.fact_id).where(t.facts.c.fact_id.in_(names), t.facts.c.applied.is_(True))
    )
    return {UUID(name) for name in rows}
