"""Keys open only what they were made for, and passwords only their own slot."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.crypto import keys
from ebp_desktop.crypto.errors import WrongKeyError

CHEAP = keys.Argon2Cost(memory_kib=64, passes=1, lanes=1)


def test_two_keys_are_never_the_same() -> None:
    made = {keys.random_key() for _ in range(100)}
    assert len(made) == 100
    assert {len(key) for key in made} == {32}


def test_each_purpose_has_its_own_key() -> None:
    data_key = keys.random_key()
    assert keys.derive(data_key, "database") != keys.derive(data_key, "journal")
    assert keys.derive(data_key, "database") == keys.derive(data_key, "database")


@given(st.binary(max_size=200))
def test_a_sealed_value_comes_back(plain: bytes) -> None:
    key = keys.random_key()
    assert keys.open_bytes(key, keys.seal_bytes(key, plain, b"fact 1"), b"fact 1") == plain


@given(st.data())
def test_one_changed_bit_and_it_stays_shut(data: st.DataObject) -> None:
    key = keys.random_key()
    sealed = bytearray(keys.seal_bytes(key, b"a body", b"fact 1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(WrongKeyError):
        keys.open_bytes(key, bytes(sealed), b"fact 1")


def test_a_value_cannot_be_moved_to_another_owner() -> None:
    key = keys.random_key()
    with pytest.raises(WrongKeyError):
        keys.open_bytes(key, keys.seal_bytes(key, b"a body", b"fact 1"), b"fact 2")


@pytest.mark.parametrize("cut", [b"", b"x" * 11, b"x" * 27])
def test_a_cut_value_is_a_wrong_key_and_no_crash(cut: bytes) -> None:
    with pytest.raises(WrongKeyError):
        keys.open_bytes(keys.random_key(), cut, b"")


def test_a_wrapped_key_knows_its_name() -> None:
    wrapping, key = keys.random_key(), keys.random_key()
    wrapped = keys.wrap_key(wrapping, key, "case-1")
    assert keys.unwrap_key(wrapping, wrapped, "case-1") == key
    with pytest.raises(WrongKeyError):
        keys.unwrap_key(wrapping, wrapped, "case-2")


def test_a_slot_opens_with_its_password_only() -> None:
    secret = keys.random_key()
    slot = keys.make_slot("窗口-正确的口令", secret, CHEAP)
    assert keys.open_slot("窗口-正确的口令", slot) == secret
    with pytest.raises(WrongKeyError):
        keys.open_slot("窗口-错误的口令", slot)


def test_a_slot_made_cheaper_by_a_stranger_does_not_open() -> None:
    slot = keys.make_slot("password", keys.random_key(), CHEAP)
    cheaper = dataclasses.replace(slot, cost=keys.Argon2Cost(memory_kib=32, passes=1, lanes=1))
    with pytest.raises(WrongKeyError):
        keys.open_slot("password", cheaper)


def test_two_slots_of_one_password_look_different() -> None:
    secret = keys.random_key()
    assert keys.make_slot("same", secret, CHEAP).wrapped != keys.make_slot("same", secret, CHEAP).wrapped


def test_a_password_is_checked_against_its_verifier() -> None:
    verifier = keys.hash_password("correct horse", CHEAP)
    assert verifier.startswith("$argon2id$")
    assert keys.password_matches("correct horse", verifier)
    assert not keys.password_matches("correct horsE", verifier)


@pytest.mark.parametrize("verifier", ["", "plain", "$argon2id$v=19$", "口令"])
def test_a_malformed_verifier_lets_nobody_in(verifier: str) -> None:
    assert not keys.password_matches("anything", verifier)


def test_the_default_price_is_that_of_the_study() -> None:
    assert keys.Argon2Cost() == keys.Argon2Cost(memory_kib=64 * 1024, passes=3, lanes=4)


def test_a_key_never_prints_its_secret() -> None:
    key = keys.SealingKey("case-1", b"S" * 32)
    assert "SSS" not in repr(key)


def test_secrets_compare_by_content() -> None:
    assert keys.same(b"abc", bytes([97, 98, 99]))
    assert not keys.same(b"abc", b"abd")
