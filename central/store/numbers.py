"""文号: gapless series per department, type and year, made here only; a number that was voided stays in the book."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.facts import NoticeKind
from ebp_desktop.domain.identifiers import make_document_no

_CLASS_WORDS: Final = {
    NoticeKind.ACCEPTANCE: "受",
    NoticeKind.SUPPLEMENT: "补",
    NoticeKind.REFUSAL: "不受",
    NoticeKind.NOT_NEEDED: "告",
    NoticeKind.SPECIAL: "特",
    NoticeKind.EXTENSION: "延",
    NoticeKind.DENIAL: "不许",
    NoticeKind.APPROVAL: "审",
}


def next_document_no(
    connection: Connection,
    *,
    department: str,
    agency: str,
    kind: NoticeKind,
    year: int,
    notice: UUID,
    case_id: UUID,
) -> str:
    """The next number of the series, in the transaction that issues the paper; a rollback takes none.

    Raises RefusedError ``agency_missing`` when the department's 机关代字 is not known.
    """
    if not agency:
        raise RefusedError(
            "agency_missing", "未设置该部门的机关代字，不能编制文号。", todo="请政务服务局管理员补充后再出具。"
        )
    serial = _next_serial(connection, department, kind, year)
    number = make_document_no(agency + _CLASS_WORDS[kind], year, serial)
    connection.execute(
        sa.insert(t.document_numbers).values(
            document_no=number,
            department=department,
            kind=kind.value,
            year=year,
            serial=serial,
            notice=str(notice),
            case_id=str(case_id),
        )
    )
    return number


def _next_serial(connection: Connection, department: str, kind: NoticeKind, year: int) -> int:
    here = (t.series.c.department == department) & (t.series.c.kind == kind.value) & (t.series.c.year == year)
    moved = connection.execute(sa.update(t.series).where(here).values(last=t.series.c.last + 1))
    if moved.rowcount == 0:
        connection.execute(sa.insert(t.series).values(department=department, kind=kind.value, year=year, last=1))
    return int(connection.scalar(sa.select(t.series.c.last).where(here)) or 0)


def void_document_no(connection: Connection, document_no: str, reason: str) -> None:
    """Mark a number as void; it is never issued again."""
    connection.execute(
        sa.update(t.document_numbers).where(t.document_numbers.c.document_no == document_no).values(void_reason=reason)
    )
