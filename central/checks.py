"""The invariants of central's store, each proved from the rows; what does not hold is a breach with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.runtime import Central
from central.store import schema as t
from central.store.ledger import StoredFact, load_cases
from ebp_desktop.crypto.canonical import canonical_json
from ebp_desktop.crypto.chain import GENESIS, link
from ebp_desktop.crypto.signatures import from_base64
from ebp_desktop.domain.case import project_case
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.identifiers import check_project_code
from sync.protocol.codec import GENESIS as CHAIN_START
from sync.protocol.codec import receipt_bytes
from sync.protocol.messages import FactResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An invariant that does not hold."""

    rule: str
    place: str
    words: str


def check_store(central: Central) -> tuple[Breach, ...]:
    """Every breach, in the order of the rules; empty when the store is sound."""
    with central.store.read() as connection:
        return tuple(breach for rule in _RULES for breach in rule(central, connection))


def _facts_in_feed(_central: Central, connection: Connection) -> Iterator[Breach]:
    counted = (
        sa.select(t.feed.c.item_id, sa.func.count().label("times"))
        .where(t.feed.c.collection == "fact", t.feed.c.removed.is_(False))
        .group_by(t.feed.c.item_id)
        .subquery()
    )
    wanted = (
        sa.select(t.facts.c.fact_id, t.facts.c.applied, counted.c.times)
        .outerjoin(counted, counted.c.item_id == t.facts.c.fact_id)
        .where(sa.func.coalesce(counted.c.times, 0) != sa.case((t.facts.c.applied.is_(True), 1), else_=0))
    )
    for row in connection.execute(wanted):
        words = f"在数据流中出现 {row.times or 0} 次，应为 {int(row.applied)} 次"
        yield Breach(rule="fact_in_feed_once", place=row.fact_id, words=words)


def _feed_has_facts(_central: Central, connection: Connection) -> Iterator[Breach]:
    wanted = (
        sa.select(t.feed.c.item_id)
        .outerjoin(t.facts, t.facts.c.fact_id == t.feed.c.item_id)
        .where(t.feed.c.collection == "fact", t.facts.c.fact_id.is_(None))
    )
    for fact_id in connection.scalars(wanted):
        yield Breach(rule="feed_without_fact", place=fact_id, words="数据流中的记录不在账本里")


def _feed_gapless(_central: Central, connection: Connection) -> Iterator[Breach]:
    first, last, count = connection.execute(
        sa.select(sa.func.min(t.feed.c.seq), sa.func.max(t.feed.c.seq), sa.func.count())
    ).one()
    if count and (first != 1 or last != count):
        yield Breach(rule="feed_gapless", place=f"{first}..{last}", words=f"共 {count} 行，序号不连续")


def _receipts(central: Central, connection: Connection) -> Iterator[Breach]:
    verifier = central.signer.verifier
    rows = connection.execute(
        sa.select(t.envelopes, t.facts.c.fact_id.label("kept")).outerjoin(
            t.facts, t.facts.c.fact_id == t.envelopes.c.fact_id
        )
    )
    for row in rows:
        receipt = msgspec.json.decode(row.answer, type=FactResult).receipt
        if row.kept is None:
            yield Breach(rule="receipt_without_fact", place=row.fact_id, words="已出回执的记录不在账本里")
        if receipt is None or receipt.hash != row.hash or receipt.server_seq != row.server_seq:
            yield Breach(rule="receipt_differs", place=row.fact_id, words="回执与记录不符")
        elif not verifier.verify(receipt_bytes(receipt), from_base64(receipt.signature)):
            yield Breach(rule="receipt_signature", place=row.fact_id, words="回执签名不符")


def _chains(_central: Central, connection: Connection) -> Iterator[Breach]:
    head: tuple[str, str] | None = None
    seq, prev = 0, CHAIN_START
    order = (t.envelopes.c.device, t.envelopes.c.epoch, t.envelopes.c.seq)
    for row in connection.execute(sa.select(t.envelopes).order_by(*order)):
        if head != (row.device, row.epoch):
            head, seq, prev = (row.device, row.epoch), 0, CHAIN_START
        if row.seq != seq + 1 or row.prev != prev:
            yield Breach(rule="device_chain", place=f"{row.device}/{row.epoch}/{row.seq}", words="记录链中断")
        seq, prev = row.seq, row.hash


