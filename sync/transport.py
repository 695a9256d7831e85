"""The line to central over HTTP/1.1 with TLS: each request signed by the device, each answer checked for its shape."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from ebp_desktop.crypto.signatures import to_base64
from ebp_desktop.domain.errors import BadInputError
from sync.failures import Failure, FailureKind, LinkError, kind_of_status
from sync.protocol import wire
from sync.protocol.codec import from_json, to_json
from sync.protocol.messages import (
    BlobState,
    CheckAnswer,
    CheckRequest,
    CodeFound,
    CodeLookup,
    EnrolAnswer,
    EnrolRequest,
    HelloAnswer,
    HelloRequest,
    LeaseAnswer,
    LeaseRequest,
    Permit,
    PermitRequest,
    Problem,
    PullAnswer,
    PushAnswer,
    PushRequest,
)
from sync.protocol.signing import (
    CREATED_HEADER,
    DEVICE_HEADER,
    DIGEST_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    SignedRequest,
)

T = TypeVar("T")
LARGEST_ANSWER: Final = 64 << 20
_SECONDS = httpx.Timeout(connect=3.0, write=15.0, read=15.0, pool=5.0)
_BLOB_SECONDS = httpx.Timeout(connect=3.0, write=30.0, read=30.0, pool=5.0)
_USER_TIMEOUT_MS = 10_000


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """Who signs: the device's name, its signature over bytes, and the time to write beside it."""

    device: str
    sign: Callable[[bytes], bytes]
    now: Callable[[], datetime]


