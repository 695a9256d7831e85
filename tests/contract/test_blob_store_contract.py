"""Every place that keeps scans keeps the same promises; the sealed folder by itself and behind the use cases' door."""

from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.frames import FRAME_BYTES, seal_stream
from ebp_desktop.crypto.keys import SealingKey, random_key
from ebp_desktop.domain.errors import BadInputError, RefusedError, SurroundingsError
from ebp_desktop.store.blobs import LocalBlobStore
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.space import SpaceGuard
from tests.fixtures.counter_home import NO_BALLAST, opened

KEY = SealingKey("case-1", bytes(range(32)))
PAGE = os.urandom(300_000)


@dataclass(frozen=True)
class Shelf:
    """A mechanism under test: put bytes, read bytes, ask, take a range, and the folder behind it."""

    put: Callable[[bytes], str]
    read: Callable[[str], bytes]
    has: Callable[[str], bool]
    part: Callable[[str, int, int], bytes]
    folder: Path


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobStore:
    return LocalBlobStore(tmp_path / "scans", SpaceGuard(tmp_path, **NO_BALLAST))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CounterStore]:
    with opened(tmp_path / "home") as store:
        yield store


@pytest.fixture(params=["folder", "use cases' door"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        blobs: LocalBlobStore = request.getfixturevalue("blobs")
        return Shelf(
            put=lambda data: blobs.put_bytes(data, KEY).digest,
            read=lambda name: blobs.read(name, KEY),
            has=lambda name: blobs.has(name, KEY.key_id),
            part=lambda name, offset, length: blobs.read_range(name, KEY, offset, length),
            folder=tmp_path / "scans",
        )
    scans, case = CaseScans(request.getfixturevalue("store")), uuid4()
    source = tmp_path / "page.png"

    def put(data: bytes) -> str:
        source.write_bytes(data)
        return scans.put(case, source, "image/png").sha256

    return Shelf(put=put, read=scans.read, has=scans.has, part=scans.read_range, folder=tmp_path / "home" / "scans")


def only_file(folder: Path) -> Path:
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    return path


@pytest.mark.parametrize("size", [0, 1, 70_000, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES + 5])
def test_a_scan_comes_back_under_the_digest_of_its_bytes(shelf: Shelf, size: int) -> None:
    data = PAGE[:1] * size
    name = shelf.put(data)
    assert name == digest(data)
    assert shelf.read(name) == data
    assert shelf.has(name)


def test_the_same_page_twice_is_one_file(shelf: Shelf) -> None:
    assert shelf.put(PAGE) == shelf.put(PAGE)
    assert only_file(shelf.folder).stat().st_size > len(PAGE)


def test_a_page_lies_sealed_and_private(shelf: Shelf) -> None:
    shelf.put("营业执照".encode() * 5000)
    path = only_file(shelf.folder)
    assert "营业".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_an_upload_can_go_on_from_any_byte(shelf: Shelf) -> None:
    data = os.urandom(2 * FRAME_BYTES + 1000)
    name = shelf.put(data)
    for offset, length in [
        (0, 10),
        (FRAME_BYTES - 5, 10),
        (2 * FRAME_BYTES, 5000),
        (len(data), 10),
        (len(data) + 5, 1),
    ]:
        assert shelf.part(name, offset, length) == data[offset : offset + length]


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.999], ids=["head", "early", "middle", "end"])
def test_one_flipped_bit_is_said_and_never_shown(shelf: Shelf, place: float) -> None:
    name = shelf.put(PAGE)
    path = only_file(shelf.folder)
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 0x01
    path.write_bytes(data)
    with pytest.raises(SurroundingsError) as caught:
        shelf.read(name)
    assert caught.value.code == "scan_damaged"
    assert caught.value.todo


@pytest.mark.parametrize("keep", [0, 20, 0.5, -1], ids=["empty", "only a head", "half", "one byte short"])
def test_a_cut_file_is_said_and_never_shown(shelf: Shelf, keep: float) -> None:
    name = shelf.put(PAGE)
    path = only_file(shelf.folder)
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data)) if 0 < keep < 1 else int(keep)])
    with pytest.raises(SurroundingsError) as caught:
        shelf.read(name)
    assert caught.value.code == "scan_damaged"


def test_a_damaged_page_heals_when_it_is_scanned_again(shelf: Shelf) -> None:
    name = shelf.put(PAGE)
    only_file(shelf.folder).write_bytes(b"rubbish")
    assert shelf.put(PAGE) == name
    assert shelf.read(name) == PAGE


def test_a_missing_page_is_said_to_be_missing(shelf: Shelf) -> None:
    name = shelf.put(PAGE)
    only_file(shelf.folder).unlink()
    with pytest.raises(SurroundingsError) as caught:
        shelf.read(name)
    assert caught.value.code == "scan_missing"
    assert not shelf.has(name)


def test_a_full_disk_is_said_before_the_last_page_fits(tmp_path: Path) -> None:
    guard = SpaceGuard(tmp_path, reserve=1 << 60)
    blobs = LocalBlobStore(tmp_path / "scans", guard)
    with pytest.raises(SurroundingsError) as caught:
        blobs.put_bytes(PAGE, KEY)
    assert caught.value.code == "disk_full"
    assert "磁盘空间不足" in caught.value.message
    assert [path for path in (tmp_path / "scans").rglob("*") if path.is_file()] == []


