"""Connections to the counter's SQLCipher database: one writer that begins at once, readers of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.platform_files import disk_full, move_durably, private_folder, said

SQLITE_MINIMUM: Final = (3, 51, 3)
BUSY_SECONDS: Final = 15
_NOT_A_DATABASE: Final = 26
_CORRUPT: Final = 11
_FULL: Final = 13
_BUSY: Final = 5
_FILE_FAILED: Final = frozenset({10, 14})  # SQLITE_IOERR, SQLITE_CANTOPEN

# FULL: a commit is on the platter before the slip prints. secure_delete: a purged page leaves no bytes behind.
# temp_store: nothing of a case is written to a temporary file outside the cipher.
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


class ChangeWatch:
    """``PRAGMA data_version`` on a connection of its own; windows poll it to refresh after a command's commit."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stamp(self) -> int:
        """Return a number that changes with every commit by anybody."""
        with _said():
            stamp = int(self._connection.exec_driver_sql("PRAGMA data_version").scalar_one())
            self._connection.rollback()
        return stamp

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Database:
    """An open database: its file and the two pools over it."""

    path: Path
    writer: Engine
    readers: Engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection inside BEGIN IMMEDIATE; commit when the block ends well, else roll all of it back."""
        with _said(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on one consistent snapshot; it cannot write."""
        with _said(), self.readers.begin() as connection:
            yield connection

    def watch(self) -> ChangeWatch:
        """Return a watch that tells when any other connection or process committed; the caller closes it."""
        return ChangeWatch(self.readers.connect())

    def fault(self) -> str | None:
        """Check every page's seal, every table and index; return None when all is well, else SQLite's words."""
        try:
            found = [*self._outside("PRAGMA cipher_integrity_check"), *self._outside("PRAGMA integrity_check")]
        except SurroundingsError as error:
            return error.place or error.message
        wrong = [words for words in found if words != "ok"]
        return "; ".join(wrong[:5]) or None

    def require_whole(self) -> None:
        """Check the file as quickly as its size allows; raises SurroundingsError ``database_damaged``."""
        wrong = [words for words in self._outside("PRAGMA quick_check(1)") if words != "ok"]
        if wrong:
            raise damaged(wrong[0])

    def vacuum(self) -> None:
        """Rewrite the file without the pages of deleted rows, and empty the log that held them (rule 10)."""
        self._outside("VACUUM")
        self._outside("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Fold the write-ahead log back and close every connection."""
        self._outside("PRAGMA wal_checkpoint(TRUNCATE)")
        self.dispose()

    def dispose(self) -> None:
        """Close every connection as it is."""
        self.writer.dispose()
        self.readers.dispose()

    def _outside(self, statement: str) -> list[str]:
        """Run a statement that cannot stand inside a transaction; return the first column as text."""
        with _said(), closing(self.writer.raw_connection()) as pooled:
            raw = pooled.driver_connection
            assert raw is not None
            return [str(row[0]) for row in raw.execute(statement).fetchall()]


def open_database(path: Path, key: bytes) -> Database:
    """Open or create the file; raises SurroundingsError ``sqlite_too_old`` or ``database_damaged``."""
    require_safe_sqlite(dbapi2.sqlite_version_info)
    with _said(), closing(connect(path, key)) as probe:
        probe.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return Database(path, _engine(path, key, writes=True), _engine(path, key, writes=False))


def sqlite_version() -> str:
    """Return the version of SQLite inside SQLCipher."""
    return str(dbapi2.sqlite_version)


def require_safe_sqlite(version: tuple[int, ...]) -> None:
    """Refuse the releases before 3.51.3, which can lose committed pages when a checkpoint meets a commit."""
    if version < SQLITE_MINIMUM:
        raise SurroundingsError(
            "sqlite_too_old",
            f"本机数据库组件版本 {'.'.join(map(str, version))} 存在已知的数据丢失缺陷，不能使用。",
            safe="没有打开数据库，数据未受影响。",
            todo=f"请安装随本软件提供的组件（{'.'.join(map(str, SQLITE_MINIMUM))} 或更高版本）。",
        )


def connect(path: Path, key: bytes) -> Any:
    """Return one raw connection in autocommit mode with the key and the durability settings applied."""
    connection = dbapi2.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except dbapi2.Error:
        connection.close()
        raise
    return connection


def copy_database(source: Path, key: bytes, target: Path, target_key: bytes | None = None) -> None:
    """Copy a database while others use it (SQLite's online backup), under its own key; ``target`` is replaced.

    With ``target_key`` the copy is re-encrypted under another key. Raises SurroundingsError when the disk is full.
    """
    private_folder(target.parent)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with _said(), closing(connect(source, key)) as here, closing(connect(partial, key)) as there:
        here.backup(there)
        # A copy is one file: no write-ahead log beside it.
        there.execute("PRAGMA journal_mode=DELETE").fetchall()
        if target_key is not None:
            there.execute(f"PRAGMA rekey=\"x'{target_key.hex()}'\"")
    with partial.open("r+b") as copied:
        os.fsync(copied.fileno())
    move_durably(partial, target)


def _engine(path: Path, key: bytes, *, writes: bool) -> Engine:
    def creator() -> Any:
        connection = connect(path, key)
        if not writes:
            connection.execute("PRAGMA query_only=ON")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=creator,
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=1 if writes else 4,
        max_overflow=0 if writes else 12,
        pool_timeout=BUSY_SECONDS,
    )
    statement = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return engine


@contextmanager
def _said() -> Iterator[None]:
    """Turn the driver's failures into the clerk's words; everything else passes."""
    try:
        yield
    except DBAPIError as error:
        words = _in_words(error.orig)
        if words is None:
            raise
        raise words from error
    except dbapi2.Error as error:
        words = _in_words(error)
        if words is None:
            raise
        raise words from error


def _in_words(error: BaseException | None) -> SurroundingsError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _FULL:
        return disk_full()
    if code in {_NOT_A_DATABASE, _CORRUPT}:
        return damaged(str(error))
    if code in _FILE_FAILED:
        return said(OSError(str(error)))
    if code == _BUSY:
        return SurroundingsError(
            "database_busy", "本机数据库正忙，本次操作没有保存。", safe="没有任何内容被改动。", todo="请稍候重试。"
        )
    return None


def damaged(detail: str) -> SurroundingsError:
    """Return the one wording for a database that cannot be trusted any more."""
    return SurroundingsError(
        "database_damaged",
        "本机数据库已损坏，不能继续使用。",
        place=detail,
        safe="已上报中心的登记不会丢失；未上报的登记另存有一份待发日志。",
        todo="请按提示隔离损坏的文件，并从中心和待发日志重建。",
    )


def lost() -> SurroundingsError:
    """Return the one wording for a database that is gone while its journal still holds unsent facts."""
    return SurroundingsError(
        "database_lost",
        "本机数据库缺失或不是最新，待发日志中还有未上报的登记。",
        safe="未上报的登记保存在待发日志中，没有丢失。",
        todo="请按提示从中心和待发日志重建。",
    )
