"""A child process that answers in JSON lines: it may die or hang, and the counter does neither."""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Generic, TypeVar

import msgspec

import scanner

ChildCommand = Callable[[str], list[str]]
Answer = TypeVar("Answer")

LONGEST_LINE = 1 << 20
LAST_WORDS = 4000

log = logging.getLogger(__name__)


def checkout_child_command(kind: str) -> list[str]:
    """How a checkout starts a child of the scanner; the frozen application passes its own."""
    return [sys.executable, "-m", "scanner.child", kind]


class ChildProcess(Generic[Answer]):
    """One running child; its answers are read by a thread, so that waiting for them can be given up."""

    def __init__(
        self,
        command: Sequence[str],
        answers: type[Answer] | object,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start the command; ``answers`` is the (union) type of its messages, ``environment`` is added to our own."""
        self._decoder: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(answers)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(environment or {}),
        )
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._words = b""
        self._readers = [
            threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """Process id, for those that signal it."""
        return self._process.pid

    def send(self, message: msgspec.Struct) -> None:
        """Pass a message; a child that has just died is noticed when its answer fails to come."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(msgspec.json.encode(message) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            log.debug("the child ended before it took a message")

    def answer(self, seconds: float) -> Answer | None:
        """The next message; ``None`` where the child has ended.

        Raises TimeoutError when it stays silent for that long, ``msgspec.DecodeError`` for what is no message.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        return None if line is None else self._decoder.decode(line)

    def end(self) -> None:
        """Stop the child at once and collect what is left of it; may be called again."""
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                _close_quietly(stream)
        if self._words:
            log.debug("the child said: %s", self._words.decode("utf-8", "replace"))
            self._words = b""

    def _read(self, stream: IO[bytes]) -> None:
        while line := stream.readline(LONGEST_LINE):
            self._lines.put(line)
        self._lines.put(None)

    def _listen(self, stream: IO[bytes]) -> None:
        while line := stream.readline(LAST_WORDS):
            self._words = (self._words + line)[-LAST_WORDS:]


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    """Our own environment, so made that a child started from a checkout finds the project."""
    ours = dict(os.environ)
    root = str(Path(scanner.__file__).resolve().parent.parent)
    ours["PYTHONPATH"] = os.pathsep.join(filter(None, (root, ours.get("PYTHONPATH"))))
    ours.update(added)
    return ours


def _close_quietly(stream: IO[bytes]) -> None:
    """Close a pipe whose other end may be gone with bytes still unsent."""
    try:
        stream.close()
    except BrokenPipeError:
        log.debug("the child left bytes unread")
