"""Who is calling: the device's signature over the request, its age, and its nonce, used once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from central.runtime import Central
from central.store import devices
from central.store.devices import Device
from central.store.times import moment
from central.store.work import Work
from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import ED25519, PublicKey, from_base64, load_verifier
from ebp_desktop.domain.errors import BadInputError, RefusedError
from sync.protocol.signing import (
    CREATED_HEADER,
    DEVICE_HEADER,
    DIGEST_HEADER,
    MAX_AGE_SECONDS,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    SignedRequest,
)

LARGEST_BODY: Final = 8 << 20
_LONGEST_NONCE: Final = 64
_READING: Final = frozenset({"GET", "HEAD"})


class Doorkeeper:
    """Checks signed requests; remembers the nonces of reading requests in memory, of all others in the database."""

    __slots__ = ("_central", "_lock", "_read_nonces")

    def __init__(self, central: Central) -> None:
        self._central = central
        self._lock = asyncio.Lock()
        self._read_nonces: dict[tuple[str, str], datetime] = {}

    async def identify(self, request: Request, body: bytes | None) -> Device:
        """The calling device; ``body`` None leaves the digest of a streamed body to its reader.

        Raises RefusedError ``device_unknown``, ``device_revoked``, ``bad_request_signature``, ``request_too_old`` or
        ``nonce_used``.
        """
        signed = signed_request(request)
        if body is not None and digest(body) != signed.content_digest:
            raise _bad_signature()
        device = await run_in_threadpool(self._check, signed, request.headers.get(SIGNATURE_HEADER, ""))
        if request.method in _READING:
            await self._use_in_memory(signed)
        return device

    def _check(self, signed: SignedRequest, signature: str) -> Device:
        now = self._central.clock.now()
        with self._central.store.read() as connection:
            device = devices.find_device(connection, signed.device)
        if device is None:
            raise RefusedError("device_unknown", "本工作站尚未登记为窗口。", todo="请用登记码登记本窗口。")
        if not _is_signed_by(device, signed, signature):
            raise _bad_signature()
        if device.revoked:
            raise RefusedError(
                "device_revoked", "本工作站的登记已注销。", safe="待发记录仍在本机。", todo="请联系系统管理员。"
            )
        if abs(now - moment(signed.created)) > timedelta(seconds=MAX_AGE_SECONDS):
            raise RefusedError(
                "request_too_old",
                "本机时钟与中心端相差超过 24 小时。",
                safe="待发记录仍在本机。",
                todo="请校准本机时钟。",
            )
        if signed.method.upper() not in _READING:
            self._central.transact(partial(_use, signed))
        return device

    async def _use_in_memory(self, signed: SignedRequest) -> None:
        now = self._central.clock.now()
        async with self._lock:
            key = (signed.device, signed.nonce)
            if key in self._read_nonces:
                raise _used()
            self._read_nonces[key] = now
            if len(self._read_nonces) > 100_000:
                oldest = now - timedelta(seconds=MAX_AGE_SECONDS)
                self._read_nonces = {key: at for key, at in self._read_nonces.items() if at >= oldest}


def _use(signed: SignedRequest, work: Work) -> None:
    if not devices.take_nonce(work.connection, signed.device, signed.nonce, work.now):
        raise _used()


def _used() -> RefusedError:
    return RefusedError("nonce_used", "同一请求已经收到过，不再执行。")


def _bad_signature() -> RefusedError:
    return RefusedError("bad_request_signature", "请求签名不符，未执行。", safe="待发记录仍在本机。")


def _is_signed_by(device: Device, signed: SignedRequest, signature: str) -> bool:
    verifier = load_verifier(PublicKey(ED25519, device.key_id, device.public_key))
    try:
        return verifier.verify(signed.signing_bytes(), from_base64(signature))
    except CryptoError:
        return False


def signed_request(request: Request) -> SignedRequest:
    """The signed parts of a request; raises RefusedError ``bad_request_signature`` when one is missing."""
    headers = request.headers
    values = [headers.get(name, "") for name in (DEVICE_HEADER, CREATED_HEADER, NONCE_HEADER, DIGEST_HEADER)]
    if not all(values) or len(values[2]) > _LONGEST_NONCE:
        raise _bad_signature()
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    return SignedRequest(
        method=request.method,
        target=f"{path}?{query}" if query else path,
        device=values[0],
        created=values[1],
        nonce=values[2],
        content_digest=values[3],
    )


async def read_body(request: Request, limit: int = LARGEST_BODY) -> bytes:
    """The whole body; raises BadInputError ``body_too_large`` before more than ``limit`` bytes are in memory."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BadInputError("body_too_large", "请求内容过大。", todo="程序会自动分批重发。")
        parts.append(part)
    return b"".join(parts)
