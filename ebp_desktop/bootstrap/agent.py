"""The key agent of a command-line session: holds the data key behind a private socket and lets it go in time.

Started by ``ebp session open`` as a child of its own; ends after ten idle minutes, eight hours, or on request.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec

from ebp_desktop.bootstrap.children import child_command
from ebp_desktop.crypto.signatures import from_base64, to_base64
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.services.sign_in import IDLE_LIMIT, SESSION_LIMIT
from ebp_desktop.services.window import Operator
from ebp_desktop.store.platform_files import private_folder

SOCKET_NAME = "agent.sock"
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the agent keeps: the data key, who signed in, until when, and whether idleness ends it."""

    data_key: str
    operator: Operator
    expires: datetime
    session: str
    idle: bool = True
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A running session as commands see it."""

    session: str
    operator: Operator
    expires: datetime
    data_key: bytes


def start_agent(home: Path, charge: Charge) -> None:
    """Starts the agent and hands it its charge over a pipe; an agent that runs already is ended first.

    Raises SurroundingsError ``agent_failed`` or ``home_too_deep``.
    """
    _short(home / SOCKET_NAME)
    end_session(home)
    child = subprocess.Popen(  # our own executable
        child_command("agent"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if child.stdin is None or child.stdout is None:
        raise _failed()
    with child.stdin, child.stdout:
        child.stdin.write(msgspec.json.encode(replace(charge, home=str(home))) + b"\n")
        child.stdin.flush()
        if child.stdout.readline().strip() != b"ready":
            child.kill()
            child.wait()
            raise _failed()
    child.returncode = 0  # it outlives this process on purpose: nobody waits for it


def find_session(home: Path) -> OpenSession | None:
    """The running session of a home, or None."""
    answer = _ask(home, "key")
    if answer is None:
        return None
    charge = msgspec.json.decode(answer, type=Charge)
    return OpenSession(
        session=charge.session,
        operator=charge.operator,
        expires=charge.expires,
        data_key=from_base64(charge.data_key),
    )


def require_session(home: Path) -> OpenSession:
    """The running session; raises RefusedError ``sign_in_required``."""
    found = find_session(home)
    if found is None:
        raise RefusedError(
            "sign_in_required",
            "还没有登录，或登录已超时。",
            article="第三十一条",
            safe="未做任何改动。",
            todo="用 ebp session open 登录后再办。",
        )
    return found


def end_session(home: Path) -> bool:
    """Ends the running session; tells whether there was one."""
    return _ask(home, "close") is not None


def new_charge(data_key: bytes, operator: Operator, expires: datetime, session: str, *, idle: bool) -> Charge:
    """What an agent is to keep."""
    return Charge(data_key=to_base64(data_key), operator=operator, expires=expires, session=session, idle=idle)


def main(stdin: TextIO | None = None) -> int:
    """The agent's own process: reads its charge, serves until it is over."""
    line = (stdin or sys.stdin).readline()
    charge = msgspec.json.decode(line.encode(), type=Charge)
    path = private_folder(Path(charge.home)) / SOCKET_NAME
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        before = os.umask(0o177)
        try:
            server.bind(_short(path))
        finally:
            os.umask(before)
        server.listen(8)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        try:
            _serve(server, charge)
        finally:
            path.unlink(missing_ok=True)
    return 0


def _serve(server: socket.socket, charge: Charge) -> None:
    """Answers until closed, idle for too long, or at the session's end."""
    end = time.monotonic() + SESSION_LIMIT.total_seconds()
    last = time.monotonic()
    while True:
        idle_end = last + IDLE_LIMIT.total_seconds() if charge.idle else end
        left = min(end, idle_end) - time.monotonic()
        if left <= 0:
            return
        server.settimeout(left)
        try:
            connection, _ = server.accept()
        except TimeoutError:
            return
        with connection:
            connection.settimeout(5)
            try:
                wish = connection.recv(_LARGEST).decode("utf-8", "replace").strip()
                connection.sendall(msgspec.json.encode(charge))
            except OSError:
                continue
            if wish == "close":
                return
        last = time.monotonic()


def _ask(home: Path, wish: str) -> bytes | None:
    path = home / SOCKET_NAME
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            return None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            client.connect(_short(path))
            client.sendall(wish.encode())
            answer = b""
            while chunk := client.recv(_LARGEST):
                answer += chunk
    except OSError:
        return None
    try:
        json.loads(answer)
    except ValueError:
        return None
    return answer


def _short(path: Path) -> str:
    """The socket's path, relative where the absolute one is too long for the system (108 bytes)."""
    text = str(path)
    if len(text.encode()) < 100:
        return text
    relative = os.path.relpath(path)
    if len(relative.encode()) < 100:
        return relative
    raise SurroundingsError("home_too_deep", "本机数据目录的路径过长。", place=text, todo="换一个较短的 --home。")


def _failed() -> SurroundingsError:
    return SurroundingsError("agent_failed", "登录会话没有启动。", safe="未做任何改动。", todo="请重试。")
