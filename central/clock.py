"""What time it is at central: the system's clock, or in a demo home a clock that can be set and moved."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ebp_desktop.domain.calendar import CHINA, china_time
from ebp_desktop.domain.errors import UsageError

NOW_VARIABLE = "EBP_NOW"


class Clock(Protocol):
    """Tells the time, always with an offset."""

    def now(self) -> datetime:
        """The present moment."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in Asia/Shanghai."""
        return datetime.now(CHINA)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """In a demo home: the moment in the file ``setting``, else ``start`` (from EBP_NOW), else the machine's clock."""

    setting: Path
    start: datetime | None = None

    def now(self) -> datetime:
        """The set moment; the file is read each time, so that a day can advance while central serves."""
        return self._chosen() or datetime.now(CHINA)

    @property
    def stands_still(self) -> bool:
        """Whether the moment is a set one."""
        return self._chosen() is not None

    def _chosen(self) -> datetime | None:
        try:
            text = self.setting.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            text = ""
        return parse_moment(text) if text else self.start


def parse_moment(text: str) -> datetime:
    """An ISO 8601 time in Asia/Shanghai, naive input included; raises UsageError ``bad_time``."""
    try:
        return china_time(datetime.fromisoformat(text))
    except ValueError as error:
        raise UsageError("bad_time", f"不是 ISO 8601 时间：{text}") from error


def demo_start() -> datetime | None:
    """The moment in EBP_NOW, if it is set."""
    text = os.environ.get(NOW_VARIABLE, "")
    return parse_moment(text) if text else None
