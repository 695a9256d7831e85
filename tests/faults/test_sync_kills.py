"""kill -9 at random moments, of the counter and of central: what was said to be safe is there, once."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from central.acts.administration import add_counter
from central.home import CentralHome
from central.runtime import Central, open_central
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.bootstrap.enrolling import enrol_home
from ebp_desktop.clock import SystemClock
from ebp_desktop.services.recording import record
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.source_tree import ROOT
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

ROUNDS = int(os.environ.get("EBP_KILL_ROUNDS", "20"))
CHANCE = random.Random(20260302)


class Doomed:
    """A launcher of counters that are there to be killed."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "tests.fixtures.sync_child", str(home)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._say() == "ready"

    def _say(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def live_and_die(self, facts: int, pause: float) -> list[UUID]:
        """One worker's life: it is killed some time after so many facts; returns what it said was safe."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        safe: list[UUID] = []
        worker = 0
        while (line := self._say()) != "ended":
            word, _, value = line.partition(" ")
            if word == "pid":
                worker = int(value)
                continue
            safe.append(UUID(value))
            if len(safe) == facts:
                subprocess.run(["sleep", f"{pause:.4f}"], check=True)
                os.kill(worker, signal.SIGKILL)
        return safe

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def here(tmp_path: Path, clock: HandClock) -> Iterator[tuple[Central, str]]:
    central = make_central(tmp_path / "central", clock=clock)
    with serving(central) as url:
        yield central, url
    central.close()


def test_a_killed_counter_loses_and_doubles_nothing(
    here: tuple[Central, str], tmp_path: Path, clock: HandClock
) -> None:
    central, url = here
    enrol_at(central, url, home := tmp_path / "window")
    doomed = Doomed(home)
    safe: list[UUID] = []
    for _ in range(ROUNDS):
        safe += doomed.live_and_die(CHANCE.randint(1, 8), CHANCE.random() * 0.05)
    doomed.close()
    with opened(home, clock) as counter, driving(counter) as driver:
        drive(driver, lambda: nothing_waits(counter))
        with counter.store.read() as tx:
            links = [link.seq for link in tx.outbox.links()]
    there = facts_at(central)
    assert len(safe) >= ROUNDS
    assert set(safe) - set(there) == set(), "lost"
    assert len(there) == len(set(there)), "doubled"
    assert [fact for fact in there if fact in set(safe)] == safe, "out of order"
    assert links == list(range(1, len(links) + 1)), "a gap in the chain"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def central_process(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Central in a process of its own."""
    command = [sys.executable, "-m", "central", "--home", str(home), "serve", "--json", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        assert json.loads(process.stdout.readline())["url"]
        yield process
    finally:
        process.kill()
        process.wait(20)
        process.stdout.close()


def test_a_killed_central_loses_and_doubles_nothing_that_it_vouched_for(tmp_path: Path) -> None:
    folder, home, port = tmp_path / "central", tmp_path / "window", free_port()
    at_desk = make_central(folder, clock=SystemClock(), demo=False)
    code = add_counter(at_desk, "一号窗口").code
    at_desk.close()
    with central_process(folder, port):
        enrol_home(home, f"http://127.0.0.1:{port}", code, None)
    recorded: list[UUID] = []
    vouched: set[UUID] = set()
    with opened(home, SystemClock()) as counter, driving(counter) as driver:
        for _ in range(max(4, ROUNDS // 4)):
            with central_process(folder, port) as process:
                for _ in range(CHANCE.randint(4, 12)):
                    recorded.append(give_advice(counter))
                    driver.step()
                end = threading.Timer(CHANCE.random() * 0.1, process.kill)
                end.start()
                while process.poll() is None:
                    recorded.append(give_advice(counter))
                    driver.step()
                end.join()
            vouched |= receipted(counter, recorded)
        with central_process(folder, port):
            drive(driver, lambda: nothing_waits(counter))
    again = open_central(CentralHome(folder))
    there = facts_at(again)
    again.close()
    assert there == recorded, "every fact once, in order"
    assert vouched <= set(there)
    assert vouched, "some were vouched for before a kill"


def receipted(counter: Counter, facts: list[UUID]) -> set[UUID]:
    """The facts for which central's receipt lies here."""
    with counter.store.read() as tx:
        return {fact for fact in facts if tx.outbox.receipt(fact) is not None}


def test_control_a_counter_that_says_safe_before_the_commit_is_caught(
    here: tuple[Central, str], tmp_path: Path, clock: HandClock
) -> None:
    central, url = here
    enrol_at(central, url, home := tmp_path / "window")
    said: list[UUID] = []
    with opened(home, clock) as counter, contextlib.suppress(KeyboardInterrupt), counter.store.begin() as tx:
        body = advice("说早了", clock.now())
        said.append(record(counter.desk, tx, CLERK, counter.desk.ids.new(), body, legal_at=clock.now()).id)
        raise KeyboardInterrupt  # the kill
    with opened(home, clock) as counter, driving(counter) as driver:
        drive(driver, lambda: nothing_waits(counter))
    assert set(said) - set(facts_at(central)) == set(said)
