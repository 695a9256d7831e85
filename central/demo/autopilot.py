"""Departments that answer by themselves, one act at a time, so that a newcomer alone sees the whole way."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from pypdf import PdfWriter

from central.acts.files import keep_bytes
from central.acts.licences import LicenceRequest, issue_licence
from central.acts.opinion_rules import OpinionRequest
from central.acts.opinions import give_opinion
from central.demo.data import AUTOPILOT
from central.runtime import Central
from central.store import schema as t
from central.store import settings
from central.store.cases import read_case
from ebp_desktop.domain.calendar import china_day
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.facts import ResultForm, SupplementItem
from ebp_desktop.domain.material import ShareState
from ebp_desktop.domain.roles import Role
from ebp_desktop.domain.states import MatterState, Opinion

_SUPPLEMENT_DAYS: Final = timedelta(days=15)


def is_on(central: Central) -> bool:
    """Whether this demo's departments answer by themselves."""
    if not central.home.is_demo:
        return False
    with central.store.read() as connection:
        return settings.read(connection, AUTOPILOT) == "on"


def step(central: Central) -> int:
    """At most one act on each open case; returns how many acts were done."""
    return sum(_step_case(central, case_id) for case_id in _open_cases(central))


def _open_cases(central: Central) -> list[UUID]:
    with central.store.read() as connection:
        wanted = sa.select(t.cases.c.case_id).where(t.cases.c.is_open.is_(True)).order_by(t.cases.c.received_at)
        return [UUID(each) for each in connection.scalars(wanted)]


def _step_case(central: Central, case_id: UUID) -> bool:
    with central.store.read() as connection:
        case = read_case(connection, central.vault, case_id)
    return case is not None and any(_act(central, case, matter) for matter in case.matters)


def _act(central: Central, case: CaseView, matter: MatterCase) -> bool:
    """What the department of this matter would do next, if anything."""
    user = _reviewer(central, matter.terms.department)
    place = f"{case.registered.registration_no}/{matter.terms.code}"
    if user is None:
        return False
    request = _next_opinion(central, case, matter)
    if request is not None:
        give_opinion(central, place, user, request)
        return True
    if matter.decision is Opinion.APPROVE and not _has_licence(case, matter):
        _issue(central, case, matter, place, user)
        return True
    return False


def _reviewer(central: Central, department: str) -> str | None:
    joined = t.people.join(t.person_roles, t.people.c.user == t.person_roles.c.user)
    wanted = (
        sa.select(t.people.c.user)
        .select_from(joined)
        .where(t.people.c.unit == department, t.person_roles.c.role == Role.REVIEWER.value, t.people.c.revoked_at == "")
        .order_by(t.people.c.user)
    )
    with central.store.read() as connection:
        return connection.scalar(wanted)


def _next_opinion(central: Central, case: CaseView, matter: MatterCase) -> OpinionRequest | None:
    match matter.state:
        case MatterState.RECEIVED:
            item = _item_to_ask_for(case, matter)
            if item is None:
                return OpinionRequest(opinion=Opinion.ACCEPT)
            until = china_day(central.clock.now()) + _SUPPLEMENT_DAYS
            return OpinionRequest(opinion=Opinion.SUPPLEMENT, items=(item,), until=until)
        case MatterState.SUPPLEMENT_DONE:
            return OpinionRequest(opinion=Opinion.VERIFY)
        case MatterState.ACCEPTED | MatterState.IN_REVIEW:
            notice = case.acceptance_notice(matter.terms.code)
            told = notice is not None and notice.told is not None
            return OpinionRequest(opinion=Opinion.APPROVE) if told and matter.decision is None else None
        case _:
            return None


def _item_to_ask_for(case: CaseView, matter: MatterCase) -> SupplementItem | None:
    """One matter of a case gets one supplement round: the last one that has a paper of its own to ask for."""
    askers = [each for each in case.matters if _own_line(case, each) is not None]
    if not askers or askers[-1].terms.code != matter.terms.code or matter.first_items:
        return None
    return _own_line(case, matter)


def _own_line(case: CaseView, matter: MatterCase) -> SupplementItem | None:
    for line in case.lines:
        if matter.terms.code in line.matters and line.share.state is ShareState.NOT_SHAREABLE:
            return SupplementItem(
                material=line.material,
                name=line.name,
                problem="图件缺少注册人员签章",
                demand="补齐签章后重新提交",
            )
    return None


def _has_licence(case: CaseView, matter: MatterCase) -> bool:
    return any(view.issued.matter == matter.terms.code for view in case.licences)


def _issue(central: Central, case: CaseView, matter: MatterCase, place: str, user: str) -> None:
    """The first matter's result is electronic, the second's on paper with the department's scan, and so on in turn."""
    index = [each.terms.code for each in case.matters].index(matter.terms.code)
    page = keep_bytes(central, place, _blank_pdf(f"{place} {matter.terms.result_name}"), origin="department")
    number = f"{case.registered.registration_no}-{matter.terms.code}"
    if index % 2 == 0:
        request = LicenceRequest(number=number, form=ResultForm.ELECTRONIC, file=page)
    else:
        request = LicenceRequest(number=number, form=ResultForm.PAPER, originals=1, duplicates=1, scan=(page,))
    issue_licence(central, place, user, request)


def _blank_pdf(title: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
