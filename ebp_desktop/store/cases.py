"""The list rows of cases, every number that leads to one, and search over names, codes and pinyin initials."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Integer, Text, bindparam, column, delete, insert, select, table, tuple_, type_coerce
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert as upsert

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.ports import CasePage, CaseSummary
from ebp_desktop.store.schema.columns import AnyRow, AnySelect
from ebp_desktop.store.schema.tables import CASE_NUMBERS, CASES
from ebp_desktop.store.search_terms import expression, number_key, tokens

_INDEX = sql("INSERT INTO case_search(rowid, names, codes, initials) VALUES (:position, :names, :codes, :initials)")
_UNINDEX = sql("DELETE FROM case_search WHERE rowid = :position")
# FTS5 matches against a column of the table's own name.
_SEARCH = table("case_search", column("rowid", Integer), column("case_search", Text))
_RECEIVED = type_coerce(CASES.c.received_at, Text)

# Built once: a row is saved with every fact, and building a statement costs more than running it.
_SEARCHED = select(CASES.c.search_digest).where(CASES.c.case_id == bindparam("wanted"))
_NEW = upsert(CASES)
_SAVE = _NEW.on_conflict_do_update(
    index_elements=["case_id"],
    set_={one.name: _NEW.excluded[one.name] for one in CASES.c if one.name not in {"position", "case_id"}},
).returning(CASES.c.position)
_DROP_NUMBERS = delete(CASE_NUMBERS).where(CASE_NUMBERS.c.case_id == bindparam("wanted"))
_ADD_NUMBERS = insert(CASE_NUMBERS)


class CasesTable:
    """Projected case rows within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, summary: CaseSummary) -> None:
        """Write or replace the row, its numbers and its search words; the index is touched only when they changed."""
        searched = digest("\x1f".join([*summary.words, "\x1e", *summary.numbers]).encode())
        before = self._connection.execute(_SEARCHED, {"wanted": summary.case_id}).scalar_one_or_none()
        position = self._connection.execute(_SAVE, _values(summary, searched)).scalar_one()
        if before != searched:
            self._index(position, summary)

    def _index(self, position: int, summary: CaseSummary) -> None:
        cut = tokens(summary.words, summary.numbers)
        self._connection.execute(_UNINDEX, {"position": position})
        self._connection.execute(
            _INDEX, {"position": position, "names": cut.names, "codes": cut.codes, "initials": cut.initials}
        )
        self._connection.execute(_DROP_NUMBERS, {"wanted": summary.case_id})
        keys = {key for number in (*summary.numbers, summary.project_number) if (key := number_key(number))}
        if keys:
            self._connection.execute(
                _ADD_NUMBERS, [{"number": key, "case_id": summary.case_id} for key in sorted(keys)]
            )

    def get(self, case_id: UUID) -> CaseSummary | None:
        """Return the row of one case."""
        row = self._connection.execute(select(CASES).where(CASES.c.case_id == case_id)).one_or_none()
        return None if row is None else _summary(row)

    def find_number(self, number: str) -> UUID | None:
        """Return the newest case that a code, alias, registration, temporary or national number belongs to."""
        found = self._by_number(number)
        return found[0] if found else None

    def by_project(self, project_code: str) -> tuple[UUID, ...]:
        """Return all filings of one project, newest first."""
        return self._by_number(project_code)

    def _by_number(self, number: str) -> tuple[UUID, ...]:
        query = (
            select(CASES.c.case_id)
            .join(CASE_NUMBERS, CASE_NUMBERS.c.case_id == CASES.c.case_id)
            .where(CASE_NUMBERS.c.number == number_key(number))
            .order_by(CASES.c.received_at.desc(), CASES.c.position.desc())
        )
        return tuple(self._connection.execute(query).scalars())

    def search(self, text: str, *, after: str | None = None, limit: int = 50) -> CasePage:
        """Return cases whose words hold every term, latest entered first; one character or initial suffices."""
        wanted = expression(text)
        if wanted is None:
            return self.recent(after=after, limit=limit)
        hits: AnySelect = select(_SEARCH.c.rowid).where(_SEARCH.c.case_search.op("MATCH")(wanted))
        if after is not None:
            hits = hits.where(_SEARCH.c.rowid < _position(after))
        hits = hits.order_by(_SEARCH.c.rowid.desc()).limit(limit + 1)
        positions = list(self._connection.execute(hits).scalars())
        query = select(CASES).where(CASES.c.position.in_(positions)).order_by(CASES.c.position.desc())
        return self._page(query, limit, lambda row: str(row.position))

    def recent(self, *, only_open: bool = False, after: str | None = None, limit: int = 50) -> CasePage:
        """Return the newest cases first, by a keyset that stays fast at any depth."""
        query = select(CASES).order_by(CASES.c.received_at.desc(), CASES.c.position.desc()).limit(limit + 1)
        if only_open:
            query = query.where(CASES.c.is_open == 1)
        if after is not None:
            received, _, position = after.partition("|")
            query = query.where(tuple_(_RECEIVED, CASES.c.position) < tuple_(received, _position(position)))
        return self._page(query, limit, lambda row: f"{row.received_key}|{row.position}")

    def _page(self, query: AnySelect, limit: int, key_of: Callable[[AnyRow], str]) -> CasePage:
        rows = self._connection.execute(query.add_columns(_RECEIVED.label("received_key"))).all()
        shown = rows[:limit]
        return CasePage(
            rows=tuple(_summary(row) for row in shown),
            next_key=key_of(shown[-1]) if len(rows) > limit else None,
        )

    def open_ids(self) -> tuple[UUID, ...]:
        """Return every case that is still open or has something to hand out."""
        query = select(CASES.c.case_id).where(CASES.c.is_open == 1).order_by(CASES.c.received_at)
        return tuple(self._connection.execute(query).scalars())

    def touched_since(self, moment: datetime) -> tuple[UUID, ...]:
        """Return every case whose row was written since, closed ones too."""
        query = select(CASES.c.case_id).where(CASES.c.updated_at >= moment).order_by(CASES.c.received_at)
        return tuple(self._connection.execute(query).scalars())

    def remove(self, case_id: UUID) -> None:
        """Take a purged case out of every list and index."""
        position = self._connection.execute(
            select(CASES.c.position).where(CASES.c.case_id == case_id)
        ).scalar_one_or_none()
        if position is not None:
            self._connection.execute(_UNINDEX, {"position": position})
        self._connection.execute(delete(CASE_NUMBERS).where(CASE_NUMBERS.c.case_id == case_id))
        self._connection.execute(delete(CASES).where(CASES.c.case_id == case_id))


