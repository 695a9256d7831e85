"""Units and people: who belongs where, with which roles; nobody shared, nobody default."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.feed import document_draft
from central.store.times import stamp
from central.store.vault import Vault
from central.store.work import Work
from ebp_desktop.crypto.keys import Argon2Cost, hash_password
from ebp_desktop.crypto.otp import new_secret
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.facts import Remedies
from ebp_desktop.domain.roles import Role, may_hold

WINDOW_UNIT: Final = "CK"
_UNMISTAKABLE: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department, the bureau, or the window; ``agency`` is its 机关代字."""

    unit: str
    name: str
    kind: str
    agency: str = ""
    remedies: Remedies = Remedies()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account."""

    user: str
    display_name: str
    staff_no: str
    unit: str
    roles: frozenset[Role]
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSecrets:
    """What a new person is handed once; neither is kept in the clear."""

    user: str
    initial_password: str
    totp_secret: str


def add_unit(connection: Connection, unit: Unit) -> None:
    """Add a unit or bring it up to date."""
    values = {
        "name": unit.name,
        "kind": unit.kind,
        "agency": unit.agency,
        "remedies": msgspec.json.encode(unit.remedies).decode(),
    }
    changed = connection.execute(sa.update(t.units).where(t.units.c.unit == unit.unit).values(**values))
    if changed.rowcount == 0:
        connection.execute(sa.insert(t.units).values(unit=unit.unit, **values))


def find_unit(connection: Connection, unit: str) -> Unit:
    """A unit by its code; raises BadInputError ``unit_unknown``."""
    row = connection.execute(sa.select(t.units).where(t.units.c.unit == unit)).first()
    if row is None:
        raise BadInputError("unit_unknown", f"没有单位“{unit}”。")
    remedies = msgspec.json.decode(row.remedies.encode(), type=Remedies)
    return Unit(unit=row.unit, name=row.name, kind=row.kind, agency=row.agency, remedies=remedies)


def add_person(work: Work, vault: Vault, person: Person, *, cost: Argon2Cost | None = None) -> FirstSecrets:
    """Make an account with a random password and second factor.

    Raises BadInputError ``user_known`` or ``unit_unknown``, RefusedError ``roles_together``.
    """
    connection = work.connection
    find_unit(connection, person.unit)
    if not may_hold(person.roles):
        raise RefusedError("roles_together", "审计与业务、三类管理员之间的角色不得由一人兼任。")
    if connection.scalar(sa.select(t.people.c.user).where(t.people.c.user == person.user)) is not None:
        raise BadInputError("user_known", f"已有人员“{person.user}”。")
    first = _fresh_secrets(person.user)
    connection.execute(
        sa.insert(t.people).values(
            user=person.user,
            display_name=person.display_name,
            staff_no=person.staff_no,
            unit=person.unit,
            verifier=hash_password(first.initial_password, cost),
            totp=vault.seal(first.totp_secret.encode(), _totp_context(person.user)),
            created_at=stamp(work.now),
        )
    )
    rows = [{"user": person.user, "role": role.value} for role in sorted(person.roles)]
    connection.execute(sa.insert(t.person_roles), rows)
    publish_person(work, person)
    work.note("central", "person.added", person.user, ",".join(sorted(person.roles)))
    return first


def renew_secrets(work: Work, vault: Vault, user: str, *, cost: Argon2Cost | None = None) -> FirstSecrets:
    """Give somebody another password and second factor; the old ones are good no more."""
    first = _fresh_secrets(user)
    values = {
        "verifier": hash_password(first.initial_password, cost),
        "totp": vault.seal(first.totp_secret.encode(), _totp_context(user)),
        "totp_step": 0,
        "failures": 0,
        "locked_until": "",
    }
    changed = work.connection.execute(sa.update(t.people).where(t.people.c.user == user).values(**values))
    if changed.rowcount == 0:
        raise RefusedError("user_unknown", f"没有人员“{user}”。")
    work.note("central", "person.secrets_renewed", user)
    return first


def _fresh_secrets(user: str) -> FirstSecrets:
    password = "".join(secrets.choice(_UNMISTAKABLE) for _ in range(_PASSWORD_LENGTH))
    return FirstSecrets(user=user, initial_password=password, totp_secret=new_secret())


def publish_person(work: Work, person: Person) -> None:
    """Let counters know who somebody is; no secret travels this way."""
    doc = {
        "user": person.user,
        "display_name": person.display_name,
        "staff_no": person.staff_no,
        "unit": person.unit,
        "roles": sorted(person.roles),
        "revoked": person.revoked,
    }
    work.publish(document_draft("person", person.user, "person", msgspec.json.encode(doc).decode()))


def find_person(connection: Connection, user: str) -> Person | None:
    """Somebody by the user name."""
    row = connection.execute(sa.select(t.people).where(t.people.c.user == user)).first()
    if row is None:
        return None
    roles = connection.scalars(sa.select(t.person_roles.c.role).where(t.person_roles.c.user == user))
    return Person(
        user=row.user,
        display_name=row.display_name,
        staff_no=row.staff_no,
        unit=row.unit,
        roles=frozenset(Role(role) for role in roles),
        revoked=bool(row.revoked_at),
    )


def acting_person(connection: Connection, user: str) -> Person:
    """Somebody who may act now; raises RefusedError ``user_unknown`` or ``user_revoked``."""
    person = find_person(connection, user)
    if person is None:
        raise RefusedError("user_unknown", f"没有人员“{user}”。")
    if person.revoked:
        raise RefusedError("user_revoked", f"“{person.display_name}”的账号已停用。")
    return person


def revoke_person(work: Work, user: str, at: datetime) -> None:
    """Stop an account from ``at`` on; raises RefusedError ``user_unknown``."""
    person = find_person(work.connection, user)
    if person is None:
        raise RefusedError("user_unknown", f"没有人员“{user}”。")
    work.connection.execute(sa.update(t.people).where(t.people.c.user == user).values(revoked_at=stamp(at)))
    publish_person(work, replace(person, revoked=True))
    work.note("central", "person.revoked", user)


def totp_secret(connection: Connection, vault: Vault, user: str) -> str:
    """The second factor's shared secret of somebody."""
    sealed = connection.scalar(sa.select(t.people.c.totp).where(t.people.c.user == user))
    if sealed is None:
        raise KeyError(user)
    return vault.open(sealed, _totp_context(user)).decode()


def _totp_context(user: str) -> str:
    return f"totp {user}"
