"""The doors of the counters: enrol, hello, push, pull, codes, check, permits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

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

LONGEST_WAIT: Final = 30.0
_LOOK_AGAIN: Final = 0.3


@dataclass(frozen=True, slots=True)
class Door:
    """One signed POST: the message it takes, what it gives, and the act behind it."""

    path: str
    summary: str
    takes: type
    gives: type
    act: Callable[[Central, Device, Any], object]
    makes_news: bool = False


DOORS: Final = (
    Door(wire.HELLO, "Greet and compare chains", m.HelloRequest, m.HelloAnswer, joining.hello),
    Door(wire.PUSH, "Send facts in sequence", m.PushRequest, m.PushAnswer, push, makes_news=True),
    Door(wire.LEASE, "Get blocks of project codes", m.LeaseRequest, m.LeaseAnswer, codes.lease),
    Door(wire.RETURN, "Give back a tail of a block", m.LeaseReturn, m.LeaseAnswer, codes.give_back),
    Door(wire.LOOKUP, "Find a known project's code", m.CodeLookup, m.CodeFound, codes.lookup),
    Door(wire.CHECK, "Compare sums of rows", m.CheckRequest, m.CheckAnswer, pulling.check),
    Door(wire.PERMITS, "Sign a person in", m.PermitRequest, m.Permit, issue_permit),
)
_PULL_QUERY: Final = (
    Parameter("cursor", "query", "string"),
    Parameter("limit", "query", "integer"),
    Parameter("wait", "query", "number"),
    Parameter("collection", "query", "string"),
    Parameter("ids", "query", "string"),
)


def counter_routes(central: Central, serving: Serving, keeper: Doorkeeper) -> APIRouter:
    """Everything below /v1 that a counter calls, but the scans."""
    router = APIRouter(tags=["counter"])

    async def enrol(request: Request) -> Response:
        asked = from_json(await read_body(request), m.EnrolRequest)
        return answer_json(await run_in_threadpool(joining.enrol, central, asked))

    async def pull(request: Request) -> Response:
        await keeper.identify(request, await read_body(request))
        return await _answer_pull(central, serving, request)

    words = describe("Make a workstation a counter", takes=m.EnrolRequest, gives=m.EnrolAnswer)
    router.post(wire.ENROL, **words)(enrol)
    words = describe("Read the feed behind a cursor, or single rows again", gives=m.PullAnswer, parameters=_PULL_QUERY)
    router.get(wire.PULL, **words)(pull)
    for door in DOORS:
        words = describe(door.summary, takes=door.takes, gives=door.gives)
        router.post(door.path, **words)(_through(door, central, serving, keeper))
    return router


def _through(
    door: Door, central: Central, serving: Serving, keeper: Doorkeeper
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        body = await read_body(request)
        device = await keeper.identify(request, body)
        answer = await run_in_threadpool(lambda: door.act(central, device, from_json(body, door.takes)))
        if door.makes_news:
            serving.wake()
        return answer_json(answer)

    handle.__name__ = door.path.removeprefix("/v1/").replace("/", "_")
    return handle


async def _answer_pull(central: Central, serving: Serving, request: Request) -> Response:
    query = request.query_params
    if query.get("ids"):
        ids = tuple(query["ids"].split(","))[: pulling.LARGEST_PAGE]
        return answer_json(await run_in_threadpool(pulling.fetch, central, query.get("collection", "fact"), ids))
    cursor, limit = query.get("cursor", ""), int(_number(query.get("limit", "500")))
    await wait_for_news(central, serving, cursor, min(_number(query.get("wait", "0")), LONGEST_WAIT))
    return answer_json(await run_in_threadpool(pulling.pull, central, cursor, limit))


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
