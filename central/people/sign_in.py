"""Sign-in at central: password, second factor, lock-out, and the signed permit to work offline for 72 hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from central.clock import Clock, DemoClock
from central.people.directory import Person, find_person, totp_secret
from central.runtime import Central, new_id
from central.store import schema as t
from central.store.devices import Device
from central.store.times import moment, stamp
from central.store.work import Work
from ebp_desktop.crypto.keys import hash_password, password_matches
from ebp_desktop.crypto.otp import otp_step
from ebp_desktop.crypto.signatures import to_base64
from ebp_desktop.domain.errors import RefusedError
from sync.protocol.codec import permit_bytes
from sync.protocol.messages import Permit, PermitRequest

PERMIT_LIFE: Final = timedelta(hours=72)
MOST_FAILURES: Final = 5
LOCK_TIME: Final = timedelta(minutes=15)
_WRONG: Final = RefusedError("wrong_credentials", "用户名、密码或动态码不正确。")


@dataclass(frozen=True, slots=True)
class _Account:
    verifier: str
    last_step: int
    failures: int
    locked_until: datetime | None


def issue_permit(central: Central, device: Device, request: PermitRequest) -> Permit:
    """Sign somebody in for one device; raises as ``sign_in``."""
    person = sign_in(central, request.user, request.password, request.otp)

    def act(work: Work) -> Permit:
        not_after = work.now + PERMIT_LIFE
        permit = Permit(
            permit_id=str(new_id()),
            user=person.user,
            display_name=person.display_name,
            staff_no=person.staff_no,
            unit=person.unit,
            roles=tuple(sorted(person.roles)),
            device=device.device,
            not_after=stamp(not_after),
            totp_secret=totp_secret(work.connection, central.vault, person.user),
            verifier=_verifier(work, person.user),
            revocation_epoch=_revocations(work),
            key_id=central.signer.key_id,
            alg=central.signer.alg,
            signature="",
        )
        work.connection.execute(
            sa.insert(t.permits).values(
                permit_id=permit.permit_id,
                user=person.user,
                device=device.device,
                issued_at=stamp(work.now),
                not_after=permit.not_after,
            )
        )
        work.note(person.user, "permit.issued", device.counter_no)
        return replace(permit, signature=to_base64(central.signer.sign(permit_bytes(permit))))

    return central.transact(act)


def sign_in(central: Central, user: str, password: str, otp: str) -> Person:
    """Who it is; five failures in a row lock the account for 15 minutes.

    Raises RefusedError ``wrong_credentials`` or ``locked_out``; neither says whether the user exists.
    """
    now = central.clock.now()
    with central.store.read() as connection:
        row = connection.execute(sa.select(t.people).where(t.people.c.user == user)).first()
    if row is None or row.revoked_at:
        # The same time is spent, so that the answer's delay does not tell who has an account.
        hash_password(password)
        raise _WRONG
    account = _Account(
        row.verifier, row.totp_step, row.failures, moment(row.locked_until) if row.locked_until else None
    )
    if account.locked_until is not None and now < account.locked_until:
        raise _locked(account.locked_until)
    if not password_matches(password, account.verifier):
        raise central.transact(lambda work: _failed(work, user))
    outcome = central.transact(lambda work: _second_factor(central, work, user, otp))
    if isinstance(outcome, RefusedError):
        raise outcome
    return outcome


def _second_factor(central: Central, work: Work, user: str, otp: str) -> Person | RefusedError:
    """Failures are counted in a transaction that commits, so they are returned and raised outside."""
    locked = sa.select(t.people.c.totp_step).where(t.people.c.user == user).with_for_update()
    last = int(work.connection.scalar(locked) or 0)
    step = otp_step(totp_secret(work.connection, central.vault, user), otp, work.now)
    person = find_person(work.connection, user)
    # In a demo whose clock stands still, the next code never comes; anywhere else a code is good once.
    used_up = step is not None and step <= last and not _stands_still(central.clock)
    if step is None or used_up or person is None:
        return _failed(work, user)
    work.connection.execute(
        sa.update(t.people).where(t.people.c.user == user).values(totp_step=step, failures=0, locked_until="")
    )
    work.note(user, "signed_in", user)
    return person


def _stands_still(clock: Clock) -> bool:
    return isinstance(clock, DemoClock) and clock.stands_still


def _failed(work: Work, user: str) -> RefusedError:
    connection = work.connection
    connection.execute(sa.update(t.people).where(t.people.c.user == user).values(failures=t.people.c.failures + 1))
    failures = int(connection.scalar(sa.select(t.people.c.failures).where(t.people.c.user == user)) or 0)
    work.note(user, "sign_in.failed", user, f"failure {failures}")
    if failures < MOST_FAILURES:
        return _WRONG
    until = work.now + LOCK_TIME
    connection.execute(sa.update(t.people).where(t.people.c.user == user).values(failures=0, locked_until=stamp(until)))
    return _locked(until)


def _locked(until: datetime) -> RefusedError:
    return RefusedError("locked_out", f"连续输错 {MOST_FAILURES} 次，账号锁定至 {until:%H:%M}。", todo="请稍后再试。")


def _verifier(work: Work, user: str) -> str:
    return str(work.connection.scalar(sa.select(t.people.c.verifier).where(t.people.c.user == user)) or "")


def _revocations(work: Work) -> int:
    return int(work.connection.scalar(sa.select(sa.func.count()).where(t.people.c.revoked_at != "")) or 0)
