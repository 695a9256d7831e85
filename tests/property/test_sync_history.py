"""Whatever line, central and process do: nothing lost, nothing doubled, order kept, no case waits for another."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ebp_desktop.services.ports import SendState
from sync.events import LinkUp
from sync.policy import Policy
from tests.fixtures.model_central import refused, unreachable
from tests.fixtures.sync_memory import MemoryCounter, copied
from tests.fixtures.sync_rig import Rig

CASES = st.integers(1, 4).map(lambda number: UUID(int=number))
STATUSES = st.sampled_from([0, 401, 408, 413, 429, 500, 502, 503])
WAYS = st.sampled_from(["before", "after"])


class SyncHistory(RuleBasedStateMachine):
    """One counter and central through any history of faults."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = Rig(policy=Policy(poll_every=60, poll_overdue=120))
        self.recorded: list[UUID] = []
        self.receipts: dict[UUID, int] = {}
        self.image: MemoryCounter | None = None
        self.image_size = 0
        self.lost_with_disk: set[UUID] = set()

    @rule(case=CASES)
    def register(self, case: UUID) -> None:
        self.recorded.append(self.rig.counter.record(case))

    @rule(case=CASES)
    def register_what_central_refuses(self, case: UUID) -> None:
        self.recorded.append(self.rig.counter.record(case))
        self.rig.central.refused.add(self.recorded[-1])

    @rule(case=CASES)
    def register_what_breaks_central(self, case: UUID) -> None:
        self.recorded.append(self.rig.counter.record(case))
        self.rig.central.poison.add(self.recorded[-1])

    @rule(case=CASES)
    def register_what_waits_for_its_scan(self, case: UUID) -> None:
        self.recorded.append(self.rig.counter.record(case))
        self.rig.central.deferred.add(self.recorded[-1])

    @rule(status=STATUSES, way=WAYS, kinds=st.sets(st.sampled_from(["hello", "push", "pull"]), min_size=1))
    def faults_begin(self, status: int, way: str, kinds: set[str]) -> None:
        def fault(name: str) -> BaseException | None:
            if name not in kinds:
                return None
            return refused(status, "") if status else unreachable()

        self.rig.mend()
        setattr(self.rig.link, way, fault)

    @rule()
    def faults_end(self) -> None:
        self.rig.mend()

    @rule(steps=st.integers(1, 4))
    def a_few_requests(self, steps: int) -> None:
        for _ in range(steps):
            self.rig.driver.step()

    @rule(seconds=st.sampled_from([1, 20, 400]))
    def time_passes(self, seconds: int) -> None:
        self.rig.run(seconds)

    @rule()
    def the_process_dies(self) -> None:
        self.rig.restart()

    @rule()
    def someone_presses_send_now(self) -> None:
        self.rig.driver.hear(LinkUp())

    @rule(seconds=st.sampled_from([-86_400, -90, 90, 86_400]))
    def the_clock_jumps(self, seconds: int) -> None:
        clock = self.rig.clock
        clock.wrong_by += type(clock.wrong_by)(seconds=seconds)

    @precondition(lambda self: self.image is None and self.recorded)
    @rule()
    def a_backup_is_made(self) -> None:
        self.image = copied(self.rig.counter)

    @precondition(lambda self: self.image is not None)
    @rule()
    def the_disk_is_replaced_by_the_backup(self) -> None:
        """What central had never heard of and only the old disk held is gone; nobody can bring it back."""
        assert self.image is not None
        here = {row.envelope.fact_id for row in self.image.rows}
        self.lost_with_disk |= {fact for fact in self.recorded if fact not in here | self.rig.central.answered.keys()}
        self.rig.counter = replace(self.image, rows=[replace(row) for row in self.image.rows])
        self.image = None
        self.rig.restart()

    @invariant()
    def nothing_takes_effect_twice(self) -> None:
        applied = self.rig.central.applied()
        assert len(set(applied)) == len(applied)

    @invariant()
    def each_chain_is_gapless_and_in_order(self) -> None:
        chains: dict[str, list[int]] = {}
        for envelope in self.rig.central.order:
            chains.setdefault(envelope.epoch, []).append(envelope.seq)
        assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in chains.values())

    @invariant()
    def receipts_never_change(self) -> None:
        for row in self.rig.counter.rows:
            if row.receipt is not None:
                fact = row.envelope.fact_id
                assert self.receipts.setdefault(fact, row.receipt.server_seq) == row.receipt.server_seq

    @invariant()
    def nothing_waits_unseen(self) -> None:
        shown = {item.fact_id for item in self.rig.driver.report(busy=False).items}
        waiting = {
            row.envelope.fact_id
            for row in self.rig.counter.rows
            if row.state not in {SendState.RECEIPTED, SendState.SEEN}
        }
        assert waiting == shown

    def teardown(self) -> None:
        """When everything is well again, everything is where it belongs."""
        central = self.rig.central
        self.rig.mend()
        self.rig.driver.hear(LinkUp())
        self.rig.run(3600)
        central.release()
        self.rig.run(600)
        known = central.answered.keys()
        assert [fact for fact in self.recorded if fact not in known | self.lost_with_disk] == []
        blocked = central.refused | central.poison
        applied = central.applied()
        broken_cases = {row.envelope.case_id for row in self.rig.counter.rows if row.envelope.fact_id in central.poison}
        for row in self.rig.counter.rows:
            fact, case = row.envelope.fact_id, row.envelope.case_id
            if fact not in blocked and case not in broken_cases:
                assert fact in applied, "a parked case holds up no other"
        super().teardown()


SyncHistory.TestCase.settings = settings(
    max_examples=40,
    deadline=None,
    stateful_step_count=30,
    phases=(Phase.explicit, Phase.generate),  # shrinking a history takes longer than reading it
)
TestSyncHistory = SyncHistory.TestCase
