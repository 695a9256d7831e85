"""The ordered steps from an older database to this version's, each in one transaction after a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import Connection

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.engine import Database, copy_database
from ebp_desktop.store.schema import v0001

Step: TypeAlias = Callable[[Connection], None]


def _first_shape(connection: Connection) -> None:
    for statement in v0001.STATEMENTS:
        connection.exec_driver_sql(statement)


STEPS: Final[tuple[Step, ...]] = (_first_shape,)
VERSION: Final = len(STEPS)


def migrate(database: Database, key: bytes, backups: Path, steps: tuple[Step, ...] = STEPS) -> int:
    """Bring the database to the newest shape; return how many steps ran.

    A file that holds something is copied to ``backups`` first. Raises SurroundingsError ``database_newer`` for a file
    that a newer release wrote: it is left untouched.
    """
    with database.reading() as connection:
        version = _version(connection)
    if version > len(steps):
        raise SurroundingsError(
            "database_newer",
            "本机数据库由更新版本的软件建立，本版本不能打开。",
            safe="数据未被改动。",
            todo="请安装不低于原版本的软件。",
        )
    if 0 < version < len(steps):
        copy_database(database.path, key, backups / f"before-{len(steps)}-from-{version}.db")
    return _run(database, steps)


def _run(database: Database, steps: tuple[Step, ...]) -> int:
    with database.writing() as connection:
        # Read again under the write lock: another process may have migrated meanwhile.
        version = _version(connection)
        for number, step in enumerate(steps[version:], start=version + 1):
            step(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={number}")
    return max(0, len(steps) - version)


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
