"""What to do next: one rule for each kind of request, in the order of their urgency.

A rule says a request (do it now), a time on the running clock (not before), or None (nothing of this kind to do).
"""

from __future__ import annotations

from collections.abc import Callable

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
Rule = Callable[[State, Survey, Moment], Urge]


def decide(state: State, survey: Survey, moment: Moment) -> Request | Rest:
    """The next request, or how long there is nothing to do."""
    later: list[float] = []
    for rule in _rules(state):
        urge = rule(state, survey, moment)
        if isinstance(urge, float):
            later.append(urge)
        elif urge is not None:
            return urge
    return Rest(min(later) if later else None)


def next_seq(state: State, survey: Survey) -> int:
    """The number to send from: what has no answer here, or earlier when central lost something."""
    first_open = survey.outbox.first_open
    return min(first_open, state.server_next) if state.server_next else first_open


def _rules(state: State) -> tuple[Rule, ...]:
    if state.pause is not None:
        return (_probe,)
    if state.greeted_at is None or state.suspicion.needs_control:
        return (_greet,)
    return (_pull_overdue, _rechain, _push, _lease, _pull, _reask, _blob, _compare, _greet_again)


def _when(state: State, line: Line, moment: Moment, request: Request) -> Urge:
    channel = state.channel(line)
    return request if channel.ready(moment.mono) else channel.ready_at


def _probe(state: State, survey: Survey, moment: Moment) -> Urge:
    probe_at = state.pause.probe_at if state.pause else 0.0
    return SayHello() if moment.mono >= probe_at else probe_at


def _greet(state: State, survey: Survey, moment: Moment) -> Urge:
    return _when(state, Line.HELLO, moment, SayHello())


def _greet_again(state: State, survey: Survey, moment: Moment) -> Urge:
    due = (state.greeted_at or 0.0) + state.policy.greet_every
    return due if moment.mono < due else _greet(state, survey, moment)


def _pull_overdue(state: State, survey: Survey, moment: Moment) -> Urge:
    overdue = survey.inbox.is_rebuilding or moment.mono >= state.pull_due + state.policy.poll_overdue
    return _pull(state, survey, moment) if overdue else None


def _pull(state: State, survey: Survey, moment: Moment) -> Urge:
    if state.is_too_old:
        return None
    if moment.mono < state.pull_due and not survey.inbox.is_rebuilding:
        return state.pull_due
    return _when(state, Line.PULL, moment, Pull(survey.inbox.cursor, state.policy.page))


def _rechain(state: State, survey: Survey, moment: Moment) -> Urge:
    return Rechain() if survey.outbox.stranded and not survey.inbox.is_rebuilding else None


def _push(state: State, survey: Survey, moment: Moment) -> Urge:
    first = next_seq(state, survey)
    if survey.outbox.stranded or first > survey.outbox.high:
        return None
    culprit = state.suspicion.culprit
    hold = survey.outbox.held | ({culprit} if culprit is not None else frozenset())
    push = Push(first, state.suspicion.batch(state.full_batch), state.full_bytes, hold)
    return _when(state, Line.PUSH, moment, push)


def _lease(state: State, survey: Survey, moment: Moment) -> Urge:
    if survey.wish is None:
        return None
    return _when(state, Line.LEASE, moment, AskLease(state.lease_request or moment.new_id, survey.wish))


def _reask(state: State, survey: Survey, moment: Moment) -> Urge:
    lanes = survey.outbox.deferred
    urgent = next((lane for lane in state.ask_now if lane in lanes), None)
    lane = urgent or next_lane(lanes, state.last_asked)
    if lane is None:
        return None
    if urgent is None and moment.mono < state.reask_due:
        return state.reask_due
    return _when(state, Line.REASK, moment, Reask(lane))


def _blob(state: State, survey: Survey, moment: Moment) -> Urge:
    upload = state.upload
    if upload is not None and upload.offset is not None and upload.task in survey.blobs:
        length = min(state.part, upload.task.size - upload.offset)
        return _when(state, Line.BLOB, moment, SendPart(upload.task, upload.offset, length))
    task = next_blob(survey.blobs, state.last_lane)
    return None if task is None else _when(state, Line.BLOB, moment, OpenBlob(task))


def _compare(state: State, survey: Survey, moment: Moment) -> Urge:
    if survey.inbox.is_rebuilding or state.is_too_old or not survey.inbox.cursor:
        return None
    if not state.unchecked and (state.check_due is None or moment.mono < state.check_due):
        return state.check_due
    collection = (state.unchecked or COLLECTIONS)[0]
    return _when(state, Line.CHECK, moment, Compare(collection, survey.inbox.cursor))
