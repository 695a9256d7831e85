"""The tables of central: migrations make what the code expects, a newer store is refused, deadlocks are repeated."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from central.home import CentralHome
from central.store import schema as t
from central.store.engine import Store, sqlite_url
from central.store.migrate import HEAD, migrate, revision_of
from central.store.work import reserve
from ebp_desktop.domain.errors import SurroundingsError


@pytest.fixture
def store(tmp_path: Path, central_database: str) -> Store:
    opened = Store(central_database or sqlite_url(tmp_path / "c.db"))
    yield opened
    opened.close()


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    migrate(store)
    migrate(store)
    with store.read() as connection:
        assert revision_of(connection) == HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_a_store_of_a_later_version_is_refused_and_left_alone(store: Store) -> None:
    migrate(store)
    with store.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SurroundingsError) as refused:
        migrate(store)
    assert refused.value.code == "store_newer"


def test_several_who_come_first_at_once_make_the_tables_once(tmp_path: Path, central_database: str) -> None:
    url = central_database or sqlite_url(tmp_path / "c.db")
    stores = [Store(url) for _ in range(3)]
    failures: list[BaseException] = []

    def begin(one: Store) -> None:
        try:
            migrate(one)
        except Exception as error:  # noqa: BLE001 - a thread must hand over whatever it met
            failures.append(error)

    threads = [threading.Thread(target=begin, args=(one,)) for one in stores]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for each in stores:
        each.close()
    assert failures == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    migrate(store)

    def broken(connection: sa.Connection) -> None:
        connection.execute(sa.insert(t.settings).values(name="x", value="1"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(broken)
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.settings)) == 0


def test_reserved_numbers_are_one_row_after_the_other(store: Store) -> None:
    migrate(store)
    with store.write() as connection:
        connection.execute(sa.insert(t.heads).values(name="n", value=0))
        assert (reserve(connection, "n", 3), reserve(connection, "n", 1)) == (1, 4)
        with pytest.raises(LookupError):
            reserve(connection, "unknown", 1)


def test_two_transactions_that_block_each_other_both_get_through(store: Store) -> None:
    """On PostgreSQL one of them is the deadlock's victim and is repeated; on SQLite they wait for their turn."""
    migrate(store)
    with store.write() as connection:
        connection.execute(sa.insert(t.heads), [{"name": "a", "value": 0}, {"name": "b", "value": 0}])
    both_hold_one = threading.Barrier(2, timeout=0.5)

    def take(first: str, second: str) -> None:
        def act(connection: sa.Connection) -> None:
            reserve(connection, first, 1)
            # Broken: the other one waits for us (SQLite), or we are the repetition.
            with contextlib.suppress(threading.BrokenBarrierError):
                both_hold_one.wait()
            reserve(connection, second, 1)

        store.transact(act)

    threads = [threading.Thread(target=take, args=names) for names in (("a", "b"), ("b", "a"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    with store.read() as connection:
        assert dict(connection.execute(sa.select(t.heads.c.name, t.heads.c.value)).all()) == {"a": 2, "b": 2}


class TestHome:
    def test_the_master_key_is_made_once_and_private(self, tmp_path: Path) -> None:
        home = CentralHome(tmp_path)
        assert home.master_key() == home.master_key()
        assert len(home.master_key()) == 32
        assert home.master_key_file.stat().st_mode & 0o077 == 0

    def test_a_home_that_cannot_be_made_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(SurroundingsError) as refused:
            CentralHome(tmp_path / "file" / "home").prepare()
        assert refused.value.code == "home_unusable"
