"""Small secrets at rest: private keys, second factors, keys of cases, each sealed under the home's master key."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from ebp_desktop.crypto.keys import derive, open_bytes, random_key, seal_bytes, unwrap_key, wrap_key


class Vault:
    """Seals and opens by purpose; holds the derived keys in memory, never the password of anybody."""

    __slots__ = ("_case_keys", "_cursor", "_secrets")

    def __init__(self, master: bytes) -> None:
        self._secrets = derive(master, "central secrets")
        self._case_keys = derive(master, "central case keys")
        self._cursor = derive(master, "central cursors")

    def seal(self, plain: bytes, context: str) -> bytes:
        """Seal a small secret, bound to what and whose it is."""
        return seal_bytes(self._secrets, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Undo ``seal``; raises WrongKeyError."""
        return open_bytes(self._secrets, sealed, context.encode())

    def mac(self, data: bytes) -> bytes:
        """A tag that only this central can make, for cursors."""
        return hmac.new(self._cursor, data, hashlib.sha256).digest()[:16]

    def case_key(self, connection: Connection, case_id: UUID) -> bytes | None:
        """The key of a case, or None when it has none or it was destroyed."""
        return self.case_keys(connection, [case_id]).get(case_id)

    def case_keys(self, connection: Connection, case_ids: list[UUID]) -> dict[UUID, bytes]:
        """The keys of several cases; a case without one is left out."""
        names = sorted({str(case_id) for case_id in case_ids})
        if not names:
            return {}
        rows = connection.execute(sa.select(t.case_keys).where(t.case_keys.c.case_id.in_(names)))
        return {UUID(row.case_id): unwrap_key(self._case_keys, row.key, row.case_id) for row in rows}

    def make_case_key(self, connection: Connection, case_id: UUID) -> bytes:
        """A fresh key for a case that has none."""
        key = random_key()
        wrapped = wrap_key(self._case_keys, key, str(case_id))
        connection.execute(sa.insert(t.case_keys).values(case_id=str(case_id), key=wrapped))
        return key

    def destroy_case_key(self, connection: Connection, case_id: UUID) -> None:
        """Make every body of a case unreadable for ever (rule 10)."""
        connection.execute(sa.delete(t.case_keys).where(t.case_keys.c.case_id == str(case_id)))
