"""The ASGI application: routes, problems, metrics and health around one opened central."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from central.metrics import Metrics, render_metrics
from central.routes.counters import counter_routes
from central.routes.described import describe, install_schema
from central.routes.device_auth import Doorkeeper
from central.routes.problems import answer_json, install
from central.routes.scans import scan_routes
from central.runtime import Central
from central.serving import Serving
from central.store import schema as t

TITLE: Final = "EBP central"
VERSION: Final = "1"


def build_app(central: Central, serving: Serving) -> FastAPI:
    """The application over an opened central; it neither opens nor closes it."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        description="EBP-Sync/1 and the acts of departments. Every failure is a Problem in the words of the counter.",
        docs_url=None,
        redoc_url=None,
    )
    metrics = Metrics()

    @app.middleware("http")
    async def measured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        response = await call_next(request)
        route = request.scope.get("route")
        metrics.note(
            request.method, getattr(route, "path", "unmatched"), response.status_code, time.perf_counter() - started
        )
        return response

    door = Doorkeeper(central)
    app.include_router(counter_routes(central, serving, door))
    app.include_router(scan_routes(central, serving, door))
    app.include_router(_health_routes(central, serving, metrics))
    install(app)
    install_schema(app)
    return app


def _health_routes(central: Central, serving: Serving, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/v1/health/live", **describe("The process answers"))
    async def live() -> Response:
        return answer_json({"live": True})

    @router.get("/v1/health/ready", **describe("The database answers and central is not stopping"))
    async def ready() -> Response:
        if serving.stopping:
            return answer_json({"ready": False, "why": "stopping"}, 503, {"Retry-After": "5"})
        await run_in_threadpool(_touch_database, central)
        return answer_json({"ready": True, "server_time": central.clock.now().isoformat()})

    @router.get("/metrics", include_in_schema=False)
    async def show() -> Response:
        return PlainTextResponse(await run_in_threadpool(render_metrics, central, metrics))

    return router


def _touch_database(central: Central) -> None:
    with central.store.read() as connection:
        connection.execute(sa.select(t.heads.c.value).limit(1)).first()