def tls_context(ca: Path | None = None) -> ssl.SSLContext:
    """The context for every connection: TLS 1.2 or newer, only central's own authority when one is pinned.

    Raises BadInputError ``bad_ca`` when the file holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise BadInputError("bad_ca", "中心服务器的证书文件无法使用。", place=str(ca)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def checked_url(url: str) -> str:
    """The base URL without a trailing slash; plain HTTP is only for this same computer.

    Raises BadInputError ``bad_url`` or ``plain_http``.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInputError("bad_url", "中心服务器地址应为 https://主机[:端口]。", place=url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise BadInputError("plain_http", "中心服务器地址必须使用 https://。", place=url)
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def socket_options(user_timeout_ms: int = _USER_TIMEOUT_MS) -> list[tuple[int, int, int]]:
    """Options that notice a dead line within seconds, as far as this system has them."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    wanted = {"TCP_USER_TIMEOUT": user_timeout_ms, "TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3}
    for name, value in wanted.items():
        number = getattr(socket, name, None)
        if number is not None:
            options.append((socket.IPPROTO_TCP, number, value))
    return options


class HttpLink:
    """Implements ``ports.CentralLink``; one instance serves one thread and keeps its connection alive."""

    def __init__(
        self,
        url: str,
        identity: DeviceIdentity,
        context: ssl.SSLContext,
        *,
        timeout: httpx.Timeout = _SECONDS,
        blob_timeout: httpx.Timeout = _BLOB_SECONDS,
        user_timeout_ms: int = _USER_TIMEOUT_MS,
    ) -> None:
        self._identity = identity
        self._blob_timeout = blob_timeout
        self._client = httpx.Client(
            base_url=checked_url(url),
            timeout=timeout,
            trust_env=False,
            transport=httpx.HTTPTransport(verify=context, socket_options=socket_options(user_timeout_ms)),
        )

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def enrol(self, request: EnrolRequest) -> EnrolAnswer:
        """Makes this device a counter; the one request without a signature by a known device."""
        return self._post(wire.ENROL, request, EnrolAnswer)

    def hello(self, request: HelloRequest) -> HelloAnswer:
        """Greets."""
        return self._post(wire.HELLO, request, HelloAnswer)

    def push(self, request: PushRequest) -> PushAnswer:
        """Sends facts."""
        return self._post(wire.PUSH, request, PushAnswer)

    def pull(self, cursor: str, limit: int) -> PullAnswer:
        """Asks for the next page of the feed."""
        return self._get(wire.PULL, {"cursor": cursor, "limit": str(limit)}, PullAnswer)

    def fetch(self, collection: str, ids: tuple[str, ...]) -> PullAnswer:
        """Asks for single rows of a collection again."""
        return self._get(wire.PULL, {"collection": collection, "ids": ",".join(ids)}, PullAnswer)

    def lease(self, request: LeaseRequest) -> LeaseAnswer:
        """Asks for project codes."""
        return self._post(wire.LEASE, request, LeaseAnswer)

    def lookup(self, request: CodeLookup) -> CodeFound:
        """Asks for an existing project code."""
        return self._post(wire.LOOKUP, request, CodeFound)

    def check(self, request: CheckRequest) -> CheckAnswer:
        """Compares bucket sums."""
        return self._post(wire.CHECK, request, CheckAnswer)

    def permit(self, request: PermitRequest) -> Permit:
        """Signs a person in at central."""
        return self._post(wire.PERMITS, request, Permit)

    def open_blob(self, sha256: str, size: int) -> BlobState:
        """Starts or finds an upload."""
        headers = {wire.UPLOAD_LENGTH: str(size)}
        request = self._build("POST", wire.BLOBS + sha256, b"", headers)
        return _decoded(self._send(request), BlobState)

    def send_blob(self, sha256: str, offset: int, data: bytes, *, last: bool) -> BlobState:
        """Sends the next part; central answers only after it lies on disk."""
        digest = hashlib.sha256(data).hexdigest()
        headers = {
            "Content-Type": wire.PART,
            wire.UPLOAD_OFFSET: str(offset),
            wire.UPLOAD_COMPLETE: "?1" if last else "?0",
            wire.CONTENT_DIGEST: wire.digest_field(digest),
        }
        request = self._build("PATCH", wire.BLOBS + sha256, data, headers, digest=digest, timeout=self._blob_timeout)
        return _decoded(self._send(request), BlobState)

    def read_blob(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a scan from ``offset`` on."""
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        request = self._build("GET", wire.BLOBS + sha256, b"", headers, timeout=self._blob_timeout)
        with _line_errors():
            response = self._client.send(request, stream=True)
            try:
                if response.status_code != (206 if offset else 200):
                    raise LinkError(_failure(response, response.read(), self._identity.now()))
                yield from response.iter_bytes()
            finally:
                response.close()

    def _get(self, path: str, params: Mapping[str, str], wanted: type[T]) -> T:
        target = str(httpx.URL(path, params=dict(params)))
        return _decoded(self._send(self._build("GET", target, b"", {})), wanted)

    def _post(self, path: str, message: object, wanted: type[T]) -> T:
        request = self._build("POST", path, to_json(message), {"Content-Type": wire.JSON})
        return _decoded(self._send(request), wanted)

    def _build(
        self,
        method: str,
        target: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        digest: str = "",
        timeout: httpx.Timeout | None = None,
    ) -> httpx.Request:
        request = self._client.build_request(
            method, target, content=body, headers=dict(headers), timeout=timeout or self._client.timeout
        )
        signed = SignedRequest(
            method=method,
            target=request.url.raw_path.decode("ascii"),
            device=self._identity.device,
            created=self._identity.now().isoformat(),
            nonce=secrets.token_hex(16),
            content_digest=digest or hashlib.sha256(body).hexdigest(),
        )
        request.headers[DEVICE_HEADER] = signed.device
        request.headers[CREATED_HEADER] = signed.created
        request.headers[NONCE_HEADER] = signed.nonce
        request.headers[DIGEST_HEADER] = signed.content_digest
        request.headers[SIGNATURE_HEADER] = to_base64(self._identity.sign(signed.signing_bytes()))
        return request

    def _send(self, request: httpx.Request) -> bytes:
        with _line_errors():
            response = self._client.send(request, stream=True)
            try:
                body = _read_capped(response)
            finally:
                response.close()
        if response.is_success:
            return body
        raise LinkError(_failure(response, body, self._identity.now()))


@contextmanager
def _line_errors() -> Iterator[None]:
    try:
        yield
    except httpx.DecodingError as error:
        raise LinkError(Failure(kind=FailureKind.GARBAGE)) from error
    except httpx.RequestError as error:
        code = "central_untrusted" if "CERTIFICATE_VERIFY_FAILED" in str(error) else ""
        message = "中心服务器的证书不可信，未发送任何内容。" if code else ""
        raise LinkError(Failure(kind=FailureKind.UNREACHABLE, code=code, message=message)) from error


def _read_capped(response: httpx.Response) -> bytes:
    """The body, unless it is larger than any answer can be."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > LARGEST_ANSWER:
            raise LinkError(Failure(kind=FailureKind.GARBAGE, status=response.status_code))
        parts.append(part)
    return b"".join(parts)


def _failure(response: httpx.Response, body: bytes, now: datetime) -> Failure:
    problem = _problem(body)
    status = response.status_code
    return Failure(
        kind=kind_of_status(status, problem.code),
        status=status,
        retry_after=_retry_after(response.headers.get("Retry-After", ""), now),
        code=problem.code,
        message=problem.message,
    )


def _problem(body: bytes) -> Problem:
    try:
        return from_json(body, Problem)
    except BadInputError:
        return Problem(code="", message="")


def _retry_after(value: str, now: datetime) -> float | None:
    """Seconds of a Retry-After field, given as a number or as an HTTP date."""
    if not value:
        return None
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def _decoded(body: bytes, wanted: type[T]) -> T:
    try:
        return from_json(body, wanted)
    except BadInputError as error:
        raise LinkError(Failure(kind=FailureKind.GARBAGE, status=200)) from error
