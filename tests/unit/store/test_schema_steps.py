"""An older database is brought forward after a backup, a newer one refused, and the tables are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from ebp_desktop.crypto.keys import derive
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.engine import Database, open_database
from ebp_desktop.store.schema.migrations import STEPS, VERSION, migrate
from ebp_desktop.store.schema.tables import METADATA
from tests.fixtures.counter_home import DATA_KEY, a_fact, opened, record

DATABASE_KEY = derive(DATA_KEY, "database")


def add_note(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE settings ADD COLUMN note TEXT NOT NULL DEFAULT ''")


def fail_half_way(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (a INTEGER) STRICT")
    raise RuntimeError("power cut")


@pytest.fixture
def lived_in(home: Path) -> Path:
    with opened(home) as store, store.begin() as tx:
        record(tx, a_fact())
    return home


def version_of(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def test_the_migrated_database_has_exactly_the_tables_of_the_code(store: CounterStore) -> None:
    with store._database.readers.connect() as connection:
        found = inspect(connection)
        names = {name for name in found.get_table_names() if not name.startswith("case_search")}
        assert names == set(METADATA.tables)
        for name, table in METADATA.tables.items():
            columns = {column["name"]: column for column in found.get_columns(name)}
            assert list(columns) == [column.name for column in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] == column.nullable
            assert {one["name"] for one in found.get_indexes(name)} == {one.name for one in table.indexes}


def test_every_table_is_strict_about_types(store: CounterStore) -> None:
    with store._database.reading() as connection:
        listed = connection.exec_driver_sql("PRAGMA table_list").mappings().all()
    strict = {row["name"]: row["strict"] for row in listed if row["name"] in METADATA.tables}
    assert set(strict.values()) == {1}


def test_a_new_database_has_the_newest_shape_and_no_backup(home: Path) -> None:
    with opened(home) as store:
        assert version_of(store._database) == VERSION
    assert not (home / "backups").exists()


def test_a_lived_in_database_is_copied_before_it_changes(lived_in: Path) -> None:
    database = open_database(lived_in / "counter.db", DATABASE_KEY)
    assert migrate(database, DATABASE_KEY, lived_in / "backups", (*STEPS, add_note)) == 1
    assert version_of(database) == VERSION + 1
    database.close()
    (copy,) = (lived_in / "backups").iterdir()
    before = open_database(copy, DATABASE_KEY)
    assert version_of(before) == VERSION
    with before.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one() == 1
    before.close()


def test_nothing_runs_twice(lived_in: Path) -> None:
    database = open_database(lived_in / "counter.db", DATABASE_KEY)
    assert migrate(database, DATABASE_KEY, lived_in / "backups", (*STEPS, add_note)) == 1
    assert migrate(database, DATABASE_KEY, lived_in / "backups", (*STEPS, add_note)) == 0
    database.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(lived_in: Path) -> None:
    database = open_database(lived_in / "counter.db", DATABASE_KEY)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database, DATABASE_KEY, lived_in / "backups", (*STEPS, add_note, fail_half_way))
    assert version_of(database) == VERSION
    database.close()
    with opened(lived_in) as store, store.read() as session:
        assert len(session.outbox.waiting()) == 1


def test_a_database_of_a_newer_release_is_refused_untouched(lived_in: Path) -> None:
    database = open_database(lived_in / "counter.db", DATABASE_KEY)
    migrate(database, DATABASE_KEY, lived_in / "backups", (*STEPS, add_note))
    database.close()
    content = (lived_in / "counter.db").read_bytes()
    with pytest.raises(SurroundingsError) as caught, opened(lived_in):
        pass
    assert caught.value.code == "database_newer"
    assert (lived_in / "counter.db").read_bytes() == content
