"""Power fails at any instant of a registration: afterwards it stands whole with its slip, or nothing of it exists."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from ebp_desktop.domain.case import project_case
from ebp_desktop.store.verification import verify
from tests.fixtures.desk import CLERK, WASTE, Counter, codes_of, counter_at

CUTS = 15
ROOT = Path(__file__).parents[2]


@dataclass
class Told:
    """What the child said before it died."""

    begun: list[int] = field(default_factory=list)
    slips: dict[int, str] = field(default_factory=dict)


def cut_after(home: Path, first: int, seconds: float, registrations: int) -> Told:
    """Let a child register, and kill it some time after its ``registrations``-th draft was ready."""
    told = Told()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures.registering_child", str(home), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout as lines:
        for line in lines:
            _note(told, line)
            if len(told.begun) == registrations:
                break
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        child.kill()
        for line in lines:
            _note(told, line)
    child.wait()
    return told


def _note(told: Told, line: str) -> None:
    words = line.split()
    if words and words[0] == "begun":
        told.begun.append(int(words[1]))
    elif len(words) == 4 and words[0] == "slip":
        told.slips[int(words[1])] = words[2]


def is_whole(counter: Counter, number: int) -> str | None:
    """The registration's number if every part of it stands, None if nothing of it does; anything between fails."""
    case_id = UUID(int=number)
    with counter.store.read() as tx:
        case = project_case(tx.ledger.of_case(case_id))
        queued = [entry for entry in tx.outbox.waiting(10_000) if entry.case_id == case_id]
        audited = tx.audit.list(about=str(case_id))
        papers = tx.documents.of_case(case_id)
        row = tx.cases.get(case_id)
    if case is None:
        assert (queued, audited, papers, row) == ([], (), (), None), "half a registration"
        return None
    registration = case.registered.registration_no
    assert [entry.kind for entry in queued] == ["case.registered"]
    assert [record.act for record in audited] == ["case.registered"]
    assert [(paper.number, paper.kind) for paper in papers] == [(registration, "slip")]
    assert row is not None
    assert row.registration_no == registration
    for line in case.lines:
        for page in line.pages:
            assert counter.desk.blobs.read(page.sha256), "a registered page is readable"
    return registration


def test_after_a_cut_at_any_instant_each_registration_stands_whole_or_not_at_all(tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(20260302)
    begun: list[int] = []
    slips: dict[int, str] = {}
    for cut in range(CUTS):
        told = cut_after(home, 1 + 1000 * cut, chance.uniform(0.0, 0.25), chance.randint(1, 3))
        begun += told.begun
        slips |= told.slips
    with counter_at(home, leased=0) as counter:
        assert verify(counter.store).whole
        standing = {number: found for number in begun if (found := is_whole(counter, number)) is not None}
        assert slips.items() <= standing.items(), "a slip that was printed is a registration that stands"
        series = sorted(int(registration[-4:]) for registration in standing.values())
        assert series == list(range(1, len(standing) + 1)), "the series has no gap"
        codes = [counter.case(UUID(int=number)).project.number for number in standing]
        assert len(set(codes)) == len(codes), "no project code twice"
        newest = max(standing)
        again = counter.registration.register(CLERK, counter.draft((WASTE,)))
        assert again.case.registered.registration_no.endswith(f"-{len(standing) + 1:04d}")
        paper, _ = counter.reprints.reprint(CLERK, standing[newest])
        assert codes_of(paper.pdf) == [paper.token], "the slip is repeatable"
        for registration in standing.values():
            counter.reprints.reprint(CLERK, registration)
    assert begun, "the child really worked"
