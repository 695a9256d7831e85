"""What to do next: one rule for each kind of request, in the order of their urgency.

A rule says a request (do it now), a time on the running clock (not before), or None (nothing of this kind to do).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync.effects import (
    AskLease,
    Compare,
    OpenBlob,
    Pull,
    Push,
    Reask,
    Rechain,
    Request,
    Rest,
    SayHello,
    SendPart,
)
from sync.events import Moment, Survey
from sync.lanes import next_blob, next_lane
from sync.state import COLLECTIONS, Line, State

Urge = Request | float | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a rule looks at."""

    state: State
    survey: Survey
    moment: Moment

    def when(self, line: Line, request: Request) -> Urge:
        """The request, unless its line must wait."""
        channel = self.state.channel(line)
        return request if channel.ready(self.moment.mono) else channel.ready_at

    def not_before(self, due: float) -> bool:
        """Whether the time has not come yet."""
        return self.moment.mono < due


def decide(state: State, survey: Survey, moment: Moment) -> Request | Rest:
    """The next request, or how long there is nothing to do."""
    scene = Scene(state, survey, moment)
    later: list[float] = []
    for rule in _rules(state):
        urge = rule(scene)
        if isinstance(urge, float):
            later.append(urge)
        elif urge is not None:
            return urge
    return Rest(min(later) if later else None)


def next_seq(state: State, survey: Survey) -> int:
    """The number to send from: what has no answer here, or earlier when central lost something."""
    first_open = survey.outbox.first_open
    return min(first_open, state.server_next) if state.server_next else first_open


def _rules(state: State) -> tuple[Callable[[Scene], Urge], ...]:
    if state.pause is not None:
        return (_probe,)
    if state.greeted_at is None or state.suspicion.needs_control:
        return (_greet,)
    return (_pull_overdue, _rechain, _push, _lease, _pull, _reask, _blob, _compare, _greet_again)


def _probe(scene: Scene) -> Urge:
    probe_at = scene.state.pause.probe_at if scene.state.pause else 0.0
    return probe_at if scene.not_before(probe_at) else SayHello()


def _greet(scene: Scene) -> Urge:
    return scene.when(Line.HELLO, SayHello())


def _greet_again(scene: Scene) -> Urge:
    due = (scene.state.greeted_at or 0.0) + scene.state.policy.greet_every
    return due if scene.not_before(due) else _greet(scene)


def _pull_overdue(scene: Scene) -> Urge:
    overdue = scene.state.pull_due + scene.state.policy.poll_overdue
    if scene.survey.inbox.is_rebuilding or not scene.not_before(overdue):
        return _pull(scene)
    return None


def _pull(scene: Scene) -> Urge:
    inbox = scene.survey.inbox
    if scene.state.is_too_old:
        return None
    if scene.not_before(scene.state.pull_due) and not inbox.is_rebuilding:
        return scene.state.pull_due
    return scene.when(Line.PULL, Pull(inbox.cursor, scene.state.policy.page))


def _rechain(scene: Scene) -> Urge:
    return Rechain() if scene.survey.outbox.stranded and not scene.survey.inbox.is_rebuilding else None


def _push(scene: Scene) -> Urge:
    state, outbox = scene.state, scene.survey.outbox
    first = next_seq(state, scene.survey)
    if outbox.stranded or first > outbox.high:
        return None
    culprit = state.suspicion.culprit
    hold = outbox.held | ({culprit} if culprit is not None else frozenset())
    return scene.when(Line.PUSH, Push(first, state.suspicion.batch(state.full_batch), state.full_bytes, hold))


def _lease(scene: Scene) -> Urge:
    wish = scene.survey.wish
    if wish is None:
        return None
    return scene.when(Line.LEASE, AskLease(scene.state.lease_request or scene.moment.new_id, wish))


def _reask(scene: Scene) -> Urge:
    state, lanes = scene.state, scene.survey.outbox.deferred
    urgent = next((lane for lane in state.ask_now if lane in lanes), None)
    lane = urgent or next_lane(lanes, state.last_asked)
    if lane is None:
        return None
    if urgent is None and scene.not_before(state.reask_due):
        return state.reask_due
    return scene.when(Line.REASK, Reask(lane))


def _blob(scene: Scene) -> Urge:
    state, upload = scene.state, scene.state.upload
    if upload is not None and upload.task in scene.survey.blobs:
        length = min(state.part, upload.task.size - upload.offset)
        return scene.when(Line.BLOB, SendPart(upload.task, upload.offset, length))
    task = next_blob(scene.survey.blobs, state.last_lane)
    return None if task is None else scene.when(Line.BLOB, OpenBlob(task))


def _compare(scene: Scene) -> Urge:
    state, inbox = scene.state, scene.survey.inbox
    if inbox.is_rebuilding or state.is_too_old or not inbox.cursor:
        return None
    if not state.unchecked and (state.check_due is None or scene.not_before(state.check_due)):
        return state.check_due
    return scene.when(Line.CHECK, Compare((state.unchecked or COLLECTIONS)[0], inbox.cursor))
