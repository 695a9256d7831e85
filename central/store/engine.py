"""One code path to SQLite (embedded) and PostgreSQL (service): connections, and transactions that may be repeated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa
import sqlcipher3.dbapi2 as safe_sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from ebp_desktop.domain.errors import SurroundingsError

T = TypeVar("T")
OLDEST_SQLITE: Final = (3, 51, 3)  # before it, a WAL reset could lose committed pages
# Serialization failure, deadlock, and a unique key that another transaction took between our look and our insert: the
# second look will see it.
_REPEATABLE: Final = frozenset({"40001", "40P01", "23505"})
_TRIES: Final = 5


class Store:
    """The database of central; ``url`` is ``sqlite:///PATH`` or ``postgresql://…``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")
        if self.is_sqlite:
            path = sa.make_url(url).database or ""
            self._writer = _sqlite_engine(path, begin="BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite_engine(path, begin="BEGIN", size=8)
            self._turn: AbstractContextManager[object] = threading.Lock()
        else:
            self._writer = _postgres_engine(url)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")
            self._turn = nullcontext()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements all see one snapshot."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction; on SQLite the file's single writer."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    def transact(self, act: Callable[[Connection], T]) -> T:
        """Run ``act`` in one write transaction; what lost a race on PostgreSQL is repeated, nothing else.

        Raises SurroundingsError ``database_busy`` when it does not get through.
        """
        for _ in range(_TRIES):
            try:
                with self.write() as connection:
                    return act(connection)
            except (OperationalError, IntegrityError) as error:
                if not _is_repeatable(error):
                    raise
        raise SurroundingsError("database_busy", "数据库繁忙，本次操作未生效。", todo="稍后重试。")

    def close(self) -> None:
        """Return every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _is_repeatable(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _REPEATABLE


def _postgres_engine(url: str) -> Engine:
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"), pool_size=10, max_overflow=30, pool_pre_ping=True
    )


def _sqlite_engine(path: str, *, begin: str, size: int) -> Engine:
    if safe_sqlite.sqlite_version_info < OLDEST_SQLITE:
        raise SurroundingsError("sqlite_too_old", f"SQLite {safe_sqlite.sqlite_version} 过旧，可能丢失数据。")
    engine = sa.create_engine(
        "sqlite://",
        module=safe_sqlite,
        creator=lambda: safe_sqlite.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=30,
    )

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", start)
    return engine


def sqlite_url(path: Path) -> str:
    """The URL of an embedded database file."""
    return f"sqlite:///{path}"
