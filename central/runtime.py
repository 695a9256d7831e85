"""Central, opened: database, clock, keys and scans together; every act runs through ``transact``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.engine import Connection

from central.blobs.folder import FolderBlobs
from central.clock import Clock
from central.home import CentralHome
from central.store import schema as t
from central.store.engine import Store, sqlite_url
from central.store.migrate import migrate
from central.store.settings import prepare_settings
from central.store.signing_keys import load_or_make_signer
from central.store.vault import Vault
from central.store.work import AUDIT, FEED, RECEIPTS, Work
from ebp_desktop.crypto.signatures import Signer

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Central:
    """Everything that an act needs; made by ``open_central`` and closed by its owner."""

    home: CentralHome
    store: Store
    clock: Clock
    vault: Vault
    signer: Signer
    blobs: FolderBlobs

    def transact(self, act: Callable[[Work], T]) -> T:
        """Run ``act`` in one transaction with what it publishes and notes, or leave nothing of it."""

        def run(connection: Connection) -> T:
            work = Work(connection, self.clock.now())
            result = act(work)
            work.finish()
            return result

        return self.store.transact(run)

    def close(self) -> None:
        """Give back files and connections."""
        self.store.close()


def new_id() -> UUID:
    """A UUIDv7, so that ids of one process sort by their making."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def open_central(home: CentralHome, *, database: str = "", blobs: str = "", clock: Clock | None = None) -> Central:
    """Open (at first use: make) the central in ``home``, where ``database`` and ``blobs`` lie by default."""
    home.prepare()
    store = Store(database or sqlite_url(home.database))
    migrate(store)
    vault = Vault(home.master_key())
    chosen = clock or home.clock()
    signer = store.transact(lambda connection: _furnish(connection, vault, chosen))
    return Central(
        home=home,
        store=store,
        clock=chosen,
        vault=vault,
        signer=signer,
        blobs=FolderBlobs(Path(blobs) if blobs else home.blobs),
    )


def _furnish(connection: Connection, vault: Vault, clock: Clock) -> Signer:
    present = set(connection.scalars(sa.select(t.heads.c.name)))
    for name in (FEED, RECEIPTS, AUDIT):
        if name not in present:
            connection.execute(sa.insert(t.heads).values(name=name, value=0))
    prepare_settings(connection)
    return load_or_make_signer(connection, vault, clock.now())
