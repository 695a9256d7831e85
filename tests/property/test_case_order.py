"""Whatever order the facts of a case arrive in, and however often, the case and its clocks are the same."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import WorkCalendar
from ebp_desktop.domain.case import CaseView, legal_order, project_case
from ebp_desktop.domain.case.clocks import case_clocks
from ebp_desktop.domain.case.words import case_state_words, history
from ebp_desktop.domain.states import MatterState, Opinion, may_follow
from tests.fixtures.case_facts import FIRST, LICENCE, SECOND, Ledger
from tests.fixtures.desk import calendar_2026

CALENDAR: WorkCalendar = calendar_2026()
STEPS = (
    *Opinion,
    "hand_in",
    "notice",
    "told",
    "early_told",
    "lost",
    "licence",
    "custody",
    "out",
    "revoke",
    "close",
    "deny_close",
    "deemed",
    "withdraw",
    "extend",
)


def grown(steps: list[object], hours: list[int]) -> Ledger:
    """A ledger of any steps at all, lawful or not."""
    ledger = Ledger()
    for step, span in zip(steps, hours, strict=True):
        ledger.tick(hours=span)
        _take(ledger, step)
    return ledger


def _take(ledger: Ledger, step: object) -> None:
    if isinstance(step, Opinion):
        ledger.opinion(FIRST if ledger.now.hour % 3 else SECOND, step)
    elif step == "hand_in":
        ledger.hand_in(FIRST)
    elif step == "early_told":
        ledger.told(at=ledger.now.replace(minute=0))
    elif step == "custody":
        ledger.custody(1, "003", "柜A")
    elif step == "out":
        ledger.out(1, recipient=f"领取人{len(ledger.facts)}")
    elif step in {"notice", "told", "lost", "licence"}:
        getattr(ledger, str(step))()
    else:
        ledger.add(_body(ledger, str(step)))


def _body(ledger: Ledger, step: str) -> f.Body:
    at = ledger.tick()
    if step == "revoke":
        return f.LicenceStatusChanged(licence=LICENCE, status=f.LicenceStatus.REVOKED, reason="x", at=at)
    if step in {"close", "deny_close"}:
        state = MatterState.APPROVED if step == "close" else MatterState.DENIED
        return f.MatterClosed(matter=FIRST, state=state, at=at)
    if step == "deemed":
        day = ledger.registered.received_at.date()
        return f.DeemedAccepted(matter=FIRST, accepted_on=day, due_was=day, at=at)
    if step == "extend":
        return f.LimitExtended(matter=FIRST, days=2, reason="x", decided_by="y", at=at)
    return f.WithdrawalRecorded(matters=(FIRST,), at=at)


def projected(facts: list[f.Fact]) -> CaseView:
    case = project_case(facts)
    assert case is not None
    return case


lives = st.integers(1, 18).flatmap(
    lambda size: st.tuples(
        st.lists(st.sampled_from(STEPS), min_size=size, max_size=size),
        st.lists(st.integers(0, 60), min_size=size, max_size=size),
        st.integers(0, 2**32),
    )
)


@settings(max_examples=80)
@given(lives)
def test_any_order_of_the_same_facts_gives_the_same_case_and_the_same_clocks(
    life: tuple[list[object], list[int], int],
) -> None:
    steps, hours, seed = life
    ledger = grown(steps, hours)
    shuffled = list(ledger.facts)
    random.Random(seed).shuffle(shuffled)
    first, second = projected(ledger.facts), projected(shuffled)
    assert first == second
    now = ledger.now
    assert case_clocks(first, CALENDAR, now) == case_clocks(second, CALENDAR, now)
    assert history(first) == history(second)


@settings(max_examples=60)
@given(lives)
def test_a_fact_that_arrives_twice_is_one_fact(life: tuple[list[object], list[int], int]) -> None:
    steps, hours, seed = life
    ledger = grown(steps, hours)
    doubled = [*ledger.facts, *random.Random(seed).choices(ledger.facts, k=5)]
    assert projected(doubled) == projected(ledger.facts)


@settings(max_examples=80)
@given(lives)
def test_no_life_of_a_case_breaks_a_rule(life: tuple[list[object], list[int], int]) -> None:
    steps, hours, _ = life
    ledger = grown(steps, hours)
    case = projected(ledger.facts)
    for matter in case.matters:
        states = [change.state for change in matter.changes]
        assert all(may_follow(before, after) for before, after in pairwise(states)), states
        assert states[-1] is matter.state
        assert sum(pause.until is None for pause in matter.suspensions) <= 2
        if matter.state is MatterState.APPROVED:
            assert matter.decision is Opinion.APPROVE
        if matter.state is MatterState.DENIED:
            assert matter.decision is Opinion.DENY
    for view in case.licences:
        taken = [out for out in case.handovers for copy in out.copies if copy.licence == view.issued.licence]
        standing = {copy.handed_over for copy in view.copies if copy.handed_over}
        assert len(standing) <= 1, "one copy, one handover"
        assert not standing or min(taken, key=lambda out: out.at) in standing
    assert case_state_words(case)
    assert legal_order(ledger.facts)[0] == ledger.facts[0]


@settings(max_examples=60)
@given(lives, st.integers(0, 17))
def test_a_prefix_never_shows_more_conflicts_than_the_facts_it_has(
    life: tuple[list[object], list[int], int], cut: int
) -> None:
    steps, hours, _ = life
    ledger = grown(steps, hours)
    part = projected(ledger.facts[: 1 + cut])
    assert {conflict.fact for conflict in part.conflicts} <= {fact.id for fact in ledger.facts[: 1 + cut]}
