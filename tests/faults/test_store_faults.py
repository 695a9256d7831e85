"""Power cuts, full disks and damaged files: what was registered is there afterwards, and the fault is said in words."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.services.ports import SendState
from ebp_desktop.store.backup import RESTORED
from ebp_desktop.store.database_store import StorePaths, open_store
from ebp_desktop.store.rescue import RescueReport, put_aside, rebuild
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.space import MEBIBYTE, SpaceGuard
from ebp_desktop.store.verification import verify
from tests.fixtures.counter_home import DATA_KEY, MORNING, NO_BALLAST, a_fact, at_nine, opened, record, sealed
from tests.fixtures.envelopes import PackedReader, packed

REPOSITORY = Path(__file__).parents[2]
ROUNDS = 10

# Registers one case after another and says each one only after its transaction is done, as the slip printer would.
REGISTRAR = """
import sys
from pathlib import Path
from uuid import uuid4
from tests.fixtures.counter_home import a_fact, a_row, opened, record
from ebp_desktop.store.scans import CaseScans

with opened(Path(sys.argv[1])) as store:
    scans = CaseScans(store)
    while True:
        fact = a_fact(uuid4())
        page = scans.put_bytes(fact.case_id, str(fact.id).encode() * 500, "image/png")
        with store.begin() as tx:
            record(tx, fact)
            tx.files.note(fact.case_id, page)
            tx.cases.save(a_row("项目", case_id=fact.case_id, number=str(tx.numbers.next_temporary())))
        print(fact.id, page.sha256, flush=True)
