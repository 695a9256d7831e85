"""What a failed request changes: waiting times, the search for a poisonous fact, the start of an outage."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sync.effects import (
    AskLease,
    BeginOutage,
    BeginRebuild,
    Compare,
    MarkBroken,
    OpenBlob,
    Pull,
    Push,
    Reask,
    Rechain,
    SayHello,
    SendPart,
    StoreEffect,
)
from sync.events import Failed, Moment, Survey
from sync.failures import Failure, FailureKind
from sync.policy import Channel, after_failure, is_outage
from sync.ports import BlobTask, Outage
from sync.protocol.wire import EPOCH_CLOSED
from sync.state import Line, Pause, State
from sync.suspicion import CLEAR, after_breakage

Step = tuple[State, tuple[StoreEffect, ...]]


def failed(state: State, event: Failed, survey: Survey, moment: Moment) -> Step:
    """Takes in a failed request of any kind."""
    failure = event.failure
    state = set_back(state, _LINE_OF[type(event.request)], failure, moment)
    if failure.kind is FailureKind.UNWELCOME and failure.code != EPOCH_CLOSED:
        pause = Pause(failure=failure, probe_at=moment.mono + state.policy.backoff_cap)
        return replace(state, pause=pause, greeted_at=None), ()
    if failure.code == EPOCH_CLOSED:
        # Greeting brings the order to begin anew.
        return replace(state, greeted_at=None), ()
    state, effects = _by_request(state, event, survey, moment)
    if state.outage is not None or not is_outage(failure):
        return state, effects
    outage = Outage(started_at=moment.wall, cause=failure.kind.label)
    return replace(state, outage=outage), (*effects, BeginOutage(outage))


def set_back(state: State, line: Line, failure: Failure, moment: Moment) -> State:
    """The line waits longer than before."""
    channel = after_failure(state.channel(line), failure, state.policy, moment.mono, moment.chance)
    return replace(state.with_channel(line, channel), last_failure=failure)


def asked(state: State, case_id: UUID, survey: Survey, moment: Moment) -> State:
    """The lane had its turn; every lane has one in each ``reask_every``."""
    wait = max(state.policy.backoff_floor, state.policy.reask_every / max(len(survey.outbox.deferred), 1))
    ask_now = tuple(lane for lane in state.ask_now if lane != case_id)
    return replace(state, reask_due=moment.mono + wait, ask_now=ask_now, last_asked=case_id)


def _by_request(state: State, event: Failed, survey: Survey, moment: Moment) -> Step:
    failure = event.failure
    match event.request:
        case SayHello():
            return _greeting(state, failure, moment), ()
        case Push():
            return _push(state, event, moment), ()
        case Pull():
            return _pull(state, failure, survey)
        case Reask(case_id=case_id):
            return asked(state, case_id, survey, moment), ()
        case AskLease(request=request):
            # The answer may be lost, not the grant: the same request asks again.
            return replace(state, lease_request=request), ()
        case OpenBlob(task=task) | SendPart(task=task):
            return _blob(state, task, failure)
        case Compare():
            return replace(state, unchecked=(), check_due=moment.mono + state.policy.greet_every), ()
        case Rechain():
            return state, ()


def _greeting(state: State, failure: Failure, moment: Moment) -> State:
    # Central itself is unwell, so no fact is to blame.
    state = replace(state, suspicion=CLEAR)
    if failure.kind is FailureKind.TOO_OLD:
        return replace(state, greeted_at=moment.mono, is_too_old=True)
    return state


def _push(state: State, event: Failed, moment: Moment) -> State:
    kind = event.failure.kind
    if kind is FailureKind.TOO_LARGE:
        carried = len(event.sent) or state.full_batch
        return replace(state, batch=max(carried // 2, 1), batch_bytes=max(state.full_bytes // 2, 1))
    if kind not in {FailureKind.BROKEN, FailureKind.REFUSED}:
        return replace(state, suspicion=replace(state.suspicion, failures=0, culprit=None))
    suspicion = after_breakage(state.suspicion, event.sent, state.policy.poison_failures)
    if suspicion.is_controlled:
        # Central is well but for this batch: halving goes on without longer and longer waits.
        calm = after_failure(Channel(), event.failure, state.policy, moment.mono, moment.chance)
        state = state.with_channel(Line.PUSH, calm)
    return replace(state, suspicion=suspicion)


def _pull(state: State, failure: Failure, survey: Survey) -> Step:
    if failure.kind is FailureKind.TOO_OLD:
        return replace(state, is_too_old=True), ()
    if failure.kind is FailureKind.MUST_REFETCH and survey.inbox.cursor:
        return replace(state.with_channel(Line.PULL, Channel()), last_failure=None), (BeginRebuild(),)
    return state, ()


def _blob(state: State, task: BlobTask, failure: Failure) -> Step:
    state = replace(state, upload=None, last_lane=task.case_id)
    if failure.kind is FailureKind.TOO_LARGE:
        return replace(state, chunk=max(state.part // 2, 1)), ()
    if failure.kind is not FailureKind.REFUSED:
        return state, ()
    refused = {**state.refused, task.sha256: state.refused.get(task.sha256, 0) + 1}
    if refused[task.sha256] < state.policy.poison_failures:
        return replace(state, refused=refused), ()
    del refused[task.sha256]
    reason = failure.message or "中心未接受该扫描件，请重新扫描。"
    return replace(state, refused=refused), (MarkBroken(task.sha256, reason),)


_LINE_OF: dict[type, Line] = {
    SayHello: Line.HELLO,
    Push: Line.PUSH,
    Pull: Line.PULL,
    Reask: Line.REASK,
    AskLease: Line.LEASE,
    OpenBlob: Line.BLOB,
    SendPart: Line.BLOB,
    Compare: Line.CHECK,
    Rechain: Line.PUSH,
}
