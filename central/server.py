"""Serving: binds the port, announces the address, answers until told to stop, then ends in order."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Final

import uvicorn

from central.app import build_app
from central.embedded import Address, announce, running_address, serving_lock, withdraw
from central.home import CentralHome
from central.logs import configure_logs, log_event
from central.runtime import Central, open_central
from central.serving import Serving
from ebp_desktop.domain.errors import SurroundingsError, UsageError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_GRACE_SECONDS: Final = 10
_ATTACH_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How to serve; TLS needs both files, and anything but loopback needs TLS."""

    database: str = ""
    blobs: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    tls_cert: str = ""
    tls_key: str = ""

    @property
    def has_tls(self) -> bool:
        """Whether the door is encrypted here."""
        return bool(self.tls_cert)


class _Server(uvicorn.Server):
    """Lets waiting pulls go before uvicorn waits for them."""

    def __init__(self, config: uvicorn.Config, serving: Serving) -> None:
        super().__init__(config)
        self._serving = serving

    def handle_exit(self, _sig: int, _frame: FrameType | None) -> None:
        """The first signal stops in order, a second one at once; uvicorn's own way would die by the signal itself."""
        self._serving.stopping = True
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wake whoever waits for news, then end as uvicorn does."""
        self._serving.stop()
        await super().shutdown(sockets)


# Tasks that live beside the requests, started on the serving loop and cancelled at its end.
Background = Callable[[Central, Serving], "list[asyncio.Task[None]]"]


def serve(home: CentralHome, options: ServeOptions, say: Callable[[Address], None], background: Background) -> None:
    """Serve until a signal; a second start for the same home says the first one's address and returns.

    Raises UsageError ``tls_pair`` or ``plain_http``, SurroundingsError ``port_taken`` or ``attach_failed``.
    """
    _check(options)
    home.prepare()
    with serving_lock(home) as first:
        if not first:
            say(_attach(home))
            return
        configure_logs()
        central = open_central(home, database=options.database, blobs=options.blobs)
        try:
            _run(central, options, say, background)
        finally:
            withdraw(home)
            central.close()


def _check(options: ServeOptions) -> None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise UsageError("tls_pair", "--tls-cert 和 --tls-key 应同时给出。")
    if options.host not in LOOPBACK and not options.has_tls:
        raise UsageError("plain_http", "除本机回环地址外必须使用 TLS。", todo="请给出 --tls-cert 和 --tls-key。")


def _attach(home: CentralHome) -> Address:
    until = time.monotonic() + _ATTACH_SECONDS
    while time.monotonic() < until:
        address = running_address(home)
        if address is not None:
            return address
        time.sleep(0.05)
    raise SurroundingsError("attach_failed", "另一个进程占用本目录但没有开始服务。", todo="请检查该进程后重试。")


def _run(central: Central, options: ServeOptions, say: Callable[[Address], None], background: Background) -> None:
    listening = _bind(options.host, options.port)
    serving = Serving()
    config = uvicorn.Config(
        build_app(central, serving),
        log_config=None,
        access_log=False,
        lifespan="off",
        ssl_certfile=options.tls_cert or None,
        ssl_keyfile=options.tls_key or None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        server_header=False,
        h11_max_incomplete_event_size=64 << 10,
    )
    server = _Server(config, serving)
    scheme = "https" if options.has_tls else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"{scheme}://{host}:{listening.getsockname()[1]}"
    asyncio.run(
        _answer(
            central, server, serving, listening, Address(url, os.getpid(), options.tls_cert or None), say, background
        )
    )
    log_event("serve.ended")


async def _answer(
    central: Central,
    server: _Server,
    serving: Serving,
    listening: socket.socket,
    address: Address,
    say: Callable[[Address], None],
    background: Background,
) -> None:
    tasks = background(central, serving)
    answering = asyncio.create_task(server.serve([listening]))
    while not server.started and not answering.done():
        await asyncio.sleep(0.01)
    if server.started:
        announce(central.home, address)
        say(address)
        log_event("serve.ready", url=address.url)
    try:
        await answering
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SurroundingsError("port_taken", f"端口 {port} 无法使用：{error.strerror}") from error
    listening.listen(512)
    return listening
