"""What every line to central does alike: the model that drives the property tests, and HTTP to the real one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from central.acts.administration import add_counter
from central.runtime import Central
from ebp_desktop.crypto.signatures import Ed25519Signer, Keyring, to_base64
from sync.blobs import download
from sync.enrolment import keyring_of
from sync.failures import FailureKind, LinkError
from sync.ports import CentralLink
from sync.protocol.buckets import bucket_sums, row_hash
from sync.protocol.codec import push_bytes
from sync.protocol.messages import (
    CheckRequest,
    CodeLookup,
    EnrolRequest,
    Envelope,
    HelloRequest,
    LeaseRequest,
    Outcome,
    PullAnswer,
    PushAnswer,
    PushRequest,
)
from sync.receipts import check_results
from sync.transport import DeviceIdentity, HttpLink, tls_context
from tests.fixtures.central_counter import HandClock, make_central, serving
from tests.fixtures.model_central import ModelCentral
from tests.fixtures.sync_memory import MemoryCounter, OwnClock
from tests.fixtures.sync_rig import FlakyLink


@dataclass
class Side:
    """One line with its counter; ``keys`` are what the counter trusts."""

    link: CentralLink
    counter: MemoryCounter
    keys: Keyring

    def hello(self, **changes: object) -> object:
        level = self.counter.level()
        request = HelloRequest(
            device=level.device,
            epoch=level.epoch,
            app_version="test",
            protocols=(1,),
            chain_head=level.head,
            seq_high=level.high,
            lease_high=0,
            clock=self.counter.clock.now().isoformat(),
        )
        return self.link.hello(replace(request, **changes))

    def push(self, *envelopes: Envelope, hold: tuple[UUID, ...] = ()) -> PushAnswer:
        last = envelopes[-1]
        signature = to_base64(self.counter.signer.sign(push_bytes(envelopes)))
        return self.link.push(
            PushRequest(device=last.device, epoch=last.epoch, envelopes=envelopes, signature=signature, hold=hold)
        )

    def recorded(self, count: int = 1) -> tuple[Envelope, ...]:
        first = self.counter.level().high + 1
        for _ in range(count):
            self.counter.record(uuid4())
        return self.counter.load(first, count)

    def pull_all(self) -> list[PullAnswer]:
        pages = [self.link.pull("", 3)]
        while pages[-1].more:
            pages.append(self.link.pull(pages[-1].next, 3))
        return pages


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Central, str]]:
    central = make_central(tmp_path_factory.mktemp("central"), clock=HandClock())
    with serving(central) as url:
        yield central, url
    central.close()


@pytest.fixture(params=["model", "http"])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    clock = OwnClock(seed=uuid4().int)
    counter = MemoryCounter(clock, device=uuid4().hex, epoch=uuid4().hex, signer=Ed25519Signer.generate())
    if request.param == "model":
        model = ModelCentral(now=clock.now)
        yield Side(FlakyLink(model), counter, model.keyring())
        return
    central, url = request.getfixturevalue("real")
    identity = DeviceIdentity(counter.device, counter.signer.sign, clock.now)
    with HttpLink(url, identity, tls_context()) as link:
        answer = link.enrol(
            EnrolRequest(
                code=add_counter(central, "窗口").code,
                device=counter.device,
                public_key=to_base64(counter.signer.verifier.public_bytes()),
                epoch=counter.epoch,
                hostname="ck",
            )
        )
        yield Side(link, counter, keyring_of(answer.keys))


def test_a_greeting_names_the_next_number(side: Side) -> None:
    assert side.hello().resume_seq == 1
    side.push(*side.recorded(3))
    assert side.hello().resume_seq == 4


def test_a_push_is_answered_in_order_with_genuine_receipts(side: Side) -> None:
    side.hello()
    envelopes = side.recorded(5)
    answer = side.push(*envelopes)
    assert {result.outcome for result in answer.results} == {Outcome.APPLIED}
    check_results(envelopes, answer.results, side.keys)


def test_the_same_push_again_gets_the_same_receipts(side: Side) -> None:
    side.hello()
    envelopes = side.recorded(2)
    first, second = side.push(*envelopes), side.push(*envelopes)
    assert [result.outcome for result in second.results] == [Outcome.DUPLICATE] * 2
    assert [result.receipt for result in second.results] == [result.receipt for result in first.results]


def test_a_gap_is_not_filled_by_guessing(side: Side) -> None:
    side.hello()
    envelopes = side.recorded(3)
    result = side.push(envelopes[2]).results[0]
    assert (result.outcome, result.retry_from, result.receipt) == (Outcome.RETRY, 1, None)


def test_a_held_fact_is_kept_raw_with_a_receipt(side: Side) -> None:
    side.hello()
    envelopes = side.recorded(2)
    answer = side.push(*envelopes, hold=(envelopes[0].fact_id,))
    assert [(one.outcome, one.code) for one in answer.results] == [(Outcome.DEFERRED, "held"), (Outcome.APPLIED, "")]
    check_results(envelopes, answer.results, side.keys)


def test_an_older_disk_is_told_to_begin_anew(side: Side) -> None:
    side.hello()
    side.push(*side.recorded(2))
    answer = side.hello(seq_high=1, chain_head="0" * 64)
    assert answer.new_epoch not in {"", side.counter.epoch}
    with pytest.raises(LinkError) as closed:
        side.push(*side.recorded(1))
    assert closed.value.failure.code == "epoch_closed"


def test_the_feed_comes_in_pages_that_join_without_gap_or_overlap(side: Side) -> None:
    side.hello()
    envelopes = side.recorded(7)
    side.push(*envelopes)
    pages = side.pull_all()
    ids = [item.id for page in pages for item in page.items]
    own = [str(one.fact_id) for one in envelopes]
    assert [one for one in ids if one in own] == own
    assert len(ids) == len(set(ids))
    assert all(len(page.items) <= 3 for page in pages)


@pytest.mark.parametrize("cursor", ["feed-of-another-central:99", "nonsense:1"])
def test_a_foreign_cursor_must_refetch(side: Side, cursor: str) -> None:
    side.hello()
    with pytest.raises(LinkError) as failed:
        side.link.pull(cursor, 10)
    assert failed.value.failure.kind is FailureKind.MUST_REFETCH


def test_a_lost_row_is_found_and_can_be_fetched_again(side: Side) -> None:
    side.hello()
    side.push(*side.recorded(4))
    pages = side.pull_all()
    facts = [item for page in pages for item in page.items if item.collection == "fact"]
    here = facts[1:]
    sums = bucket_sums((item.id, row_hash(item.id, item.body)) for item in here)
    answer = side.link.check(CheckRequest(cursor=pages[-1].next, collection="fact", buckets=sums))
    assert len(answer.differing) == 1
    assert facts[0].id in answer.ids
    assert side.link.fetch("fact", (facts[0].id,)).items[0].body == facts[0].body


def test_one_lease_request_is_granted_once(side: Side) -> None:
    side.hello()
    request = LeaseRequest(request=uuid4(), year=2026, have=(), want=20)
    first, second = side.link.lease(request), side.link.lease(request)
    assert first == second
    assert sum(block.last - block.first + 1 for block in first.blocks) == 20


def test_an_unknown_project_has_no_code(side: Side) -> None:
    found = side.link.lookup(CodeLookup(national_code="", name="没有的项目", party_code=""))
    assert found.project_code == ""


class TestScans:
    @pytest.fixture
    def data(self) -> bytes:
        return uuid4().bytes * 5000

    def test_a_scan_goes_in_parts_and_comes_back_whole(self, side: Side, data: bytes) -> None:
        sha256 = self.known(side, data)
        assert side.link.open_blob(sha256, len(data)).offset == 0
        half = side.link.send_blob(sha256, 0, data[:30_000], last=False)
        assert (half.offset, half.done) == (30_000, False)
        assert side.link.open_blob(sha256, len(data)).offset == 30_000
        assert side.link.send_blob(sha256, 30_000, data[30_000:], last=True).done
        target = io.BytesIO(data[:1000])
        download(side.link, sha256, len(data), target)
        assert target.getvalue() == data

    def test_a_part_at_the_wrong_place_is_refused_and_nothing_is_spoiled(self, side: Side, data: bytes) -> None:
        sha256 = self.known(side, data)
        side.link.open_blob(sha256, len(data))
        side.link.send_blob(sha256, 0, data[:1000], last=False)
        with pytest.raises(LinkError) as failed:
            side.link.send_blob(sha256, 2000, data[2000:3000], last=False)
        assert failed.value.failure.kind is FailureKind.DISAGREES
        assert side.link.open_blob(sha256, len(data)).offset == 1000

    def test_a_scan_that_is_not_what_its_name_says_is_refused(self, side: Side, data: bytes) -> None:
        sha256 = self.known(side, data)
        side.link.open_blob(sha256, len(data))
        with pytest.raises(LinkError) as failed:
            side.link.send_blob(sha256, 0, bytes(len(data)), last=True)
        assert failed.value.failure.kind is FailureKind.REFUSED
        assert side.link.open_blob(sha256, len(data)).offset == 0

    @staticmethod
    def known(side: Side, data: bytes) -> str:
        side.hello()
        return hashlib.sha256(data).hexdigest()
