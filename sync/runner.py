"""The thread that drives the engine: asks it, does what it says, sleeps until it is time or someone wakes it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ebp_desktop.domain.errors import EbpError
from sync.effects import Rest
from sync.engine import absorb, begin, decide
from sync.events import Event, LinkUp, Woke
from sync.failures import Failure, FailureKind
from sync.performer import Performer
from sync.policy import Policy
from sync.state import State
from sync.status import SyncReport, report

LONGEST_REST: Final = 60.0
AFTER_STORE_FAILURE: Final = 5.0
MOST_STEPS: Final = 1_000_000


class Driver:
    """The engine with its hands: one ``step`` absorbs what happened and makes the next request."""

    def __init__(self, performer: Performer, policy: Policy) -> None:
        self._performer = performer
        self._event: Event = Woke()
        self.state: State = begin(policy, performer.contact.outage())

    def hear(self, event: Event) -> None:
        """Takes in a call from outside before the next step."""
        self._take(event)

    def step(self) -> Rest | None:
        """Makes one request, or says how long there is nothing to do. Raises EbpError when a store fails.

        A request's answer is kept until its effects are stored, so a failing store only repeats them.
        """
        event, self._event = self._event, Woke()
        try:
            self._take(event)
        except EbpError:
            self._event = event
            raise
        order = decide(self.state, self._performer.survey(), self._performer.moment())
        if isinstance(order, Rest):
            return order
        self._event = self._performer.request(order)
        return None

    def _take(self, event: Event) -> None:
        state, effects = absorb(self.state, event, self._performer.survey(), self._performer.moment())
        for effect in effects:
            self._performer.store(effect)
        self.state = state

    def report(self, *, busy: bool) -> SyncReport:
        """What waits now."""
        performer = self._performer
        return report(
            performer.outbox.waiting(),
            performer.blobs.pending(),
            self.state,
            performer.contact.last_contact(),
            performer.ticker.now(),
            busy=busy,
        )


def run_once(performer: Performer, policy: Policy | None = None) -> SyncReport:
    """Sends and receives until there is nothing more to do or the line fails, then says what waits.

    Raises EbpError when a store fails.
    """
    driver = Driver(performer, policy or Policy())
    for _ in range(MOST_STEPS):
        if driver.step() is not None:
            break
    return driver.report(busy=False)


def status(performer: Performer, *, busy: bool = False) -> SyncReport:
    """What waits, without touching the line; ``busy`` when another process holds sync."""
    return Driver(performer, Policy()).report(busy=busy)


class SyncRunner:
    """Runs sync in one thread of its own until stopped; every method may be called from any thread."""

    def __init__(
        self, performer: Performer, policy: Policy | None = None, on_change: Callable[[State], None] | None = None
    ) -> None:
        self._performer = performer
        self._driver = Driver(performer, policy or Policy())
        self._on_change = on_change
        self._signal = threading.Condition()
        self._is_woken = False
        self._is_stopping = False
        self._calls: list[Event] = []
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    @property
    def state(self) -> State:
        """The engine's state after the last step."""
        return self._driver.state

    @property
    def is_running(self) -> bool:
        """Whether the thread lives; when it does not, the sync screen must say so."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self, timeout: float | None = 40.0) -> bool:
        """Asks the thread to end after its present request and waits; returns whether it ended."""
        with self._signal:
            self._is_stopping = True
            self._signal.notify_all()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def wake(self) -> None:
        """Something new lies in the outbox."""
        self._call(None)

    def try_now(self) -> None:
        """The link came up, a person signed in or asked to send now: waiting times are over."""
        self._call(LinkUp())

    def _call(self, event: Event | None) -> None:
        with self._signal:
            if event is not None:
                self._calls.append(event)
            self._is_woken = True
            self._signal.notify_all()

    def _run(self) -> None:
        while not self._is_stopping:
            until = self._step()
            if self._on_change is not None:
                self._on_change(self._driver.state)
            if until is not None:
                self._rest(until)

    def _step(self) -> float | None:
        """One step; returns until when to rest on the running clock, or None to go on."""
        with self._signal:
            calls, self._calls = self._calls, []
            self._is_woken = False
        now = self._performer.ticker.mono()
        try:
            for call in calls:
                self._driver.hear(call)
            rest = self._driver.step()
        except EbpError as error:
            # The disk is full or the database is locked: said on the screen, tried again, nothing is given up.
            failure = Failure(kind=FailureKind.BROKEN, code=error.code, message=error.message)
            self._driver.state = replace(self._driver.state, last_failure=failure)
            return now + AFTER_STORE_FAILURE
        if rest is None:
            return None
        return now + LONGEST_REST if rest.until is None else min(rest.until, now + LONGEST_REST)

    def _rest(self, until: float) -> None:
        with self._signal:
            if self._is_woken or self._is_stopping:
                return
            self._signal.wait(max(0.0, until - self._performer.ticker.mono()))
