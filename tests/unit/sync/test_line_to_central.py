"""The HTTP line: where it may lead, what it signs, and what it makes of answers."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.signatures import Ed25519Signer, from_base64
from ebp_desktop.domain.errors import BadInputError
from sync import transport
from sync.failures import FailureKind, LinkError
from sync.protocol.codec import to_json
from sync.protocol.messages import CodeLookup, Problem
from sync.protocol.signing import SignedRequest
from sync.transport import DeviceIdentity, HttpLink, checked_url, socket_options, tls_context
from tests.fixtures.sync_memory import START

SIGNER = Ed25519Signer.generate()
LOOKUP = CodeLookup(national_code="", name="污水处理厂", party_code="")


@pytest.mark.parametrize(
    "url", ["https://hall.example/", "http://127.0.0.1:8000", "http://[::1]:1", "http://localhost"]
)
def test_tls_anywhere_and_plain_http_to_this_computer_only(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.1.2.3", "plain_http"),
        ("http://127.0.0.1.evil.example", "plain_http"),
        ("http://localhost.evil.example", "plain_http"),
        ("ftp://hall.example", "bad_url"),
        ("hall.example", "bad_url"),
        ("https://", "bad_url"),
    ],
)
def test_anything_else_is_refused_before_a_byte_leaves(url: str, code: str) -> None:
    with pytest.raises(BadInputError) as refused:
        checked_url(url)
    assert refused.value.code == code


def test_certificates_are_always_checked() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_useless_authority_file_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text, encoding="ascii")
    with pytest.raises(BadInputError) as refused:
        tls_context(file)
    assert (refused.value.code, refused.value.place) == ("bad_ca", str(file))


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system has no such option")
def test_a_dead_line_is_noticed_by_the_system_itself() -> None:
    options = {(level, name): value for level, name, value in socket_options(4000)}
    assert options[socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT] == 4000
    assert options[socket.SOL_SOCKET, socket.SO_KEEPALIVE] == 1


def link_that_answers(response: httpx.Response, seen: list[httpx.Request] | None = None) -> HttpLink:
    """A line whose other end gives one fixed answer."""

    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return response

    link = HttpLink("http://127.0.0.1:9", DeviceIdentity("device-1", SIGNER.sign, lambda: START), tls_context())
    link._client.close()
    link._client = httpx.Client(base_url="http://127.0.0.1:9", transport=httpx.MockTransport(handle), trust_env=False)
    return link


def test_every_request_is_signed_over_method_target_body_time_and_nonce() -> None:
    seen: list[httpx.Request] = []
    with link_that_answers(httpx.Response(200, json={"project_code": "", "certain": False}), seen) as link:
        link.lookup(LOOKUP)
        link.lookup(LOOKUP)
    first, second = seen
    signed = SignedRequest(
        method="POST",
        target="/v1/codes/lookup",
        device="device-1",
        created=START.isoformat(),
        nonce=first.headers["EBP-Nonce"],
        content_digest=digest(to_json(LOOKUP)),
    )
    assert SIGNER.verifier.verify(signed.signing_bytes(), from_base64(first.headers["EBP-Signature"]))
    assert first.headers["EBP-Nonce"] != second.headers["EBP-Nonce"]


def test_the_query_is_under_the_signature() -> None:
    seen: list[httpx.Request] = []
    again = httpx.Response(409, json={"code": "must_refetch", "message": "x"})
    with link_that_answers(again, seen) as link, pytest.raises(LinkError):
        link.pull("abc=:1", 7)
    request = seen[0]
    target = request.url.raw_path.decode()
    assert "limit=7" in target
    signed = SignedRequest(
        method="GET",
        target=target,
        device="device-1",
        created=START.isoformat(),
        nonce=request.headers["EBP-Nonce"],
        content_digest=digest(b""),
    )
    assert SIGNER.verifier.verify(signed.signing_bytes(), from_base64(request.headers["EBP-Signature"]))


def failure_of(response: httpx.Response):
    with link_that_answers(response) as link, pytest.raises(LinkError) as failed:
        link.lookup(LOOKUP)
    return failed.value.failure


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (format_datetime(START + timedelta(seconds=90)), 90.0),
        (format_datetime(START - timedelta(seconds=90)), 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_read_as_a_number_and_as_a_date(header: str, seconds: float | None) -> None:
    assert failure_of(httpx.Response(503, headers={"Retry-After": header})).retry_after == seconds


def test_a_problem_keeps_centrals_own_words() -> None:
    body = to_json(Problem(code="device_revoked", message="本工作站的登记已注销。"))
    failure = failure_of(httpx.Response(403, content=body))
    assert (failure.kind, failure.code, failure.message) == (
        FailureKind.UNWELCOME,
        "device_revoked",
        "本工作站的登记已注销。",
    )


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1000)
    assert failure_of(httpx.Response(200, content=b" " * 2000)).kind is FailureKind.GARBAGE


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"project_code": 5}'])
def test_a_well_meant_status_with_nonsense_is_garbage(body: bytes) -> None:
    assert failure_of(httpx.Response(200, content=body)).kind is FailureKind.GARBAGE


def test_a_body_that_cannot_be_unpacked_is_garbage() -> None:
    class Torn(httpx.SyncByteStream):
        def __iter__(self):
            yield b"not gzip at all"

    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Torn())
    assert failure_of(response).kind is FailureKind.GARBAGE
