"""Permits, project look-up and downloads: what central says is checked before anything is built on it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from ebp_desktop.crypto.signatures import Ed25519Signer, Keyring, to_base64
from ebp_desktop.domain.errors import RefusedError
from sync.blobs import download
from sync.enrolment import CentralDirectory, check_permit, keyring_of, request_permit
from sync.failures import FailureKind, LinkError
from sync.protocol.codec import permit_bytes
from sync.protocol.messages import Permit, PermitRequest, PublishedKey
from tests.fixtures.model_central import ModelCentral, refused, unreachable
from tests.fixtures.sync_memory import START
from tests.fixtures.sync_rig import FlakyLink

CENTRAL = Ed25519Signer.generate()
KEYS = Keyring([CENTRAL.verifier])
ASKED = PermitRequest(user="suriina", password="x", otp="123456")


def permit(**changes: object) -> Permit:
    blank = Permit(
        permit_id="p-1",
        user="suriina",
        display_name="苏日娜",
        staff_no="0312",
        unit="CK",
        roles=("clerk",),
        device="device-1",
        not_after=(START + timedelta(hours=72)).isoformat(),
        totp_secret="",
        verifier="",
        revocation_epoch=1,
        key_id=CENTRAL.key_id,
        alg=CENTRAL.alg,
        signature="",
    )
    made = replace(blank, **changes)
    return replace(made, signature=to_base64(CENTRAL.sign(permit_bytes(made))))


class Door:
    """Central's door for people."""

    def __init__(self, answer: Permit | LinkError) -> None:
        self._answer = answer

    def permit(self, request: PermitRequest) -> Permit:
        if isinstance(self._answer, LinkError):
            raise self._answer
        return self._answer


def test_a_genuine_permit_opens_the_window() -> None:
    assert request_permit(Door(permit()), ASKED, "device-1", KEYS, START).user == "suriina"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (permit(device="device-2"), "bad_permit"),
        (permit(user="wang"), "bad_permit"),
        (replace(permit(), roles=("window_lead",)), "bad_permit"),
        (permit(key_id="00000000"), "bad_permit"),
        (permit(not_after="soon"), "bad_permit"),
        (replace(permit(), signature="???"), "bad_permit"),
        (permit(not_after=(START - timedelta(seconds=1)).isoformat()), "permit_expired"),
    ],
    ids=["other device", "other person", "altered roles", "unknown key", "no time", "no signature", "over"],
)
def test_any_other_permit_does_not(given: Permit, code: str) -> None:
    with pytest.raises(RefusedError) as no:
        request_permit(Door(given), ASKED, "device-1", KEYS, START)
    assert no.value.code == code


def test_centrals_refusal_keeps_its_code() -> None:
    with pytest.raises(RefusedError) as no:
        request_permit(Door(refused(401, "wrong_credentials")), ASKED, "device-1", KEYS, START)
    assert no.value.code == "wrong_credentials"


def test_an_unreachable_central_is_no_refusal() -> None:
    with pytest.raises(LinkError):
        request_permit(Door(unreachable()), ASKED, "device-1", KEYS, START)


def test_an_offline_permit_holds_to_its_last_second() -> None:
    check_permit(permit(), "device-1", KEYS, START + timedelta(hours=72))
    with pytest.raises(RefusedError):
        check_permit(permit(), "device-1", KEYS, START + timedelta(hours=72, seconds=1))


def test_a_key_that_this_version_cannot_read_hides_no_other() -> None:
    good = PublishedKey(
        key_id=CENTRAL.key_id, alg=CENTRAL.alg, raw=to_base64(CENTRAL.verifier.public_bytes()), owner="central"
    )
    ring = keyring_of((replace(good, alg="sm2", key_id="11111111"), good, replace(good, raw="???")))
    assert len(ring) == 1


class TestProjectLookUp:
    def test_a_known_project_keeps_its_code(self) -> None:
        directory = CentralDirectory(FlakyLink(ModelCentral(now=lambda: START)))
        assert directory.find("2026-150302-01-01-000001", "", "") == "150302-2026-000001-4"
        assert directory.find("", "没有的项目", "") is None

    def test_an_unreachable_central_stops_nobody(self) -> None:
        link = FlakyLink(ModelCentral(now=lambda: START), before=lambda _: unreachable())
        assert CentralDirectory(link).find("x", "y", "z") is None


class Source:
    """A central that gives a file in pieces and may stop or lie."""

    def __init__(self, data: bytes, stop_after: int | None = None) -> None:
        self._data, self._stop = data, stop_after
        self.asked: list[int] = []

    def read_blob(self, sha256: str, offset: int) -> Iterator[bytes]:
        self.asked.append(offset)
        rest = self._data[offset:]
        for place in range(0, len(rest), 1000):
            if self._stop is not None and place >= self._stop:
                raise unreachable()
            yield rest[place : place + 1000]


class TestDownload:
    data = bytes(range(256)) * 40
    sha256 = hashlib.sha256(data).hexdigest()

    def test_a_cut_download_goes_on_where_it_stopped(self) -> None:
        target = io.BytesIO()
        with pytest.raises(LinkError):
            download(Source(self.data, stop_after=3000), self.sha256, len(self.data), target)
        again = Source(self.data)
        download(again, self.sha256, len(self.data), target)
        assert again.asked == [3000]
        assert target.getvalue() == self.data

    @pytest.mark.parametrize("sent", [data[:-1] + b"x", data + b"more"], ids=["altered", "longer"])
    def test_a_file_that_is_not_what_its_name_says_is_thrown_away(self, sent: bytes) -> None:
        target = io.BytesIO()
        with pytest.raises(LinkError) as failed:
            download(Source(sent), self.sha256, len(self.data), target)
        assert failed.value.failure.kind is FailureKind.GARBAGE
        assert target.getvalue() == b""

    def test_a_short_file_is_kept_for_the_next_try(self) -> None:
        target = io.BytesIO()
        with pytest.raises(LinkError) as failed:
            download(Source(self.data[:5000]), self.sha256, len(self.data), target)
        assert failed.value.failure.kind is FailureKind.UNREACHABLE
        assert target.getvalue() == self.data[:5000]

    def test_a_whole_file_is_not_asked_for_again(self) -> None:
        source = Source(self.data)
        download(source, self.sha256, len(self.data), io.BytesIO(self.data))
        assert source.asked == []
