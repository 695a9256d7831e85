"""Published guides and calendars: versions are added, never changed, and reach every counter by the feed."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store import schema as t
from central.store.feed import document_draft
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.crypto.canonical import digest
from ebp_desktop.domain.calendar import CalendarYear, WorkCalendar
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.guide import Guide, parse_guide

# Versions never change, and reading one costs more than registering a case under it.
_PARSED: Final[dict[str, Guide]] = {}


def find_guide(connection: Connection, guide: str, version: str) -> Guide | None:
    """A published version of a guide."""
    here = (t.guides.c.guide == guide) & (t.guides.c.version == version)
    known = connection.scalar(sa.select(t.guides.c.digest).where(here))
    if known is None:
        return None
    if known not in _PARSED:
        text = connection.scalar(sa.select(t.guides.c.text).where(here)) or ""
        _PARSED[known] = parse_guide(text, f"{guide} {version}")
    return _PARSED[known]


def add_guide(work: Work, guide: Guide, text: str) -> bool:
    """Publish a version; the same text twice is once (False), another text under a published version is refused.

    Raises BadInputError ``guide_version_used``.
    """
    known = work.connection.scalar(
        sa.select(t.guides.c.digest).where(t.guides.c.guide == guide.id, t.guides.c.version == guide.version)
    )
    if known is not None:
        if known != digest(text.encode()):
            raise BadInputError("guide_version_used", f"办事指南 {guide.id} {guide.version} 已发布，内容不同。")
        return False
    work.connection.execute(
        sa.insert(t.guides).values(
            guide=guide.id,
            version=guide.version,
            draft=guide.is_draft,
            text=text,
            digest=digest(text.encode()),
            published_at=stamp(work.now),
        )
    )
    work.publish(document_draft("guide", f"{guide.id}/{guide.version}", guide.status.value, text))
    return True


def all_guides(connection: Connection) -> tuple[Guide, ...]:
    """Every published version, oldest first."""
    rows = connection.execute(sa.select(t.guides).order_by(t.guides.c.published_at, t.guides.c.guide))
    return tuple(parse_guide(row.text, f"{row.guide} {row.version}") for row in rows)


def add_calendar(work: Work, year: CalendarYear, text: str) -> bool:
    """Load one version of a year; the same text twice is once (False).

    Raises BadInputError ``calendar_version_used``.
    """
    here = (t.calendars.c.year == year.year) & (t.calendars.c.version == year.version)
    known = work.connection.scalar(sa.select(t.calendars.c.text).where(here))
    if known is not None:
        if known != text:
            raise BadInputError("calendar_version_used", f"{year.year} 年日历第 {year.version} 版已载入，内容不同。")
        return False
    work.connection.execute(
        sa.insert(t.calendars).values(year=year.year, version=year.version, text=text, loaded_at=stamp(work.now))
    )
    work.publish(document_draft("calendar", f"{year.year}/{year.version}", "calendar", text))
    return True


def work_calendar(connection: Connection) -> WorkCalendar:
    """The announced years that are loaded."""
    rows = connection.execute(sa.select(t.calendars).order_by(t.calendars.c.year, t.calendars.c.version))
    return WorkCalendar(tuple(parse_calendar(row.text, f"{row.year}/{row.version}") for row in rows))


def has_unit(connection: Connection, unit: str) -> bool:
    """Whether a unit is known."""
    return connection.scalar(sa.select(t.units.c.unit).where(t.units.c.unit == unit)) is not None
