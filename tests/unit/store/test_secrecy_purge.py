"""A case found to be secret leaves no trace: its key is destroyed, and with it every body, paper and scan (Art. 3)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ebp_desktop.crypto.errors import WrongKeyError
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.domain.facts import CasePurged
from ebp_desktop.services.ports import StoredDocument
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.inbox import InboxItem
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.verification import verify
from tests.fixtures.counter_home import MORNING, a_fact, a_row, opened, record

SECRET, OTHER = uuid4(), uuid4()
PAGE = b"a page marked secret" * 1000


def fill(store: CounterStore, case: UUID, name: str) -> str:
    """Leave everything in the store that a case can leave; return the scan's digest."""
    file = CaseScans(store).put_bytes(case, PAGE, "image/png")
    with store.begin() as tx:
        record(tx, a_fact(case))
        tx.cases.save(a_row(name, case_id=case, number=name, project=name))
        tx.files.note(case, file)
        tx.documents.save(
            StoredDocument(
                number=name,
                kind="slip",
                case_id=case,
                data=name.encode(),
                token="",
                template_version="1",
                pdf_sha256="",
                made_at=MORNING,
            )
        )
        tx.inbox.keep(
            InboxItem(
                feed_epoch="e",
                seq=len(name),
                collection="fact",
                item_id="i",
                case_id=case,
                kind="k",
                body_v=1,
                raw=b"{}",
            )
        )
    return file.sha256


@pytest.fixture
def purged(store: CounterStore) -> CounterStore:
    fill(store, SECRET, "某涉密工程")
    fill(store, OTHER, "普通工程")
    with store.begin() as tx:
        tx.destroy_case_key(SECRET)
        tx.ledger.append(a_fact(SECRET, CasePurged(at=MORNING)))
    return store


def test_nothing_of_it_can_be_read_any_more(purged: CounterStore) -> None:
    with purged.read() as session:
        assert [fact.kind for fact in session.ledger.of_case(SECRET)] == ["case.purged"]
        assert session.documents.of_case(SECRET) == ()
        assert session.files.of_case(SECRET) == ()
        assert session.cases.search("涉密").rows == ()
        assert session.cases.find_number("某涉密工程") is None
        assert [item.case_id for item in session.inbox.kept()] == [OTHER]
        assert session.keys.find(SECRET) is None
        assert session.keys.is_destroyed(SECRET)
        assert {record.detail for record in session.audit.list(about=str(SECRET))} == {None}


def test_its_scans_are_off_the_disk(purged: CounterStore) -> None:
    names = [path.name for path in purged.paths.scans.iterdir()]
    with purged.read() as session:
        other = session.keys.find(OTHER)
    assert other is not None
    assert names == [other.key_id]


def test_the_ledger_keeps_an_opaque_id_and_a_digest(purged: CounterStore) -> None:
    with purged.read() as session:
        marks = [mark for mark in session.ledger.marks() if mark.case_id == SECRET]
    assert len(marks) == 2
    assert all(len(mark.digest) == 64 for mark in marks)


def test_the_same_page_in_another_case_is_untouched(purged: CounterStore) -> None:
    with purged.read() as session:
        (file,) = session.files.of_case(OTHER)
        assert len(session.ledger.of_case(OTHER)) == 1
    assert CaseScans(purged).read(file.sha256) == PAGE


def test_both_chains_still_hold(purged: CounterStore) -> None:
    report = verify(purged)
    assert report.faults == ()


def test_the_journal_forgot_it_too(purged: CounterStore) -> None:
    content = purged.journal.read()
    assert SECRET not in {fact.case_id for fact in content.facts}
    assert SECRET not in {key.case_id for key in content.keys}
    assert OTHER in {key.case_id for key in content.keys}


def test_its_key_is_in_no_page_of_the_database(home: Path) -> None:
    with opened(home) as store:
        fill(store, SECRET, "某涉密工程")
        with store.read() as session:
            key = session.keys.find(SECRET)
        assert key is not None
        with store.begin() as tx:
            tx.destroy_case_key(SECRET)
        plain = home / "plain.db"
        # The decrypted file, free pages included, as somebody with the database key could make it.
        with store._database.writer.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
            raw.execute("SELECT sqlcipher_export('plain')").fetchall()
            raw.execute("DETACH DATABASE plain")
    assert key.secret not in plain.read_bytes()
    assert "涉密".encode() not in plain.read_bytes()


def test_nothing_more_can_be_written_about_it_here(purged: CounterStore) -> None:
    with pytest.raises(RefusedError) as caught:
        CaseScans(purged).put_bytes(SECRET, b"another page", "image/png")
    assert caught.value.code == "case_purged"


def test_what_central_still_sends_about_it_leaves_a_digest_only(purged: CounterStore) -> None:
    late = a_fact(SECRET)
    with purged.begin() as tx:
        tx.ledger.append(late)
        tx.inbox.keep(
            InboxItem(
                feed_epoch="e", seq=99, collection="fact", item_id="i", case_id=SECRET, kind="k", body_v=1, raw=b"{}"
            )
        )
    with purged.read() as session:
        assert session.ledger.has(late.id)
        assert session.ledger.get(late.id) is None
        assert [item.seq for item in session.inbox.kept() if item.case_id == SECRET] == []


def test_a_case_of_which_nothing_is_here_yet_can_be_purged_too(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.destroy_case_key(SECRET)
        tx.ledger.append(a_fact(SECRET))
        assert tx.ledger.of_case(SECRET) == ()


def test_a_purge_that_fails_half_way_destroys_nothing(store: CounterStore) -> None:
    digest = fill(store, SECRET, "某涉密工程")
    with pytest.raises(RuntimeError), store.begin() as tx:  # noqa: PT012
        tx.destroy_case_key(SECRET)
        raise RuntimeError("cut")
    assert CaseScans(store).read(digest) == PAGE
    with store.read() as session:
        assert len(session.ledger.of_case(SECRET)) == 1


def test_a_sealed_body_moved_to_another_fact_does_not_open(store: CounterStore) -> None:
    one, other = a_fact(OTHER), a_fact(OTHER)
    with store.begin() as tx:
        tx.ledger.append(one)
        tx.ledger.append(other)
    with store._database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER facts_never_rewritten")
        connection.exec_driver_sql(
            "UPDATE facts SET sealed_body = (SELECT sealed_body FROM facts WHERE id = ?) WHERE id = ?",
            (str(one.id), str(other.id)),
        )
    with store.read() as session:
        assert list(session.ledger.faults()) == [other.id]
        with pytest.raises(WrongKeyError):
            session.ledger.get(other.id)


def test_an_unknown_scan_is_said_to_be_missing(store: CounterStore) -> None:
    with pytest.raises(SurroundingsError) as caught:
        CaseScans(store).read("ab" * 32)
    assert caught.value.code == "scan_missing"
    assert not CaseScans(store).has("ab" * 32)
