"""Facts that central keeps without effect, moved chains, stopped workstations: nothing lost, nothing counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from central.acts.administration import release_counter, revoke_counter, revoke_user
from central.acts.complaints import answer_complaint, list_complaints
from central.checks import check_store
from central.intake.waiting import confirm, list_waiting
from central.runtime import Central, new_id
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.roles import Role
from sync.protocol import wire
from sync.protocol.codec import GENESIS, from_json, to_json
from sync.protocol.messages import Outcome, Problem
from tests.fixtures.central_counter import CLERK, HandClock, TestCounter, make_person


@pytest.fixture(autouse=True)
def _sound_afterwards(central: Central) -> Iterator[None]:
    yield
    assert check_store(central) == ()


def kinds(counter: TestCounter, case_id: object) -> list[str]:
    return [fact.kind for fact in counter.facts(case_id)]


def advice(counter: TestCounter) -> f.AdviceGiven:
    return f.AdviceGiven(advice_no="Z01", stage="works_planning", text="先办规划", at=counter.clock.now())


def notified(counter: TestCounter) -> f.ApplicantNotified:
    return f.ApplicantNotified(
        matters=(), channel=f.Channel.CALL, address="x", reached=True, outcome="已告知", at=counter.clock.now()
    )


class TestReleasing:
    def test_a_fact_of_a_case_whose_registration_was_refused_counts_once_it_is_mended(
        self, counter: TestCounter, central: Central
    ) -> None:
        good = counter.registration()
        bad = counter.envelope(replace(good, guide="wrong"))
        later = counter.envelope(notified(counter), bad.case_id)
        outcomes = [(each.outcome, each.code) for each in counter.push(bad, later)]
        assert outcomes == [(Outcome.REJECTED, "guide_unknown"), (Outcome.DEFERRED, "case")]
        assert [each.code for each in list_waiting(central)] == ["guide_unknown", "case"]
        mended = counter.envelope(good, bad.case_id, supersedes=bad.fact_id)
        assert counter.push(mended)[0].outcome is Outcome.APPLIED
        assert kinds(counter, bad.case_id) == ["case.registered", "case.delivered", "applicant.notified"]
        (again,) = counter.push(later)
        assert (again.outcome, again.receipt.hash) == (Outcome.DUPLICATE, later.hash)

    def test_a_fact_counts_when_the_last_fact_it_depends_on_has_come(self, counter: TestCounter) -> None:
        case, needed = counter.envelope(counter.registration()), new_id()
        waits = counter.envelope(notified(counter), case.case_id, deps=(case.fact_id, needed))
        assert [each.outcome for each in counter.push(case, waits)] == [Outcome.APPLIED, Outcome.DEFERRED]
        counter.push(counter.envelope(advice(counter), case.case_id, fact_id=needed))
        assert kinds(counter, case.case_id).count("applicant.notified") == 1

    def test_a_supervisor_vouches_for_what_somebody_did_after_being_revoked(
        self, counter: TestCounter, central: Central, central_clock: HandClock
    ) -> None:
        make_person(central, "chenjing", "CK", Role.WINDOW_LEAD)
        make_person(central, "wanglei", "CK", Role.CLERK)
        revoke_user(central, CLERK)
        central_clock.advance(minutes=5)
        envelope = counter.envelope(counter.registration())
        assert counter.push(envelope)[0].waiting == ("supervisor",)
        with pytest.raises(RefusedError, match="只有窗口主管"):
            confirm(central, envelope.fact_id, "wanglei")
        assert confirm(central, envelope.fact_id, "chenjing").outcome is Outcome.APPLIED
        assert kinds(counter, envelope.case_id) == ["case.registered", "case.delivered"]
        with pytest.raises(RefusedError, match="不在待确认之列"):
            confirm(central, envelope.fact_id, "chenjing")

    def test_a_held_fact_can_be_applied_after_the_repair(self, counter: TestCounter, central: Central) -> None:
        make_person(central, "chenjing", "CK", Role.WINDOW_LEAD)
        envelope = counter.envelope(counter.registration())
        counter.push(envelope, hold=(envelope.fact_id,))
        assert confirm(central, envelope.fact_id, "chenjing").outcome is Outcome.APPLIED


class TestMovedChains:
    def test_a_fact_put_into_a_new_chain_counts_once_and_has_a_receipt_for_each_chain(
        self, counter: TestCounter
    ) -> None:
        body = counter.registration()
        first = counter.envelope(body)
        counter.push(first)
        ordered = counter.hello(seq_high=0).new_epoch
        counter.epoch, counter.seq, counter.head = ordered, 0, GENESIS
        moved = counter.envelope(body, first.case_id, fact_id=first.fact_id)
        (result,) = counter.push(moved)
        assert (result.outcome, result.receipt.hash) == (Outcome.DUPLICATE, moved.hash)
        assert kinds(counter, first.case_id).count("case.registered") == 1
        assert counter.push(moved)[0] == result

    def test_a_moved_fact_with_another_content_stops_the_workstation_until_it_is_released(
        self, counter: TestCounter, central: Central
    ) -> None:
        first = counter.envelope(counter.registration())
        counter.push(first)
        counter.epoch, counter.seq, counter.head = counter.hello(seq_high=0).new_epoch, 0, GENESIS
        other = counter.envelope(counter.registration(), first.case_id, fact_id=first.fact_id)
        answer = counter.send("POST", wire.PUSH, to_json(counter.batch(other)))
        assert from_json(answer.content, Problem).code == wire.OP_MUTATED
        assert release_counter(central, 1) == 1
        counter.epoch, counter.seq, counter.head = counter.hello().new_epoch, 0, GENESIS
        counter.codes.clear()
        assert counter.push(counter.envelope(counter.registration()))[0].outcome is Outcome.APPLIED

    def test_a_fact_id_of_centrals_own_cannot_be_taken(self, counter: TestCounter) -> None:
        case = counter.envelope(counter.registration())
        counter.push(case)
        delivered = next(fact for fact in counter.facts(case.case_id) if fact.kind == "case.delivered")
        thief = counter.envelope(advice(counter), fact_id=delivered.id)
        answer = counter.send("POST", wire.PUSH, to_json(counter.batch(thief)))
        assert (answer.status_code, from_json(answer.content, Problem).code) == (409, wire.OP_MUTATED)


class TestWorkstations:
    def test_a_revoked_workstation_is_refused_and_its_numbers_are_void(
        self, counter: TestCounter, central: Central
    ) -> None:
        counter.lease()
        assert revoke_counter(central, 1) == 1
        answer = counter.send("GET", wire.PULL)
        assert (answer.status_code, from_json(answer.content, Problem).code) == (403, "device_revoked")
        assert revoke_counter(central, 1) == 0

    def test_a_fact_with_an_unreadable_time_is_refused_and_kept(self, counter: TestCounter, central: Central) -> None:
        strange = counter.envelope(advice(counter), legal_at="gestern", recorded_at="")
        (result,) = counter.push(strange)
        assert (result.outcome, result.code) == (Outcome.REJECTED, "bad_time")
        assert len(list_waiting(central)) == 1

    def test_an_envelope_of_a_later_form_is_kept_for_a_later_central(self, counter: TestCounter) -> None:
        assert counter.push(counter.envelope(advice(counter), v=2))[0].waiting == ("upgrade",)
        assert counter.push(counter.envelope(advice(counter), body_v=9))[0].waiting == ("upgrade",)

    def test_a_body_that_is_none_is_refused_and_kept(self, counter: TestCounter) -> None:
        (result,) = counter.push(counter.envelope(advice(counter), body='{"advice_no": 3}'))
        assert (result.outcome, result.code) == (Outcome.REJECTED, "bad_fact")


class TestComplaints:
    def test_a_complaint_is_followed_to_its_answer_by_those_who_may(
        self, counter: TestCounter, central: Central
    ) -> None:
        body = f.ComplaintRegistered(
            complaint_no="TS-1",
            about="拖延",
            text="三次未答复",
            complainant="匿名",
            phone="",
            anonymous=True,
            at=counter.clock.now(),
        )
        assert counter.push(counter.envelope(body))[0].outcome is Outcome.APPLIED
        (open_one,) = list_complaints(central)
        assert (open_one.complaint_no, open_one.answered_at) == ("TS-1", "")
        make_person(central, "duban", "CK", Role.OVERSEER)
        with pytest.raises(RefusedError):
            answer_complaint(central, "TS-1", CLERK)
        first = answer_complaint(central, "TS-1", "duban")
        assert answer_complaint(central, "TS-1", "duban") == first
