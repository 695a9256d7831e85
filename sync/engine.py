"""The sync engine: a state and an event in, a new state and orders out; no I/O, no clock, no chance of its own.

``absorb`` takes in what happened; ``decide`` (``schedule.py``) names the next request. The runner does what they say.
Nothing here is needed to keep a promise: every promise lies in the stores and at central, so a crash between any two
steps only repeats a request whose answer central remembers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ebp_desktop.services.ports import SendState
from sync.answers import settlements
from sync.effects import (
    ApplyPage,
    BeginRebuild,
    EndOutage,
    HoldLeases,
    MarkBroken,
    MarkSent,
    NoteContact,
    NoteGreeting,
    Settle,
    StartEpoch,
    StoreEffect,
)
from sync.events import (
    BlobMoved,
    BlobUnreadable,
    Compared,
    Event,
    Failed,
    Greeted,
    Leased,
    LinkUp,
    Moment,
    Pulled,
    Pushed,
    Reasked,
    Survey,
    Woke,
)
from sync.failures import Failure, FailureKind
from sync.policy import Channel, Policy, at_once, next_chunk
from sync.ports import EpochOrder, Outage
from sync.protocol.messages import HelloAnswer, Outcome
from sync.schedule import decide, next_seq
from sync.setbacks import Step, asked, failed, set_back
from sync.state import COLLECTIONS, Line, Pause, State, Upload
from sync.suspicion import CLEAR, after_greeting, after_progress

__all__ = ["absorb", "begin", "decide", "next_seq"]

_SKEW_STEP_MS = 1000
_IDENTITY_SHARED = Failure(
    kind=FailureKind.UNWELCOME,
    code="identity_shared",
    message="两台电脑正在使用同一窗口的身份，已暂停收发，请联系管理员。",
)
_NO_PROGRESS = Failure(kind=FailureKind.BUSY, code="retry", message="中心服务器请稍后再发。")


def begin(policy: Policy, outage: Outage | None = None) -> State:
    """The state after a start; an outage that was going on goes on."""
    return State(policy=policy, outage=outage)


def absorb(state: State, event: Event, survey: Survey, moment: Moment) -> Step:
    """Takes in one event."""
    match event:
        case Woke():
            return state, ()
        case LinkUp():
            return _link_up(state, moment), ()
        case Greeted():
            return _greeted(state, event, survey, moment)
        case Pushed():
            return _pushed(state, event, survey, moment)
        case Reasked():
            return _reasked(state, event, survey, moment)
        case Pulled():
            return _pulled(state, event, survey, moment)
        case Leased():
            return _leased(state, event, moment)
        case Failed():
            return failed(state, event, survey, moment)
        case _:
            return _beside(state, event, moment)


def _beside(state: State, event: BlobMoved | BlobUnreadable | Compared, moment: Moment) -> Step:
    """What goes on beside the facts: scans and comparisons."""
    match event:
        case BlobMoved():
            return _blob_moved(state, event)
        case BlobUnreadable():
            state = replace(state, upload=None, last_lane=event.task.case_id)
            return state, (MarkBroken(event.task.sha256, event.reason),)
        case Compared():
            return _compared(state, event, moment)


def _link_up(state: State, moment: Moment) -> State:
    channels = {line: at_once(channel) for line, channel in state.channels.items()}
    return replace(state, channels=channels, pause=None, pull_due=moment.mono)


def _contact(state: State, server_time: datetime, line: Line, moment: Moment) -> Step:
    """Central answered: the line is well, an outage is over, and its clock is known."""
    skew = round((moment.wall - server_time).total_seconds() * 1000)
    effects: list[StoreEffect] = []
    if _is_news(state, skew, moment):
        effects.append(NoteContact(skew))
        state = replace(state, noted_at=moment.mono, skew_ms=skew)
    if state.outage is not None:
        lasted = (moment.wall - state.outage.started_at).total_seconds()
        effects.append(EndOutage(report=lasted >= state.policy.outage_after))
    state = replace(state.with_channel(line, Channel()), outage=None, last_failure=None)
    return state, tuple(effects)


def _is_news(state: State, skew: int, moment: Moment) -> bool:
    """Whether this contact is worth a write: not one per request, but each change of the clock."""
    if state.noted_at is None or state.outage is not None or abs(skew - state.skew_ms) > _SKEW_STEP_MS:
        return True
    return moment.mono >= state.noted_at + state.policy.note_every


def _greeted(state: State, event: Greeted, survey: Survey, moment: Moment) -> Step:
    answer = event.answer
    state, effects = _contact(state, event.server_time, Line.HELLO, moment)
    effects = (*effects, NoteGreeting(answer))
    if answer.new_epoch and answer.new_epoch != survey.outbox.epoch:
        return _new_epoch(state, answer, effects, moment)
    state = replace(
        state,
        pause=None,
        is_too_old=False,
        greeted_at=moment.mono,
        pull_due=max(state.pull_due, moment.mono - state.policy.poll_overdue / 2),
        server_next=answer.resume_seq,
        batch=min(state.policy.batch, max(answer.batch, 1)),
        batch_bytes=state.policy.batch_bytes,
        suspicion=after_greeting(state.suspicion),
        check_due=moment.mono + state.policy.check_every if state.check_due is None else state.check_due,
    )
    known = survey.inbox.feed_epoch
    if known and known != answer.feed_epoch and not survey.inbox.is_rebuilding:
        return state, (*effects, BeginRebuild())
    return state, effects


def _new_epoch(state: State, answer: HelloAnswer, effects: tuple[StoreEffect, ...], moment: Moment) -> Step:
    if state.epochs >= state.policy.epochs_at_most:
        pause = Pause(failure=_IDENTITY_SHARED, probe_at=moment.mono + state.policy.backoff_cap)
        return replace(state, pause=pause, greeted_at=None, last_failure=_IDENTITY_SHARED), effects
    marks = tuple(sorted(answer.registration_high.items()))
    order = EpochOrder(epoch=answer.new_epoch, counter=answer.counter, registration_high=marks)
    state = replace(
        state, pause=None, greeted_at=None, server_next=0, suspicion=CLEAR, upload=None, epochs=state.epochs + 1
    )
    return state, (*effects, StartEpoch(order))


def _pushed(state: State, event: Pushed, survey: Survey, moment: Moment) -> Step:
    before = state.channel(Line.PUSH)
    state, effects = _contact(state, event.server_time, Line.PUSH, moment)
    settled = settlements(event.results)
    retry = next((one for one in event.results if one.outcome is Outcome.RETRY), None)
    if settled:
        pairs = zip(event.sent, event.results, strict=True)
        last = max(sent.seq for sent, result in pairs if result.outcome is not Outcome.RETRY)
        effects = (*effects, Settle(settled))
        # What was sent is pulled back soon: only then is it seen to have taken effect.
        pull_due = min(state.pull_due, moment.mono)
        suspicion = after_progress(state.suspicion, last)
        state = replace(state, server_next=last + 1, suspicion=suspicion, pull_due=pull_due)
        if not survey.outbox.deferred and any(one.state is SendState.PARKED for one in settled):
            state = replace(state, reask_due=moment.mono + state.policy.reask_every)
    if retry is None:
        return state, effects
    if retry.retry_from:
        state = replace(state, server_next=retry.retry_from)
    if not settled:
        state = set_back(state.with_channel(Line.PUSH, before), Line.PUSH, _NO_PROGRESS, moment)
    return state, effects


def _reasked(state: State, event: Reasked, survey: Survey, moment: Moment) -> Step:
    state, effects = _contact(state, event.server_time, Line.REASK, moment)
    return asked(state, event.case_id, survey, moment), (*effects, Settle(settlements(event.results)))


def _pulled(state: State, event: Pulled, survey: Survey, moment: Moment) -> Step:
    state, effects = _contact(state, event.server_time, Line.PULL, moment)
    known = survey.inbox.feed_epoch
    if known and known != event.page.feed_epoch and not survey.inbox.is_rebuilding:
        return state, (*effects, BeginRebuild())
    due = moment.mono if event.page.more else moment.mono + state.policy.poll_every
    return replace(state, pull_due=due), (*effects, ApplyPage(event.page))


def _leased(state: State, event: Leased, moment: Moment) -> Step:
    # The wish is read anew after the blocks are kept; when central has no more to give, it is not asked at once again.
    pause = Channel(ready_at=moment.mono + state.policy.reask_every)
    return replace(state, lease_request=None).with_channel(Line.LEASE, pause), (HoldLeases(event.answer.blocks),)


def _blob_moved(state: State, event: BlobMoved) -> Step:
    task = event.task
    state = state.with_channel(Line.BLOB, Channel())
    if event.state.done:
        ask = tuple(dict.fromkeys((*state.ask_now, task.case_id)))
        state = replace(state, upload=None, last_lane=task.case_id, ask_now=ask)
        return state, (MarkSent(task.sha256),)
    chunk = next_chunk(state.part, event.seconds, state.policy) if event.seconds else state.part
    return replace(state, upload=Upload(task=task, offset=event.state.offset), chunk=chunk), ()


def _compared(state: State, event: Compared, moment: Moment) -> Step:
    begun = state.unchecked or COLLECTIONS
    repairs = {**state.repairs, event.collection: state.repairs.get(event.collection, 0) + 1}
    if not event.differing:
        repairs.pop(event.collection)
    again = 0 < repairs.get(event.collection, 0) < state.policy.repairs_at_most
    left = begun if again else tuple(one for one in begun if one != event.collection)
    state = replace(state, repairs=repairs, unchecked=left, check_due=moment.mono + state.policy.check_every)
    return state.with_channel(Line.CHECK, Channel()), ()
