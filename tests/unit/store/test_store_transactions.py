"""An act is written whole or not at all, and is still there afterwards."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.database_store import CounterStore, open_store
from ebp_desktop.store.engine import require_safe_sqlite
from ebp_desktop.store.space import SpaceGuard
from tests.fixtures.counter_home import DATA_KEY, NO_BALLAST, a_fact, a_row, at_nine, opened, record, sealed


class PrinterOnFireError(Exception):
    """Something that has nothing to do with the store."""


def test_fact_outbox_and_audit_are_there_after_closing(home: Path) -> None:
    fact = a_fact()
    with opened(home) as store, store.begin() as tx:
        record(tx, fact)
    with opened(home) as store, store.read() as session:
        assert session.ledger.of_case(fact.case_id) == (fact,)
        assert [entry.fact_id for entry in session.outbox.waiting()] == [fact.id]
        assert session.audit.head()[0] == 1


def test_an_act_that_fails_half_way_leaves_nothing(store: CounterStore) -> None:
    fact = a_fact()
    with pytest.raises(PrinterOnFireError), store.begin() as tx:  # noqa: PT012
        record(tx, fact)
        tx.cases.save(a_row("半途而废项目"))
        assert tx.numbers.next_registration(fact.legal_at.date()) == 1
        raise PrinterOnFireError
    with store.begin() as tx:
        assert not tx.ledger.has(fact.id)
        assert tx.outbox.waiting() == ()
        assert tx.cases.recent().rows == ()
        assert tx.audit.head()[0] == 0
        assert tx.keys.find(fact.case_id) is None
        assert tx.numbers.next_registration(fact.legal_at.date()) == 1
    assert store.journal.read().facts == ()


def test_a_reader_sees_only_what_was_committed(store: CounterStore) -> None:
    fact = a_fact()
    with store.begin() as tx:
        record(tx, fact)
        with store.read() as other:
            assert not other.ledger.has(fact.id)
    with store.read() as other:
        assert other.ledger.has(fact.id)


def test_a_reader_keeps_its_snapshot_while_others_write(store: CounterStore) -> None:
    with store.read() as session:
        assert session.outbox.waiting() == ()
        with store.begin() as tx:
            record(tx, a_fact())
        assert session.outbox.waiting() == ()


def test_a_reader_cannot_write(store: CounterStore) -> None:
    with pytest.raises(DBAPIError, match="readonly"), store.read() as session:
        session.settings.set("counter", "001")


def test_two_writers_take_turns_and_neither_number_is_lost(store: CounterStore) -> None:
    taken: list[int] = []

    def register() -> None:
        for _ in range(10):
            with store.begin() as tx:
                record(tx, a_fact())
                taken.append(tx.numbers.next_temporary())

    threads = [threading.Thread(target=register) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 31))
    with store.read() as session:
        assert [entry.seq for entry in session.outbox.waiting()] == list(range(1, 31))
        assert session.audit.verify() is None


def test_a_window_and_a_command_share_one_home(home: Path) -> None:
    with opened(home) as window, opened(home) as command:
        watch = window.watch()
        before = watch.stamp()
        assert watch.stamp() == before
        with command.begin() as tx:
            record(tx, a_fact())
        with window.begin() as tx:
            record(tx, a_fact())
        assert watch.stamp() != before
        watch.close()
        with command.read() as session:
            assert [entry.seq for entry in session.outbox.waiting()] == [1, 2]


def test_a_second_transaction_inside_the_first_is_a_mistake_and_said_at_once(store: CounterStore) -> None:
    with store.begin(), pytest.raises(RuntimeError, match="already"), store.begin():
        pass
    with store.begin() as tx:
        tx.settings.set("counter", "001")


def test_joining_uses_the_transaction_that_is_open(store: CounterStore) -> None:
    with store.begin() as outer, store.join() as inner:
        assert inner is outer
    with store.join() as alone:
        alone.settings.set("counter", "002")
    with store.read() as session:
        assert session.settings.get("counter") == "002"


def test_nothing_of_a_case_lies_readable_on_the_disk(home: Path) -> None:
    name = "海勃湾区滨河二期污水处理厂"
    with opened(home) as store:
        with store.begin() as tx:
            record(tx, a_fact())
            tx.cases.save(a_row(name))
        during = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    after = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for content in (during, after):
        assert name.encode() not in content
        assert "总平面图".encode() not in content
        assert b"SQLite format 3" not in content


def test_every_file_of_a_home_belongs_to_its_owner_alone(home: Path) -> None:
    with opened(home) as store, store.begin() as tx:
        record(tx, a_fact())
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "outbox.journal").stat().st_mode & 0o077 == 0


def test_the_wrong_key_opens_nothing_and_changes_nothing(home: Path) -> None:
    with opened(home) as store, store.begin() as tx:
        record(tx, a_fact())
    content = (home / "counter.db").read_bytes()
    with pytest.raises(SurroundingsError) as caught:
        open_store(home, bytes(32), at_nine, guard=SpaceGuard(home, **NO_BALLAST))
    assert caught.value.code == "database_damaged"
    assert (home / "counter.db").read_bytes() == content
    with opened(home, DATA_KEY) as store, store.read() as session:
        assert len(session.outbox.waiting()) == 1


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 50, 7)])
def test_a_sqlite_that_can_lose_commits_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(SurroundingsError) as caught:
        require_safe_sqlite(version)
    assert caught.value.code == "sqlite_too_old"
    assert "3.51.3" in caught.value.todo


def test_the_shipped_sqlite_is_safe(store: CounterStore) -> None:
    require_safe_sqlite((3, 51, 3))
    assert store.database_fault() is None


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1"), ("temp_store", "2")],
)
def test_every_connection_is_durable_and_tidy(store: CounterStore, pragma: str, value: str) -> None:
    for engine in (store._database.writer, store._database.readers):
        with engine.connect() as connection:
            assert str(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()) == value


def test_an_epoch_is_given_once(home: Path) -> None:
    with opened(home) as store, store.read() as session:
        first = session.settings.get("epoch")
    with opened(home) as store, store.read() as session:
        assert session.settings.get("epoch") == first
    assert len(first) == 32


def test_settings_are_listed_by_their_beginning(store: CounterStore) -> None:
    with store.begin() as tx:
        for name, value in (("reading.a", "1"), ("reading_b", "2"), ("counter", "001")):
            tx.settings.set(name, value)
        tx.settings.set("reading.a", "3")
    with store.read() as session:
        assert session.settings.all("reading.") == {"reading.a": "3"}
        assert session.settings.get("missing", "default") == "default"


def test_an_unrelated_database_error_is_not_dressed_up(store: CounterStore) -> None:
    fact = a_fact(uuid4())
    with pytest.raises(DBAPIError, match="UNIQUE"), store.begin() as tx:  # noqa: PT012
        record(tx, fact)
        slot = tx.outbox.next_slot()
        tx.outbox.put(slot, fact, sealed(fact, slot))
