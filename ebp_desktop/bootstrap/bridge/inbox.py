"""The inbox port over the local store: facts into the ledger, published data into the reference, cursor with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ebp_desktop.bootstrap.bridge.marks import CURSOR, FEED_EPOCH, REBUILDING, STAGING, begin_rebuild
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import CasePurged, Fact, decode_body
from ebp_desktop.domain.material import Page
from ebp_desktop.services.ports import FileInfo, SendState
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.inbox import InboxItem
from ebp_desktop.store.session import StoreSession
from sync.ports import InboxPosition
from sync.protocol.buckets import bucket_of, bucket_sums, row_hash
from sync.protocol.codec import from_json, to_json
from sync.protocol.messages import BucketSum, FeedItem, PullAnswer

FACT = "fact"
# Keys came with the enrolment: without them nothing of central could be believed again, so they only ever grow.
KEY = "key"
REFERENCE = frozenset({"guide", "calendar", "key", "person", "alias", "lease", "setting"})


class Refresh(Protocol):
    """Projects a case anew and writes its row."""

    def __call__(self, tx: StoreSession, case_id: UUID) -> object:
        """Within the transaction that changed the case's facts."""
        ...


class StoredInbox:
    """What central sent; ``on_reference`` hears which collections changed, after the commit."""

    def __init__(self, store: CounterStore, refresh: Refresh, on_reference: Callable[[frozenset[str]], None]) -> None:
        self._store = store
        self._refresh = refresh
        self._on_reference = on_reference

    def position(self) -> InboxPosition:
        """The committed place in the feed."""
        with self._store.read() as tx:
            return InboxPosition(
                cursor=tx.inbox.cursor(CURSOR),
                feed_epoch=tx.inbox.cursor(FEED_EPOCH),
                is_rebuilding=bool(tx.inbox.cursor(REBUILDING)),
            )

    def apply(self, page: PullAnswer) -> None:
        """Writes items, projections and the cursor in one transaction; own facts become SEEN."""
        with self._store.begin() as tx:
            if tx.inbox.cursor(REBUILDING):
                self._stage(tx, page)
            else:
                self._take(tx, page.items, page.feed_epoch)
            tx.inbox.set_cursor(CURSOR, page.next)
            tx.inbox.set_cursor(FEED_EPOCH, page.feed_epoch)
        changed = frozenset(item.collection for item in page.items) & REFERENCE
        if changed:
            self._on_reference(changed)

    def begin_rebuild(self) -> None:
        """Starts over with an empty cursor."""
        with self._store.begin() as tx:
            begin_rebuild(tx)

    def sums(self, collection: str) -> tuple[BucketSum, ...]:
        """Bucket sums of what central has confirmed of a collection."""
        with self._store.read() as tx:
            return bucket_sums(_rows(tx, collection))

    def repair(self, collection: str, prefixes: tuple[str, ...], items: tuple[FeedItem, ...]) -> None:
        """Replaces the rows of these buckets by central's, leaving the cursor alone."""
        wanted = {item.id for item in items}
        with self._store.begin() as tx:
            gone = [row for row, _ in _rows(tx, collection) if bucket_of(row) in prefixes and row not in wanted]
            self._drop(tx, collection, gone)
            self._take(tx, items, tx.inbox.cursor(FEED_EPOCH))

    def _stage(self, tx: StoreSession, page: PullAnswer) -> None:
        for item in page.items:
            tx.inbox.keep(_kept(item, STAGING))
        if page.more:
            return
        staged = [from_json(kept.raw, FeedItem) for kept in tx.inbox.kept(STAGING)]
        known = {item.id for item in staged if item.collection == FACT}
        self._drop(tx, FACT, [row for row, _ in _rows(tx, FACT) if row not in known])
        for collection in REFERENCE - {KEY}:
            tx.reference.clear(collection)
        self._take(tx, staged, page.feed_epoch)
        tx.inbox.drop(STAGING)
        tx.inbox.set_cursor(REBUILDING, "")

    def _take(self, tx: StoreSession, items: Iterable[FeedItem], feed_epoch: str) -> None:
        touched: dict[UUID, None] = {}
        for item in items:
            if item.removed:
                touched.update(dict.fromkeys(self._remove(tx, item.collection, item.id)))
            elif item.collection == FACT and item.case_id is not None:
                self._take_fact(tx, item, feed_epoch)
                touched[item.case_id] = None
            elif item.collection in REFERENCE:
                tx.reference.put(item.collection, item.id, item.body.encode())
            else:
                tx.inbox.keep(_kept(item, feed_epoch))
        for case_id in touched:
            self._refresh(tx, case_id)

    def _take_fact(self, tx: StoreSession, item: FeedItem, feed_epoch: str) -> None:
        raw = item.body.encode()
        try:
            body = decode_body(item.kind, raw)
        except BadInputError:
            # A newer body of a known kind: kept raw until this client is updated, never in the way of others.
            tx.inbox.keep(_kept(item, feed_epoch))
            return
        case_id = UUID(str(item.case_id))
        fact = Fact(
            id=UUID(item.id),
            case_id=case_id,
            kind=item.kind,
            legal_at=datetime.fromisoformat(item.legal_at),
            recorded_at=datetime.fromisoformat(item.recorded_at),
            actor=item.actor,
            origin=item.origin,
            body=body,
        )
        tx.ledger.append(fact, raw)
        tx.outbox.settle(fact.id, SendState.SEEN)
        if isinstance(body, CasePurged):
            tx.destroy_case_key(case_id)

    def _drop(self, tx: StoreSession, collection: str, row_ids: Iterable[str]) -> None:
        """Takes out what central does not have; what was recorded here stays, whatever central lost (rule 1)."""
        touched: dict[UUID, None] = {}
        for row_id in row_ids:
            is_own = collection == FACT and tx.outbox.find(UUID(row_id)) is not None
            if collection != KEY and not is_own:
                touched.update(dict.fromkeys(self._remove(tx, collection, row_id)))
        for case_id in touched:
            self._refresh(tx, case_id)

    @staticmethod
    def _remove(tx: StoreSession, collection: str, row_id: str) -> tuple[UUID, ...]:
        """Removes one row; returns the case whose projection changes by it."""
        if collection != FACT:
            tx.reference.remove(collection, row_id)
            return ()
        fact = tx.ledger.get(UUID(row_id))
        tx.ledger.remove(UUID(row_id))
        return () if fact is None else (fact.case_id,)


def received_pages(tx: StoreSession, case_id: UUID, pages: Iterable[Page]) -> None:
    """Remembers scans that came from central."""
    for page in pages:
        tx.files.received(case_id, FileInfo(sha256=page.sha256, size=page.size, mime=page.mime))


def _rows(tx: StoreSession, collection: str) -> Iterable[tuple[str, int]]:
    """Ids and row hashes of a collection, own facts left out that the feed has not brought back yet."""
    if collection != FACT:
        return [(key, row_hash(key, body.decode())) for key, body in tx.reference.all(collection)]
    pending = tx.outbox.unseen()
    rows: list[tuple[str, int]] = []
    for mark in tx.ledger.marks():
        raw = None if mark.id in pending else tx.ledger.raw(mark.id)
        if raw is not None:
            rows.append((str(mark.id), row_hash(str(mark.id), raw.decode())))
    return rows


def _kept(item: FeedItem, feed_epoch: str) -> InboxItem:
    return InboxItem(
        feed_epoch=feed_epoch,
        seq=item.seq,
        collection=item.collection,
        item_id=item.id,
        case_id=item.case_id,
        kind=item.kind,
        body_v=item.body_v,
        raw=to_json(item),
    )
