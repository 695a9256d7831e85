"""Brings the tables to this version's shape by Alembic, once, whoever comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from central.store.engine import Store
from ebp_desktop.domain.errors import SurroundingsError

HEAD: Final = "0002"
_LOCK_NAME: Final = 0x45425043


def migrate(store: Store) -> None:
    """Upgrade to HEAD; raises SurroundingsError ``store_newer`` for a database that a later version has changed."""
    with store.read() as connection:
        present = revision_of(connection)
    if present == HEAD:
        return
    with store.write() as connection:
        if not store.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:name)"), {"name": _LOCK_NAME})
        present = revision_of(connection)
        if present == HEAD:
            return
        config = migrations_config()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if present is not None and present not in known:
            raise SurroundingsError(
                "store_newer",
                "数据库由更新的版本建立，本版本不能使用。",
                safe="数据未作改动。",
                todo="请升级中心端程序。",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The revision that the tables have now, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def migrations_config() -> Config:
    """Alembic's configuration for the scripts that ship with this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent / "migrations"))
    return config
