"""What central's answer to a fact means here, in states and in the clerk's words."""

from __future__ import annotations

from ebp_desktop.services.ports import SendState
from sync.ports import Settlement
from sync.protocol.messages import FactResult, Outcome

_STATE = {
    Outcome.APPLIED: SendState.RECEIPTED,
    Outcome.DUPLICATE: SendState.RECEIPTED,
    Outcome.DEFERRED: SendState.PARKED,
    Outcome.CONFLICT: SendState.REJECTED,
    Outcome.REJECTED: SendState.REJECTED,
}
_REASON = {
    Outcome.DEFERRED: "中心已收存，尚未生效。",
    Outcome.CONFLICT: "与中心已有的记录冲突。",
    Outcome.REJECTED: "中心未接受该记录。",
}
_TODO = {
    Outcome.DEFERRED: "无需处理；条件具备后自动生效。",
    Outcome.CONFLICT: "请核对两处内容，更正后重新发送。",
    Outcome.REJECTED: "请按原因更正后重新发送。",
}


def settlement(result: FactResult) -> Settlement | None:
    """What to store for a fact; None for RETRY, which decides nothing."""
    state = _STATE.get(result.outcome)
    if state is None:
        return None
    return Settlement(
        fact_id=result.fact_id,
        state=state,
        code=result.code or ("" if state is SendState.RECEIPTED else result.outcome.value),
        reason=result.message or _REASON.get(result.outcome, ""),
        todo=result.todo or _TODO.get(result.outcome, ""),
        receipt=result.receipt,
    )


def settlements(results: tuple[FactResult, ...]) -> tuple[Settlement, ...]:
    """What to store for all facts that were decided."""
    return tuple(one for one in map(settlement, results) if one is not None)
