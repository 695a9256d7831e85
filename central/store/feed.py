"""The feed: what every counter pulls, in one strict order."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from central.store import schema as t
from central.store.ledger import BODY_VERSION, StoredFact, load_facts
from central.store.vault import Vault
from central.store.work import FeedDraft
from ebp_desktop.crypto.keys import same
from ebp_desktop.domain.errors import BadInputError
from sync.protocol.buckets import bucket_of, bucket_sums, row_hash
from sync.protocol.messages import CheckAnswer, CheckRequest, FeedItem

_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a counter has read: the feed's epoch and the last sequence number."""

    epoch: str
    seq: int


def seal_cursor(vault: Vault, cursor: Cursor) -> str:
    """The opaque form, which only this central can make."""
    plain = f"{cursor.epoch}:{cursor.seq}".encode()
    return base64.urlsafe_b64encode(vault.mac(plain) + plain).decode()


def open_cursor(vault: Vault, text: str) -> Cursor:
    """Undo ``seal_cursor``; raises BadInputError ``bad_cursor``."""
    try:
        raw = base64.urlsafe_b64decode(text.encode())
        tag, plain = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        epoch, _, seq = plain.decode().partition(":")
        if same(vault.mac(plain), tag):
            return Cursor(epoch, int(seq))
    except (binascii.Error, ValueError) as error:
        raise BadInputError("bad_cursor", "读取位置无法识别。", todo="请从头拉取。") from error
    raise BadInputError("bad_cursor", "读取位置无法识别。", todo="请从头拉取。")


def document_draft(collection: str, item_id: str, kind: str, doc: str, *, case_id: UUID | None = None) -> FeedDraft:
    """A feed row that carries its own document."""
    return FeedDraft(
        collection=collection,
        item_id=item_id,
        kind=kind,
        doc=doc,
        case_id=case_id,
        row_hash=f"{row_hash(item_id, doc):016x}",
    )


def head(connection: Connection) -> int:
    """The last sequence number of the feed, 0 while it is empty."""
    return int(connection.scalar(sa.select(sa.func.max(t.feed.c.seq))) or 0)


def page(connection: Connection, vault: Vault, after: int, limit: int) -> tuple[FeedItem, ...]:
    """The rows after a sequence number, at most ``limit``, with the bodies of the facts among them."""
    rows = connection.execute(sa.select(t.feed).where(t.feed.c.seq > after).order_by(t.feed.c.seq).limit(limit)).all()
    facts = load_facts(connection, vault, [row.item_id for row in rows if row.collection == "fact"])
    return tuple(_item(row, facts.get(row.item_id)) for row in rows)


def items(connection: Connection, vault: Vault, collection: str, ids: tuple[str, ...]) -> tuple[FeedItem, ...]:
    """The latest rows of these ids, for a counter that repairs itself."""
    latest = _latest(collection, head(connection)).where(t.feed.c.item_id.in_(ids)).subquery()
    rows = connection.execute(sa.select(t.feed).join(latest, t.feed.c.seq == latest.c.seq).order_by(t.feed.c.seq)).all()
    facts = load_facts(connection, vault, ids if collection == "fact" else ())
    return tuple(_item(row, facts.get(row.item_id)) for row in rows)


def _item(row: Row[tuple[object, ...]], fact: StoredFact | None) -> FeedItem:
    purged = row.collection == "fact" and fact is None
    return FeedItem(
        seq=row.seq,
        collection=row.collection,
        id=row.item_id,
        case_id=UUID(row.case_id) if row.case_id else None,
        kind=row.kind,
        body_v=fact.body_v if fact else BODY_VERSION,
        body=fact.body if fact else row.doc,
        actor=fact.actor if fact else "",
        origin=fact.origin if fact else "central",
        legal_at=fact.legal_at if fact else row.at,
        recorded_at=fact.recorded_at if fact else row.at,
        removed=row.removed or purged,
    )


def _latest(collection: str, upto: int) -> sa.Select[tuple[int]]:
    return (
        sa.select(sa.func.max(t.feed.c.seq).label("seq"))
        .where(t.feed.c.collection == collection, t.feed.c.seq <= upto)
        .group_by(t.feed.c.item_id)
    )


def compare(connection: Connection, request: CheckRequest, upto: int) -> CheckAnswer:
    """Which buckets of a counter differ from the feed up to its cursor, and the ids that central has in them."""
    latest = _latest(request.collection, upto).subquery()
    rows = connection.execute(
        sa.select(t.feed.c.item_id, t.feed.c.row_hash)
        .join(latest, t.feed.c.seq == latest.c.seq)
        .outerjoin(t.case_keys, t.case_keys.c.case_id == t.feed.c.case_id)
        .where(t.feed.c.removed.is_(False), (t.feed.c.case_id == "") | t.case_keys.c.case_id.is_not(None))
    ).all()
    ours = bucket_sums((row.item_id, int(row.row_hash, 16)) for row in rows)
    mine, theirs = {each.prefix: each for each in ours}, {each.prefix: each for each in request.buckets}
    differing = tuple(sorted(p for p in mine.keys() | theirs.keys() if mine.get(p) != theirs.get(p)))
    ids = tuple(sorted(row.item_id for row in rows if bucket_of(row.item_id) in differing))
    return CheckAnswer(differing=differing, ids=ids)
