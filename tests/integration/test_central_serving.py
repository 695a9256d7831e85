"""The serving process itself: one per home, ready lines, orderly ends, kill -9 in the middle of pushes and uploads."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from central.acts.administration import add_counter
from central.checks import check_store
from central.home import CentralHome
from central.runtime import open_central
from sync.protocol import wire
from sync.protocol.codec import from_json, to_json
from sync.protocol.messages import BlobState, Outcome, PushAnswer
from tests.fixtures.central_counter import HandClock, TestCounter, make_central

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """``python -m central serve`` on a home."""

    def __init__(self, home: Path, database: str = "", *extra: str) -> None:
        words = [sys.executable, "-m", "central", "serve", "--home", str(home), "--port", "0", "--json", *extra]
        if database:
            words += ["--database", database]
        environment = os.environ | {"EBP_NOW": HandClock().now().isoformat()}
        self.log = (home.parent / "serve.log").open("ab")
        self.process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.line = json.loads(self.process.stdout.readline() or b"{}")

    @property
    def url(self) -> str:
        return self.line["url"]

    def end(self, by: signal.Signals = signal.SIGKILL) -> int:
        if self.process.poll() is None:
            self.process.send_signal(by)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        return code


Serve = Callable[..., Process]


@pytest.fixture
def serve(tmp_path: Path, central_database: str) -> Iterator[Serve]:
    """Starts serving processes on one home, on either database, and ends those that are left."""
    started: list[Process] = []

    def start(*extra: str) -> Process:
        started.append(Process(tmp_path / "central", central_database, *extra))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end()


@pytest.fixture
def code(tmp_path: Path, central_database: str) -> str:
    """The enrolment code of a counter in a prepared home."""
    opened = make_central(tmp_path / "central", database=central_database)
    made = add_counter(opened, "一号窗口").code
    opened.close()
    return made


def sound(tmp_path: Path, database: str) -> None:
    opened = open_central(CentralHome(tmp_path / "central"), database=database)
    assert check_store(opened) == ()
    opened.close()


class TestOneHome:
    def test_a_second_start_says_the_first_ones_address_and_ends(self, code: str, serve: Serve) -> None:
        first = serve()
        second = serve()
        assert second.line == first.line
        assert second.process.wait(20) == 0
        second.end()
        assert first.line["ca"] is None

    def test_a_signal_ends_in_order_though_somebody_waits_for_news(
        self, code: str, serve: Serve, tmp_path: Path
    ) -> None:
        process = serve()
        counter = TestCounter(process.url, HandClock())
        counter.enrol(code)
        cursor = counter.pull().next
        answers: list[int] = []
        waiting = threading.Thread(target=lambda: answers.append(len(counter.pull(cursor, wait=25).items)))
        waiting.start()
        while counter_requests(process.url) < 3:
            pass
        assert process.end(signal.SIGTERM) == 0
        waiting.join(10)
        assert answers == [0]
        assert not (tmp_path / "central" / "serve.json").exists()
        counter.client.close()

    def test_the_log_is_json_and_carries_no_personal_data(self, code: str, serve: Serve, tmp_path: Path) -> None:
        process = serve()
        counter = TestCounter(process.url, HandClock())
        counter.enrol(code)
        counter.push(counter.envelope(counter.registration(name="滨河保密小学")))
        httpx.get(process.url + "/nothing/13847301234")
        process.end(signal.SIGTERM)
        counter.client.close()
        text = (tmp_path / "serve.log").read_text("utf-8")
        assert {"at", "level", "event"} <= set(json.loads(text.splitlines()[0]))
        for secret in ("滨河保密小学", "13847301234", "150302199001010011", "张三"):
            assert secret not in text


def counter_requests(url: str) -> int:
    """Enrolments and pulls that have been taken in; a waiting pull counts once it is seen as a connection."""
    text = httpx.get(url + "/metrics").text
    return sum(int(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("ebp_requests_total"))


class TestKilled:
    ROUNDS = 4

    def test_no_answered_fact_is_lost_and_none_counts_twice(
        self, code: str, serve: Serve, tmp_path: Path, central_database: str
    ) -> None:
        chance = random.Random(20260302)
        process = serve()
        counter = TestCounter(process.url, HandClock())
        counter.enrol(code)
        counter.lease(200)
        acknowledged: set[UUID] = set()
        for _ in range(self.ROUNDS):
            batches = [tuple(counter.envelope(counter.registration()) for _ in range(5)) for _ in range(4)]
            killer = threading.Timer(chance.uniform(0.02, 0.25), process.process.kill)
            killer.start()
            unsent = self._push(counter, batches, acknowledged)
            killer.join()
            process.end()
            process = serve()
            counter.url = process.url
            # The same bytes again, as a counter that never got its answer sends them.
            for batch in batches[unsent:]:
                acknowledged |= {each.fact_id for each in counter.push(*batch) if each.receipt is not None}
        feed = [UUID(item.id) for item in counter.pull_all() if item.kind == "case.registered"]
        assert acknowledged <= set(feed)
        assert len(feed) == len(set(feed)) == self.ROUNDS * 20
        counter.client.close()
        process.end()
        sound(tmp_path, central_database)

    @staticmethod
    def _push(counter: TestCounter, batches: list[tuple[object, ...]], acknowledged: set[UUID]) -> int:
        """Push until central dies; returns how many batches were answered."""
        for index, batch in enumerate(batches):
            try:
                answer = counter.send("POST", wire.PUSH, to_json(counter.batch(*batch)))
            except httpx.TransportError:
                return index
            for result in from_json(answer.content, PushAnswer).results:
                assert result.outcome in {Outcome.APPLIED, Outcome.DUPLICATE}
                acknowledged.add(result.fact_id)
        return len(batches)

    def test_an_upload_goes_on_where_the_disk_had_it_and_ends_intact(
        self, code: str, serve: Serve, tmp_path: Path, central_database: str
    ) -> None:
        chance = random.Random(1)
        data = chance.randbytes(6_000_000)
        sha256 = hashlib.sha256(data).hexdigest()
        process = serve()
        counter = TestCounter(process.url, HandClock())
        counter.enrol(code)
        for _ in range(self.ROUNDS):
            killer = threading.Timer(chance.uniform(0.01, 0.12), process.process.kill)
            killer.start()
            self._upload(counter, sha256, data)
            killer.join()
            process.end()
            process = serve()
            counter.url = process.url
        assert self._upload(counter, sha256, data)
        assert counter.send("GET", wire.BLOBS + sha256).content == data
        counter.client.close()
        process.end()
        sound(tmp_path, central_database)

    @staticmethod
    def _upload(counter: TestCounter, sha256: str, data: bytes) -> bool:
        length = {wire.UPLOAD_LENGTH: str(len(data))}
        try:
            state = from_json(counter.send("POST", wire.BLOBS + sha256, b"", length).content, BlobState)
            while not state.done:
                part = data[state.offset : state.offset + 500_000]
                offset = {wire.UPLOAD_OFFSET: str(state.offset)}
                state = from_json(counter.send("PATCH", wire.BLOBS + sha256, part, offset).content, BlobState)
        except httpx.TransportError:
            return False
        return True


class TestManyAtOnce:
    def test_counters_that_push_together_never_hide_a_row_from_a_reader(self, code: str, serve: Serve) -> None:
        """A reader that follows the feed while others write must end with every row: no number appears behind it."""
        process = serve()
        first = TestCounter(process.url, HandClock())
        first.enrol(code)
        writers = [first, *self._more(process, 3)]
        for writer in writers:
            writer.lease(30)
        batches = {id(w): [w.envelope(w.registration()) for _ in range(6)] for w in writers}
        done = threading.Event()
        followed: list[int] = []

        def follow() -> None:
            reader, cursor = TestCounter(process.url, HandClock(), signer=first.signer, device=first.device), ""
            while True:
                finished = done.is_set()
                page = reader.pull(cursor, limit=7)
                followed.extend(item.seq for item in page.items)
                cursor = page.next
                if finished and not page.more:
                    break
            reader.client.close()

        following = threading.Thread(target=follow)
        following.start()
        pushing = [threading.Thread(target=lambda w=w: [w.push(each) for each in batches[id(w)]]) for w in writers]
        for each in pushing:
            each.start()
        for each in pushing:
            each.join()
        done.set()
        following.join()
        assert followed == [item.seq for item in first.pull_all()]
        for writer in writers:
            writer.client.close()

    @staticmethod
    def _more(process: Process, count: int) -> list[TestCounter]:
        home = Path(process.process.args[process.process.args.index("--home") + 1])
        words = process.process.args
        database = words[words.index("--database") + 1] if "--database" in words else ""
        opened = open_central(CentralHome(home), database=database)
        codes = [add_counter(opened, f"窗口{index}").code for index in range(count)]
        opened.close()
        made = []
        for each in codes:
            made.append(TestCounter(process.url, HandClock()))
            made[-1].enrol(each)
        return made
