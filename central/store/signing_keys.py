"""Keys that sign tokens, receipts and permits, and the public keys that counters trust."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.times import stamp
from central.store.vault import Vault
from ebp_desktop.crypto.signatures import ED25519, Ed25519Signer, Signer, Verifier, publish
from sync.protocol.messages import PublishedKey

CENTRAL: Final = "central"


def load_or_make_signer(connection: Connection, vault: Vault, now: datetime) -> Signer:
    """Central's own signing key, made at first use."""
    row = connection.execute(
        sa.select(t.keys).where(t.keys.c.owner == CENTRAL, t.keys.c.not_after == "").order_by(t.keys.c.created_at)
    ).first()
    if row is not None:
        return Ed25519Signer(vault.open(row.private, f"signing key {row.key_id}"))
    signer = Ed25519Signer.generate()
    add_key(connection, signer.verifier, CENTRAL, now)
    sealed = vault.seal(signer.private_bytes(), f"signing key {signer.key_id}")
    connection.execute(sa.update(t.keys).where(t.keys.c.key_id == signer.key_id).values(private=sealed))
    return signer


def add_key(connection: Connection, verifier: Verifier, owner: str, now: datetime) -> PublishedKey:
    """Keep a public key under its owner's name."""
    key = publish(verifier)
    known = connection.scalar(sa.select(t.keys.c.key_id).where(t.keys.c.key_id == key.key_id))
    if known is None:
        row = {"key_id": key.key_id, "alg": key.alg, "public": key.public, "owner": owner, "created_at": stamp(now)}
        connection.execute(sa.insert(t.keys).values(**row))
    return PublishedKey(key_id=key.key_id, alg=key.alg, raw=key.public, owner=owner)


def published_keys(connection: Connection) -> tuple[PublishedKey, ...]:
    """Every key that papers may be signed with, oldest first; revoked ones carry ``not_after``."""
    rows = connection.execute(sa.select(t.keys).order_by(t.keys.c.created_at, t.keys.c.key_id))
    return tuple(
        PublishedKey(key_id=r.key_id, alg=r.alg or ED25519, raw=r.public, owner=r.owner, not_after=r.not_after)
        for r in rows
    )