def _fan_out(central: Central, connection: Connection) -> Iterator[Breach]:
    """No application reached only some of its departments, and the read models say what the facts say."""
    live = [UUID(each) for each in connection.scalars(sa.select(t.cases.c.case_id).where(t.cases.c.purged_at == ""))]
    for start in range(0, len(live), _CASES_AT_ONCE):
        chunk = live[start : start + _CASES_AT_ONCE]
        names = [str(case_id) for case_id in chunk]
        inboxes: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
        for row in connection.execute(sa.select(t.matters).where(t.matters.c.case_id.in_(names))):
            inboxes[row.case_id][row.matter] = (row.department, row.state)
        ledgers = load_cases(connection, central.vault, chunk)
        for case_id in chunk:
            yield from _case_breaches(case_id, ledgers.get(case_id, []), inboxes[str(case_id)])


def _case_breaches(case_id: UUID, ledger: list[StoredFact], inbox: dict[str, tuple[str, int]]) -> Iterator[Breach]:
    try:
        view = project_case(each.fact() for each in ledger)
    except BadInputError as error:
        yield Breach(rule="fact_readable", place=str(case_id), words=error.message)
        return
    if view is None:
        yield Breach(rule="case_has_registration", place=str(case_id), words="申报没有收件登记")
        return
    shown = {matter.terms.code: (matter.terms.department, int(matter.state)) for matter in view.matters}
    if shown != inbox or view.delivered is None:
        yield Breach(rule="reached_every_department", place=str(case_id), words="部门待办与账本不一致")


def _codes(_central: Central, connection: Connection) -> Iterator[Breach]:
    wanted = sa.select(t.projects, t.leases.c.lease).outerjoin(
        t.leases,
        (t.leases.c.region == t.projects.c.region)
        & (t.leases.c.year == t.projects.c.year)
        & (t.leases.c.first <= t.projects.c.serial)
        & (t.leases.c.last >= t.projects.c.serial),
    )
    for row in connection.execute(wanted):
        if row.lease is None:
            yield Breach(rule="code_without_lease", place=row.project_code, words="项目编号不在任何号段内")
        if not check_project_code(row.project_code).valid:
            yield Breach(rule="code_check_digit", place=row.project_code, words="项目编号校验不符")


def _leases_apart(_central: Central, connection: Connection) -> Iterator[Breach]:
    last: dict[tuple[str, int], int] = {}
    for row in connection.execute(sa.select(t.leases).order_by(t.leases.c.region, t.leases.c.year, t.leases.c.first)):
        if row.first <= last.get((row.region, row.year), 0):
            yield Breach(rule="leases_overlap", place=row.lease, words="号段重叠")
        last[row.region, row.year] = row.last


def _document_numbers(_central: Central, connection: Connection) -> Iterator[Breach]:
    book = t.document_numbers.c
    counted = sa.select(book.department, book.kind, book.year, sa.func.count(), sa.func.max(book.serial)).group_by(
        book.department, book.kind, book.year
    )
    for department, kind, year, count, highest in connection.execute(counted):
        if count != highest:
            words = f"最大序号 {highest}，实有 {count} 个"
            yield Breach(rule="document_no_gapless", place=f"{department}/{kind}/{year}", words=words)


def _audit_chain(_central: Central, connection: Connection) -> Iterator[Breach]:
    head, expected = GENESIS, 1
    for row in connection.execute(sa.select(t.audit).order_by(t.audit.c.seq)):
        names = ("at", "actor", "act", "subject", "detail")
        data = canonical_json({name: getattr(row, name) for name in names})
        if row.seq != expected or row.prev != head or link(head, data) != row.hash:
            yield Breach(rule="audit_chain", place=str(row.seq), words="审计链断裂或被改动")
            return
        head, expected = row.hash, row.seq + 1


def _blobs(central: Central, connection: Connection) -> Iterator[Breach]:
    for row in connection.execute(sa.select(t.blobs).where(t.blobs.c.done.is_(True))):
        if not central.blobs.is_whole(row.sha256):
            yield Breach(rule="blob_present", place=row.sha256, words="扫描件不在存储中")
            continue
        if central.blobs.digest(row.sha256) != (row.sha256, row.size):
            yield Breach(rule="blob_intact", place=row.sha256, words="扫描件内容已损坏")


_CASES_AT_ONCE: Final = 200
_RULES: Final[tuple[Callable[[Central, Connection], Iterator[Breach]], ...]] = (
    _facts_in_feed,
    _feed_has_facts,
    _feed_gapless,
    _receipts,
    _chains,
    _fan_out,
    _codes,
    _leases_apart,
    _document_numbers,
    _audit_chain,
    _blobs,
)
