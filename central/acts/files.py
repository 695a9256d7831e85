"""Files that a department hands in: kept whole, named by their digest, and tied to their case."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from central.acts.desk import MatterPath
from central.runtime import Central
from central.store import schema as t
from central.store.cases import find_case
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.crypto.canonical import digest
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.material import Page

LARGEST_FILE: Final = 200 << 20
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/ofd"),
)


def keep_file(central: Central, case: str, name: str) -> Page:
    """Store a file of a case; its type is read from its bytes.

    Raises BadInputError ``file_unreadable``, ``file_type`` or ``case_unknown``.
    """
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise BadInputError("file_unreadable", f"无法读取文件：{name}", place=name) from error
    return keep_bytes(central, case, data, origin="department", place=name)


def keep_bytes(central: Central, case: str, data: bytes, *, origin: str, place: str = "") -> Page:
    """Store bytes of a case; raises as ``keep_file``."""
    mime = next((mime for magic, mime in _MAGIC if data.startswith(magic)), "")
    if not mime or len(data) > LARGEST_FILE:
        raise BadInputError("file_type", "只接受 PDF、OFD、PNG、JPEG、TIFF，且不超过 200 MB。", place=place)
    sha256 = digest(data)
    with central.blobs.exclusive(sha256):
        if not central.blobs.is_whole(sha256):
            central.blobs.append(sha256, 0, data)
            central.blobs.finish(sha256)
        central.transact(lambda work: _note(work, case, sha256, len(data), mime))
    return Page(sha256=sha256, size=len(data), mime=mime, origin=origin)


def _note(work: Work, case: str, sha256: str, size: int, mime: str) -> None:
    connection = work.connection
    case_id = str(find_case(connection, MatterPath.parse(case).case))
    values = {"size": size, "mime": mime, "offset": size, "done": True, "done_at": stamp(work.now)}
    changed = connection.execute(sa.update(t.blobs).where(t.blobs.c.sha256 == sha256).values(**values))
    if changed.rowcount == 0:
        connection.execute(sa.insert(t.blobs).values(sha256=sha256, created_at=stamp(work.now), **values))
    linked = (t.case_blobs.c.case_id == case_id) & (t.case_blobs.c.sha256 == sha256)
    if connection.scalar(sa.select(t.case_blobs.c.sha256).where(linked)) is None:
        connection.execute(sa.insert(t.case_blobs).values(case_id=case_id, sha256=sha256))
