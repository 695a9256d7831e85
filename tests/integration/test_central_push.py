"""What a counter pushes takes effect at central exactly once, is answered once and for ever, and reaches the feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from central.people.directory import revoke_person
from central.runtime import Central, new_id
from ebp_desktop.crypto.signatures import Ed25519Verifier, from_base64
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import project_case
from sync.protocol import wire
from sync.protocol.codec import from_json, receipt_bytes, to_json
from sync.protocol.messages import Envelope, Outcome, Problem
from tests.fixtures.central_counter import HandClock, TestCounter


def registered(counter: TestCounter, **changes: object) -> Envelope:
    return counter.envelope(counter.registration(**changes))


def test_a_registration_is_applied_signed_for_and_fanned_out_to_its_departments(
    counter: TestCounter, central: Central
) -> None:
    envelope = registered(counter)
    (result,) = counter.push(envelope)
    assert result.outcome is Outcome.APPLIED, result
    assert result.receipt is not None
    verifier = Ed25519Verifier(central.signer.verifier.public_bytes())
    assert verifier.verify(receipt_bytes(result.receipt), from_base64(result.receipt.signature))
    assert (result.receipt.fact_id, result.receipt.hash) == (envelope.fact_id, envelope.hash)
    view = project_case(counter.facts(envelope.case_id))
    assert view is not None
    assert view.delivered is not None
    assert set(view.delivered.departments) == {matter.terms.department for matter in view.matters}


def test_the_same_fact_twice_is_one_fact_with_the_same_receipt(counter: TestCounter) -> None:
    envelope = registered(counter)
    (first,) = counter.push(envelope)
    (again,) = counter.push(envelope)
    assert again.outcome is Outcome.DUPLICATE
    assert again.receipt == first.receipt
    assert [fact.kind for fact in counter.facts(envelope.case_id)].count("case.registered") == 1


def test_a_gap_is_asked_for_and_nothing_behind_it_is_taken(counter: TestCounter) -> None:
    first, second, third = registered(counter), registered(counter), registered(counter)
    results = counter.push(first, third)
    assert [each.outcome for each in results] == [Outcome.APPLIED, Outcome.RETRY]
    assert results[1].retry_from == second.seq
    assert [each.outcome for each in counter.push(second, third)] == [Outcome.APPLIED, Outcome.APPLIED]


def test_a_refused_fact_consumes_its_number_and_the_next_one_goes_on(counter: TestCounter) -> None:
    bad = counter.envelope(replace(counter.registration(), guide="nobody_published_this"))
    good = registered(counter)
    results = counter.push(bad, good)
    assert [each.outcome for each in results] == [Outcome.REJECTED, Outcome.APPLIED]
    assert results[0].code == "guide_unknown"
    assert results[0].receipt is not None
    (again,) = counter.push(bad)
    assert (again.outcome, again.receipt) == (Outcome.REJECTED, results[0].receipt)


def test_another_body_under_a_known_fact_stops_the_workstation(counter: TestCounter) -> None:
    envelope = registered(counter)
    counter.push(envelope)
    counter.seq, counter.head = envelope.seq - 1, envelope.prev
    forged = counter.envelope(counter.registration(), case_id=envelope.case_id, fact_id=envelope.fact_id)
    answer = counter.send("POST", wire.PUSH, to_json(counter.batch(forged)))
    assert answer.status_code == 409
    assert from_json(answer.content, Problem).code == wire.OP_MUTATED
    later = counter.send("POST", wire.PUSH, to_json(counter.batch(registered(counter))))
    assert (later.status_code, from_json(later.content, Problem).code) == (403, "device_quarantined")


def test_a_second_disk_with_the_same_identity_is_noticed_by_its_chain(counter: TestCounter) -> None:
    envelope = registered(counter)
    counter.push(envelope)
    counter.seq, counter.head = envelope.seq - 1, envelope.prev
    answer = counter.send("POST", wire.PUSH, to_json(counter.batch(registered(counter))))
    assert (answer.status_code, from_json(answer.content, Problem).code) == (409, "chain_forked")


def test_an_unknown_kind_is_kept_raw_and_never_lost(counter: TestCounter, central: Central) -> None:
    strange = counter.envelope(f.UnknownBody(kind="drone.landed", raw=b'{"height":3}'))
    (result,) = counter.push(strange)
    assert (result.outcome, result.waiting) == (Outcome.DEFERRED, ("upgrade",))
    assert counter.push(registered(counter))[0].outcome is Outcome.APPLIED


def test_a_counter_cannot_give_a_departments_opinion(counter: TestCounter) -> None:
    envelope = registered(counter)
    opinion = f.DeemedAccepted(
        matter="x", accepted_on=counter.clock.now().date(), due_was=counter.clock.now().date(), at=counter.clock.now()
    )
    results = counter.push(envelope, counter.envelope(opinion, envelope.case_id))
    assert (results[1].outcome, results[1].code) == (Outcome.REJECTED, "not_a_counter_act")
    assert results[1].article == "第七条"


def test_a_held_fact_is_kept_with_its_receipt_and_without_effect(counter: TestCounter) -> None:
    held, free = registered(counter), registered(counter)
    results = counter.push(held, free, hold=(held.fact_id,))
    assert [(each.outcome, each.code) for each in results] == [(Outcome.DEFERRED, "held"), (Outcome.APPLIED, "")]
    assert results[0].receipt is not None
    assert counter.facts(held.case_id) == []


def test_a_fact_waits_for_what_it_depends_on(counter: TestCounter) -> None:
    needed = new_id()
    (result,) = counter.push(counter.envelope(counter.registration(), deps=(needed,)))
    assert (result.outcome, result.waiting) == (Outcome.DEFERRED, (str(needed),))


def test_facts_of_somebody_revoked_before_the_act_wait_for_a_supervisor(
    counter: TestCounter, central: Central, central_clock: HandClock
) -> None:
    before = registered(counter)
    central_clock.advance(hours=1)
    central.transact(lambda work: revoke_person(work, counter.actor, central_clock.now()))
    central_clock.advance(hours=1)
    after = registered(counter)
    results = counter.push(before, after)
    assert results[0].outcome is Outcome.APPLIED
    assert (results[1].outcome, results[1].waiting) == (Outcome.DEFERRED, ("supervisor",))


def test_a_code_outside_the_workstations_block_is_refused(
    counter: TestCounter, make_counter: Callable[[], TestCounter]
) -> None:
    foreign = make_counter().next_code()
    (result,) = counter.push(registered(counter, code=foreign))
    assert (result.outcome, result.code, result.article) == (Outcome.REJECTED, "code_outside_lease", "第六条")


def test_a_code_is_taken_by_one_project_only(counter: TestCounter) -> None:
    code = counter.next_code()
    first = registered(counter, code=code, name="甲项目")
    second = registered(counter, code=code, name="乙项目")
    stage_two_of_the_same = registered(counter, code=code, name="甲 项目")
    outcomes = [(each.outcome, each.code) for each in counter.push(first, second, stage_two_of_the_same)]
    assert outcomes == [(Outcome.APPLIED, ""), (Outcome.CONFLICT, "code_used"), (Outcome.APPLIED, "")]


def test_a_temporary_number_gets_its_code_from_central_and_both_resolve(counter: TestCounter) -> None:
    envelope = registered(counter, code=None)
    (result,) = counter.push(envelope)
    assert result.outcome is Outcome.APPLIED, result
    view = project_case(counter.facts(envelope.case_id))
    assert view is not None
    assert view.project.project_code is not None
    aliases = [item for item in counter.pull_all() if item.collection == "alias"]
    assert [item.id for item in aliases] == [view.project.temporary_no]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("declared_not_secret", False, "secret"),
        ("counter", "009", "foreign_counter"),
        ("registration_no", "150300-001-20260302-00XX", "registration_no"),
        ("matters", (), "empty"),
        ("guide_version", "1999", "guide_unknown"),
    ],
)
def test_a_registration_that_breaks_a_rule_is_rejected_with_its_reason(
    counter: TestCounter, field: str, value: object, code: str
) -> None:
    (result,) = counter.push(counter.envelope(replace(counter.registration(), **{field: value})))
    assert (result.outcome, result.code) == (Outcome.REJECTED, code)
    assert result.message


def test_paper_without_its_scan_is_rejected(counter: TestCounter) -> None:
    body = counter.registration()
    lines = tuple(replace(line, pages=()) for line in body.lines)
    (result,) = counter.push(counter.envelope(replace(body, lines=lines)))
    assert (result.outcome, result.code, result.article) == (Outcome.REJECTED, "line", "第五条")


def test_a_batch_that_was_changed_on_its_way_is_refused_whole(counter: TestCounter) -> None:
    envelope = registered(counter)
    spoiled = replace(envelope, actor="somebody else")
    answer = counter.send("POST", wire.PUSH, to_json(counter.batch(spoiled)))
    assert (answer.status_code, from_json(answer.content, Problem).code) == (400, "bad_envelope")
    unsigned = counter.batch(envelope, signature=counter.batch(registered(counter)).signature)
    answer = counter.send("POST", wire.PUSH, to_json(unsigned))
    assert (answer.status_code, from_json(answer.content, Problem).code) == (400, "bad_signature")


def test_an_expired_block_gives_no_number(counter: TestCounter, central_clock: HandClock) -> None:
    code = counter.next_code()
    central_clock.moment += timedelta(days=320)
    (result,) = counter.push(registered(counter, code=code))
    assert (result.outcome, result.code) == (Outcome.REJECTED, "lease_expired")
