"""The doors of the counters: enrol, hello, push, pull, codes, check, permits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from central.intake import codes, joining, pulling
from central.intake.push import push
from central.people.sign_in import issue_permit
from central.routes.described import Parameter, describe
from central.routes.device_auth import Doorkeeper, read_body
from central.routes.problems import answer_json
from central.runtime import Central
from central.serving import Serving
from central.store.devices import Device
from ebp_desktop.domain.errors import BadInputError
from sync.protocol import messages as m
from sync.protocol import wire
from sync.protocol.codec import from_json

Asked = TypeVar("Asked")
LONGEST_WAIT: Final = 30.0
_LOOK_AGAIN: Final = 0.3


def counter_routes(central: Central, serving: Serving, door: Doorkeeper) -> APIRouter:
    """Everything below /v1 that a counter calls, but the scans."""
    router = APIRouter(tags=["counter"])

    async def serve(request: Request, wanted: type[Asked], act: Callable[[Device, Asked], object]) -> Response:
        body = await read_body(request)
        device = await door.identify(request, body)
        answer = await run_in_threadpool(lambda: act(device, from_json(body, wanted)))
        return answer_json(answer)

    @router.post(wire.ENROL, **describe("Make a workstation a counter", takes=m.EnrolRequest, gives=m.EnrolAnswer))
    async def enrol(request: Request) -> Response:
        asked = from_json(await read_body(request), m.EnrolRequest)
        return answer_json(await run_in_threadpool(joining.enrol, central, asked))

    @router.post(wire.HELLO, **describe("Greet and compare chains", takes=m.HelloRequest, gives=m.HelloAnswer))
    async def hello(request: Request) -> Response:
        return await serve(request, m.HelloRequest, lambda device, asked: joining.hello(central, device, asked))

    @router.post(wire.PUSH, **describe("Send facts in sequence", takes=m.PushRequest, gives=m.PushAnswer))
    async def push_facts(request: Request) -> Response:
        answer = await serve(request, m.PushRequest, lambda device, asked: push(central, device, asked))
        serving.wake()
        return answer

    @router.get(
        wire.PULL,
        **describe(
            "Read the feed behind a cursor, or single rows again",
            gives=m.PullAnswer,
            parameters=(
                Parameter("cursor", "query", "string"),
                Parameter("limit", "query", "integer"),
                Parameter("wait", "query", "number"),
                Parameter("collection", "query", "string"),
                Parameter("ids", "query", "string"),
            ),
        ),
    )
    async def pull(request: Request) -> Response:
        await door.identify(request, await read_body(request))
        query = request.query_params
        if query.get("ids"):
            ids = tuple(query["ids"].split(","))[: pulling.LARGEST_PAGE]
            return answer_json(await run_in_threadpool(pulling.fetch, central, query.get("collection", "fact"), ids))
        cursor, limit = query.get("cursor", ""), int(_number(query.get("limit", "500")))
        await wait_for_news(central, serving, cursor, min(_number(query.get("wait", "0")), LONGEST_WAIT))
        return answer_json(await run_in_threadpool(pulling.pull, central, cursor, limit))

    @router.post(wire.LEASE, **describe("Get blocks of project codes", takes=m.LeaseRequest, gives=m.LeaseAnswer))
    async def lease(request: Request) -> Response:
        return await serve(request, m.LeaseRequest, lambda device, asked: codes.lease(central, device, asked))

    @router.post(wire.RETURN, **describe("Give back a tail of a block", takes=m.LeaseReturn, gives=m.LeaseAnswer))
    async def give_back(request: Request) -> Response:
        return await serve(request, m.LeaseReturn, lambda device, asked: codes.give_back(central, device, asked))

    @router.post(wire.LOOKUP, **describe("Find a known project's code", takes=m.CodeLookup, gives=m.CodeFound))
    async def lookup(request: Request) -> Response:
        return await serve(request, m.CodeLookup, lambda _device, asked: codes.lookup(central, asked))

    @router.post(wire.CHECK, **describe("Compare sums of rows", takes=m.CheckRequest, gives=m.CheckAnswer))
    async def check(request: Request) -> Response:
        return await serve(request, m.CheckRequest, lambda _device, asked: pulling.check(central, asked))

    @router.post(wire.PERMITS, **describe("Sign a person in", takes=m.PermitRequest, gives=m.Permit))
    async def permits(request: Request) -> Response:
        return await serve(request, m.PermitRequest, lambda device, asked: issue_permit(central, device, asked))

    return router


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise BadInputError("bad_query", f"不是数字：{text}") from error
    if not 0 <= number <= 1_000_000:
        raise BadInputError("bad_query", f"数字超出范围：{text}")
    return number


async def wait_for_news(central: Central, serving: Serving, cursor: str, seconds: float) -> None:
    """Return when the feed has something behind ``cursor``, the time is up, or central is stopping.

    Acts of this process wake the waiting at once; those of other processes are seen within a third of a second.
    """
    if seconds <= 0:
        return
    here = await run_in_threadpool(pulling.position_of, central, cursor)
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not serving.stopping and loop.time() < until:
        if await run_in_threadpool(pulling.feed_head, central) > here:
            return
        await serving.news(min(_LOOK_AGAIN, max(0.0, until - loop.time())))
