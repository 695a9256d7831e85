"""``store verify`` reads everything and names every fault by its place."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.services.ports import SendState
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.verification import Part, verify
from tests.fixtures.counter_home import a_fact, record

CASE = uuid4()


@pytest.fixture
def lived_in(store: CounterStore) -> CounterStore:
    file = CaseScans(store).put_bytes(CASE, b"page" * 1000, "image/png")
    with store.begin() as tx:
        for _ in range(3):
            record(tx, a_fact(CASE))
        tx.files.note(CASE, file)
    return store


def edit(store: CounterStore, *statements: str) -> None:
    with store._database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def the_scan(store: CounterStore) -> Path:
    (path,) = [path for path in store.paths.scans.rglob("*") if path.is_file()]
    return path


def parts(store: CounterStore) -> list[Part]:
    return [fault.part for fault in verify(store).faults]


def test_a_whole_store_is_whole(lived_in: CounterStore) -> None:
    report = verify(lived_in)
    assert report.whole
    assert (report.facts, report.audit_records, report.scans, report.faults) == (3, 3, 1, ())


def test_a_new_store_is_whole(store: CounterStore) -> None:
    assert verify(store).whole


def test_an_edited_fact_is_named(lived_in: CounterStore) -> None:
    edit(lived_in, "DROP TRIGGER facts_never_rewritten", "UPDATE facts SET digest = 'x' WHERE position = 2")
    (fault,) = verify(lived_in).faults
    with lived_in.read() as session:
        second = list(session.ledger.marks())[1]
    assert (fault.part, fault.place) == (Part.LEDGER, str(second.id))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM outbox WHERE seq = 2",
        "UPDATE outbox SET hash = 'x' WHERE seq = 1",
        "UPDATE outbox SET seq = 9 WHERE seq = 3",
    ],
    ids=["a gap", "an edited hash", "a moved place"],
)
def test_a_broken_outbox_chain_is_named(lived_in: CounterStore, statement: str) -> None:
    edit(lived_in, statement)
    assert parts(lived_in) == [Part.OUTBOX]


def test_an_edited_act_is_named(lived_in: CounterStore) -> None:
    edit(lived_in, "DROP TRIGGER audit_never_edited", "UPDATE audit SET actor = 'li' WHERE seq = 2")
    (fault,) = verify(lived_in).faults
    assert fault.part is Part.AUDIT
    assert "第 2 条" in fault.words


def test_a_flipped_bit_in_a_scan_is_named(lived_in: CounterStore) -> None:
    path = the_scan(lived_in)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    (fault,) = verify(lived_in).faults
    assert (fault.part, fault.place) == (Part.SCANS, path.name)


def test_a_missing_scan_is_named_unless_central_holds_it(lived_in: CounterStore) -> None:
    path = the_scan(lived_in)
    path.unlink()
    assert [fault.words for fault in verify(lived_in).faults] == ["扫描件缺失"]
    with lived_in.begin() as tx:
        tx.files.sent(path.name)
    assert verify(lived_in).whole


def test_a_damaged_journal_is_named(lived_in: CounterStore) -> None:
    path = lived_in.paths.journal
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert parts(lived_in) == [Part.JOURNAL]


def test_a_new_epoch_starts_a_chain_of_its_own(lived_in: CounterStore) -> None:
    with lived_in.begin() as tx:
        tx.settings.set("epoch", "f" * 32)
        record(tx, a_fact())
        tx.outbox.settle(tx.outbox.waiting()[0].fact_id, SendState.SENDING)
    assert verify(lived_in).whole
