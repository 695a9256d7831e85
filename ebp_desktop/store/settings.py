"""Named texts of this home: the device, the epoch, the counter, switches and marks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from ebp_desktop.store.journal import JournalSetting
from ebp_desktop.store.schema.tables import SETTINGS

# What a rebuilt store must know to go on in the right chain; marks that change every minute need no flush of their own.
_IDENTITY: Final = frozenset({"device", "epoch", "counter"})

_ONE = select(SETTINGS.c.value).where(SETTINGS.c.name == bindparam("wanted"))
_NEW = insert(SETTINGS)
_SAVE = _NEW.on_conflict_do_update(index_elements=["name"], set_={"value": _NEW.excluded.value})


class SettingsTable:
    """Settings within one transaction."""

    __slots__ = ("_connection", "written")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.written: dict[str, JournalSetting] = {}

    def get(self, name: str, default: str = "") -> str:
        """Return the value, or the default."""
        value = self._connection.execute(_ONE, {"wanted": name}).scalar_one_or_none()
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Write a value; the journal learns a new name or an identity at once, the rest when it is next rewritten."""
        if name in _IDENTITY or not self.get(name):
            self.written[name] = JournalSetting(name=name, value=value)
        self._connection.execute(_SAVE, {"name": name, "value": value})

    def all(self, prefix: str = "") -> dict[str, str]:
        """Return every setting whose name starts so."""
        rows = self._connection.execute(select(SETTINGS).where(SETTINGS.c.name.startswith(prefix, autoescape=True)))
        return {row.name: row.value for row in rows}