def _values(summary: CaseSummary, searched: str) -> dict[str, object]:
    return {
        "case_id": summary.case_id,
        "registration_no": summary.registration_no,
        "project_number": summary.project_number,
        "project_name": summary.project_name,
        "applicant": summary.applicant,
        "stage": summary.stage,
        "stage_name": summary.stage_name,
        "state": summary.state,
        "is_open": int(summary.is_open),
        "received_at": summary.received_at,
        "next_due": summary.next_due,
        "numbers": json.dumps(summary.numbers, ensure_ascii=False),
        "words": json.dumps(summary.words, ensure_ascii=False),
        "search_digest": searched,
        "updated_at": summary.updated_at,
    }


def _summary(row: AnyRow) -> CaseSummary:
    return CaseSummary(
        case_id=row.case_id,
        registration_no=row.registration_no,
        project_number=row.project_number,
        project_name=row.project_name,
        applicant=row.applicant,
        stage=row.stage,
        stage_name=row.stage_name,
        state=row.state,
        is_open=bool(row.is_open),
        received_at=row.received_at,
        next_due=row.next_due,
        numbers=tuple(json.loads(row.numbers)),
        words=tuple(json.loads(row.words)),
        updated_at=row.updated_at,
    )


def _position(text: str) -> int:
    if not text.isdecimal():
        raise BadInputError("bad_page_key", "翻页标记无效。", place=text[:40])
    return int(text)
