"""Whatever a counter does in whatever order, with crashes and restarts between: the store keeps its promises."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ebp_desktop.domain.facts import CasePurged
from ebp_desktop.services.ports import SendState
from ebp_desktop.store.database_store import CounterStore, open_store
from ebp_desktop.store.scans import CaseScans
from ebp_desktop.store.search_terms import expression, number_key
from ebp_desktop.store.space import SpaceGuard
from ebp_desktop.store.verification import verify
from tests.fixtures.counter_home import DATA_KEY, MORNING, NO_BALLAST, a_fact, a_row, at_nine, opened, record

TODAY = date(2026, 3, 2)
NAMES = st.text("乌海市污水处理厂滨河路第一中学重庆A1b", min_size=1, max_size=12)


class CounterDay(RuleBasedStateMachine):
    """A day of a counter against the plainest model of it: lists and sets."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="counter-day-"))
        self.store: CounterStore
        self.order: list[UUID] = []
        self.case_of: dict[UUID, UUID] = {}
        self.confirmed: set[UUID] = set()
        self.purged: set[UUID] = set()
        self.pages: dict[str, UUID] = {}
        self.registrations = 0
        self.acts = 0

    @initialize()
    def open(self) -> None:
        self.store = open_store(self.home, DATA_KEY, at_nine, guard=SpaceGuard(self.home, **NO_BALLAST))

    @rule(facts=st.integers(1, 3), with_page=st.booleans())
    def register(self, facts: int, with_page: bool) -> None:
        case = uuid4()
        if with_page:
            page = CaseScans(self.store).put_bytes(case, case.bytes * 100, "image/png")
            self.pages[page.sha256] = case
        with self.store.begin() as tx:
            self.registrations += 1
            assert tx.numbers.next_registration(TODAY) == self.registrations
            for _ in range(facts):
                fact = a_fact(case)
                record(tx, fact)
                self.order.append(fact.id)
                self.case_of[fact.id] = case
                self.acts += 1
            tx.cases.save(a_row("滨河项目", case_id=case, number=str(case)))

    @rule(facts=st.integers(1, 3))
    def fail_half_way(self, facts: int) -> None:
        try:
            with self.store.begin() as tx:
                tx.numbers.next_registration(TODAY)
                for _ in range(facts):
                    record(tx, a_fact())
                raise InterruptedError
        except InterruptedError:
            pass

    @rule(data=st.data(), state=st.sampled_from(list(SendState)))
    def central_answers(self, data: st.DataObject, state: SendState) -> None:
        if not self.order:
            return
        fact = data.draw(st.sampled_from(self.order))
        receipt = b"receipt" if state is SendState.RECEIPTED else None
        with self.store.begin() as tx:
            tx.outbox.settle(fact, state, receipt=receipt)
        if state in (SendState.RECEIPTED, SendState.SEEN):
            self.confirmed.add(fact)

    @rule(data=st.data())
    def purge(self, data: st.DataObject) -> None:
        living = sorted({case for case in self.case_of.values() if case not in self.purged})
        if not living:
            return
        case = data.draw(st.sampled_from(living))
        with self.store.begin() as tx:
            tx.destroy_case_key(case)
            tx.ledger.append(a_fact(case, CasePurged(at=MORNING)))
        self.purged.add(case)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @rule()
    def crash(self) -> None:
        """The machine dies: what lies on the disk at this moment is all there is."""
        survivor = Path(tempfile.mkdtemp(prefix="counter-day-"))
        shutil.rmtree(survivor)
        shutil.copytree(self.home, survivor)
        self.store.close()
        shutil.rmtree(self.home)
        self.home = survivor
        self.open()

    @invariant()
    def the_outbox_is_gapless_and_knows_what_is_confirmed(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as session:
            assert [link.seq for link in session.outbox.links()] == list(range(1, len(self.order) + 1))
            waiting = [entry.fact_id for entry in session.outbox.waiting(10_000)]
            assert waiting == [fact for fact in self.order if fact not in self.confirmed]
            assert session.audit.head()[0] == self.acts

    @invariant()
    def a_purged_case_is_silent_and_every_other_speaks(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as session:
            for case in set(self.case_of.values()):
                kinds = {fact.kind for fact in session.ledger.of_case(case)}
                assert kinds == ({"case.purged"} if case in self.purged else {"advice.given"})
                assert (session.cases.get(case) is None) == (case in self.purged)
        for page, case in self.pages.items():
            assert CaseScans(self.store).has(page) == (case not in self.purged)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert verify(self.store).faults == ()
            self.store.close()
        shutil.rmtree(self.home, ignore_errors=True)


TestCounterDay = CounterDay.TestCase
TestCounterDay.settings = settings(max_examples=12, stateful_step_count=12)


@settings(max_examples=25)
@given(name=NAMES, data=st.data())
def test_every_piece_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    piece = name[start : data.draw(st.integers(start + 1, len(name)))]
    row = a_row(name, applicant="申请人")
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "home") as store:
        with store.begin() as tx:
            tx.cases.save(row)
        with store.read() as session:
            assert [found.case_id for found in session.cases.search(piece).rows] == [row.case_id]


@settings(max_examples=25)
@given(data=st.data())
def test_every_piece_of_a_number_finds_it(data: st.DataObject) -> None:
    row = a_row("项目", number="150302-001-20260302-0417")
    key = number_key(row.registration_no)
    start = data.draw(st.integers(0, len(key) - 1))
    piece = key[start : data.draw(st.integers(start + 1, len(key)))]
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "home") as store:
        with store.begin() as tx:
            tx.cases.save(row)
        with store.read() as session:
            assert [found.case_id for found in session.cases.search(piece).rows] == [row.case_id]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_question_and_never_a_command(text: str) -> None:
    asked = expression(text)
    if asked is not None:
        outside = asked.split('"')[::2]
        assert set("".join(outside)) <= set("namescodinitl{} :*AND")
