"""Permits over the local store and over the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ebp_desktop.crypto.signatures import Keyring
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.services.ports import AuditEntry, Clock
from ebp_desktop.services.sign_in import PermitCard, SignInRecord
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.people import SignInState, StoredPermit
from sync.enrolment import PermitLink, check_permit, request_permit
from sync.protocol.codec import from_json, to_json
from sync.protocol.messages import Permit, PermitRequest

Keys = Callable[[], Keyring]


class StoredPermits:
    """Permits and sign-in records of a home; a permit whose signature does not hold counts as none."""

    def __init__(self, store: CounterStore, device: str, keys: Keys) -> None:
        self._store = store
        self._device = device
        self._keys = keys

    def permit(self, user: str) -> PermitCard | None:
        """The person's last genuine permit, expired ones included."""
        with self._store.read() as tx:
            stored = tx.people.permit(user)
        if stored is None:
            return None
        permit = from_json(stored.body, Permit)
        try:
            check_permit(permit, self._device, self._keys(), datetime.fromisoformat(permit.not_after))
        except RefusedError:
            return None
        return card_of(permit)

    def save_permit(self, card: PermitCard) -> None:
        """Keeps a person's newest permit."""
        with self._store.begin() as tx:
            tx.people.save_permit(StoredPermit(user=card.user, body=card.raw, not_after=card.not_after))

    def record(self, user: str) -> SignInRecord:
        """How the person's sign-ins went."""
        with self._store.read() as tx:
            state = tx.people.sign_in(user)
        return SignInRecord(
            user=user,
            failures=state.failures,
            locked_until=state.locked_until,
            last_otp_step=state.last_otp_step,
        )

    def save_record(self, record: SignInRecord, audit: AuditEntry) -> None:
        """Writes the record with its audit entry."""
        with self._store.begin() as tx:
            tx.people.save_sign_in(
                SignInState(
                    user=record.user,
                    failures=record.failures,
                    locked_until=record.locked_until,
                    last_otp_step=record.last_otp_step,
                )
            )
            tx.audit.append(audit)


@dataclass(frozen=True, slots=True)
class LinkPermits:
    """Central's desk for permits, over the line."""

    link: PermitLink
    device: str
    keys: Keys
    clock: Clock

    def request(self, user: str, password: str, otp: str) -> PermitCard:
        """A fresh permit; RefusedError from central's own word, SurroundingsError when it is out of reach."""
        asked = PermitRequest(user=user, password=password, otp=otp)
        return card_of(request_permit(self.link, asked, self.device, self.keys(), self.clock.now()))


def card_of(permit: Permit) -> PermitCard:
    """A permit as the use cases read it."""
    return PermitCard(
        permit_id=permit.permit_id,
        user=permit.user,
        display_name=permit.display_name,
        staff_no=permit.staff_no,
        roles=permit.roles,
        not_after=datetime.fromisoformat(permit.not_after),
        verifier=permit.verifier,
        totp_secret=permit.totp_secret,
        raw=to_json(permit),
    )
