"""The doors of scans: resumable upload with a durable offset, and reading back with ranges."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from central.intake.uploads import accept_part, blob_state, open_upload
from central.routes.described import Parameter, describe
from central.routes.device_auth import Doorkeeper, read_body
from central.routes.problems import answer_json
from central.runtime import Central
from central.serving import Serving
from ebp_desktop.domain.errors import BadInputError
from sync.protocol import messages as m
from sync.protocol import wire

LARGEST_PART: Final = 32 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")
_PATH: Final = wire.BLOBS + "{sha256}"


def scan_routes(central: Central, serving: Serving, door: Doorkeeper) -> APIRouter:
    """POST opens, PATCH appends, HEAD tells, GET reads."""
    router = APIRouter(tags=["scans"])
    digest = Parameter("sha256", "path", "string", required=True)
    length = Parameter(wire.UPLOAD_LENGTH, "header", "integer", required=True)
    offset = Parameter(wire.UPLOAD_OFFSET, "header", "integer", required=True)

    @router.post(_PATH, **describe("Start or find an upload", gives=m.BlobState, parameters=(digest, length)))
    async def start(request: Request) -> Response:
        await door.identify(request, await read_body(request))
        size = _whole(request.headers.get(wire.UPLOAD_LENGTH, ""), wire.UPLOAD_LENGTH)
        return _state(await run_in_threadpool(open_upload, central, _digest(request), size))

    @router.patch(_PATH, **describe("Append a part", gives=m.BlobState, parameters=(digest, offset)))
    async def append(request: Request) -> Response:
        part = await read_body(request, LARGEST_PART)
        await door.identify(request, part)
        at = _whole(request.headers.get(wire.UPLOAD_OFFSET, ""), wire.UPLOAD_OFFSET)
        state = await run_in_threadpool(accept_part, central, _digest(request), at, part)
        if state.done:
            serving.wake()
        return _state(state)

    @router.head(_PATH, **describe("How much is durably here", parameters=(digest,)))
    async def tell(request: Request) -> Response:
        await door.identify(request, b"")
        state = await run_in_threadpool(blob_state, central, _digest(request))
        return Response(headers=_headers(state))

    @router.get(_PATH, **describe("Read a whole scan or a range of it", parameters=(digest,)))
    async def read(request: Request) -> Response:
        await door.identify(request, await read_body(request))
        sha256 = _digest(request)
        state = await run_in_threadpool(blob_state, central, sha256)
        return _contents(central, state, request.headers.get("Range", ""))

    return router


def _contents(central: Central, state: m.BlobState, asked: str) -> Response:
    """The whole scan or the range that was asked for, in pieces."""
    if not state.done:
        raise BadInputError("blob_unknown", "该扫描件尚未上传完整。")
    first, end = _range(asked, state.size)
    partial = (first, end) != (0, state.size)
    headers = {"Content-Length": str(end - first), "Accept-Ranges": "bytes"}
    if partial:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{state.size}"
    body = central.blobs.read(state.sha256, first, end)
    return StreamingResponse(body, 206 if partial else 200, headers, "application/octet-stream")


def _digest(request: Request) -> str:
    sha256 = str(request.path_params["sha256"])
    if not _DIGEST.fullmatch(sha256):
        raise BadInputError("bad_digest", "扫描件摘要应为 64 位小写十六进制。")
    return sha256


def _whole(text: str, header: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadInputError("bad_header", f"{header} 应为非负整数。")
    return int(text)


def _headers(state: m.BlobState) -> dict[str, str]:
    complete = "?1" if state.done else "?0"
    return {
        wire.UPLOAD_OFFSET: str(state.offset),
        wire.UPLOAD_LENGTH: str(state.size),
        wire.UPLOAD_COMPLETE: complete,
        "Cache-Control": "no-store",
    }


def _state(state: m.BlobState) -> Response:
    return answer_json(state, headers=_headers(state))


def _range(header: str, size: int) -> tuple[int, int]:
    if not header:
        return 0, size
    asked = _RANGE.fullmatch(header)
    if asked is None or int(asked[1]) > size or (int(asked[1]) == size and size > 0):
        raise BadInputError("range_unsatisfiable", "所要的范围不在文件内。")
    end = min(int(asked[2]) + 1, size) if asked[2] else size
    return int(asked[1]), max(end, int(asked[1]))
