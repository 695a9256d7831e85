"""A real counter, a real central and a bad line between them: after each fault every fact is there, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from central.runtime import Central
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.domain.material import Page
from ebp_desktop.services.ports import SendState
from ebp_desktop.services.recording import record
from sync.failures import FailureKind, LinkError
from sync.ports import Settlement
from sync.protocol.messages import PushAnswer, PushRequest
from sync.runner import Driver
from sync.transport import HttpLink
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.fault_proxy import Fault, FaultProxy, every, first, proxied
from tests.fixtures.model_central import unreachable
from tests.fixtures.sync_counter import (
    CLERK,
    HASTY,
    advice,
    drive,
    driving,
    enrol_at,
    facts_at,
    give_advice,
    link_of,
    nothing_waits,
    opened,
)


class Scene:
    """The counter, central and the line of one test."""

    def __init__(self, counter: Counter, central: Central, proxy: FaultProxy) -> None:
        self.counter, self.central, self.proxy = counter, central, proxy
        self.recorded: list[UUID] = []

    def record(self, count: int = 3) -> None:
        for number in range(count):
            self.recorded.append(give_advice(self.counter, f"第 {number} 条，请补充总平面图"))

    def drain(self) -> None:
        with driving(self.counter) as driver:
            drive(driver, lambda: nothing_waits(self.counter))

    def tries(self, times: int) -> None:
        """Some steps on the bad line, whatever comes of them."""
        with driving(self.counter) as driver:
            for _ in range(times):
                driver.step()

    def nothing_lost_nothing_doubled(self) -> None:
        assert facts_at(self.central) == self.recorded


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Central, str, HandClock, Path]]:
    folder = tmp_path_factory.mktemp("lines")
    clock = HandClock()
    central = make_central(folder / "central", clock=clock)
    with serving(central) as url:
        yield central, url, clock, folder
    central.close()


@pytest.fixture(scope="module")
def enrolled_home(parts: tuple[Central, str, HandClock, Path]) -> Path:
    central, url, _, folder = parts
    enrol_at(central, url, folder / "window")
    return folder / "window"


@pytest.fixture
def scene(parts: tuple[Central, str, HandClock, Path], request: pytest.FixtureRequest) -> Iterator[Scene]:
    central, url, clock, folder = parts
    if request.cls is TestControls:
        # What a broken variant does to its store must not reach the other tests.
        home = folder / request.node.name
        enrol_at(central, url, home, request.node.name)
    else:
        home = request.getfixturevalue("enrolled_home")
    with proxied(url) as proxy, opened(home, clock, proxy.url) as counter:
        made = Scene(counter, central, proxy)
        made.recorded = facts_at(central)
        yield made


# Byte counts that fall into the greeting, into the push's head and body, and between request and answer.
PLACES = [0, 1, 200, 700, 1500, 4000]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", ["cut_up", "cut_down"])
def test_a_line_cut_after_any_number_of_bytes_loses_and_doubles_nothing(scene: Scene, way: str, place: int) -> None:
    scene.record()
    scene.proxy.replan(first(*[replace(Fault(), **{way: place})] * 4))
    scene.drain()
    assert scene.proxy.faults_done >= 1
    scene.nothing_lost_nothing_doubled()


def test_an_answer_lost_after_the_commit_brings_the_same_receipt_again(scene: Scene) -> None:
    scene.record(1)
    with link_of(scene.counter) as link:
        cutting = LosingAnswers(link, times=1)
        drive_with(scene.counter, cutting)
    assert cutting.lost[0].results[0].receipt is not None
    with scene.counter.store.read() as tx:
        receipt = tx.outbox.receipt(scene.recorded[-1])
    assert receipt is not None
    assert cutting.lost[0].results[0].receipt.signature.encode() in receipt
    scene.nothing_lost_nothing_doubled()


@pytest.mark.parametrize(
    "fault",
    [Fault(delay=0.02), Fault(repeat=True), Fault(half_close=700), Fault(half_close=3000)],
    ids=["delayed", "sent twice", "half closed in the greeting", "half closed in the push"],
)
def test_delayed_doubled_and_half_closed_lines_lose_and_double_nothing(scene: Scene, fault: Fault) -> None:
    scene.record()
    scene.proxy.replan(first(fault, fault))
    scene.drain()
    scene.nothing_lost_nothing_doubled()


def test_a_line_that_swallows_everything_is_noticed_within_its_limit(scene: Scene) -> None:
    scene.record(1)
    scene.proxy.replan(every(Fault(swallow=True)))
    with link_of(scene.counter) as link, pytest.raises(LinkError) as failed:
        link.pull("", 1)
    assert failed.value.failure.kind is FailureKind.UNREACHABLE
    scene.proxy.replan(every(Fault()))
    scene.drain()
    scene.nothing_lost_nothing_doubled()


def answer(status: str, body: str = "", *headers: str) -> Fault:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", body]
    return Fault(answer="\r\n".join(lines).encode())


@pytest.mark.parametrize(
    "fault",
    [
        answer("429 Too Many Requests", "", "Retry-After: 1"),
        answer("500 Internal Server Error", "oops"),
        answer("502 Bad Gateway", "<html>proxy</html>"),
        answer("503 Service Unavailable", "", "Retry-After: 1"),
        answer("200 OK", "<html>please sign in to this network</html>"),
        answer("200 OK", "{}"),
        answer("302 Found", "", "Location: http://portal.invalid/"),
        Fault(answer=b"SSH-2.0-nonsense\r\n"),
        Fault(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"),
    ],
    ids=["429", "500", "502", "503", "portal", "empty json", "redirect", "not http", "cut body"],
)
def test_whatever_nonsense_answers_the_queue_stays_and_drains_later(scene: Scene, fault: Fault) -> None:
    scene.record()
    scene.proxy.replan(every(fault))
    scene.tries(6)
    with scene.counter.store.read() as tx:
        assert len(tx.outbox.waiting()) == 3
    scene.proxy.replan(every(Fault()))
    scene.drain()
    scene.nothing_lost_nothing_doubled()


def test_a_scan_cut_ten_times_arrives_whole(scene: Scene) -> None:
    data = bytes(range(251)) * 30_000
    case = scene.counter.desk.ids.new()
    stored = scene.counter.blobs.put_bytes(case, data, "image/png")
    now = scene.counter.clock.now()
    page = Page(sha256=stored.sha256, size=stored.size, mime=stored.mime)
    with scene.counter.store.begin() as tx:
        fact = record(scene.counter.desk, tx, CLERK, case, advice("附扫描件", now), legal_at=now, pages=(page,))
    scene.recorded.append(fact.id)
    scene.drain()
    scene.proxy.replan(first(*[Fault(cut_up=1_000_000)] * 10))
    small = replace(HASTY, chunk_first=600_000, chunk_least=300_000, chunk_most=600_000)
    with driving(scene.counter, small) as driver:
        drive(driver, lambda: no_scan_waits(scene.counter))
    assert scene.proxy.faults_done == 10
    assert scene.central.blobs.digest(stored.sha256) == (stored.sha256, len(data))


def no_scan_waits(counter: Counter) -> bool:
    with counter.store.read() as tx:
        return not tx.files.waiting(1)


class LosingAnswers:
    """A line that delivers each push and loses its answer, so many times."""

    def __init__(self, link: HttpLink, times: int) -> None:
        self._link, self._left = link, times
        self.lost: list[PushAnswer] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._link, name)

    def push(self, request: PushRequest) -> PushAnswer:
        answer = self._link.push(request)
        if self._left:
            self._left -= 1
            self.lost.append(answer)
            raise unreachable()
        return answer


def drive_with(counter: Counter, link: object) -> None:
    driver = Driver(replace(counter.performer(link_of(counter)), link=link), HASTY)
    drive(driver, lambda: nothing_waits(counter))


class TestControls:
    """The same checks on broken variants, to know that they would notice."""

    def test_a_client_that_believes_in_sending_instead_of_receipts_loses_facts(self, scene: Scene) -> None:
        scene.record()
        scene.proxy.replan(every(Fault(cut_up=1500)))
        with scene.counter.store.begin() as tx:
            for entry in tx.outbox.waiting():
                tx.outbox.settle(entry.fact_id, believed(entry.fact_id).state)
        assert nothing_waits(scene.counter)
        with pytest.raises(AssertionError):
            scene.nothing_lost_nothing_doubled()

    def test_a_client_that_makes_a_new_fact_for_each_try_doubles_facts(self, scene: Scene) -> None:
        scene.record(1)
        with link_of(scene.counter) as link:
            drive_with(scene.counter, LosingAnswers(link, times=1))
        give_advice(scene.counter)
        scene.drain()
        with pytest.raises(AssertionError):
            scene.nothing_lost_nothing_doubled()


def believed(fact_id: UUID) -> Settlement:
    return Settlement(fact_id=fact_id, state=SendState.RECEIPTED)
