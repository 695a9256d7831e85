"""Uploads in progress: the offset that the database has is the one that the disk has synced, never more."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.runtime import Central
from central.store import schema as t
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.domain.errors import BadInputError, RefusedError
from sync.protocol.messages import BlobState

LARGEST_BLOB: Final = 4 << 30


def open_upload(central: Central, sha256: str, size: int) -> BlobState:
    """Start an upload or find how far it is; raises BadInputError ``blob_size``."""
    if not 0 < size <= LARGEST_BLOB:
        raise BadInputError("blob_size", "扫描件大小不在允许范围内。")

    def act(work: Work) -> BlobState:
        known = _find(work.connection, sha256)
        if known is None:
            row = {"sha256": sha256, "size": size, "offset": 0, "done": False, "created_at": stamp(work.now)}
            work.connection.execute(sa.insert(t.blobs).values(**row))
            return BlobState(sha256=sha256, size=size, offset=0, done=False)
        if known.size != size:
            if known.done or known.offset:
                raise BadInputError("blob_size", "同一扫描件前后两次的大小不同。")
            work.connection.execute(sa.update(t.blobs).where(t.blobs.c.sha256 == sha256).values(size=size))
            return BlobState(sha256=sha256, size=size, offset=0, done=False)
        return known

    return central.transact(act)


def blob_state(central: Central, sha256: str) -> BlobState:
    """How much is durably here; raises BadInputError ``blob_unknown``."""
    with central.store.read() as connection:
        known = _find(connection, sha256)
    if known is None:
        raise BadInputError("blob_unknown", "中心端没有这个扫描件。")
    return known


def accept_part(central: Central, sha256: str, offset: int, part: bytes) -> BlobState:
    """Append at the durable offset: bytes first, synced, then the offset, so that no crash promises too much.

    Of two parts at one offset, one is written and the other refused. The database is not held while the disk works.
    Raises RefusedError ``offset_differs``, BadInputError ``blob_unknown``, ``blob_size`` or ``digest_differs``.
    """
    with central.blobs.exclusive(sha256):
        known = blob_state(central, sha256)
        if known.done:
            return known
        if offset != known.offset:
            raise RefusedError("offset_differs", f"续传位置应为 {known.offset}。", todo="程序会从正确位置续传。")
        if offset + len(part) > known.size:
            raise BadInputError("blob_size", "内容超过所声明的大小。")
        end = central.blobs.append(sha256, offset, part)
        done = end == known.size
        if done and not central.blobs.finish(sha256):
            central.transact(lambda work: _set_offset(work, sha256, 0, done=False))
            raise BadInputError(
                "digest_differs", "扫描件内容与其摘要不符，已丢弃。", safe="本机原件不受影响。", todo="程序会从头重传。"
            )
        central.transact(lambda work: _set_offset(work, sha256, end, done=done))
    return BlobState(sha256=sha256, size=known.size, offset=end, done=done)


def _set_offset(work: Work, sha256: str, offset: int, *, done: bool) -> None:
    values = {"offset": offset, "done": done, "done_at": stamp(work.now) if done else ""}
    work.connection.execute(sa.update(t.blobs).where(t.blobs.c.sha256 == sha256).values(**values))


def _find(connection: Connection, sha256: str) -> BlobState | None:
    row = connection.execute(sa.select(t.blobs).where(t.blobs.c.sha256 == sha256)).first()
    if row is None:
        return None
    return BlobState(sha256=row.sha256, size=row.size, offset=row.offset, done=row.done)
