"""Projects by their one code, and the aliases that resolve to it for ever (Art. 6)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from central.store import schema as t
from central.store.times import stamp
from ebp_desktop.domain.facts import CaseRegistered
from sync.protocol.messages import CodeFound, CodeLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProject:
    """A project that owns a code; ``certain`` is False when only name and applicant are alike."""

    project_code: str
    case_id: UUID
    national_code: str
    works: str
    name_key: str
    region: str
    year: int
    serial: int
    certain: bool = True

    def is_same(self, body: CaseRegistered) -> bool:
        """Whether a filing may carry this code: the same national code, or the same name and applicant."""
        if self.national_code and body.project.national_code:
            return self.national_code == body.project.national_code
        return self.name_key == name_key(body.project.name, body.applicant.code)


def name_key(project_name: str, party_code: str) -> str:
    """What two filings of the same project by the same applicant share, without keeping either in the clear."""
    folded = "".join(project_name.split()).casefold()
    return hashlib.sha256(f"EBP name\n{folded}\n{party_code}".encode()).hexdigest()


def _known(row: Row[tuple[object, ...]]) -> KnownProject:
    return KnownProject(
        project_code=row.project_code,
        case_id=UUID(row.case_id),
        national_code=row.national_code,
        works=row.works,
        name_key=row.name_key,
        region=row.region,
        year=row.year,
        serial=row.serial,
    )


def find_by_code(connection: Connection, code: str) -> KnownProject | None:
    """The project with this code of its own."""
    row = connection.execute(sa.select(t.projects).where(t.projects.c.project_code == code)).first()
    return None if row is None else _known(row)


def find_same(connection: Connection, body: CaseRegistered) -> KnownProject | None:
    """The first project that is certainly (national code and works) or perhaps (name and applicant) the filed one."""
    works = body.project.works.gcdm if body.project.works else ""
    return _find(connection, body.project.national_code or "", body.project.name, body.applicant.code, works)


def _find(connection: Connection, national: str, name: str, party: str, works: str | None) -> KnownProject | None:
    order = (t.projects.c.created_at, t.projects.c.project_code)
    if national:
        wanted = sa.select(t.projects).where(t.projects.c.national_code == national).order_by(*order)
        if works is not None:
            wanted = wanted.where(t.projects.c.works == works)
        row = connection.execute(wanted).first()
        if row is not None:
            return _canonical(connection, _known(row))
    wanted = sa.select(t.projects).where(t.projects.c.name_key == name_key(name, party)).order_by(*order)
    row = connection.execute(wanted).first()
    if row is None or (national and row.national_code and row.national_code != national):
        return None
    return replace(_canonical(connection, _known(row)), certain=False)


def _canonical(connection: Connection, project: KnownProject) -> KnownProject:
    code = canonical_code(connection, project.project_code)
    if code == project.project_code:
        return project
    return find_by_code(connection, code) or project


def canonical_code(connection: Connection, code: str) -> str:
    """What an alias stands for; any other code stands for itself."""
    found = connection.scalar(
        sa.select(t.aliases.c.canonical).where(t.aliases.c.code == code, t.aliases.c.certain.is_(True))
    )
    return found or code


def look_up(connection: Connection, wanted: CodeLookup) -> CodeFound:
    """The code that a counter should reuse (Art. 6), empty when the project is new."""
    found = _find(connection, wanted.national_code, wanted.name, wanted.party_code, None)
    if found is None:
        return CodeFound(project_code="", certain=False)
    return CodeFound(project_code=found.project_code, certain=found.certain)


def add_project(connection: Connection, project: KnownProject, now: datetime) -> None:
    """Take a code for a project; the serial of a region and year is taken once."""
    connection.execute(
        sa.insert(t.projects).values(
            project_code=project.project_code,
            case_id=str(project.case_id),
            national_code=project.national_code,
            works=project.works,
            name_key=project.name_key,
            region=project.region,
            year=project.year,
            serial=project.serial,
            created_at=stamp(now),
        )
    )


def add_alias(
    connection: Connection, code: str, canonical: str, *, certain: bool, reason: str, now: datetime
) -> str | None:
    """Note that ``code`` stands, certainly or perhaps, for ``canonical``; returns its JSON, None if it was known."""
    if not code or connection.scalar(sa.select(t.aliases.c.code).where(t.aliases.c.code == code)) is not None:
        return None
    row = {"code": code, "canonical": canonical, "certain": certain, "reason": reason, "created_at": stamp(now)}
    connection.execute(sa.insert(t.aliases).values(**row))
    return msgspec.json.encode(row).decode()
