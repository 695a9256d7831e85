"""A sealed scan opens whole and unchanged, or not at all."""

from __future__ import annotations

import contextlib
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebp_desktop.crypto import frames
from ebp_desktop.crypto.errors import DamagedSealError, UnknownAlgorithmError, WrongKeyError
from ebp_desktop.crypto.keys import SealingKey, random_key

FRAME = frames.FRAME_BYTES
SEALED_FRAME = FRAME + frames.TAG_BYTES
KEY = SealingKey("case-1", b"\x01" * 32)


def sealed(data: bytes, key: SealingKey = KEY) -> bytes:
    target = io.BytesIO()
    assert frames.seal_stream(io.BytesIO(data), target, key) == len(data)
    return target.getvalue()


def opened(data: bytes, key: SealingKey = KEY) -> bytes:
    target = io.BytesIO()
    frames.open_stream(io.BytesIO(data), target, frames.only(key))
    return target.getvalue()


def head_size(data: bytes) -> int:
    source = io.BytesIO(data)
    frames.read_head(source)
    return source.tell()


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 17])
def test_every_size_around_a_frame_comes_back(size: int) -> None:
    data = bytes(index % 251 for index in range(size % 1000)).ljust(size, b"p")
    assert opened(sealed(data)) == data


@given(st.lists(st.binary(max_size=300), max_size=12))
def test_it_does_not_matter_in_what_pieces_it_was_written(pieces: list[bytes]) -> None:
    target = io.BytesIO()
    with frames.SealedWriter(target, KEY) as writer:
        for piece in pieces:
            writer.write(piece)
    assert opened(target.getvalue()) == b"".join(pieces)


def test_the_plaintext_is_nowhere_in_the_file() -> None:
    secret = "乌海市某某建设项目".encode() * 50
    assert "建设".encode() not in sealed(secret)


def test_the_same_scan_sealed_twice_looks_different() -> None:
    assert sealed(b"same")[-20:] != sealed(b"same")[-20:]


def test_a_file_cut_between_two_frames_does_not_open() -> None:
    data = sealed(b"x" * (2 * FRAME + 5))
    cut = data[: head_size(data) + 2 * SEALED_FRAME]
    with pytest.raises(DamagedSealError):
        opened(cut)


def test_a_file_without_any_frame_does_not_open() -> None:
    data = sealed(b"x")
    with pytest.raises(DamagedSealError):
        opened(data[: head_size(data)])


def test_two_frames_that_changed_places_do_not_open() -> None:
    data = sealed(b"a" * FRAME + b"b" * FRAME + b"c")
    start = head_size(data)
    first, second = data[start : start + SEALED_FRAME], data[start + SEALED_FRAME : start + 2 * SEALED_FRAME]
    with pytest.raises(DamagedSealError):
        opened(data[:start] + second + first + data[start + 2 * SEALED_FRAME :])


def test_a_frame_added_at_the_end_does_not_open() -> None:
    data = sealed(b"a" * FRAME + b"b")
    start = head_size(data)
    with pytest.raises(DamagedSealError):
        opened(data + data[start : start + SEALED_FRAME])


def test_a_frame_from_another_file_under_the_same_key_does_not_open() -> None:
    one, other = sealed(b"payment proof"), sealed(b"payment prooF")
    with pytest.raises(DamagedSealError):
        opened(one[: head_size(one)] + other[head_size(other) :])


@settings(max_examples=60)
@given(st.data())
def test_any_changed_bit_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(sealed(b"one page"))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((DamagedSealError, WrongKeyError, UnknownAlgorithmError)):
        opened(bytes(whole))


@pytest.mark.parametrize("length", [0, 3, 14, 20, 40])
def test_a_cut_head_is_said_to_be_damaged(length: int) -> None:
    with pytest.raises(DamagedSealError):
        opened(sealed(b"x")[:length])


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(WrongKeyError):
        opened(sealed(b"x"), SealingKey("case-1", random_key()))


def test_a_destroyed_key_is_said_to_be_gone() -> None:
    with pytest.raises(WrongKeyError):
        frames.open_stream(io.BytesIO(sealed(b"x")), io.BytesIO(), lambda _: None)


def test_a_file_from_a_newer_release_is_not_guessed_at() -> None:
    data = bytearray(sealed(b"x"))
    data[4] = 9
    with pytest.raises(UnknownAlgorithmError):
        opened(bytes(data))


def test_an_interrupted_writer_leaves_nothing_that_opens() -> None:
    target = io.BytesIO()
    with contextlib.suppress(RuntimeError), frames.SealedWriter(target, KEY) as writer:
        writer.write(b"half a page")
        raise RuntimeError("the driver died")
    with pytest.raises(DamagedSealError):
        opened(target.getvalue())


def test_a_forgotten_writer_leaves_nothing_that_opens() -> None:
    target = io.BytesIO()
    writer = frames.SealedWriter(target, KEY)
    writer.write(b"half a page")
    with pytest.raises(DamagedSealError):
        opened(target.getvalue())


def test_a_closed_writer_takes_nothing_more() -> None:
    target = io.BytesIO()
    writer = frames.SealedWriter(target, KEY)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"late")
    assert opened(target.getvalue()) == b""


def test_a_scan_changes_hands_without_being_sealed_again() -> None:
    batch, case = SealingKey("batch-7", random_key()), SealingKey("case-1", random_key())
    data = sealed(b"p" * (FRAME + 9), batch)
    target = io.BytesIO()
    frames.rewrap_stream(io.BytesIO(data), target, frames.only(batch), case)
    moved = target.getvalue()
    assert opened(moved, case) == b"p" * (FRAME + 9)
    assert moved[head_size(moved) :] == data[head_size(data) :]
    with pytest.raises(WrongKeyError):
        opened(moved, batch)


def test_a_long_file_is_sealed_and_opened_in_flat_memory(tmp_path: Path) -> None:
    plain, shut, again = tmp_path / "plain", tmp_path / "shut", tmp_path / "again"
    with plain.open("wb") as out:
        out.truncate(48 * FRAME)
    tracemalloc.start()
    with plain.open("rb") as source, shut.open("wb") as target:
        frames.seal_stream(source, target, KEY)
    with shut.open("rb") as source, again.open("wb") as target:
        frames.open_stream(source, target, frames.only(KEY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert again.stat().st_size == 48 * FRAME
    assert peak < 12 * FRAME
