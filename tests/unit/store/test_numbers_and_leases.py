"""A number is given once, in order, and never comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.numbers import Lease
from tests.fixtures.counter_home import opened

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def lease(
    first: int, last: int, *, name: UUID | None = None, year: int = 2026, expires: date = date(2026, 12, 31)
) -> Lease:
    return Lease(lease=name or uuid4(), region="150302", year=year, first=first, last=last, expires=expires, next=first)


def test_every_day_starts_at_one_and_has_no_gap(home: Path) -> None:
    with opened(home) as store, store.begin() as tx:
        assert [tx.numbers.next_registration(MONDAY) for _ in range(3)] == [1, 2, 3]
        assert tx.numbers.next_registration(TUESDAY) == 1
    with opened(home) as store, store.begin() as tx:
        assert tx.numbers.next_registration(MONDAY) == 4


def test_papers_are_counted_per_registration(store: CounterStore) -> None:
    with store.begin() as tx:
        assert [tx.numbers.next_paper("R-1"), tx.numbers.next_paper("R-1"), tx.numbers.next_paper("R-2")] == [1, 2, 1]
        assert [tx.numbers.next_temporary(), tx.numbers.next_temporary()] == [1, 2]
        assert tx.numbers.series()["paper:R-1"] == 2


def test_a_restored_counter_goes_on_after_centrals_high_mark(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.numbers.next_registration(MONDAY)
        tx.numbers.raise_registration(MONDAY, 40)
        assert tx.numbers.next_registration(MONDAY) == 41
        tx.numbers.raise_registration(MONDAY, 7)
        assert tx.numbers.next_registration(MONDAY) == 42
        tx.numbers.raise_registration(TUESDAY, 5)
        assert tx.numbers.next_registration(TUESDAY) == 6


def test_leased_codes_come_in_order_from_one_block_to_the_next(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.numbers.hold(lease(201, 202))
        tx.numbers.hold(lease(101, 102))
        assert tx.numbers.leased_left(2026, MONDAY) == (4, date(2026, 12, 31))
        taken = [tx.numbers.take_leased(2026, MONDAY) for _ in range(5)]
        assert taken == [101, 102, 201, 202, None]
        assert tx.numbers.leased_left(2026, MONDAY) == (0, None)
        assert tx.numbers.highest_leased() == 202


def test_a_code_taken_in_an_act_that_failed_is_free_again(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.numbers.hold(lease(1, 9))
    try:
        with store.begin() as tx:
            assert tx.numbers.take_leased(2026, MONDAY) == 1
            raise RuntimeError("the printer was not even asked")
    except RuntimeError:
        pass
    with store.begin() as tx:
        assert tx.numbers.take_leased(2026, MONDAY) == 1


def test_a_lease_serves_its_year_and_its_time_only(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.numbers.hold(lease(1, 9, year=2027))
        tx.numbers.hold(lease(11, 19, expires=MONDAY))
        assert tx.numbers.take_leased(2026, TUESDAY) is None
        assert tx.numbers.take_leased(2026, MONDAY) == 11
        assert tx.numbers.take_leased(2027, TUESDAY) == 1


def test_a_block_that_comes_again_keeps_its_place_but_may_hold_longer(store: CounterStore) -> None:
    block = lease(1, 9, expires=MONDAY)
    with store.begin() as tx:
        tx.numbers.hold(block)
        tx.numbers.take_leased(2026, MONDAY)
        tx.numbers.hold(lease(1, 9, name=block.lease, expires=date(2026, 6, 30)))
        assert tx.numbers.take_leased(2026, TUESDAY) == 2
        assert [one.left for one in tx.numbers.leases()] == [7]


def test_burned_blocks_stay_burned_with_their_reason(store: CounterStore) -> None:
    block, spent = lease(1, 9), lease(11, 11)
    with store.begin() as tx:
        tx.numbers.hold(block)
        tx.numbers.take_leased(2026, MONDAY)
        tx.numbers.hold(spent)
        burned = tx.numbers.burn_leases("恢复备份")
        assert [(one.first, one.next, one.void_reason) for one in burned] == [
            (1, 2, "恢复备份"),
            (11, 11, "恢复备份"),
        ]
        tx.numbers.hold(block)
        assert tx.numbers.take_leased(2026, MONDAY) is None
        assert tx.numbers.leased_left(2026, MONDAY) == (0, None)
        assert tx.numbers.highest_leased() == 1


def test_a_counter_without_leases_says_so(store: CounterStore) -> None:
    with store.begin() as tx:
        assert tx.numbers.take_leased(2026, MONDAY) is None
        assert tx.numbers.highest_leased() == 0
        assert tx.numbers.leases() == ()
