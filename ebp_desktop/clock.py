"""The product's clocks: the system's, and one that stands still until it is moved, for the demo and the tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils

from ebp_desktop.domain.calendar import CHINA


class SystemClock:
    """The computer's time in Asia/Shanghai."""

    def now(self) -> datetime:
        """The present."""
        return datetime.now(CHINA)


class SetClock:
    """A clock that shows what it was set to; every look moves it on by ``tick`` so that order stays visible."""

    def __init__(self, start: datetime, tick: timedelta = timedelta(0)) -> None:
        self._now = start
        self._tick = tick

    def now(self) -> datetime:
        """The time it shows."""
        shown = self._now
        self._now = shown + self._tick
        return shown

    def set(self, moment: datetime) -> None:
        """Moves it; never backwards."""
        self._now = max(self._now, moment)


class Uuid7Ids:
    """Fresh UUIDv7 identities."""

    def new(self) -> UUID:
        """An id that sorts by its time of making."""
        return UUID(bytes=uuid_utils.uuid7().bytes)
