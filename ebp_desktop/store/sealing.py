"""Per-case keys inside the database: what is sealed under one is gone when its row is destroyed (rule 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from ebp_desktop.crypto.keys import SealingKey, open_bytes, random_key, seal_bytes
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.store.journal import JournalKey
from ebp_desktop.store.schema.tables import BATCH_KEYS, CASE_KEYS

# Things of the counter that belong to no case are sealed under a key of its own.
HOUSE: Final = UUID(int=0)
_ONE = select(CASE_KEYS.c.key_id, CASE_KEYS.c.secret).where(CASE_KEYS.c.case_id == bindparam("wanted"))


class CaseKeys:
    """The keys of cases and scanning batches, within one transaction."""

    __slots__ = ("_connection", "_known", "_now", "made")

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._known: dict[UUID, SealingKey | None] = {}
        self.made: list[JournalKey] = []

    def find(self, case_id: UUID) -> SealingKey | None:
        """Return a case's key, None when there is none or it was destroyed."""
        if self._known.get(case_id) is None:
            row = self._row(case_id)
            self._known[case_id] = SealingKey(row[0], row[1]) if row and row[1] is not None else None
        return self._known[case_id]

    def is_destroyed(self, case_id: UUID) -> bool:
        """Tell whether the case was purged."""
        row = self._row(case_id)
        return row is not None and row[1] is None

    def ensure(self, case_id: UUID) -> SealingKey:
        """Return a case's key, made now if need be; raises RefusedError ``case_purged`` when it was destroyed."""
        known = self.find(case_id)
        if known is not None:
            return known
        if self.is_destroyed(case_id):
            raise RefusedError("case_purged", "该事项已按保密要求清除，不能再写入。", article="第三条")
        return self.hold(case_id, SealingKey(uuid4().hex, random_key()))

    def hold(self, case_id: UUID, key: SealingKey) -> SealingKey:
        """Keep a given key for a case that has none: a new one, or one that the journal or a backup gave back."""
        self._connection.execute(
            insert(CASE_KEYS).values(case_id=case_id, key_id=key.key_id, secret=key.secret, made_at=self._now)
        )
        self._known[case_id] = key
        self.made.append(JournalKey(case_id=case_id, key_id=key.key_id, secret=key.secret))
        return key

    def destroy(self, case_id: UUID) -> str | None:
        """Destroy a case's key; return its name, so that the scans' folder can go; a case without one gets a grave."""
        row = self._row(case_id)
        if row is None:
            self._connection.execute(
                insert(CASE_KEYS).values(
                    case_id=case_id, key_id=uuid4().hex, secret=None, made_at=self._now, destroyed_at=self._now
                )
            )
        else:
            self._connection.execute(
                update(CASE_KEYS).where(CASE_KEYS.c.case_id == case_id).values(secret=None, destroyed_at=self._now)
            )
        self._known.pop(case_id, None)
        return None if row is None else str(row[0])

    def all(self) -> tuple[JournalKey, ...]:
        """Return every living key, for a backup or the journal."""
        rows = self._connection.execute(
            select(CASE_KEYS.c.case_id, CASE_KEYS.c.key_id, CASE_KEYS.c.secret).where(CASE_KEYS.c.secret.is_not(None))
        )
        return tuple(JournalKey(case_id=row[0], key_id=row[1], secret=row[2]) for row in rows)

    def seal(self, case_id: UUID, plain: bytes, what: str) -> bytes:
        """Seal a value of a case, bound to what it is."""
        return seal_bytes(self.ensure(case_id).secret, plain, what.encode())

    def open(self, case_id: UUID, sealed: bytes | None, what: str) -> bytes | None:
        """Undo ``seal``; None when the value or the key is gone; raises WrongKeyError when it was altered."""
        key = self.find(case_id)
        return None if sealed is None or key is None else open_bytes(key.secret, sealed, what.encode())

    def new_batch(self) -> SealingKey:
        """Make and keep the key of a scanning batch, before its first sheet."""
        key = SealingKey(uuid4().hex, random_key())
        self._connection.execute(insert(BATCH_KEYS).values(key_id=key.key_id, secret=key.secret, made_at=self._now))
        return key

    def batch(self, key_id: str) -> SealingKey | None:
        """Return a batch's key, after a crash too."""
        row = self._connection.execute(
            select(BATCH_KEYS.c.key_id, BATCH_KEYS.c.secret).where(BATCH_KEYS.c.key_id == key_id)
        ).one_or_none()
        return None if row is None else SealingKey(row[0], row[1])

    def end_batch(self, key_id: str) -> None:
        """Destroy a batch's key: its pages were adopted or given up."""
        self._connection.execute(BATCH_KEYS.delete().where(BATCH_KEYS.c.key_id == key_id))

    def _row(self, case_id: UUID) -> tuple[str, bytes | None] | None:
        row = self._connection.execute(_ONE, {"wanted": case_id}).one_or_none()
        return None if row is None else (row[0], row[1])
