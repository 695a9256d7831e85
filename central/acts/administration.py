"""What the bureau does: counters, people, guides and calendars."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from central.people.directory import FirstSecrets, Person, Unit, add_person, add_unit, revoke_person
from central.runtime import Central
from central.store import catalogue, devices, leases, settings
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.domain.calendar import CalendarYear
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.guide import Guide, parse_guide
from ebp_desktop.domain.roles import Role
from sync.protocol.codec import GENESIS

OFFICE: Final = "central"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCounter:
    """A counter that waits for its workstation."""

    counter: str
    code: str
    expires: str


def add_counter(central: Central, name: str, region: str = "") -> NewCounter:
    """Make a counter with a one-time code; raises BadInputError ``bad_region`` or ``counters_full``."""
    if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise BadInputError("bad_region", f"行政区划代码应为 6 位数字：{region}")

    def act(work: Work) -> NewCounter:
        chosen = region or settings.read(work.connection, settings.REGION)
        counter = devices.add_counter(work.connection, name, chosen, work.now)
        code, expires = devices.issue_code(work.connection, counter.counter, work.now)
        work.note(OFFICE, "counter.added", f"{counter.counter:03d}")
        return NewCounter(counter=f"{counter.counter:03d}", code=code, expires=stamp(expires))

    return central.transact(act)


def add_user(
    central: Central, user: str, unit: str, roles: frozenset[Role], *, display_name: str = "", staff_no: str = ""
) -> FirstSecrets:
    """Make a person with a random password and second factor; raises as ``add_person``."""
    if not user.strip() or not roles:
        raise BadInputError("bad_user", "用户名和角色不能为空。")
    person = Person(user=user, display_name=display_name or user, staff_no=staff_no, unit=unit, roles=roles)
    return central.transact(lambda work: add_person(work, central.vault, person))


def publish_guide(central: Central, text: str, source: str) -> tuple[Guide, bool]:
    """Publish a version (False: it was published already, byte for byte).

    Outside a demo a draft is refused, and so is a guide that a department named in it has not confirmed (Art. 13).
    Raises RefusedError ``guide_draft`` or ``guide_unconfirmed``, BadInputError when the text is no guide.
    """
    guide = parse_guide(text, source)
    if not central.home.is_demo:
        _check_publishable(guide)
    return guide, central.transact(lambda work: _publish(work, guide, text))


def _check_publishable(guide: Guide) -> None:
    if guide.is_draft:
        raise RefusedError(
            "guide_draft", "办事指南仍是草案，不能发布使用。", article="第十三条", todo="各部门确认后再发布。"
        )
    confirmed = {each.department for each in guide.confirmations}
    silent = [code for code in guide.participating() if code not in confirmed]
    if silent:
        missing = tuple(
            Missing(line=guide.department(code).name, what="尚未确认本办事指南", article="第十三条") for code in silent
        )
        raise RefusedError("guide_unconfirmed", "有部门尚未确认本办事指南。", article="第十三条", missing=missing)


def _publish(work: Work, guide: Guide, text: str) -> bool:
    for department in guide.departments:
        _know_department(work, department.code, department.name, department.short)
    fresh = catalogue.add_guide(work, guide, text)
    if fresh:
        work.note(OFFICE, "guide.published", f"{guide.id}/{guide.version}")
    return fresh


def _know_department(work: Work, code: str, name: str, short: str) -> None:
    """A guide brings its departments; what an administrator has entered for one of them stays."""
    if not catalogue.has_unit(work.connection, code):
        add_unit(work.connection, Unit(unit=code, name=name, kind="department", agency=short))


def load_calendar(central: Central, text: str, source: str) -> tuple[CalendarYear, bool]:
    """Load a version of a year (False: it was loaded already); raises BadInputError ``calendar_invalid``."""
    year = parse_calendar(text, source)

    def act(work: Work) -> bool:
        fresh = catalogue.add_calendar(work, year, text)
        if fresh:
            work.note(OFFICE, "calendar.loaded", f"{year.year}/{year.version}")
        return fresh

    return year, central.transact(act)


def release_counter(central: Central, counter: int) -> int:
    """Let the stopped workstations of a counter work again on a new chain; their blocks are void. Returns how many."""

    def act(work: Work) -> int:
        stopped = [
            each for each in devices.all_devices(work.connection) if each.counter == counter and each.quarantined
        ]
        for each in stopped:
            leases.burn(work.connection, each.device, "released after quarantine", work.now)
            devices.release(work.connection, each, secrets.token_hex(8), GENESIS, work.now)
            work.note(OFFICE, "device.released", each.counter_no, each.quarantined)
        return len(stopped)

    return central.transact(act)


def revoke_counter(central: Central, counter: int) -> int:
    """Take away the enrolment of a counter's workstations and void their blocks. Returns how many."""

    def act(work: Work) -> int:
        mine = [each for each in devices.all_devices(work.connection) if each.counter == counter and not each.revoked]
        for each in mine:
            devices.revoke(work.connection, each.device, work.now)
            leases.burn(work.connection, each.device, "enrolment revoked", work.now)
            work.note(OFFICE, "device.revoked", each.counter_no)
        return len(mine)

    return central.transact(act)


def revoke_user(central: Central, user: str, at: datetime | None = None) -> None:
    """Stop an account from ``at`` (now) on; facts of earlier acts stay good (rule 14)."""
    central.transact(lambda work: revoke_person(work, user, at or work.now))


def set_unit(central: Central, unit: Unit) -> None:
    """Enter a unit's name, 机关代字 and remedies; the papers need them."""

    def act(work: Work) -> None:
        add_unit(work.connection, unit)
        work.note(OFFICE, "unit.set", unit.unit)

    central.transact(act)
