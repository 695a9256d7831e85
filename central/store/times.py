"""Times as the database keeps them: fixed-width ISO 8601 in Asia/Shanghai, which sorts as text on every database."""

from __future__ import annotations

from datetime import datetime

from ebp_desktop.domain.calendar import CHINA, china_time
from ebp_desktop.domain.errors import BadInputError


def stamp(moment: datetime) -> str:
    """The stored form of an aware moment."""
    return moment.astimezone(CHINA).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The moment of a stored or received ISO text; raises BadInputError ``bad_time``."""
    try:
        return china_time(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadInputError("bad_time", f"不是 ISO 8601 时间：{text}") from error