def test_a_source_that_breaks_off_leaves_nothing(blobs: LocalBlobStore, tmp_path: Path) -> None:
    class TornStream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise OSError("the stick was pulled out")
            return super().read(size)

    with pytest.raises((OSError, SurroundingsError)):
        blobs.put(TornStream(PAGE), KEY)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_page_of_two_cases_lies_under_two_keys(blobs: LocalBlobStore) -> None:
    other = SealingKey("case-2", random_key())
    name = blobs.put_bytes(PAGE, KEY).digest
    assert blobs.put_bytes(PAGE, other).digest == name
    blobs.remove_all(KEY.key_id)
    assert not blobs.has(name, KEY.key_id)
    assert blobs.read(name, other) == PAGE


def test_removing_one_page_leaves_the_others(blobs: LocalBlobStore) -> None:
    one, other = blobs.put_bytes(b"one", KEY).digest, blobs.put_bytes(b"other", KEY).digest
    blobs.remove(one, KEY.key_id)
    blobs.remove(one, KEY.key_id)
    blobs.remove_all("never-there")
    assert not blobs.has(one, KEY.key_id)
    assert blobs.read(other, KEY) == b"other"


def test_another_key_opens_nothing(blobs: LocalBlobStore) -> None:
    name = blobs.put_bytes(PAGE, KEY).digest
    assert not blobs.is_whole(name, SealingKey(KEY.key_id, random_key()))
    assert blobs.is_whole(name, KEY)
    assert not blobs.is_whole("ab" * 32, KEY)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", ".", "a/b", "ab\x00", "摘要", "a" * 10 + "\n"])
def test_a_name_from_outside_cannot_leave_the_folder(blobs: LocalBlobStore, name: str) -> None:
    with pytest.raises(BadInputError) as caught:
        blobs.read(name, KEY)
    assert caught.value.code == "bad_digest"


def spooled_page(folder: Path, key: SealingKey, data: bytes = PAGE) -> Path:
    path = folder / "sheet-1"
    with path.open("wb") as out:
        seal_stream(io.BytesIO(data), out, key)
    return path


def test_a_page_that_the_scanners_child_sealed_is_adopted(store: CounterStore, tmp_path: Path) -> None:
    with store.begin() as tx:
        batch = tx.keys.new_batch()
    spooled, case = spooled_page(tmp_path, batch), uuid4()
    scans = CaseScans(store)
    file = scans.adopt(case, spooled, batch.key_id, "image/png")
    assert (file.sha256, file.size) == (digest(PAGE), len(PAGE))
    assert scans.read(file.sha256) == PAGE
    assert not spooled.exists()
    with store.begin() as tx:
        tx.keys.end_batch(batch.key_id)
        assert tx.keys.batch(batch.key_id) is None
    assert scans.read(file.sha256) == PAGE


def test_a_spooled_page_survives_until_it_is_adopted(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as store, store.begin() as tx:
        batch = tx.keys.new_batch()
    spooled = spooled_page(tmp_path, batch)
    with opened(tmp_path / "home") as store:
        assert CaseScans(store).adopt(uuid4(), spooled, batch.key_id, "image/png").size == len(PAGE)


def test_a_half_spooled_page_is_refused_and_stays_for_inspection(store: CounterStore, tmp_path: Path) -> None:
    with store.begin() as tx:
        batch = tx.keys.new_batch()
    spooled = spooled_page(tmp_path, batch)
    spooled.write_bytes(spooled.read_bytes()[:-10])
    with pytest.raises(SurroundingsError) as caught:
        CaseScans(store).adopt(uuid4(), spooled, batch.key_id, "image/png")
    assert caught.value.code == "scan_damaged"
    assert spooled.exists()


def test_a_page_of_an_unknown_batch_is_refused(store: CounterStore, tmp_path: Path) -> None:
    spooled = spooled_page(tmp_path, SealingKey("gone", random_key()))
    with pytest.raises(SurroundingsError) as caught:
        CaseScans(store).adopt(uuid4(), spooled, "gone", "image/png")
    assert caught.value.code == "scan_batch_unknown"


def test_a_file_that_is_not_there_is_said_in_words(store: CounterStore, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        CaseScans(store).put(uuid4(), tmp_path / "nothing.png", "image/png")
    assert caught.value.code == "file_failed"


def test_scans_can_be_put_inside_an_open_transaction(store: CounterStore) -> None:
    scans, case = CaseScans(store), uuid4()
    with store.begin() as tx:
        file = scans.put_bytes(case, PAGE, "image/png")
        tx.files.note(case, file)
        assert scans.read(file.sha256) == PAGE
    assert scans.has(file.sha256)


def test_a_purged_case_takes_no_page(store: CounterStore) -> None:
    case = uuid4()
    with store.begin() as tx:
        tx.destroy_case_key(case)
    with pytest.raises(RefusedError):
        CaseScans(store).put_bytes(case, PAGE, "image/png")


def test_leftovers_of_a_crash_are_swept_but_never_a_running_write(blobs: LocalBlobStore, tmp_path: Path) -> None:
    folder = tmp_path / "scans" / KEY.key_id
    name = blobs.put_bytes(PAGE, KEY).digest
    stale, fresh = folder / "incoming-1.0000.part", folder / "incoming-2"
    stale.write_bytes(b"half")
    fresh.write_bytes(b"now")
    os.utime(stale, (0, 0))
    assert blobs.sweep() == 1
    assert not stale.exists()
    assert fresh.exists()
    assert blobs.read(name, KEY) == PAGE


def test_a_large_file_is_kept_in_flat_memory(blobs: LocalBlobStore, tmp_path: Path) -> None:
    large = tmp_path / "drawing.tif"
    with large.open("wb") as out:
        out.truncate(40 * FRAME_BYTES)
    tracemalloc.start()
    with large.open("rb") as source:
        stored = blobs.put(source, KEY)
    size = sum(len(chunk) for chunk in blobs.chunks(stored.digest, KEY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == stored.size == 40 * FRAME_BYTES
    assert peak < 12 * FRAME_BYTES
