"""登录: password and second factor, online by central's permit, offline by the last one, with a lock-out that lasts.

A permit is central's signed leave to work offline for at most 72 hours. Nothing about a person is kept beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.domain.roles import Role
from ebp_desktop.services.ports import AuditEntry, Clock
from ebp_desktop.services.window import Operator

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE_LIMIT = timedelta(minutes=10)
SESSION_LIMIT = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitCard:
    """What a permit says; ``raw`` are its signed bytes."""

    permit_id: str
    user: str
    display_name: str
    staff_no: str
    roles: tuple[str, ...]
    not_after: datetime
    verifier: str
    totp_secret: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRecord:
    """Failures since the last success, until when the person is locked out, the last one-time code's step."""

    user: str
    failures: int = 0
    locked_until: datetime | None = None
    last_otp_step: int = 0


class PermitShelf(Protocol):
    """Permits and sign-in records of this home."""

    def permit(self, user: str) -> PermitCard | None:
        """The person's last permit whose signature holds."""
        ...

    def save_permit(self, card: PermitCard) -> None:
        """Keeps a person's newest permit."""
        ...

    def record(self, user: str) -> SignInRecord:
        """How the person's sign-ins went."""
        ...

    def save_record(self, record: SignInRecord, audit: AuditEntry) -> None:
        """Writes it together with its audit record, in one transaction."""
        ...


class PermitIssuer(Protocol):
    """Central's desk for permits."""

    def request(self, user: str, password: str, otp: str) -> PermitCard:
        """A fresh permit. Raises RefusedError for a wrong password or code, SurroundingsError when out of reach."""
        ...


class Proofs(Protocol):
    """Checks what a person knows and has."""

    def password_matches(self, password: str, verifier: str) -> bool:
        """Whether the password is the one behind the Argon2id verifier."""
        ...

    def otp_step(self, secret: str, otp: str, at: datetime) -> int | None:
        """The time step at which the one-time code holds, one step of drift allowed, or None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A signed-in person, and until when."""

    operator: Operator
    expires: datetime
    offline: bool


class SignIn:
    """Signs people in at this counter."""

    def __init__(self, shelf: PermitShelf, issuer: PermitIssuer, proofs: Proofs, clock: Clock) -> None:
        self._shelf = shelf
        self._issuer = issuer
        self._proofs = proofs
        self._clock = clock

    def open(self, user: str, password: str, otp: str) -> SignedIn:
        """Signs a person in; central decides when it can be reached, the last permit otherwise.

        Raises RefusedError ``sign_in_locked``, ``sign_in_refused`` or ``permit_expired``.
        """
        now = self._clock.now()
        record = self._shelf.record(user)
        self._refuse_locked(record, now)
        try:
            card, offline = self._issuer.request(user, password, otp), False
        except RefusedError:
            self._failed(record, now)
            raise
        except SurroundingsError:
            card, offline = self._offline(record, user, password, now), True
        step = self._proofs.otp_step(card.totp_secret, otp, now)
        if offline and (step is None or step <= record.last_otp_step):
            self._failed(record, now)
            raise _refused("动态口令不正确或已经用过。")
        self._shelf.save_permit(card)
        done = SignInRecord(user=user, last_otp_step=max(step or 0, record.last_otp_step))
        self._shelf.save_record(done, AuditEntry(act="session.opened", actor=user, object=user, at=now))
        return SignedIn(operator=operator_of(card), expires=min(now + SESSION_LIMIT, card.not_after), offline=offline)

    def _offline(self, record: SignInRecord, user: str, password: str, now: datetime) -> PermitCard:
        card = self._shelf.permit(user)
        if card is None:
            raise SurroundingsError(
                "no_permit",
                "与中心的连接中断，且本机没有该人员的离线许可。",
                safe="未做任何改动。",
                todo="恢复网络后登录一次，之后 72 小时内可离线登录。",
            )
        if card.not_after <= now:
            raise RefusedError(
                "permit_expired", "离线许可已过期，须联网登录。", article="第三十四条（七）", todo="恢复网络后再登录。"
            )
        if not self._proofs.password_matches(password, card.verifier):
            self._failed(record, now)
            raise _refused("用户名或密码不正确。")
        return card

    def _refuse_locked(self, record: SignInRecord, now: datetime) -> None:
        if record.locked_until is not None and now < record.locked_until:
            until = record.locked_until.astimezone(CHINA)
            raise RefusedError(
                "sign_in_locked",
                f"连续 {MOST_FAILURES} 次登录失败，已锁定到 {until:%H:%M}。",
                article="第三十四条（七）",
                safe="已登记的内容不受影响。",
                todo="到时再登录，或请管理员解锁。",
            )

    def _failed(self, record: SignInRecord, now: datetime) -> None:
        failures = record.failures + 1
        locked = now + LOCKED_FOR if failures >= MOST_FAILURES else None
        kept = SignInRecord(
            user=record.user,
            failures=0 if locked else failures,
            locked_until=locked,
            last_otp_step=record.last_otp_step,
        )
        entry = AuditEntry(act="session.refused", actor=record.user, object=record.user, detail=str(failures), at=now)
        self._shelf.save_record(kept, entry)


def operator_of(card: PermitCard) -> Operator:
    """The person behind a permit; roles that this version does not know are left out."""
    known = {role.value for role in Role}
    return Operator(
        user=card.user,
        display_name=card.display_name,
        staff_no=card.staff_no,
        roles=frozenset(Role(role) for role in card.roles if role in known),
        permit=card.permit_id,
    )


def _refused(words: str) -> RefusedError:
    return RefusedError(
        "sign_in_refused", words, article="第三十四条（七）", todo="核对后重试；连续 5 次失败将锁定 15 分钟。"
    )
