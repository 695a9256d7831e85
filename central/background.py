"""What serving does beside the requests: deemed acceptance, forgetting of old nonces, and the demo's departments."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from central.acts.deemed import issue_deemed
from central.demo import autopilot
from central.logs import log_event
from central.runtime import Central
from central.serving import Serving
from central.store import devices
from ebp_desktop.domain.errors import EbpError
from sync.protocol.signing import MAX_AGE_SECONDS

_DEEMED_SECONDS: Final = 5.0
_NONCES_SECONDS: Final = 3600.0
_AUTOPILOT_SECONDS: Final = 1.5


def start_background(central: Central, serving: Serving) -> list[asyncio.Task[None]]:
    """Start every task on the running loop; a failure of one round is logged and the next round tries again."""
    jobs: tuple[tuple[str, float, Callable[[Central], int]], ...] = (
        ("deemed", _DEEMED_SECONDS, _deemed),
        ("nonces", _NONCES_SECONDS, _nonces),
        ("autopilot", _AUTOPILOT_SECONDS, _autopilot),
    )
    return [asyncio.create_task(_repeat(central, serving, *job), name=job[0]) for job in jobs]


async def _repeat(central: Central, serving: Serving, name: str, seconds: float, job: Callable[[Central], int]) -> None:
    while not serving.stopping:
        try:
            done = await run_in_threadpool(job, central)
        except (EbpError, DBAPIError) as error:
            log_event("background.failed", job=name, code=getattr(error, "code", type(error).__name__))
            done = 0
        if done:
            serving.wake()
        await asyncio.sleep(seconds)


def _deemed(central: Central) -> int:
    return len(issue_deemed(central))


def _nonces(central: Central) -> int:
    before = central.clock.now() - timedelta(seconds=2 * MAX_AGE_SECONDS)
    central.transact(lambda work: devices.forget_nonces(work.connection, before))
    return 0


def _autopilot(central: Central) -> int:
    return autopilot.step(central) if autopilot.is_on(central) else 0
