"""A backup opens on another machine with its recovery key, and nowhere without it; nothing unsent is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.crypto.frames import SealedWriter
from ebp_desktop.crypto.keys import SealingKey, random_key
from ebp_desktop.domain.errors import BadInputError, RefusedError, SurroundingsError
from ebp_desktop.services.ports import SendState
from ebp_desktop.store.backup import RESTORED, back_up, new_recovery_key, read_recovery_key, restore
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.numbers import Lease
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.verification import verify
from tests.fixtures.counter_home import DATA_KEY, MORNING, a_fact, a_row, at_nine, opened, record

NEW_DATA_KEY = bytes(range(100, 132))
CASE = uuid4()
PAGE = b"page " * 400_000


@pytest.fixture
def key(tmp_path: Path) -> SealingKey:
    return new_recovery_key(tmp_path / "recovery.key")


@pytest.fixture
def lived_in(store: CounterStore) -> CounterStore:
    scans = CaseScans(store)
    unsent, sent = scans.put_bytes(CASE, PAGE, "image/png"), scans.put_bytes(CASE, b"sent", "image/png")
    draft = scans.put_bytes(uuid4(), b"draft page", "image/png")
    assert draft.size == 10
    with store.begin() as tx:
        record(tx, a_fact(CASE))
        record(tx, a_fact(CASE))
        tx.cases.save(a_row("滨河污水处理厂", case_id=CASE))
        for file in (unsent, sent):
            tx.files.note(CASE, file)
        tx.files.sent(sent.sha256)
        tx.numbers.hold(
            Lease(lease=uuid4(), region="150302", year=2026, first=1, last=9, expires=date(2026, 12, 31), next=3)
        )
    return store


def made(store: CounterStore, key: SealingKey, folder: Path) -> Path:
    target = folder / "counter.backup"
    report = back_up(store, target, key, MORNING)
    assert (report.facts_waiting, report.scans, report.size) == (2, 2, target.stat().st_size)
    return target


def test_another_machine_goes_on_with_everything_unsent(
    lived_in: CounterStore, key: SealingKey, tmp_path: Path
) -> None:
    source = made(lived_in, key, tmp_path)
    report = restore(source, key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    assert (report.facts_waiting, report.scans) == (2, 2)
    with opened(tmp_path / "new", NEW_DATA_KEY) as store:
        with store.read() as session, lived_in.read() as before:
            assert session.outbox.waiting() == before.outbox.waiting()
            assert session.ledger.of_case(CASE) == before.ledger.of_case(CASE)
            assert [row.case_id for row in session.cases.search("污水").rows] == [CASE]
            waiting = session.files.waiting()
        assert [CaseScans(store).read(file.sha256) for file in waiting] == [PAGE]
        assert verify(store).whole
        assert len(store.journal.read().facts) == 2


def test_a_restored_counter_gives_no_number_on_its_own_word(
    lived_in: CounterStore, key: SealingKey, tmp_path: Path
) -> None:
    restore(made(lived_in, key, tmp_path), key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    with opened(tmp_path / "new", NEW_DATA_KEY) as store, store.begin() as tx:
        assert tx.settings.get(RESTORED)
        assert tx.numbers.take_leased(2026, MORNING.date()) is None


def test_the_old_data_key_does_not_open_the_new_home(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    restore(made(lived_in, key, tmp_path), key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    with pytest.raises(SurroundingsError), opened(tmp_path / "new", DATA_KEY):
        pass


def test_a_backup_is_sealed_and_private_and_holds_no_data_key(
    lived_in: CounterStore, key: SealingKey, tmp_path: Path
) -> None:
    source = made(lived_in, key, tmp_path)
    content = source.read_bytes()
    for secret in (DATA_KEY, "污水".encode(), b"draft page", b"counter.db"):
        assert secret not in content
    assert source.stat().st_mode & 0o077 == 0


def test_the_counter_works_on_while_it_is_backed_up(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    with lived_in.begin() as tx:
        record(tx, a_fact())
        source = made(lived_in, key, tmp_path)
    restore(source, key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    with opened(tmp_path / "new", NEW_DATA_KEY) as store, store.read() as session:
        assert len(session.outbox.waiting()) == 2


def test_no_trace_of_the_work_stays_in_the_home(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    before = sorted(path.name for path in lived_in.paths.home.iterdir())
    source = made(lived_in, key, tmp_path)
    assert sorted(path.name for path in lived_in.paths.home.iterdir()) == before
    restore(source, key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    assert not list((tmp_path / "new").glob("restore-*"))


def assert_refused(source: Path, key: SealingKey, home: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        restore(source, key, home, NEW_DATA_KEY, at_nine)
    assert caught.value.code == "bad_backup"
    assert not (home / "counter.db").exists()


def test_without_the_recovery_key_it_opens_nowhere(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    source = made(lived_in, key, tmp_path)
    assert_refused(source, new_recovery_key(tmp_path / "other.key"), tmp_path / "new")
    assert_refused(source, SealingKey(key.key_id, random_key()), tmp_path / "new")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99999])
def test_a_cut_backup_is_refused_whole(lived_in: CounterStore, key: SealingKey, tmp_path: Path, share: float) -> None:
    source = made(lived_in, key, tmp_path)
    data = source.read_bytes()
    source.write_bytes(data[: int(share * len(data))])
    assert_refused(source, key, tmp_path / "new")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 0.9999])
def test_an_altered_backup_is_refused_whole(
    lived_in: CounterStore, key: SealingKey, tmp_path: Path, share: float
) -> None:
    source = made(lived_in, key, tmp_path)
    data = bytearray(source.read_bytes())
    data[int(share * len(data))] ^= 1
    source.write_bytes(data)
    assert_refused(source, key, tmp_path / "new")


def test_something_else_sealed_with_the_key_is_no_backup(key: SealingKey, tmp_path: Path) -> None:
    source = tmp_path / "other.sealed"
    with source.open("wb") as out, SealedWriter(out, key) as sealed:
        sealed.write(b"\x00" * 20_000)
    assert_refused(source, key, tmp_path / "new")


def test_a_home_in_use_is_never_overwritten(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    source = made(lived_in, key, tmp_path)
    with pytest.raises(RefusedError) as caught:
        restore(source, key, lived_in.paths.home, NEW_DATA_KEY, at_nine)
    assert caught.value.code == "home_in_use"
    with lived_in.read() as session:
        assert len(session.outbox.waiting()) == 2


def test_a_failing_backup_leaves_the_earlier_one(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    source = made(lived_in, key, tmp_path)
    content = source.read_bytes()
    lived_in.paths.database.rename(tmp_path / "moved.db")
    (lived_in.paths.database).mkdir()
    with pytest.raises(SurroundingsError, match="读写"):
        back_up(lived_in, source, key, MORNING)
    lived_in.paths.database.rmdir()
    (tmp_path / "moved.db").rename(lived_in.paths.database)
    assert source.read_bytes() == content


def test_a_restored_counter_can_be_backed_up_again(lived_in: CounterStore, key: SealingKey, tmp_path: Path) -> None:
    restore(made(lived_in, key, tmp_path), key, tmp_path / "new", NEW_DATA_KEY, at_nine)
    with opened(tmp_path / "new", NEW_DATA_KEY) as store:
        with store.begin() as tx:
            entry = tx.outbox.waiting()[0]
            tx.outbox.settle(entry.fact_id, SendState.RECEIPTED, receipt=b"r")
        back_up(store, tmp_path / "second", key, MORNING)
    assert restore(tmp_path / "second", key, tmp_path / "third", DATA_KEY, at_nine).facts_waiting == 1


def test_a_recovery_key_reads_back_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "recovery.key"
    key = new_recovery_key(path)
    assert read_recovery_key(path) == key
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(RefusedError) as caught:
        new_recovery_key(path)
    assert caught.value.code == "recovery_key_exists"


@pytest.mark.parametrize("content", [b"", b"EBP-RECOVERY-1 AAAA", b"EBP-RECOVERY-1 1!", b"\xff\xfe", b"A" * 52])
def test_a_file_that_is_no_recovery_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recovery.key"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        read_recovery_key(path)
    assert caught.value.code == "bad_recovery_key"


def test_a_missing_recovery_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        read_recovery_key(tmp_path / "nothing")
