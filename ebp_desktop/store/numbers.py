"""The counter's own gapless series and the blocks of project codes that central leased to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.store.schema.columns import AnyRow
from ebp_desktop.store.schema.tables import LEASES, SERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A block of project serials of one region and year, good through ``expires``; ``next`` is the next unused one.

    ``void_reason`` is set when its tail was given back or burned; its numbers are never issued again.
    """

    lease: UUID
    region: str
    year: int
    first: int
    last: int
    expires: date
    next: int
    void_reason: str = ""

    @property
    def left(self) -> int:
        """How many numbers can still be taken."""
        return 0 if self.void_reason else max(0, self.last - self.next + 1)


class NumbersTable:
    """Series and leases within one transaction; numbers are taken in the transaction that uses them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_registration(self, day: date) -> int:
        """Return the next serial of this counter and day."""
        return self._next(f"registration:{day.isoformat()}")

    def next_paper(self, registration_no: str) -> int:
        """Return the next suffix for papers that the counter makes for a registration."""
        return self._next(f"paper:{registration_no}")

    def next_temporary(self) -> int:
        """Return the next temporary number of this counter."""
        return self._next("temporary")

    def raise_registration(self, day: date, high: int) -> None:
        """Go on after ``high``, central's high mark of a restored counter; never backwards."""
        self._raise(f"registration:{day.isoformat()}", high)

    def series(self) -> dict[str, int]:
        """Return the last number of every series."""
        return {row.name: row.last for row in self._connection.execute(select(SERIES))}

    def take_leased(self, year: int, on: date) -> int | None:
        """Return the next project serial of a lease valid on that day, None when all are used up or expired."""
        for lease in self._valid(year, on):
            self._connection.execute(update(LEASES).where(LEASES.c.lease == lease.lease).values(next=lease.next + 1))
            return lease.next
        return None

    def leased_left(self, year: int, on: date) -> tuple[int, date | None]:
        """Return how many leased numbers are left, and the last day on which any of them holds."""
        valid = self._valid(year, on)
        return sum(lease.left for lease in valid), max((lease.expires for lease in valid), default=None)

    def leases(self) -> tuple[Lease, ...]:
        """Return every block that this counter ever held, in the order of its numbers."""
        rows = self._connection.execute(select(LEASES).order_by(LEASES.c.year, LEASES.c.first))
        return tuple(_lease(row) for row in rows)

    def hold(self, lease: Lease) -> None:
        """Add a block; a known one keeps its next number and stays burned, may hold longer, and never grows.

        Central may have voided its tail: a number in it is never issued (Art. 6).
        """
        row = insert(LEASES).values(
            lease=lease.lease,
            region=lease.region,
            year=lease.year,
            first=lease.first,
            last=lease.last,
            next=lease.next,
            expires=lease.expires,
            void_reason=lease.void_reason,
        )
        known = {"expires": lease.expires, "last": func.min(LEASES.c.last, lease.last)}
        self._connection.execute(row.on_conflict_do_update(index_elements=["lease"], set_=known))

    def burn_leases(self, reason: str) -> tuple[Lease, ...]:
        """Void what is left of every block, with the reason; return the blocks as they were."""
        burned = tuple(lease for lease in self.leases() if lease.left > 0)
        self._connection.execute(update(LEASES).where(LEASES.c.void_reason == "").values(void_reason=reason))
        return tuple(replace(lease, void_reason=reason) for lease in burned)

    def highest_leased(self) -> int:
        """Return the highest project serial ever taken here, 0 for none."""
        taken = select(func.max(LEASES.c.next - 1)).where(LEASES.c.next > LEASES.c.first)
        return int(self._connection.execute(taken).scalar_one() or 0)

    def _valid(self, year: int, on: date) -> tuple[Lease, ...]:
        query = select(LEASES).where(
            LEASES.c.year == year,
            LEASES.c.expires >= on,
            LEASES.c.void_reason == "",
            LEASES.c.next <= LEASES.c.last,
        )
        return tuple(_lease(row) for row in self._connection.execute(query.order_by(LEASES.c.first)))

    def _next(self, name: str) -> int:
        row = insert(SERIES).values(name=name, last=1)
        stepped = row.on_conflict_do_update(index_elements=["name"], set_={"last": SERIES.c.last + 1})
        return int(self._connection.execute(stepped.returning(SERIES.c.last)).scalar_one())

    def _raise(self, name: str, high: int) -> None:
        row = insert(SERIES).values(name=name, last=high)
        self._connection.execute(
            row.on_conflict_do_update(index_elements=["name"], set_={"last": func.max(SERIES.c.last, high)})
        )


def _lease(row: AnyRow) -> Lease:
    return Lease(
        lease=row.lease,
        region=row.region,
        year=row.year,
        first=row.first,
        last=row.last,
        expires=row.expires,
        next=row.next,
        void_reason=row.void_reason,
    )