"""


def registered_until_killed(home: Path, lines: int) -> list[tuple[UUID, str]]:
    """Run the registrar, kill it with SIGKILL after some lines, and return what it had said."""
    with subprocess.Popen(
        [sys.executable, "-c", REGISTRAR, str(home)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as registrar:
        assert registrar.stdout is not None
        said = [registrar.stdout.readline() for _ in range(lines)]
        registrar.kill()
        # What was in the pipe when it died was said as well.
        said += registrar.stdout.read().splitlines()
    words = [line.split() for line in said if line.strip()]
    return [(UUID(fact), page) for fact, page in words]


def test_a_kill_at_any_instant_loses_nothing_that_was_said(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    said: list[tuple[UUID, str]] = []
    for _ in range(ROUNDS):
        said += registered_until_killed(tmp_path / "home", chance.randint(1, 8))
        with opened(tmp_path / "home") as store:
            scans = CaseScans(store)
            with store.read() as session:
                waiting = session.outbox.waiting(10_000)
                assert {fact for fact, _ in said} <= {entry.fact_id for entry in waiting}
                assert [entry.seq for entry in waiting] == list(range(1, len(waiting) + 1))
                # Whole or not at all: every fact has its audit record, its row and its scan.
                assert session.audit.head()[0] == len(waiting)
                assert len(session.cases.open_ids()) == len(waiting)
                assert all(session.ledger.has(entry.fact_id) for entry in waiting)
            assert {one.fact_id for one in store.journal.read().facts} == {entry.fact_id for entry in waiting}
            assert all(scans.read(page) == str(fact).encode() * 500 for fact, page in said)
            assert verify(store).whole
    assert len(said) >= ROUNDS


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False)
        mounted = made.returncode == 0
    if not mounted:
        pytest.skip("a full disk is not tested: mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill_up(folder: Path) -> None:
    """Write until not a byte fits any more."""
    with (folder / "somebody else's film").open("wb", buffering=0) as out:
        for size in (MEBIBYTE, 4096, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                continue


def test_a_full_disk_is_said_and_nothing_registered_is_lost(small_disk: Path) -> None:
    home = small_disk / "home"
    guard = SpaceGuard(home, reserve=0, ballast=MEBIBYTE)
    store = open_store(home, DATA_KEY, at_nine, guard=guard)
    done = a_fact()
    page = CaseScans(store).put_bytes(done.case_id, b"p" * 100_000, "image/png")
    with store.begin() as tx:
        record(tx, done)
        tx.files.note(done.case_id, page)
    fill_up(small_disk)

    refused = a_fact()
    with pytest.raises(SurroundingsError) as caught:  # noqa: PT012  # the commit that no longer fits is not the first
        for _ in range(50):
            with store.begin() as tx:
                tx.settings.set(f"padding {uuid4()}", "x" * 20_000)
                record(tx, refused)
            refused = a_fact()
    assert caught.value.code == "disk_full"
    assert "磁盘空间不足" in caught.value.message
    with pytest.raises(SurroundingsError) as caught:
        CaseScans(store).put_bytes(done.case_id, os.urandom(300_000), "image/png")
    assert caught.value.code == "disk_full"

    with store.read() as session:
        assert session.ledger.of_case(done.case_id) == (done,)
        assert not session.ledger.has(refused.id)
    assert CaseScans(store).read(page.sha256) == b"p" * 100_000

    assert guard.drop_ballast()
    with store.begin() as tx:
        record(tx, refused)
    assert verify(store).whole
    store.close()
    with opened(home) as again, again.read() as session:
        assert session.ledger.has(done.id)
        assert session.ledger.has(refused.id)


def test_the_guard_speaks_while_there_is_still_room_for_what_is_registered(small_disk: Path) -> None:
    home = small_disk / "home"
    guard = SpaceGuard(home, reserve=2 * MEBIBYTE, ballast=0)
    store = open_store(home, DATA_KEY, at_nine, guard=guard)
    scans, case, pages = CaseScans(store), uuid4(), 0
    with pytest.raises(SurroundingsError) as caught:  # noqa: PT012  # the page that no longer fits is not the first
        for _ in range(100):
            scans.put_bytes(case, os.urandom(200_000), "image/png")
            pages += 1
    assert caught.value.code == "disk_full"
    assert pages > 5
    with store.begin() as tx:
        record(tx, a_fact(case))
    assert verify(store).whole
    store.close()


def lived_in(home: Path) -> list[UUID]:
    """A home with one confirmed and three unsent facts, and a scan; return the unsent ones."""
    facts = [a_fact() for _ in range(4)]
    with opened(home) as store:
        page = CaseScans(store).put_bytes(facts[3].case_id, b"the page of an unsent case", "image/png")
        with store.begin() as tx:
            tx.settings.set("device", "ws-1")
            tx.settings.set("counter", "001")
            tx.reference.put("key", "abcd1234", b"central's published key")
            for fact in facts:
                tx.ledger.append(fact)
                slot = tx.outbox.next_slot()
                tx.outbox.put(slot, fact, packed(fact, slot, (page,) if fact is facts[3] else ()))
            tx.files.note(facts[3].case_id, page)
            tx.outbox.settle(facts[0].id, SendState.RECEIPTED, receipt=b"r")
            # Enough rows that the file has pages of every sort.
            for number in range(400):
                tx.reference.put("guide", str(number), b"x" * 500)
    with opened(home):
        pass  # the next start takes the confirmed fact out of the journal
    return [fact.id for fact in facts[1:]]


def damage(home: Path, share: float, length: int = 200) -> None:
    path = home / "counter.db"
    data = bytearray(path.read_bytes())
    start = min(int(share * len(data)), len(data) - length)
    data[start : start + length] = bytes(byte ^ 0x5A for byte in data[start : start + length])
    path.write_bytes(data)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.8, 0.999])
def test_a_damaged_database_is_noticed_at_start(tmp_path: Path, share: float) -> None:
    home = tmp_path / "home"
    lived_in(home)
    damage(home, share)
    with pytest.raises(SurroundingsError) as caught, opened(home):
        pass
    assert caught.value.code == "database_damaged"
    assert caught.value.safe
    assert caught.value.todo


@pytest.mark.parametrize("keep", [0.01, 0.5, 0.97])
def test_a_cut_database_is_noticed_at_start(tmp_path: Path, keep: float) -> None:
    home = tmp_path / "home"
    lived_in(home)
    path = home / "counter.db"
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(SurroundingsError) as caught, opened(home):
        pass
    assert caught.value.code == "database_damaged"


def rebuilt(home: Path) -> RescueReport:
    return rebuild(home, DATA_KEY, at_nine, PackedReader(), guard=SpaceGuard(home, **NO_BALLAST))


def test_everything_unsent_is_rebuilt_from_the_journal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    unsent = lived_in(home)
    damage(home, 0.3, 5000)
    damaged = (home / "counter.db").read_bytes()
    report = rebuilt(home)
    assert (report.facts, report.journal_damage) == (3, 0)
    assert (report.put_aside / "counter.db").read_bytes() == damaged
    with opened(home) as store:
        with store.read() as session:
            assert [entry.fact_id for entry in session.outbox.waiting()] == unsent
            assert all(session.ledger.get(fact) is not None for fact in unsent)
            assert session.settings.get("device") == "ws-1"
            assert session.settings.get(RESTORED) == MORNING.isoformat()
            assert session.outbox.next_slot().seq == 5
            assert session.reference.get("key", "abcd1234") == b"central's published key"
            (page,) = session.files.waiting()
        assert CaseScans(store).read(page.sha256) == b"the page of an unsent case"
        assert verify(store).whole


def test_a_deleted_database_is_not_taken_for_a_new_counter(tmp_path: Path) -> None:
    home = tmp_path / "home"
    unsent = lived_in(home)
    for path in home.glob("counter.db*"):
        path.unlink()
    with pytest.raises(SurroundingsError) as caught, opened(home):
        pass
    assert caught.value.code == "database_lost"
    assert rebuilt(home).facts == 3
    with opened(home) as store, store.read() as session:
        assert [entry.fact_id for entry in session.outbox.waiting()] == unsent


def test_an_old_copy_of_the_database_is_not_taken_for_the_present_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with opened(home) as store, store.begin() as tx:
        record(tx, a_fact())
    old = (home / "counter.db").read_bytes()
    with opened(home) as store, store.begin() as tx:
        record(tx, a_fact())
    (home / "counter.db").write_bytes(old)
    with pytest.raises(SurroundingsError) as caught, opened(home):
        pass
    assert caught.value.code == "database_lost"


def test_a_rebuild_cut_by_a_power_failure_can_be_done_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lived_in(home)
    damage(home, 0.0)

    class FailingReader(PackedReader):
        def read(self, raw: bytes):  # type: ignore[no-untyped-def]
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        rebuild(home, DATA_KEY, at_nine, FailingReader(), guard=SpaceGuard(home, **NO_BALLAST))
    with pytest.raises(SurroundingsError) as caught, opened(home):
        pass
    assert caught.value.code == "database_lost"
    assert rebuilt(home).facts == 3


def test_a_damaged_journal_beside_a_damaged_database_gives_what_it_can_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lived_in(home)
    damage(home, 0.0)
    journal = home / "outbox.journal"
    data = bytearray(journal.read_bytes())
    data[-20] ^= 1
    journal.write_bytes(data)
    report = rebuilt(home)
    assert report.facts == 2
    assert report.put_aside.joinpath("outbox.journal").read_bytes() == bytes(data)


def test_a_torn_write_ahead_log_costs_no_committed_fact(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = open_store(home, DATA_KEY, at_nine, guard=SpaceGuard(home, **NO_BALLAST))
    done = a_fact()
    with store.begin() as tx:
        record(tx, done)
    # The machine dies now: the files as they lie on the disk, with a half-written frame at the end of the log.
    after = tmp_path / "after"
    shutil.copytree(home, after)
    with (after / "counter.db-wal").open("ab") as log:
        log.write(os.urandom(1000))
    store.close()
    with opened(after) as again:
        with again.read() as session:
            assert session.ledger.of_case(done.case_id) == (done,)
        assert verify(again).whole


def test_putting_aside_keeps_every_file_and_never_overwrites(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lived_in(home)
    first = put_aside(StorePaths(home), MORNING)
    assert sorted(path.name for path in first.iterdir()) == ["counter.db", "outbox.journal"]
    assert not (home / "counter.db").exists()
    assert (home / "outbox.journal").exists()
    kept = (first / "counter.db").read_bytes()
    (home / "counter.db").write_bytes(b"another damaged one, in the same second")
    second = put_aside(StorePaths(home), MORNING)
    assert second != first
    assert (first / "counter.db").read_bytes() == kept


def test_two_processes_register_side_by_side_without_a_gap(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with opened(home):
        pass
    registrars = [
        subprocess.Popen(
            [sys.executable, "-c", REGISTRAR, str(home)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )
        for _ in range(2)
    ]
    said = 0
    for registrar in registrars:
        with registrar:
            assert registrar.stdout is not None
            for _ in range(5):
                assert registrar.stdout.readline()
                said += 1
            registrar.kill()
    with opened(home) as store:
        with store.read() as session:
            waiting = session.outbox.waiting(10_000)
        assert [entry.seq for entry in waiting] == list(range(1, len(waiting) + 1))
        assert len(waiting) >= said
        assert verify(store).whole
        with store.begin() as tx:
            slot = tx.outbox.next_slot()
            assert sealed(a_fact(), slot).hash
