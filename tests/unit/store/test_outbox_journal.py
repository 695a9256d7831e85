"""The second copy of what is unsent survives torn ends, damaged middles and strangers."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebp_desktop.services.ports import SendState
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.journal import JournalFact, JournalKey, JournalSetting, OutboxJournal
from tests.fixtures.counter_home import a_fact, opened, record

KEY = b"j" * 32


def entry(seq: int, text: str = "信封") -> JournalFact:
    return JournalFact(fact_id=uuid4(), case_id=uuid4(), epoch="e", seq=seq, envelope=text.encode())


@pytest.fixture
def journal(tmp_path: Path) -> OutboxJournal:
    return OutboxJournal(tmp_path / "outbox.journal", KEY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.journal"


def test_an_empty_journal_is_whole(journal: OutboxJournal) -> None:
    assert (journal.read().facts, journal.read().keys, journal.read().damaged) == ((), (), 0)
    journal.append([])
    assert journal.size() == 0


def test_what_was_appended_is_read_in_the_order_of_the_chain(journal: OutboxJournal) -> None:
    first, second, third = entry(1), entry(2), entry(3)
    key = JournalKey(case_id=uuid4(), key_id="k", secret=b"s" * 32)
    setting = JournalSetting(name="device", value="ws-1")
    journal.append([third, key])
    journal.append([setting, first, second])
    content = journal.read()
    assert content.facts == (first, second, third)
    assert content.keys == (key,)
    assert content.settings == (setting,)


def test_the_last_word_about_a_fact_counts(journal: OutboxJournal) -> None:
    old = entry(1)
    new = JournalFact(fact_id=old.fact_id, case_id=old.case_id, epoch="f", seq=9, envelope=b"moved")
    journal.append([old, JournalSetting(name="epoch", value="e"), new, JournalSetting(name="epoch", value="f")])
    assert journal.read().facts == (new,)
    assert journal.read().settings[0].value == "f"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.integers(1, 400))
def test_a_torn_end_costs_only_the_last_record(journal: OutboxJournal, path: Path, cut: int) -> None:
    path.unlink(missing_ok=True)
    kept = [entry(1), entry(2)]
    journal.append(kept)
    whole = journal.size()
    journal.append([entry(3, "x" * 300)])
    data = path.read_bytes()
    path.write_bytes(data[: max(whole, len(data) - cut)])
    content = journal.read()
    assert content.facts == tuple(kept)
    assert content.damaged == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_damaged_record_costs_only_itself_and_is_counted(
    journal: OutboxJournal, path: Path, data: st.DataObject
) -> None:
    path.unlink(missing_ok=True)
    first, second, third = entry(1), entry(2), entry(3)
    journal.append([first])
    start = journal.size()
    journal.append([second])
    end = journal.size()
    journal.append([third])
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(start, end - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    read = journal.read()
    assert read.facts == (first, third)
    assert read.damaged == 1


def test_rubbish_at_the_end_is_damage(journal: OutboxJournal, path: Path) -> None:
    journal.append([entry(1)])
    with path.open("ab") as out:
        out.write(b"rubbish that is no record at all")
    assert journal.read().damaged == 1
    assert len(journal.read().facts) == 1


def test_appending_goes_on_after_a_torn_end(journal: OutboxJournal, path: Path) -> None:
    journal.append([entry(1), entry(2)])
    path.write_bytes(path.read_bytes()[:-7])
    late = entry(3)
    journal.append([late])
    assert [fact.seq for fact in journal.read().facts] == [1, 3]


def test_a_stranger_reads_nothing(journal: OutboxJournal, path: Path) -> None:
    journal.append([entry(1, "海勃湾区污水处理厂")])
    assert "污水".encode() not in path.read_bytes()
    stranger = OutboxJournal(path, b"x" * 32).read()
    assert stranger.facts == ()
    assert stranger.damaged > 0


def test_rewriting_replaces_everything_in_one_step(journal: OutboxJournal, path: Path) -> None:
    journal.append([entry(1), entry(2)])
    kept = entry(2)
    journal.rewrite([kept])
    assert journal.read().facts == (kept,)
    assert sorted(one.name for one in path.parent.iterdir()) == ["outbox.journal", "outbox.journal.lock"]


def test_a_failing_rewrite_leaves_the_old_journal(journal: OutboxJournal) -> None:
    old = entry(1)
    journal.append([old])

    def torn():  # type: ignore[no-untyped-def]
        yield entry(2)
        raise RuntimeError("the list broke off")

    with pytest.raises(RuntimeError):
        journal.rewrite(torn())
    assert journal.read().facts == (old,)


def test_every_unsent_fact_is_in_the_journal_with_its_case_key(store: CounterStore) -> None:
    facts = [a_fact() for _ in range(3)]
    for fact in facts:
        with store.begin() as tx:
            record(tx, fact)
    content = store.journal.read()
    assert [one.fact_id for one in content.facts] == [fact.id for fact in facts]
    assert {fact.case_id for fact in facts} <= {key.case_id for key in content.keys}
    with store.read() as session:
        assert [one.envelope for one in content.facts] == [one.raw for one in session.outbox.waiting()]


def test_confirmed_facts_leave_the_journal_at_the_next_start(home: Path) -> None:
    done, waiting = a_fact(), a_fact()
    with opened(home) as store, store.begin() as tx:
        record(tx, done)
        record(tx, waiting)
        tx.outbox.settle(done.id, SendState.RECEIPTED, receipt=b"r")
    with opened(home) as store:
        assert [one.fact_id for one in store.journal.read().facts] == [waiting.id]


def test_a_journal_that_fell_behind_is_mended_at_the_next_start(home: Path) -> None:
    fact = a_fact()
    with opened(home) as store, store.begin() as tx:
        record(tx, fact)
    (home / "outbox.journal").unlink()
    with opened(home) as store:
        assert [one.fact_id for one in store.journal.read().facts] == [fact.id]


def test_a_failing_second_copy_never_undoes_an_act_and_is_mended(store: CounterStore) -> None:
    fact, later = a_fact(), a_fact()
    path = store.paths.journal
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    with store.begin() as tx:
        record(tx, fact)
    assert store.journal_behind
    path.rmdir()
    path.write_bytes(content)
    with store.begin() as tx:
        record(tx, later)
    assert not store.journal_behind
    assert {one.fact_id for one in store.journal.read().facts} == {fact.id, later.id}


def test_the_device_and_epoch_are_in_the_journal(home: Path) -> None:
    with opened(home) as store:
        with store.begin() as tx:
            tx.settings.set("device", "ws-1")
            tx.settings.set("counter", "001")
        epoch = {one.name: one.value for one in store.journal.read().settings}
    assert (epoch["device"], epoch["counter"], len(epoch["epoch"])) == ("ws-1", "001", 32)
