"""How a comparison is timed and written down: alternating runs, medians, one row each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Against(StrEnum):
    """What we are compared with: the least that physics asks for, or another program."""

    FLOOR = "floor"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing measured two ways; the ratio is above 1 where ours is better, ``goal`` is the least."""

    id: str
    what: str
    ours: Callable[[], object]
    other: Callable[[], object]
    other_name: str
    against: Against
    goal: float
    runs: int = 15


@dataclass(frozen=True, slots=True)
class Row:
    """The result of a comparison, times in milliseconds."""

    id: str
    what: str
    unit: str
    ours: float
    other: float
    other_name: str
    against: Against
    ratio: float
    goal: float
    met: bool
    runs: int


def measured(comparison: Comparison) -> Row:
    """Run both in turns, the first round for warming up only, so that both meet the same noise."""
    ours: list[float] = []
    others: list[float] = []
    for round_number in range(comparison.runs + 1):
        for act, times in ((comparison.ours, ours), (comparison.other, others)):
            took = milliseconds(act)
            if round_number:
                times.append(took)
    mine, theirs = statistics.median(ours), statistics.median(others)
    ratio = theirs / mine
    return Row(
        id=comparison.id,
        what=comparison.what,
        unit="ms",
        ours=round(mine, 3),
        other=round(theirs, 3),
        other_name=comparison.other_name,
        against=comparison.against,
        ratio=round(ratio, 3),
        goal=comparison.goal,
        met=ratio >= comparison.goal,
        runs=comparison.runs,
    )


def milliseconds(act: Callable[[], object]) -> float:
    """How long one run takes."""
    start = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - start) / 1e6
