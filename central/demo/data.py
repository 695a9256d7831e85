"""Demo people, units, guides and calendars, in a home made for a demonstration and nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from central.acts.administration import load_calendar, publish_guide
from central.home import CentralHome
from central.people.directory import (
    FirstSecrets,
    Person,
    Unit,
    add_person,
    add_unit,
    find_person,
    find_unit,
    renew_secrets,
)
from central.runtime import Central, open_central
from central.store import catalogue, settings
from central.store import schema as t
from central.store.work import Work
from ebp_desktop.crypto.keys import Argon2Cost
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.facts import Remedies
from ebp_desktop.domain.roles import Role
from resources import locate

AUTOPILOT: Final = "autopilot"
WINDOW: Final = "CK"
BUREAU: Final = "SPJ"
# The least that OWASP asks for: a demo makes many people at once.
DEMO_COST: Final = Argon2Cost(memory_kib=19_456, passes=2, lanes=1)
_REMEDIES: Final = Remedies(
    review_body="乌海市人民政府",
    review_term="60日",
    court="乌海市海勃湾区人民法院",
    suit_term="6个月",
    phone="0473-2010000",
    complaint_phone="0473-12345",
    address="乌海市海勃湾区滨河街1号市行政服务中心",
)
_STAFF: Final = (
    Person(user="surina", display_name="苏日娜", staff_no="0312", unit=WINDOW, roles=frozenset({Role.CLERK})),
    Person(user="wanglei", display_name="王磊", staff_no="0315", unit=WINDOW, roles=frozenset({Role.CLERK})),
    Person(user="chenjing", display_name="陈静", staff_no="0301", unit=WINDOW, roles=frozenset({Role.WINDOW_LEAD})),
    Person(user="hasi", display_name="哈斯", staff_no="0101", unit=BUREAU, roles=frozenset({Role.BUREAU_ADMIN})),
)
_REVIEWER_NAMES: Final = (
    "李静",
    "张伟",
    "乌兰",
    "赵敏",
    "巴特尔",
    "孙丽",
    "周强",
    "娜仁",
    "吴刚",
    "郑洁",
    "高娃",
    "马超",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody of the demo and the file with the secrets, relative to the folder named in the call."""

    person: Person
    file: str


def mark_demo(home: CentralHome, database: str = "") -> None:
    """Make an unused home a demo; raises RefusedError ``not_a_demo`` for one that is in real use."""
    if home.is_demo:
        return
    central = open_central(home, database=database)
    try:
        with central.store.read() as connection:
            used = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (t.people, t.devices)]
        if any(used):
            raise RefusedError(
                "not_a_demo",
                "该数据目录已正式使用，不能装入演示数据。",
                safe="未作任何改动。",
                todo="请为演示另选一个空目录。",
            )
        home.demo_mark.touch(mode=0o600)
    finally:
        central.close()


def load_demo(central: Central, credentials: Path, *, autopilot: bool) -> tuple[DemoPerson, ...]:
    """Fill a demo home; a second time renews the secrets of those whose file is gone.

    Raises RefusedError ``not_a_demo``.
    """
    if not central.home.is_demo:
        raise RefusedError("not_a_demo", "只能在演示目录中装入演示数据。")
    for path in sorted(locate("calendars").glob("*.json")):
        load_calendar(central, path.read_text(encoding="utf-8"), path.name)
    for path in sorted(locate("guides").glob("*.json")):
        publish_guide(central, path.read_text(encoding="utf-8"), path.name)
    people = central.transact(lambda work: _units_and_names(work, autopilot=autopilot))
    credentials.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tuple(_make(central, person, credentials) for person in people)


def _units_and_names(work: Work, *, autopilot: bool) -> tuple[Person, ...]:
    settings.write(work.connection, AUTOPILOT, "on" if autopilot else "")
    add_unit(work.connection, Unit(unit=WINDOW, name="乌海市政务服务中心综合窗口", kind="window"))
    departments = _departments(work)
    bureau = Unit(unit=BUREAU, name="乌海市行政审批和政务服务局", kind="bureau", agency="乌审批", remedies=_REMEDIES)
    add_unit(work.connection, bureau)
    for code in departments:
        known = find_unit(work.connection, code)
        add_unit(
            work.connection,
            Unit(unit=code, name=known.name, kind="department", agency=known.agency, remedies=_REMEDIES),
        )
    reviewers = tuple(
        Person(
            user=f"{code.lower()}.reviewer",
            display_name=_REVIEWER_NAMES[index % len(_REVIEWER_NAMES)],
            staff_no=f"{2001 + index}",
            unit=code,
            roles=frozenset({Role.REVIEWER}),
        )
        for index, code in enumerate(departments)
    )
    return (*_STAFF, *reviewers)


def _departments(work: Work) -> tuple[str, ...]:
    codes = [department.code for guide in catalogue.all_guides(work.connection) for department in guide.departments]
    return tuple(dict.fromkeys(codes))


def _make(central: Central, person: Person, folder: Path) -> DemoPerson:
    file = folder / f"{person.user}.json"

    def act(work: Work) -> FirstSecrets | None:
        if find_person(work.connection, person.user) is None:
            return add_person(work, central.vault, person, cost=DEMO_COST)
        return None if file.exists() else renew_secrets(work, central.vault, person.user, cost=DEMO_COST)

    fresh = central.transact(act)
    if fresh is not None:
        _write_secret(file, fresh)
    return DemoPerson(person=person, file=file.name)


def _write_secret(file: Path, fresh: FirstSecrets) -> None:
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    words = {"user": fresh.user, "password": fresh.initial_password, "totp_secret": fresh.totp_secret}
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(words, out)
