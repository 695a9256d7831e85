"""The lease port over the local store."""

from __future__ import annotations

from datetime import datetime, time

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.numbers import Lease
from sync import leases
from sync.leases import HeldBlock
from sync.ports import LeaseWish
from sync.protocol.messages import LeaseBlock


class StoredLeases:
    """The blocks of project codes that this counter holds."""

    def __init__(self, store: CounterStore) -> None:
        self._store = store

    def wish(self, now: datetime) -> LeaseWish | None:
        """What to ask for, or None while more than half is left."""
        return leases.wish(self._held(), now.astimezone(CHINA))

    def hold(self, blocks: tuple[LeaseBlock, ...]) -> None:
        """Adds new blocks; a known one keeps its next number, a burned one stays burned."""
        merged = leases.hold(self._held(), blocks)
        with self._store.begin() as tx:
            for block in merged:
                tx.numbers.hold(
                    Lease(
                        lease=block.lease,
                        region=block.region,
                        year=block.year,
                        first=block.first,
                        last=block.last,
                        expires=block.expires.astimezone(CHINA).date(),
                        next=block.next,
                        void_reason="作废" if block.is_burned else "",
                    )
                )

    def high(self) -> int:
        """The highest serial that was ever used here."""
        with self._store.read() as tx:
            return tx.numbers.highest_leased()

    def _held(self) -> tuple[HeldBlock, ...]:
        with self._store.read() as tx:
            return tuple(_block(lease) for lease in tx.numbers.leases())


def _block(lease: Lease) -> HeldBlock:
    return HeldBlock(
        lease=lease.lease,
        region=lease.region,
        year=lease.year,
        first=lease.first,
        last=lease.last,
        next=lease.next,
        expires=datetime.combine(lease.expires, time(23, 59, 59), CHINA),
        is_burned=bool(lease.void_reason),
    )
