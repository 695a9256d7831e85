"""Restoring a backup into a new home, with a vault of this machine."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ebp_desktop.bootstrap.counter import IDENTITY
from ebp_desktop.bootstrap.home import Identity, clock_of, write_identity
from ebp_desktop.bootstrap.unlocking import Unlocking
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.store.backup import BackupReport, read_recovery_key, restore
from ebp_desktop.store.database_store import StorePaths, open_store


def restore_home(home: Path, source: Path, recovery_key: Path) -> BackupReport:
    """Restores a backup; raises RefusedError ``home_in_use`` when the home holds data already."""
    if StorePaths(home).database.exists():
        raise RefusedError(
            "home_in_use",
            "目标目录已有本机数据，不能覆盖。",
            place=str(home),
            safe="原数据未改动。",
            todo="换一个 --home。",
        )
    key = read_recovery_key(recovery_key)
    data_key = Unlocking(home).create()
    now = clock_of(None).now
    report = restore(source, key, home, data_key, now)
    store = open_store(home, data_key, now)
    try:
        with store.read() as tx:
            kept = tx.settings.get(IDENTITY)
    finally:
        store.close()
    if kept:
        write_identity(home, msgspec.json.decode(kept.encode(), type=Identity))
    return report
