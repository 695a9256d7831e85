"""号段租约: blocks of project codes granted to one workstation before use, never twice (Art. 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from central.store import schema as t
from central.store.times import moment, stamp
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError
from sync.protocol.messages import LeaseBlock

LARGEST_BLOCK: Final = 500
LAST_SERIAL: Final = 999_999
CENTRAL_HOLDER: Final = "central"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One block and what is still good of it: serials from ``void_from`` on are void when it is not 0.

    ``burned_at``: from then on nothing of it may be used; what was registered before stays good, even if it comes late.
    """

    lease: UUID
    device: str
    region: str
    year: int
    first: int
    last: int
    expires: datetime
    void_from: int
    burned_at: datetime | None = None

    @property
    def usable_last(self) -> int:
        """The last serial that may be used."""
        return self.void_from - 1 if self.void_from else self.last

    def block(self) -> LeaseBlock:
        """The lease as the counter gets it."""
        return LeaseBlock(
            lease=self.lease,
            region=self.region,
            year=self.year,
            first=self.first,
            last=self.usable_last,
            expires=self.expires.isoformat(),
        )


def grant(
    connection: Connection,
    *,
    lease: UUID,
    request: UUID,
    device: str,
    region: str,
    year: int,
    count: int,
    now: datetime,
) -> Lease:
    """The next contiguous block of a region and year; raises BadInputError ``codes_exhausted``."""
    first = _advance(connection, region, year, count)
    expires = datetime(year, 12, 31, 23, 59, 59, tzinfo=CHINA)
    connection.execute(
        sa.insert(t.leases).values(
            lease=str(lease),
            request=str(request),
            device=device,
            region=region,
            year=year,
            first=first,
            last=first + count - 1,
            granted_at=stamp(now),
            expires=stamp(expires),
        )
    )
    return Lease(
        lease=lease,
        device=device,
        region=region,
        year=year,
        first=first,
        last=first + count - 1,
        expires=expires,
        void_from=0,
    )


def _advance(connection: Connection, region: str, year: int, count: int) -> int:
    here = (t.lease_heads.c.region == region) & (t.lease_heads.c.year == year)
    moved = connection.execute(sa.update(t.lease_heads).where(here).values(next=t.lease_heads.c.next + count))
    if moved.rowcount == 0:
        connection.execute(sa.insert(t.lease_heads).values(region=region, year=year, next=1 + count))
    following = int(connection.scalar(sa.select(t.lease_heads.c.next).where(here)) or 0)
    if following - 1 > LAST_SERIAL:
        raise BadInputError("codes_exhausted", f"{region} 地区 {year} 年的项目编号已用完。")
    return following - count


def _lease(row: Row[tuple[object, ...]]) -> Lease:
    return Lease(
        lease=UUID(row.lease),
        device=row.device,
        region=row.region,
        year=row.year,
        first=row.first,
        last=row.last,
        expires=moment(row.expires),
        void_from=row.void_from,
        burned_at=moment(row.burned_at) if row.burned_at else None,
    )


def by_request(connection: Connection, request: UUID) -> Lease | None:
    """The block that an earlier copy of the same request got."""
    row = connection.execute(sa.select(t.leases).where(t.leases.c.request == str(request))).first()
    return None if row is None else _lease(row)


def find(connection: Connection, lease: UUID) -> Lease | None:
    """A block by its id."""
    row = connection.execute(sa.select(t.leases).where(t.leases.c.lease == str(lease))).first()
    return None if row is None else _lease(row)


def held(connection: Connection, device: str, year: int) -> tuple[Lease, ...]:
    """The blocks of a workstation for a year that still have usable numbers."""
    rows = connection.execute(
        sa.select(t.leases).where(t.leases.c.device == device, t.leases.c.year == year).order_by(t.leases.c.first)
    )
    return tuple(lease for lease in map(_lease, rows) if lease.usable_last >= lease.first and lease.burned_at is None)


def covering(connection: Connection, region: str, year: int, serial: int) -> Lease | None:
    """The block that a serial was granted in."""
    row = connection.execute(
        sa.select(t.leases).where(
            t.leases.c.region == region,
            t.leases.c.year == year,
            t.leases.c.first <= serial,
            t.leases.c.last >= serial,
        )
    ).first()
    return None if row is None else _lease(row)


def highest_used(connection: Connection, lease: Lease) -> int:
    """The highest serial of a block that central knows as used, or the one before its first."""
    used = connection.scalar(
        sa.select(sa.func.max(t.projects.c.serial)).where(
            t.projects.c.region == lease.region,
            t.projects.c.year == lease.year,
            t.projects.c.serial >= lease.first,
            t.projects.c.serial <= lease.last,
        )
    )
    return int(used) if used is not None else lease.first - 1


def void_tail(connection: Connection, lease: Lease, first: int, reason: str) -> None:
    """Serials from ``first`` on are never issued; used ones stay, whatever ``first`` says."""
    keep = max(first, highest_used(connection, lease) + 1, lease.first)
    if keep > lease.usable_last:
        return
    connection.execute(
        sa.update(t.leases).where(t.leases.c.lease == str(lease.lease)).values(void_from=keep, void_reason=reason)
    )


def burn(connection: Connection, device: str, reason: str, now: datetime) -> None:
    """Take a workstation's blocks away: a restored or cloned disk may use no number twice."""
    here = (t.leases.c.device == device) & (t.leases.c.burned_at == "")
    connection.execute(sa.update(t.leases).where(here).values(burned_at=stamp(now), void_reason=reason))
