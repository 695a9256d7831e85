"""Settings of this installation: feed epoch, region, and the chosen reading of every open point."""

from __future__ import annotations

import secrets
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.readings import Readings

FEED_EPOCH: Final = "feed_epoch"
REGION: Final = "region"
READINGS: Final = "readings"
WUHAI: Final = "150300"


def prepare_settings(connection: Connection) -> None:
    """Fill in what a new installation needs."""
    if not read(connection, FEED_EPOCH):
        write(connection, FEED_EPOCH, secrets.token_hex(8))
    if not read(connection, REGION):
        write(connection, REGION, WUHAI)


def read(connection: Connection, name: str) -> str:
    """A setting, or empty."""
    return connection.scalar(sa.select(t.settings.c.value).where(t.settings.c.name == name)) or ""


def write(connection: Connection, name: str, value: str) -> None:
    """Set a setting."""
    changed = connection.execute(sa.update(t.settings).where(t.settings.c.name == name).values(value=value))
    if changed.rowcount == 0:
        connection.execute(sa.insert(t.settings).values(name=name, value=value))


def readings(connection: Connection) -> Readings:
    """The chosen readings; raises BadInputError ``bad_readings`` for a setting that is none."""
    text = read(connection, READINGS)
    if not text:
        return Readings()
    try:
        return msgspec.json.decode(text, type=Readings)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError("bad_readings", "口径配置无法识别。", place=str(error)) from error
