"""Nobody edits, drops or inserts an act without its being said."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from ebp_desktop.services.ports import AuditEntry
from ebp_desktop.store.database_store import CounterStore
from tests.fixtures.counter_home import MORNING

DROP_GUARDS = ("DROP TRIGGER audit_never_deleted", "DROP TRIGGER audit_never_edited")


def act(number: int, *, about: str = "case-1", detail: str = "") -> AuditEntry:
    return AuditEntry(
        act=f"act.{number}", actor="zhang", object=about, detail=detail, at=MORNING + timedelta(minutes=number)
    )


@pytest.fixture
def five(store: CounterStore) -> CounterStore:
    with store.begin() as tx:
        for number in range(1, 6):
            tx.audit.append(act(number, detail=f"第{number}次"))
    return store


def tamper(store: CounterStore, statement: str) -> None:
    """Do what somebody with the key and a database tool could do."""
    with store._database.writing() as connection:
        for guard in DROP_GUARDS:
            connection.exec_driver_sql(guard)
        connection.exec_driver_sql(statement)


def test_an_untouched_trail_holds(five: CounterStore) -> None:
    with five.read() as session:
        assert session.audit.verify() is None
        assert session.audit.head()[0] == 5


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit SET actor = 'li' WHERE seq = 3", "第 3 条"),
        ("UPDATE audit SET object = 'case-2' WHERE seq = 1", "第 1 条"),
        ("UPDATE audit SET detail = '别的' WHERE seq = 4", "第 4 条"),
        ("UPDATE audit SET at = '2026-03-02T00:00:00.000000+00:00' WHERE seq = 2", "第 2 条"),
        ("DELETE FROM audit WHERE seq = 2", "第 2 条"),
        ("DELETE FROM audit WHERE seq = 1", "第 1 条"),
        ("UPDATE audit SET hash = prev WHERE seq = 5", "第 5 条"),
    ],
)
def test_a_gap_or_an_edit_is_found_and_placed(five: CounterStore, statement: str, place: str) -> None:
    tamper(five, statement)
    with five.read() as session:
        words = session.audit.verify()
    assert words is not None
    assert place in words


def test_records_that_changed_places_are_found(five: CounterStore) -> None:
    tamper(five, "UPDATE audit SET seq = CASE seq WHEN 2 THEN 93 WHEN 3 THEN 92 ELSE seq END")
    with five.read() as session:
        assert session.audit.verify() is not None


def test_the_words_about_a_purged_case_go_and_the_chain_still_holds(five: CounterStore) -> None:
    with five.begin() as tx:
        tx.audit.append(act(6, about="case-2", detail="别的办件"))
        tx.audit.forget_detail("case-1")
    with five.read() as session:
        assert session.audit.verify() is None
        assert {record.detail for record in session.audit.list(about="case-1")} == {None}
        assert [record.detail for record in session.audit.list(about="case-2")] == ["别的办件"]


def test_the_newest_acts_come_first_and_pages_follow(five: CounterStore) -> None:
    with five.read() as session:
        first = session.audit.list(limit=2)
        second = session.audit.list(limit=2, before=first[-1].seq)
    assert [record.seq for record in (*first, *second)] == [5, 4, 3, 2]
    assert first[0].act == "act.5"


def test_the_zone_in_which_a_time_was_written_does_not_break_the_chain(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.audit.append(AuditEntry(act="a", actor="b", object="c", at=MORNING.astimezone(UTC)))
    with store.read() as session:
        assert session.audit.verify() is None


def test_an_empty_trail_is_whole(store: CounterStore) -> None:
    with store.read() as session:
        assert session.audit.verify() is None
        assert session.audit.head() == (0, "0" * 64)
