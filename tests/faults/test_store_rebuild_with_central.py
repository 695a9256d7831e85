"""A counter whose database is destroyed goes on: the unsent comes from its journal, the rest from central's feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from central.runtime import Central
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.domain.material import Page
from ebp_desktop.services.recording import record
from ebp_desktop.store.verification import verify
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.sync_counter import (
    CLERK,
    advice,
    drive,
    driving,
    enrol_at,
    facts_at,
    give_advice,
    nothing_waits,
    opened,
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def here(tmp_path: Path, clock: HandClock) -> Iterator[Central]:
    central = make_central(tmp_path / "central", clock=clock)
    yield central
    central.close()


@pytest.fixture
def url(here: Central) -> Iterator[str]:
    with serving(here) as address:
        yield address


def destroy(home: Path) -> None:
    path = home / "counter.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 3 :] = bytes(len(data) - len(data) // 3)
    path.write_bytes(data)


def every_scan_is_sent(counter: Counter) -> bool:
    with counter.store.read() as tx:
        return not tx.files.waiting(1)


def test_a_destroyed_database_costs_no_fact_and_no_scan(
    here: Central, url: str, tmp_path: Path, clock: HandClock
) -> None:
    home = tmp_path / "window"
    enrol_at(here, url, home)
    with opened(home, clock) as counter:
        sent = [give_advice(counter, f"已上报 {n}") for n in range(3)]
        with driving(counter) as driver:
            drive(driver, lambda: nothing_waits(counter))
        case = uuid4()
        file = counter.blobs.put_bytes(case, b"a page that central does not have", "image/png")
        page = Page(sha256=file.sha256, size=file.size, mime=file.mime)
        with counter.store.begin() as tx:
            fact = record(
                counter.desk, tx, CLERK, case, advice("未上报", clock.now()), legal_at=clock.now(), pages=(page,)
            )
        unsent = [fact.id, give_advice(counter, "也未上报")]

    destroy(home)

    with opened(home, clock) as counter:
        assert counter.rebuilt is not None
        assert counter.rebuilt.facts >= len(unsent)
        with counter.store.read() as tx:
            assert {entry.fact_id for entry in tx.outbox.waiting()} >= set(unsent)
            assert tx.ledger.get(fact.id) == fact
        assert counter.blobs.read(file.sha256) == b"a page that central does not have"
        with driving(counter) as driver:
            drive(driver, lambda: nothing_waits(counter) and every_scan_is_sent(counter))
        assert verify(counter.store).whole
    assert sorted(facts_at(here)) == sorted([*sent, *unsent])
    assert list((home / "damaged").iterdir())


def test_a_whole_database_is_never_rebuilt(here: Central, url: str, tmp_path: Path, clock: HandClock) -> None:
    home = tmp_path / "window"
    enrol_at(here, url, home)
    for _ in range(2):
        with opened(home, clock) as counter:
            give_advice(counter)
            assert counter.rebuilt is None
    assert not (home / "damaged").exists()
