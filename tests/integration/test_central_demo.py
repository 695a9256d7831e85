"""The demo's departments answer by themselves, one act at a time, until everything that is theirs is done."""

from __future__ import annotations

from pathlib import Path

from central.checks import check_store
from central.demo import autopilot
from central.demo.data import load_demo
from central.runtime import Central
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.states import MatterState
from sync.protocol.messages import Outcome
from tests.fixtures.central_counter import HandClock, TestCounter


class Watched:
    """A case that the window serves while the departments play by themselves."""

    def __init__(self, central: Central, counter: TestCounter, clock: HandClock) -> None:
        self.central, self.counter, self.clock = central, counter, clock
        self.body = counter.registration(matters=2)
        envelope = counter.envelope(self.body)
        counter.push(envelope)
        self.case_id = envelope.case_id

    @property
    def case(self) -> CaseView:
        view = project_case(self.counter.facts(self.case_id))
        assert view is not None
        return view

    def play(self) -> None:
        """Let the departments act until they wait for the window."""
        while autopilot.step(self.central):
            self.clock.advance(minutes=5)

    def record(self, body: f.Body) -> None:
        self.clock.advance(minutes=5)
        (result,) = self.counter.push(self.counter.envelope(body, self.case_id))
        assert result.outcome is Outcome.APPLIED, result

    def tell_everything(self) -> None:
        for notice in self.case.notices:
            if notice.is_to_tell:
                told = f.NoticeTold(
                    notice=notice.issued.notice, channel=f.Channel.SIGNED, at=self.clock.now(), recipient="张三"
                )
                self.record(told)


def test_a_case_goes_from_registration_to_both_kinds_of_licence(
    central: Central, counter: TestCounter, central_clock: HandClock, tmp_path: Path
) -> None:
    counter.actor = "surina"
    load_demo(central, tmp_path / "credentials", autopilot=True)
    assert autopilot.is_on(central)
    watched = Watched(central, counter, central_clock)
    watched.play()
    states = sorted(each.state for each in watched.case.matters)
    assert states == [MatterState.ACCEPTED, MatterState.SUPPLEMENT_OPEN]
    watched.tell_everything()
    asked = next(each for each in watched.case.matters if each.is_supplement_due)
    notice = next(each.issued for each in watched.case.notices if each.issued.kind is f.NoticeKind.SUPPLEMENT)
    line = watched.case.line(asked.supplement_items[0].material)
    handed_in = f.SupplementRegistered(
        receipt_no="B01", notices=(notice.notice,), lines=(line,), complete=(asked.terms.code,), at=central_clock.now()
    )
    watched.record(handed_in)
    watched.play()
    watched.tell_everything()
    watched.play()
    forms = {view.issued.form for view in watched.case.licences}
    assert forms == {f.ResultForm.ELECTRONIC, f.ResultForm.PAPER}
    paper = next(view for view in watched.case.licences if view.copies)
    closed = f.MatterClosed(matter=paper.issued.matter, state=MatterState.APPROVED, at=central_clock.now())
    watched.record(closed)
    assert not watched.case.is_open
    assert watched.case.conflicts == ()
    assert check_store(central) == ()


def test_outside_a_demo_nobody_answers_by_himself(central: Central) -> None:
    central.home.demo_mark.unlink()
    assert not autopilot.is_on(central)
