"""号段租约: which code comes next, when to ask for more, and what a restore does to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ebp_desktop.domain.calendar import CHINA
from sync import leases
from sync.leases import HeldBlock
from sync.protocol.messages import LeaseBlock

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DECEMBER = datetime(2026, 12, 5, 9, 0, tzinfo=CHINA)
JANUARY = datetime(2027, 1, 4, 9, 0, tzinfo=CHINA)


def granted(number: int, first: int, last: int, year: int = 2026) -> LeaseBlock:
    expires = datetime(year, 12, 31, 23, 59, 59, tzinfo=CHINA).isoformat()
    return LeaseBlock(lease=UUID(int=number), region="150302", year=year, first=first, last=last, expires=expires)


def held(*blocks: LeaseBlock) -> tuple[HeldBlock, ...]:
    return leases.hold((), blocks)


def test_codes_come_in_order_from_the_active_block_and_then_from_the_spare() -> None:
    blocks = held(granted(2, 501, 502), granted(1, 1, 2))
    taken = []
    while (one := leases.take(blocks, 2026, MARCH)) is not None:
        taken.append(one.serial)
        blocks = one.blocks
    assert taken == [1, 2, 501, 502]


def test_more_are_asked_for_when_half_is_left() -> None:
    assert leases.wish(held(granted(1, 1, 200)), MARCH) is None
    wish = leases.wish(held(granted(1, 1, 100)), MARCH)
    assert wish is not None
    assert (wish.year, wish.have, wish.want) == (2026, (UUID(int=1),), 200)


def test_next_years_codes_are_asked_for_from_december_on() -> None:
    full = held(granted(1, 1, 200))
    assert leases.wish(full, MARCH) is None
    wish = leases.wish(full, DECEMBER)
    assert wish is not None
    assert wish.year == 2027


def test_last_years_block_gives_no_code_in_the_new_year() -> None:
    blocks = held(granted(1, 1, 200))
    assert leases.take(blocks, 2026, JANUARY) is None
    assert leases.take(blocks, 2027, JANUARY) is None
    assert leases.left(blocks, 2026, JANUARY) == 0


def test_a_known_block_granted_again_keeps_its_next_number() -> None:
    blocks = held(granted(1, 1, 10))
    taken = leases.take(blocks, 2026, MARCH)
    assert taken is not None
    again = leases.hold(taken.blocks, [granted(1, 1, 10)])
    assert again[0].next == 2


def test_a_tail_that_central_voided_is_not_used_and_never_grows_back() -> None:
    blocks = leases.hold(held(granted(1, 1, 10)), [granted(1, 1, 1)])
    blocks = leases.hold(blocks, [granted(1, 1, 10)])
    assert leases.left(blocks, 2026, MARCH) == 1


@given(used=st.integers(0, 10))
def test_a_burned_block_gives_nothing_whatever_central_sends_later(used: int) -> None:
    blocks = held(granted(1, 1, 10))
    for _ in range(used):
        taken = leases.take(blocks, 2026, MARCH)
        assert taken is not None
        blocks = taken.blocks
    burned = leases.hold(leases.burn(blocks), [granted(1, 1, 10)])
    assert leases.take(burned, 2026, MARCH) is None
    assert leases.high(burned) == used


@pytest.mark.parametrize("blocks", [(), held(granted(1, 5, 4))])
def test_no_block_no_code(blocks: tuple[HeldBlock, ...]) -> None:
    assert leases.take(blocks, 2026, MARCH) is None


class ManyCounters(RuleBasedStateMachine):
    """Counters that register, crash before their answers, are restored and start anew; no code is ever given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.next_serial = 1
        self.next_lease = 1
        self.counters: list[tuple[HeldBlock, ...]] = [() for _ in range(5)]
        self.images: dict[int, tuple[HeldBlock, ...]] = {}
        self.given_to: dict[int, int] = {}

    @rule(who=st.integers(0, 4), size=st.integers(1, 6), arrives=st.booleans())
    def central_grants(self, who: int, size: int, arrives: bool) -> None:
        block = granted(self.next_lease, self.next_serial, self.next_serial + size - 1)
        self.next_lease, self.next_serial = self.next_lease + 1, self.next_serial + size
        if arrives:
            self.counters[who] = leases.hold(self.counters[who], [block])

    @rule(who=st.integers(0, 4), commits=st.booleans())
    def a_project_is_registered(self, who: int, commits: bool) -> None:
        taken = leases.take(self.counters[who], 2026, MARCH)
        if taken is not None and commits:
            assert taken.serial not in self.given_to
            self.given_to[taken.serial] = who
            self.counters[who] = taken.blocks

    @rule(who=st.integers(0, 4))
    def a_backup_is_made(self, who: int) -> None:
        self.images[who] = self.counters[who]

    @rule(who=st.integers(0, 4))
    def a_backup_is_restored(self, who: int) -> None:
        """The order of central's greeting comes before anything is registered with central's knowledge."""
        if who in self.images:
            self.counters[who] = leases.burn(self.images.pop(who))

    @invariant()
    def no_two_counters_hold_one_number(self) -> None:
        usable = [
            serial
            for blocks in self.counters
            for block in blocks
            if not block.is_burned
            for serial in range(block.next, block.last + 1)
        ]
        assert len(usable) == len(set(usable))
        assert not set(usable) & set(self.given_to)


TestManyCounters = ManyCounters.TestCase
