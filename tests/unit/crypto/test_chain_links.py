"""A chain shows every gap and every edit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.crypto.chain import GENESIS, link, verify_chain
from ebp_desktop.crypto.errors import BrokenChainError

Entry = tuple[str, bytes, str]


def chain_of(*bodies: bytes) -> list[Entry]:
    entries: list[Entry] = []
    head = GENESIS
    for body in bodies:
        entries.append((head, body, link(head, body)))
        head = entries[-1][2]
    return entries


def test_a_whole_chain_gives_its_head() -> None:
    entries = chain_of(b"a", b"b", b"c")
    assert verify_chain(entries) == entries[-1][2]


def test_an_empty_chain_stands_at_its_start() -> None:
    assert verify_chain([]) == GENESIS
    assert verify_chain([], start="ab" * 32) == "ab" * 32


def test_the_same_words_at_another_place_have_another_hash() -> None:
    entries = chain_of(b"same", b"same")
    assert entries[0][2] != entries[1][2]


@given(st.lists(st.binary(max_size=9), min_size=2, max_size=8), st.data())
def test_an_entry_taken_out_is_found_where_it_was(bodies: list[bytes], data: st.DataObject) -> None:
    entries = chain_of(*bodies)
    gone = data.draw(st.integers(0, len(entries) - 2))
    with pytest.raises(BrokenChainError) as caught:
        verify_chain(entries[:gone] + entries[gone + 1 :])
    assert caught.value.position == gone


@given(st.lists(st.binary(max_size=9), min_size=1, max_size=8), st.data())
def test_an_edited_entry_is_found_where_it_is(bodies: list[bytes], data: st.DataObject) -> None:
    entries = chain_of(*bodies)
    at = data.draw(st.integers(0, len(entries) - 1))
    prev, body, stated = entries[at]
    entries[at] = (prev, body + b"!", stated)
    with pytest.raises(BrokenChainError) as caught:
        verify_chain(entries)
    assert caught.value.position == at


def test_two_entries_that_change_places_are_found() -> None:
    first, second, third = chain_of(b"a", b"b", b"c")
    with pytest.raises(BrokenChainError):
        verify_chain([first, third, second])
