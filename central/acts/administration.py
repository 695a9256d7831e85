"""What the bureau does: counters, people, guides and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from central.people.directory import FirstSecrets, Person, Unit, add_person, add_unit
from central.runtime import Central
from central.store import catalogue, devices, settings
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.domain.calendar import CalendarYear
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.guide import Guide, parse_guide
from ebp_desktop.domain.roles import Role

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


def add_unit_once(central: Central, unit: Unit) -> None:
    """Make a unit or bring it up to date."""
    central.transact(lambda work: add_unit(work.connection, unit))


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
