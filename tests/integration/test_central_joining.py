"""Enrolment, greeting, signed requests, pulls, blocks of codes and scans, over HTTP on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import uuid4

import pytest

from central.acts.administration import add_counter
from central.runtime import Central
from ebp_desktop.crypto.otp import otp_at
from ebp_desktop.crypto.signatures import Ed25519Verifier, from_base64, to_base64
from ebp_desktop.domain.roles import Role
from sync.protocol import messages as m
from sync.protocol import wire
from sync.protocol.buckets import bucket_sums, row_hash
from sync.protocol.codec import from_json, permit_bytes, to_json
from tests.fixtures.central_counter import HandClock, TestCounter, make_person

MakeCounter = Callable[[], TestCounter]


def refused(answer: object) -> tuple[int, str]:
    return answer.status_code, from_json(answer.content, m.Problem).code


class TestEnrolment:
    def test_a_code_makes_one_counter_only(self, counter: TestCounter, central: Central) -> None:
        code = add_counter(central, "三号窗口").code
        request = m.EnrolRequest(
            code=code,
            device="another",
            public_key=to_base64(counter.signer.verifier.public_bytes()),
            epoch="e",
            hostname="h",
        )
        first = counter.client.post(counter.url + wire.ENROL, content=to_json(request))
        assert first.status_code == 200
        again = counter.client.post(counter.url + wire.ENROL, content=to_json(request).replace(b"another", b"a third"))
        assert refused(again) == (403, "bad_enrolment_code")

    def test_the_answer_names_the_counter_its_region_and_the_keys_to_trust(
        self, counter: TestCounter, central: Central
    ) -> None:
        assert (counter.counter, counter.region) == ("001", "150300")
        keys = {item.id for item in counter.pull_all() if item.collection == "key"}
        assert counter.signer.key_id in keys

    def test_a_stranger_is_refused(self, central_url: str, central_clock: HandClock) -> None:
        stranger = TestCounter(central_url, central_clock)
        assert refused(stranger.send("GET", wire.PULL)) == (401, "device_unknown")
        stranger.client.close()


class TestSignedRequests:
    def test_a_changed_target_or_body_is_refused(self, counter: TestCounter) -> None:
        assert refused(counter.send("GET", wire.PULL, created="2026-03-02T10:00:00+08:00")) == (
            401,
            "bad_request_signature",
        )
        digest = hashlib.sha256(b"other").hexdigest()
        assert refused(counter.send("POST", wire.HELLO, b"{}", content_digest=digest)) == (401, "bad_request_signature")

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_same_request_again_is_refused(self, counter: TestCounter, method: str) -> None:
        target = wire.PULL if method == "GET" else wire.LOOKUP
        body = b"" if method == "GET" else to_json(m.CodeLookup(national_code="", name="x", party_code="y"))
        assert counter.send(method, target, body, nonce="n1").status_code == 200
        assert refused(counter.send(method, target, body, nonce="n1")) == (401, "nonce_used")

    def test_a_request_from_yesterday_is_refused(self, counter: TestCounter, central_clock: HandClock) -> None:
        counter.clock = HandClock(central_clock.now())
        central_clock.advance(hours=25)
        assert refused(counter.send("GET", wire.PULL)) == (401, "request_too_old")

    def test_a_body_beyond_all_measure_is_refused(self, counter: TestCounter) -> None:
        assert refused(counter.send("POST", wire.PUSH, b" " * (9 << 20))) == (413, "body_too_large")

    def test_garbage_is_answered_in_words(self, counter: TestCounter) -> None:
        assert refused(counter.send("POST", wire.HELLO, b"\x00not json")) == (400, "bad_message")


class TestGreeting:
    def test_central_says_where_to_go_on(self, counter: TestCounter) -> None:
        counter.push(counter.envelope(counter.registration()))
        answer = counter.hello()
        assert (answer.resume_seq, answer.new_epoch, answer.counter) == (2, "", "001")
        assert answer.registration_high == {"20260302": 1}

    def test_a_restored_disk_gets_a_new_epoch_and_loses_its_block(
        self, counter: TestCounter, central_clock: HandClock
    ) -> None:
        counter.lease()
        counter.push(counter.envelope(counter.registration()))
        answer = counter.hello(seq_high=0, chain_head="0" * 64)
        assert answer.new_epoch
        assert answer.resume_seq == 1
        old_code = counter.next_code()
        counter.epoch, counter.seq, counter.head = answer.new_epoch, 0, "0" * 64
        registered_before = counter.envelope(counter.registration(code=old_code))
        central_clock.advance(minutes=1)
        registered_after = counter.envelope(counter.registration(code=counter.next_code()))
        results = counter.push(registered_before, registered_after)
        assert [each.code for each in results] == ["", "lease_burned"]
        assert counter.lease().blocks[0].first > counter.codes[0]

    def test_a_clone_of_equal_length_is_told_by_its_head(self, counter: TestCounter) -> None:
        counter.push(counter.envelope(counter.registration()))
        assert counter.hello(chain_head="f" * 64).new_epoch

    def test_waiting_facts_are_no_reason_for_suspicion(self, counter: TestCounter) -> None:
        counter.envelope(counter.registration())
        assert counter.hello().new_epoch == ""

    def test_an_ordered_epoch_is_ordered_again_until_it_is_used(self, counter: TestCounter) -> None:
        counter.push(counter.envelope(counter.registration()))
        ordered = counter.hello(seq_high=0).new_epoch
        assert counter.hello().new_epoch == ordered

    def test_a_client_of_another_time_is_told_so(self, counter: TestCounter) -> None:
        answer = counter.send(
            "POST",
            wire.HELLO,
            to_json(
                m.HelloRequest(
                    device=counter.device,
                    epoch=counter.epoch,
                    app_version="0",
                    protocols=(99,),
                    chain_head="",
                    seq_high=0,
                    lease_high=0,
                    clock="",
                )
            ),
        )
        assert refused(answer) == (426, "protocol_too_old")


class TestPulling:
    def test_every_counter_sees_every_case_in_one_order(self, counter: TestCounter, make_counter: MakeCounter) -> None:
        other = make_counter()
        counter.push(*(counter.envelope(counter.registration()) for _ in range(3)))
        other.push(other.envelope(other.registration()))
        seen = [item.id for item in counter.pull_all()]
        assert seen == [item.id for item in other.pull_all()]
        sequences = [item.seq for item in counter.pull_all()]
        assert sequences == sorted(set(sequences))

    def test_pages_follow_each_other_without_gap_or_repetition(self, counter: TestCounter) -> None:
        counter.push(*(counter.envelope(counter.registration()) for _ in range(4)))
        whole = [item.seq for item in counter.pull_all()]
        cursor, seen = "", []
        while True:
            page = counter.pull(cursor, limit=3)
            assert len(page.items) <= 3
            seen += [item.seq for item in page.items]
            cursor = page.next
            if not page.more:
                break
        assert seen == whole

    def test_a_cursor_of_somebody_elses_making_means_starting_anew(self, counter: TestCounter) -> None:
        cursor = counter.pull().next
        spoiled = ("A" if cursor[0] != "A" else "B") + cursor[1:]
        for wrong in (spoiled, "garbage", "AAAA"):
            assert refused(counter.send("GET", f"{wire.PULL}?cursor={wrong}")) == (409, wire.MUST_REFETCH)

    def test_a_waiting_pull_is_answered_by_the_next_push(self, counter: TestCounter, make_counter: MakeCounter) -> None:
        other = make_counter()
        cursor = other.pull().next
        counter.lease()
        counter.push(counter.envelope(counter.registration()))
        assert "case.registered" in [item.kind for item in other.pull(cursor, wait=20).items]

    def test_single_rows_can_be_fetched_again(self, counter: TestCounter) -> None:
        envelope = counter.envelope(counter.registration())
        counter.push(envelope)
        answer = counter.send("GET", f"{wire.PULL}?collection=fact&ids={envelope.fact_id}")
        (item,) = from_json(answer.content, m.PullAnswer).items
        assert (item.id, item.body) == (str(envelope.fact_id), envelope.body)

    @pytest.mark.parametrize("query", ["limit=many", "limit=-1", "wait=nan", "wait=inf"])
    def test_a_query_that_is_no_number_is_refused(self, counter: TestCounter, query: str) -> None:
        assert refused(counter.send("GET", f"{wire.PULL}?{query}")) == (400, "bad_query")


class TestComparing:
    def test_equal_rows_agree_and_one_that_is_lacking_is_named(self, counter: TestCounter) -> None:
        counter.push(*(counter.envelope(counter.registration()) for _ in range(5)))
        page = counter.pull()
        rows = [(item.id, row_hash(item.id, item.body)) for item in page.items if item.collection == "fact"]
        agreed = counter.ask(wire.CHECK, self._request(page.next, rows), m.CheckAnswer)
        assert (agreed.differing, agreed.ids) == ((), ())
        differs = counter.ask(wire.CHECK, self._request(page.next, rows[1:]), m.CheckAnswer)
        assert rows[0][0] in differs.ids
        assert len(differs.differing) == 1

    @staticmethod
    def _request(cursor: str, rows: list[tuple[str, int]]) -> m.CheckRequest:
        return m.CheckRequest(cursor=cursor, collection="fact", buckets=bucket_sums(rows))


class TestCodes:
    def test_the_same_request_gets_the_same_block(self, counter: TestCounter) -> None:
        request = uuid4()
        assert counter.lease(5, request) == counter.lease(5, request)

    def test_blocks_of_two_counters_never_overlap(self, counter: TestCounter, make_counter: MakeCounter) -> None:
        other = make_counter()
        taken: list[int] = []
        for each in (counter, other, counter, other):
            each.lease(7)
        taken = counter.codes + other.codes
        assert len(taken) == len(set(taken)) == 28

    def test_untouched_blocks_are_not_hoarded(self, counter: TestCounter) -> None:
        for _ in range(5):
            counter.lease(3)
        assert len(counter.lease(3).blocks) == 2

    def test_a_returned_tail_is_void_for_ever(self, counter: TestCounter, make_counter: MakeCounter) -> None:
        (block,) = counter.lease(10).blocks
        given = m.LeaseReturn(lease=block.lease, first=block.first + 4, reason="窗口撤销")
        answer = counter.ask(wire.RETURN, given, m.LeaseAnswer)
        assert [each.last for each in answer.blocks] == [block.first + 3]
        other = make_counter()
        assert min(other.codes or [s for b in other.lease(1).blocks for s in (b.first,)]) > block.last
        stolen = other.send("POST", wire.RETURN, to_json(given))
        assert refused(stolen) == (403, "lease_foreign")

    def test_next_years_numbers_come_in_december(self, counter: TestCounter, central_clock: HandClock) -> None:
        early = m.LeaseRequest(request=uuid4(), year=2027, have=(), want=1)
        assert refused(counter.send("POST", wire.LEASE, to_json(early))) == (400, "lease_year")
        central_clock.moment = central_clock.moment.replace(month=12)
        assert counter.ask(wire.LEASE, early, m.LeaseAnswer).blocks[0].year == 2027

    def test_a_known_project_is_found_by_name_and_applicant(self, counter: TestCounter) -> None:
        body = counter.registration(name="滨河小学")
        counter.push(counter.envelope(body))
        wanted = m.CodeLookup(national_code="", name="滨河 小学", party_code=body.applicant.code)
        found = counter.ask(wire.LOOKUP, wanted, m.CodeFound)
        assert (found.project_code, found.certain) == (body.project.project_code, False)
        unknown = m.CodeLookup(national_code="", name="别的", party_code=body.applicant.code)
        assert counter.ask(wire.LOOKUP, unknown, m.CodeFound).project_code == ""


class TestScans:
    DATA = bytes(range(256)) * 4000

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.DATA).hexdigest()

    def start(self, counter: TestCounter) -> m.BlobState:
        length = {wire.UPLOAD_LENGTH: str(len(self.DATA))}
        return from_json(counter.send("POST", wire.BLOBS + self.sha256, b"", length).content, m.BlobState)

    def part(self, counter: TestCounter, offset: int, data: bytes) -> object:
        return counter.send("PATCH", wire.BLOBS + self.sha256, data, {wire.UPLOAD_OFFSET: str(offset)})

    def test_a_scan_arrives_in_parts_and_is_read_back_whole_and_in_ranges(self, counter: TestCounter) -> None:
        assert self.start(counter).offset == 0
        half = len(self.DATA) // 2
        state = from_json(self.part(counter, 0, self.DATA[:half]).content, m.BlobState)
        assert (state.offset, state.done) == (half, False)
        assert self.start(counter).offset == half
        assert from_json(self.part(counter, half, self.DATA[half:]).content, m.BlobState).done
        assert counter.send("GET", wire.BLOBS + self.sha256).content == self.DATA
        ranged = counter.send("GET", wire.BLOBS + self.sha256, b"", {"Range": f"bytes={half}-"})
        assert (ranged.status_code, ranged.content) == (206, self.DATA[half:])
        told = counter.send("HEAD", wire.BLOBS + self.sha256)
        assert told.headers[wire.UPLOAD_OFFSET] == str(len(self.DATA))

    def test_a_part_at_the_wrong_place_is_refused_with_the_right_one(self, counter: TestCounter) -> None:
        self.start(counter)
        assert refused(self.part(counter, 5, b"x")) == (409, "offset_differs")

    def test_bytes_that_are_not_the_named_ones_are_thrown_away(self, counter: TestCounter) -> None:
        self.start(counter)
        assert refused(self.part(counter, 0, b"?" * len(self.DATA))) == (422, "digest_differs")
        assert self.start(counter).offset == 0
        assert from_json(self.part(counter, 0, self.DATA).content, m.BlobState).done

    def test_what_a_crash_left_behind_the_durable_offset_is_cut_off(
        self, counter: TestCounter, central: Central
    ) -> None:
        self.start(counter)
        self.part(counter, 0, self.DATA[:1000])
        with central.blobs.partial(self.sha256).open("ab") as torn:
            torn.write(b"torn by a power cut")
        assert from_json(self.part(counter, 1000, self.DATA[1000:]).content, m.BlobState).done

    def test_an_unfinished_scan_is_not_served(self, counter: TestCounter) -> None:
        self.start(counter)
        assert refused(counter.send("GET", wire.BLOBS + self.sha256)) == (404, "blob_unknown")
        assert refused(counter.send("GET", wire.BLOBS + "ab" * 32)) == (404, "blob_unknown")
        assert refused(counter.send("GET", wire.BLOBS + "ZZ")) == (400, "bad_digest")

    def test_more_than_was_announced_is_refused(self, counter: TestCounter) -> None:
        self.start(counter)
        assert refused(self.part(counter, 0, self.DATA + b"more")) == (400, "blob_size")


class TestSigningIn:
    def request(self, central: Central, clock: HandClock, **changes: str) -> m.PermitRequest:
        made = make_person(central, "chenjing", "CK", Role.WINDOW_LEAD)
        fields = {"user": made.user, "password": made.initial_password, "otp": otp_at(made.totp_secret, clock.now())}
        return m.PermitRequest(**(fields | changes))

    def test_a_permit_names_the_person_the_device_and_72_hours(
        self, counter: TestCounter, central: Central, central_clock: HandClock
    ) -> None:
        permit = counter.ask(wire.PERMITS, self.request(central, central_clock), m.Permit)
        assert (permit.user, permit.device, permit.roles) == ("chenjing", counter.device, ("window_lead",))
        assert permit.not_after.startswith("2026-03-05T09:00:00")
        verifier = Ed25519Verifier(central.signer.verifier.public_bytes())
        assert verifier.verify(permit_bytes(permit), from_base64(permit.signature))

    def test_a_code_is_good_once(self, counter: TestCounter, central: Central, central_clock: HandClock) -> None:
        request = self.request(central, central_clock)
        counter.ask(wire.PERMITS, request, m.Permit)
        assert refused(counter.send("POST", wire.PERMITS, to_json(request))) == (401, "wrong_credentials")

    @pytest.mark.parametrize("field", ["password", "otp", "user"])
    def test_a_wrong_part_is_refused_without_saying_which(
        self, counter: TestCounter, central: Central, central_clock: HandClock, field: str
    ) -> None:
        request = self.request(central, central_clock, **{field: "000000"})
        assert refused(counter.send("POST", wire.PERMITS, to_json(request))) == (401, "wrong_credentials")

    def test_five_failures_lock_for_a_quarter_of_an_hour(
        self, counter: TestCounter, central: Central, central_clock: HandClock
    ) -> None:
        good = self.request(central, central_clock)
        bad = to_json(m.PermitRequest(user=good.user, password="wrong", otp=good.otp))
        codes = [refused(counter.send("POST", wire.PERMITS, bad))[1] for _ in range(5)]
        assert codes == ["wrong_credentials"] * 4 + ["locked_out"]
        assert refused(counter.send("POST", wire.PERMITS, to_json(good))) == (401, "locked_out")
        central_clock.advance(minutes=16)
        assert counter.send("POST", wire.PERMITS, bad).status_code == 401


class TestHealth:
    def test_live_ready_metrics_and_the_description_are_open_to_all(
        self, central_url: str, counter: TestCounter
    ) -> None:
        counter.push(counter.envelope(counter.registration()))
        assert counter.client.get(central_url + "/v1/health/live").json() == {"live": True}
        assert counter.client.get(central_url + "/v1/health/ready").json()["ready"] is True
        metrics = counter.client.get(central_url + "/metrics").text
        assert "ebp_facts 2" in metrics
        assert 'ebp_requests_total{method="POST",route="/v1/push",status="200"} 1' in metrics
        described = counter.client.get(central_url + "/openapi.json").json()
        assert {"/v1/push", "/v1/pull", "/v1/blobs/{sha256}"} <= set(described["paths"])
        assert "Envelope" in described["components"]["schemas"]

    def test_an_unknown_address_is_answered_in_words(self, counter: TestCounter) -> None:
        assert refused(counter.client.get(counter.url + "/v2")) == (404, "http_404")
