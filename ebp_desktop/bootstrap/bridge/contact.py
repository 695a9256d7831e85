"""The contact port over the local store: when central last answered, outages, and what its greeting ordered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from ebp_desktop.domain.facts import Body, OutageReported
from ebp_desktop.services.handover import LAST_CONTACT
from ebp_desktop.services.registration import RESTORED_AT
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.session import StoreSession
from sync.ports import Outage
from sync.protocol.messages import HelloAnswer

OUTAGE = "outage"
SKEW = "clock_skew_ms"
REVOKED = "revoked_people"
Record = Callable[[StoreSession, UUID, Body, datetime], object]


class StoredContact:
    """What is remembered about the line; ``record`` writes a fact of the counter itself within a transaction."""

    def __init__(self, store: CounterStore, new_id: Callable[[], UUID], record: Record) -> None:
        self._store = store
        self._new_id = new_id
        self._record = record

    def last_contact(self) -> datetime | None:
        """When central last answered."""
        with self._store.read() as tx:
            text = tx.settings.get(LAST_CONTACT)
        return datetime.fromisoformat(text) if text else None

    def contacted(self, at: datetime, skew_ms: int) -> None:
        """Central answered."""
        with self._store.begin() as tx:
            tx.settings.set(LAST_CONTACT, at.isoformat())
            tx.settings.set(SKEW, str(skew_ms))

    def greeted(self, answer: HelloAnswer) -> None:
        """Keeps central's policy: high marks of the counter's own series, and people whose rights ended."""
        with self._store.begin() as tx:
            for day, high in answer.registration_high.items():
                tx.numbers.raise_registration(date.fromisoformat(day), high)
            if answer.counter:
                tx.settings.set("counter", answer.counter)
            # Central has said where this counter's own series stands: a restored home may give numbers again.
            tx.settings.set(RESTORED_AT, "")
            tx.settings.set(REVOKED, json.dumps(sorted(answer.revoked)))
            for user in answer.revoked:
                tx.people.revoke(user)

    def outage(self) -> Outage | None:
        """The outage that is going on."""
        with self._store.read() as tx:
            text = tx.settings.get(OUTAGE)
        if not text:
            return None
        kept = json.loads(text)
        return Outage(started_at=datetime.fromisoformat(kept["started_at"]), cause=kept["cause"])

    def outage_began(self, outage: Outage) -> None:
        """Remembers since when, so that a restart does not shorten it."""
        with self._store.begin() as tx:
            kept = {"started_at": outage.started_at.isoformat(), "cause": outage.cause}
            tx.settings.set(OUTAGE, json.dumps(kept, ensure_ascii=False))

    def outage_ended(self, ended_at: datetime, *, report: bool) -> None:
        """Forgets the outage; with ``report`` records it as a fact in the same transaction (Art. 34(6))."""
        outage = self.outage()
        with self._store.begin() as tx:
            tx.settings.set(OUTAGE, "")
            if outage is not None and report:
                body = OutageReported(started_at=outage.started_at, ended_at=ended_at, cause=outage.cause)
                self._record(tx, self._new_id(), body, ended_at)
