"""One value has one byte form, whoever writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.crypto.canonical import SM3, JsonValue, canonical_json, digest, digest_file
from ebp_desktop.crypto.errors import NotCanonicalError, UnknownAlgorithmError

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    value: JsonValue = {"数": [1, True, None], "b": "x", "a": {"z": 0, "y": -7}}
    assert canonical_json(value) == '{"a":{"y":-7,"z":0},"b":"x","数":[1,true,null]}'.encode()


def test_keys_sort_by_utf16_units_as_the_rfc_demands() -> None:
    # U+1F600 is the surrogate pair D83D DE00 and so comes before U+FB33, though its code point is higher.
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_only_what_must_be_escaped_is_escaped() -> None:
    assert canonical_json("€$\u000f\nA'B\"\\/中") == '"€$\\u000f\\nA\'B\\"\\\\/中"'.encode()


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), {"a": [0.1]}, 2**53, {1: "x"}, b"raw", {"when": object()}, "\ud800"],
    ids=["float", "nan", "nested float", "big integer", "number as key", "bytes", "object", "lone surrogate"],
)
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_json(value)  # type: ignore[arg-type]


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(NotCanonicalError, match=r"\$\.pages\[1\]\.dpi"):
        canonical_json({"pages": [{}, {"dpi": 299.9}]})  # type: ignore[dict-item]


@given(VALUES)
def test_the_bytes_are_json_and_say_the_same(value: JsonValue) -> None:
    once = canonical_json(value)
    assert json.loads(once) == value
    assert canonical_json(json.loads(once)) == once


@given(st.dictionaries(TEXT, LEAVES, min_size=2, max_size=6))
def test_the_order_of_typing_does_not_matter(value: dict[str, JsonValue]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical_json(turned) == canonical_json(value)


def test_digests_are_those_of_the_standards() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(b"abc", SM3) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_file_is_digested_in_pieces_like_in_one(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    data = bytes(range(256)) * 10_000
    path.write_bytes(data)
    assert digest_file(path) == (digest(data), len(data))
    assert digest_file(path, SM3) == (digest(data, SM3), len(data))


def test_an_unknown_digest_algorithm_is_said() -> None:
    with pytest.raises(UnknownAlgorithmError, match="md5"):
        digest(b"", "md5")
