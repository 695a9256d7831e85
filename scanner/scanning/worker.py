"""The scan child: one thread reads and stores, another measures, so that the feeder never waits for image work.

A page is on the disk before the next sheet is drawn in: a driver that crashes takes no sheet with it that already
went through the feeder.
"""

from __future__ import annotations

import errno
import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import msgspec

from ebp_desktop.crypto.frames import only, open_frames
from ebp_desktop.crypto.keys import SealingKey
from scanner.confine import die_with_parent
from scanner.manifest import Ended
from scanner.protocol import Driver, ScanFault, Session
from scanner.registry import driver_for, probe, standard_drivers
from scanner.scanning.spool import SEALED_SUFFIX, Spool, Stored, measured
from scanner.scanning.wire import (
    Alive,
    BeginScan,
    Cancel,
    Finished,
    Found,
    FromScan,
    Scanned,
    SpoolFull,
    Waiting,
)

PAGES_IN_HAND = 3
PAPER_CHECK_SECONDS = 1.0
BEAT_SECONDS = 0.5
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class _Voice:
    """Sends messages from several threads, one line at a time."""

    def __init__(self, writing: BinaryIO) -> None:
        self._writing, self._turn, self._last_beat = writing, threading.Lock(), 0.0

    def say(self, message: FromScan) -> None:
        with self._turn:
            self._writing.write(msgspec.json.encode(message) + b"\n")
            self._writing.flush()

    def alive(self) -> None:
        """Say that data comes in, at most twice a second."""
        now = monotonic()
        if now - self._last_beat >= BEAT_SECONDS:
            self._last_beat = now
            self.say(Alive())


class _Reader:
    """Reads the device in a thread of its own; what comes is a stored page, or at last how it ended."""

    def __init__(self, begin: BeginScan, drivers: Sequence[Driver], spool: Spool, voice: _Voice) -> None:
        self._begin, self._drivers, self._spool, self._voice = begin, drivers, spool, voice
        self._cancelled = threading.Event()
        self._session: Session | None = None
        self.stored: queue.Queue[Stored | ScanFault | OSError] = queue.Queue(PAGES_IN_HAND)

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._run, daemon=True).start()

    def cancel(self) -> None:
        """Stop; called from the thread that listens to the counter."""
        self._cancelled.set()
        if self._session is not None:
            self._session.cancel()

    def _run(self) -> None:
        end: ScanFault | OSError = ScanFault(Ended.CRASHED, "the driver ended without a word")
        try:
            end = self._read()
        except OSError as error:
            end = error
        finally:
            self.stored.put(end)

    def _read(self) -> ScanFault:
        """Frame after frame; gives how it ended."""
        patience = monotonic() + self._begin.wait_seconds
        while True:
            given, fault = self._once()
            if self._cancelled.is_set():
                return ScanFault(Ended.CANCELLED, fault.detail)
            if fault.ended is not Ended.NO_DOCS or given or monotonic() >= patience:
                return ScanFault(Ended.DONE) if fault.ended is Ended.NO_DOCS and given else fault
            self._voice.say(Waiting())
            self._cancelled.wait(PAPER_CHECK_SECONDS)

    def _once(self) -> tuple[int, ScanFault]:
        """One pass over the device: how many frames came, and how it ended."""
        given = 0
        try:
            driver, address = driver_for(self._begin.device, self._drivers)
            self._session = driver.open(address, self._begin.job, self._voice.alive)
            try:
                if self._cancelled.is_set():
                    self._session.cancel()
                for frame in self._session.frames():
                    self.stored.put(self._spool.store(frame))
                    given += 1
            finally:
                self._session.close()
        except ScanFault as fault:
            return given, fault
        return given, ScanFault(Ended.DONE)


def run(reading: BinaryIO, writing: BinaryIO, drivers: Sequence[Driver] | None = None) -> int:
    """Serve the one job of this child; a crash in it is the counter's to notice."""
    begin = msgspec.json.decode(reading.readline(), type=BeginScan)
    die_with_parent(begin.parent)
    voice = _Voice(writing)
    voice.say(Alive())
    drivers = drivers if drivers is not None else standard_drivers(begin.known)
    key = None if begin.seal is None else SealingKey(begin.seal.key_id, begin.seal.secret)
    try:
        if begin.adopt:
            _adopt(begin, key, voice.say)
        elif not begin.device:
            voice.say(Found(probe(drivers)))
        else:
            _scan(begin, key, reading, drivers, voice)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        voice.say(SpoolFull())
    return 0


def _scan(
    begin: BeginScan, key: SealingKey | None, reading: BinaryIO, drivers: Sequence[Driver], voice: _Voice
) -> None:
    spool = Spool(Path(begin.into), begin.device, key, begin.next_page)
    reader = _Reader(begin, drivers, spool, voice)
    threading.Thread(target=_listen, args=(reading, reader), daemon=True).start()
    reader.start()
    while True:
        stored = reader.stored.get()
        if isinstance(stored, OSError):
            raise stored
        if isinstance(stored, ScanFault):
            voice.say(Finished(stored.ended, stored.detail))
            return
        voice.say(Scanned(spool.measure(stored)))


def _listen(reading: BinaryIO, reader: _Reader) -> None:
    """Any word after the first means stop, and so does the end of the counter."""
    line = reading.readline()
    if line:
        msgspec.json.decode(line, type=Cancel)
    reader.cancel()


def _adopt(begin: BeginScan, key: SealingKey | None, say: Callable[[FromScan], None]) -> None:
    """Measure pages that were stored and never said."""
    for number, name in enumerate(begin.adopt, start=begin.next_page):
        with (Path(begin.into) / name).open("rb") as file:
            if name.endswith(SEALED_SUFFIX):
                assert key is not None, "sealed pages come with their key"
                data = b"".join(open_frames(file, only(key)))
            else:
                data = file.read()
        say(Scanned(measured(name, data, None, begin.device, number)))
    say(Finished(Ended.DONE))


def main(drivers: Sequence[Driver] | None = None) -> int:
    """Serve over the standard streams; whatever a vendor's library prints goes to the error stream."""
    wire = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return run(sys.stdin.buffer, wire, drivers)
