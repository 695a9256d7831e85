"""号段租约: which project code comes next; no number is ever handed out twice, a burned one never (Art. 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sync.ports import LeaseWish
from sync.protocol.messages import LeaseBlock

BLOCK: Final = 100
_NEXT_YEAR_FROM_MONTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBlock:
    """A granted block with the next serial to use; a burned one is kept as a record and never used again."""

    lease: UUID
    region: str
    year: int
    first: int
    last: int
    next: int
    expires: datetime
    is_burned: bool = False

    def left(self, year: int, on: datetime) -> int:
        """How many serials it can still give for this year at this time."""
        if self.is_burned or self.year != year or on > self.expires:
            return 0
        return max(0, self.last - self.next + 1)


@dataclass(frozen=True, slots=True)
class Taken:
    """One serial of a region and year, and the blocks after it was taken."""

    region: str
    serial: int
    blocks: tuple[HeldBlock, ...]


def take(blocks: tuple[HeldBlock, ...], year: int, on: datetime) -> Taken | None:
    """The lowest free serial of the active block (the one with the lowest first number), or None when all are used up.

    The caller stores the blocks in the same transaction as the registration that uses the serial.
    """
    usable = [block for block in blocks if block.left(year, on)]
    if not usable:
        return None
    active = min(usable, key=lambda block: block.first)
    after = replace(active, next=active.next + 1)
    return Taken(active.region, active.next, tuple(after if one is active else one for one in blocks))


def left(blocks: Iterable[HeldBlock], year: int, on: datetime) -> int:
    """How many serials are left for the year, active and spare together."""
    return sum(block.left(year, on) for block in blocks)


def wish(blocks: tuple[HeldBlock, ...], on: datetime, block: int = BLOCK) -> LeaseWish | None:
    """What to ask central for: an active and a spare block, asked for at half; next year's from December on."""
    years = (on.year, on.year + 1) if on.month >= _NEXT_YEAR_FROM_MONTH else (on.year,)
    for year in years:
        if left(blocks, year, on) <= block:
            have = tuple(one.lease for one in blocks if one.year == year)
            return LeaseWish(year=year, have=have, want=2 * block)
    return None


def hold(blocks: tuple[HeldBlock, ...], granted: Iterable[LeaseBlock]) -> tuple[HeldBlock, ...]:
    """The blocks with central's word laid over them.

    A known block keeps its next number and stays burned; its end may only come nearer (central voided the tail).
    """
    held = {one.lease: one for one in blocks}
    for block in granted:
        known = held.get(block.lease)
        if known is None:
            held[block.lease] = HeldBlock(
                lease=block.lease,
                region=block.region,
                year=block.year,
                first=block.first,
                last=block.last,
                next=block.first,
                expires=datetime.fromisoformat(block.expires),
            )
        else:
            held[block.lease] = replace(known, last=min(known.last, block.last))
    return tuple(held.values())


def burn(blocks: tuple[HeldBlock, ...]) -> tuple[HeldBlock, ...]:
    """The blocks after a restore or a copy of the disk: none of them may be used again."""
    return tuple(replace(one, is_burned=True) for one in blocks)


def high(blocks: Iterable[HeldBlock]) -> int:
    """The highest serial that was ever used here, 0 for none."""
    return max((one.next - 1 for one in blocks if one.next > one.first), default=0)
