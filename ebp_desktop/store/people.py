"""Who may work here: permits signed by central, failed sign-ins that survive a restart, one-time codes used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.store.schema.tables import PERMITS, SIGN_INS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPermit:
    """A permit as central signed it; ``body`` is its exact JSON."""

    user: str
    body: bytes
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInState:
    """Failures since the last success, until when the person is locked out, and the last one-time code's step."""

    user: str
    failures: int = 0
    locked_until: datetime | None = None
    last_otp_step: int = 0


class PeopleTable:
    """Permits and sign-in states within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_permit(self, permit: StoredPermit) -> None:
        """Keep a person's newest permit."""
        values = {"body": permit.body, "not_after": permit.not_after}
        row = insert(PERMITS).values(user=permit.user, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["user"], set_=values))

    def permit(self, user: str) -> StoredPermit | None:
        """Return a person's permit, whether it still holds or not."""
        row = self._connection.execute(select(PERMITS).where(PERMITS.c.user == user)).one_or_none()
        return None if row is None else StoredPermit(**row._mapping)

    def permits(self) -> tuple[StoredPermit, ...]:
        """Return all permits, by user name."""
        rows = self._connection.execute(select(PERMITS).order_by(PERMITS.c.user))
        return tuple(StoredPermit(**row._mapping) for row in rows)

    def revoke(self, user: str) -> None:
        """Remove a person's permit; the sign-in state stays."""
        self._connection.execute(delete(PERMITS).where(PERMITS.c.user == user))

    def sign_in(self, user: str) -> SignInState:
        """Return how a person's sign-ins went; a stranger has a clean sheet."""
        row = self._connection.execute(select(SIGN_INS).where(SIGN_INS.c.user == user)).one_or_none()
        return SignInState(user=user) if row is None else SignInState(**row._mapping)

    def save_sign_in(self, state: SignInState) -> None:
        """Write how the last sign-in went."""
        values = {
            "failures": state.failures,
            "locked_until": state.locked_until,
            "last_otp_step": state.last_otp_step,
        }
        row = insert(SIGN_INS).values(user=state.user, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["user"], set_=values))
