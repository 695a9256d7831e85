"""Nothing of an answer is believed that does not fit: order, receipts, keys, times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from ebp_desktop.crypto.signatures import Ed25519Signer, Keyring
from ebp_desktop.domain.material import Page
from ebp_desktop.services.ports import SendState, Slot
from sync.answers import settlement, settlements
from sync.failures import FailureKind, LinkError
from sync.outgoing import Circumstances, Sealer, rechained
from sync.protocol.codec import GENESIS, content_hash, envelope_hash, from_json
from sync.protocol.messages import Envelope, FactResult, Outcome
from sync.protocol.wire import digest_field, digest_of_field
from sync.receipts import check_results, server_clock
from tests.fixtures.counter_home import a_fact
from tests.fixtures.model_central import ModelCentral
from tests.fixtures.sync_memory import START, MemoryCounter, OwnClock


@pytest.fixture
def counter() -> MemoryCounter:
    made = MemoryCounter(OwnClock())
    for number in range(2):
        made.record(UUID(int=number))
    return made


@pytest.fixture
def central() -> ModelCentral:
    return ModelCentral(now=lambda: START)


def answered(counter: MemoryCounter, central: ModelCentral) -> tuple[tuple[Envelope, ...], tuple[FactResult, ...]]:
    sent = counter.load(1, 10)
    results = tuple(
        FactResult(fact_id=one.fact_id, outcome=Outcome.APPLIED, receipt=central.receipt(one)) for one in sent
    )
    return sent, results


def test_a_genuine_answer_passes(counter: MemoryCounter, central: ModelCentral) -> None:
    check_results(*answered(counter, central), central.keyring())


def garbage(sent: tuple[Envelope, ...], results: tuple[FactResult, ...], keys: Keyring) -> str:
    with pytest.raises(LinkError) as failed:
        check_results(sent, results, keys)
    assert failed.value.failure.kind is FailureKind.GARBAGE
    return failed.value.message


def test_answers_in_another_order_or_number_are_refused(counter: MemoryCounter, central: ModelCentral) -> None:
    sent, results = answered(counter, central)
    assert "次序" in garbage(sent, results[::-1], central.keyring())
    assert "条数" in garbage(sent, results[:1], central.keyring())


def test_a_receipt_for_another_content_is_refused(counter: MemoryCounter, central: ModelCentral) -> None:
    sent, results = answered(counter, central)
    altered = replace(sent[0], hash="f" * 64)
    assert "不符" in garbage((altered, sent[1]), results, central.keyring())


def test_a_receipt_by_an_unknown_key_is_refused(counter: MemoryCounter, central: ModelCentral) -> None:
    stranger = Keyring([Ed25519Signer.generate().verifier])
    assert "密钥未知" in garbage(*answered(counter, central), stranger)


@pytest.mark.parametrize("signature", ["", "AAAA", "not base64!"])
def test_a_forged_receipt_is_refused(counter: MemoryCounter, central: ModelCentral, signature: str) -> None:
    sent, results = answered(counter, central)
    assert results[0].receipt is not None
    forged = replace(results[0], receipt=replace(results[0].receipt, signature=signature))
    assert "签名" in garbage(sent, (forged, results[1]), central.keyring())


def test_an_answer_that_vouches_for_nothing_is_refused(counter: MemoryCounter, central: ModelCentral) -> None:
    sent, results = answered(counter, central)
    bare = tuple(replace(result, receipt=None) for result in results)
    assert "缺少回执" in garbage(sent, bare, central.keyring())


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-02T09:00:00"])
def test_a_time_without_a_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(LinkError):
        server_clock(text)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.APPLIED, SendState.RECEIPTED),
        (Outcome.DUPLICATE, SendState.RECEIPTED),
        (Outcome.DEFERRED, SendState.PARKED),
        (Outcome.CONFLICT, SendState.REJECTED),
        (Outcome.REJECTED, SendState.REJECTED),
    ],
)
def test_each_outcome_has_its_state_and_words(outcome: Outcome, state: SendState) -> None:
    settled = settlement(FactResult(fact_id=UUID(int=1), outcome=outcome))
    assert settled is not None
    assert settled.state is state
    assert bool(settled.reason) == bool(settled.todo) == (state is not SendState.RECEIPTED)


def test_retry_decides_nothing() -> None:
    assert settlements((FactResult(fact_id=UUID(int=1), outcome=Outcome.RETRY),)) == ()


class TestSealing:
    slot = Slot(device="device-1", epoch="epoch-1", seq=1, prev=GENESIS)

    def test_an_envelope_carries_its_circumstances_and_scans(self) -> None:
        seen = Circumstances(permit_id="p-1", boot_id="b-1", mono_ms=7, skew_ms=-3)
        page = Page(sha256="a" * 64, size=9, mime="image/png")
        sealed = Sealer(lambda: seen).seal(a_fact(), self.slot, (page,), UUID(int=5))
        envelope = from_json(sealed.raw, Envelope)
        assert envelope.hash == sealed.hash == envelope_hash(envelope)
        assert (envelope.permit_id, envelope.boot_id, envelope.mono_ms, envelope.skew_ms) == ("p-1", "b-1", 7, -3)
        assert (envelope.blobs[0].sha256, envelope.supersedes) == ("a" * 64, UUID(int=5))

    def test_a_rechained_fact_says_the_same_at_another_place(self) -> None:
        old = Sealer().seal(a_fact(), self.slot, (), None)
        new = rechained(old.raw, Slot(device="device-1", epoch="epoch-2", seq=4, prev="e" * 64))
        before, after = from_json(old.raw, Envelope), from_json(new.raw, Envelope)
        assert (after.epoch, after.seq, after.prev) == ("epoch-2", 4, "e" * 64)
        assert new.hash != old.hash
        assert content_hash(before) == content_hash(after)

    def test_any_changed_field_changes_the_content(self) -> None:
        envelope = from_json(Sealer().seal(a_fact(), self.slot, (), None).raw, Envelope)
        assert content_hash(replace(envelope, actor="wang")) != content_hash(envelope)


def test_a_digest_field_can_be_read_back() -> None:
    assert digest_of_field(digest_field("ab" * 32)) == "ab" * 32
    assert digest_of_field("md5=:AA==:") == ""


def test_a_time_with_a_zone_is_taken_as_it_is() -> None:
    assert server_clock("2026-03-02T09:00:00+08:00") - datetime.fromisoformat("2026-03-02T01:00:00Z") == timedelta(0)
