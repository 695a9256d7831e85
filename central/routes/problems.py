"""Errors as they leave over HTTP: the same words that a command prints, with the status that machines act on."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from central.logs import log_event
from ebp_desktop.domain.errors import BadInputError, EbpError, RefusedError, SurroundingsError
from sync.protocol.codec import to_json
from sync.protocol.messages import Problem
from sync.protocol.wire import JSON, MUST_REFETCH, OP_MUTATED

# Codes whose status says more than their class does.
_STATUS_OF_CODE: Final = {
    MUST_REFETCH: 409,
    OP_MUTATED: 409,
    "chain_forked": 409,
    "epoch_closed": 409,
    "offset_differs": 409,
    "digest_differs": 422,
    "device_unknown": 401,
    "bad_request_signature": 401,
    "request_too_old": 401,
    "nonce_used": 401,
    "wrong_credentials": 401,
    "locked_out": 401,
    "protocol_too_old": 426,
    "batch_too_large": 413,
    "body_too_large": 413,
    "blob_unknown": 404,
    "range_unsatisfiable": 416,
    "case_unknown": 404,
}
_STATUS_OF_CLASS: Final = ((RefusedError, 403), (BadInputError, 400), (SurroundingsError, 503))
_WORDS_OF_STATUS: Final = {404: "没有这个地址。", 405: "这个地址不接受这种请求。"}


def problem_of(error: EbpError) -> Problem:
    """The wire form of an error."""
    return Problem(code=error.code, message=error.message, article=error.article, safe=error.safe, todo=error.todo)


def status_of(error: EbpError) -> int:
    """The HTTP status of an error."""
    default = next((status for kind, status in _STATUS_OF_CLASS if isinstance(error, kind)), 500)
    return _STATUS_OF_CODE.get(error.code, default)


def answer_json(message: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A message of the protocol as a response."""
    return Response(to_json(message), status_code=status, media_type=JSON, headers=headers)


def install(app: FastAPI) -> None:
    """Turn every failure of this application into a Problem."""

    async def known(request: Request, error: Exception) -> Response:
        if not isinstance(error, EbpError):
            raise error
        log_event("request.refused", path=request.url.path, code=error.code)
        retry = {"Retry-After": "2"} if isinstance(error, SurroundingsError) else None
        return answer_json(problem_of(error), status_of(error), retry)

    async def http(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return answer_json(
            Problem(code=f"http_{status}", message=_WORDS_OF_STATUS.get(status, "请求无法处理。")), status
        )

    async def database(request: Request, error: Exception) -> Response:
        log_event("database.failed", path=request.url.path, code=type(error).__name__)
        words = Problem(
            code="database_failed", message="中心端数据库暂时不可用。", safe="本次请求未生效。", todo="稍后自动重试。"
        )
        return answer_json(words, 503, {"Retry-After": "5"})

    async def unexpected(request: Request, error: Exception) -> Response:
        log_event("request.broke", path=request.url.path, code=type(error).__name__)
        words = Problem(
            code="internal", message="中心端处理请求时出错。", safe="本次请求未生效。", todo="请系统管理员查看日志。"
        )
        return answer_json(words, 500)

    app.add_exception_handler(EbpError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(DBAPIError, database)
    app.add_exception_handler(Exception, unexpected)
