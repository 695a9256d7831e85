"""How the domain's values lie in SQLite: times and ids as text that sorts, enums by their value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Dialect, Row, Select, Text
from sqlalchemy.types import TypeDecorator

from ebp_desktop.domain.calendar import CHINA

# Columns carry their own types; a row or query of any columns needs no list of them.
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"
AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"


class Moment(TypeDecorator[datetime]):
    """A timezone-aware time, kept as UTC text to the microsecond so that it sorts; read back in China's zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        """Write it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone has no place in the store")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else datetime.fromisoformat(value).astimezone(CHINA)


class Day(TypeDecorator[date]):
    """A calendar day as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> date | None:
        """Read it."""
        return None if value is None else date.fromisoformat(value)


class Uid(TypeDecorator[UUID]):
    """A UUID as its 36 characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: UUID | None, _dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> UUID | None:
        """Read it."""
        return None if value is None else UUID(value)
