"""投诉: the register of complaints, followed to their answer; who complained stays sealed in the fact (Art. 33)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from central.people.directory import acting_person
from central.runtime import Central
from central.store import schema as t
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.roles import Role

_ANSWERING: Final = frozenset({Role.OVERSEER, Role.BUREAU_ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A line of the register: no name, no text."""

    complaint_no: str
    registered_at: str
    answered_at: str


def list_complaints(central: Central) -> tuple[Complaint, ...]:
    """The register, oldest first."""
    with central.store.read() as connection:
        rows = connection.execute(sa.select(t.complaints).order_by(t.complaints.c.registered_at))
        return tuple(
            Complaint(complaint_no=r.complaint_no, registered_at=r.registered_at, answered_at=r.answered_at)
            for r in rows
        )


def answer_complaint(central: Central, complaint_no: str, user: str) -> str:
    """Note that a complaint was answered; returns when. Raises RefusedError ``not_entitled``."""

    def act(work: Work) -> str:
        if not acting_person(work.connection, user).roles & _ANSWERING:
            raise RefusedError("not_entitled", "只有督查人员或政务服务局管理员可以答复投诉。", article="第三十三条")
        here = t.complaints.c.complaint_no == complaint_no
        row = work.connection.execute(sa.select(t.complaints).where(here).with_for_update()).first()
        if row is None:
            raise BadInputError("complaint_unknown", f"没有编号为“{complaint_no}”的投诉。")
        if row.answered_at:
            return str(row.answered_at)
        work.connection.execute(sa.update(t.complaints).where(here).values(answered_at=stamp(work.now)))
        work.note(user, "complaint.answered", complaint_no)
        return stamp(work.now)

    return central.transact(act)
