"""What waits here, why and since when, in the clerk's words; nothing that waits is ever invisible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ebp_desktop.services.ports import OutboxEntry, SendState
from sync.policy import SKEW_CONFIRMS_MS, SKEW_WARNS_MS
from sync.ports import BlobTask
from sync.state import State

KIND_WORDS: Final = {
    "case.registered": "收件登记",
    "supplement.registered": "补正材料登记",
    "correction.made": "当场更正",
    "papers.returned": "退件",
    "withdrawal.requested": "撤件申请",
    "notice.told": "文书告知",
    "scan.settled": "补交扫描件",
    "licence.scanned": "证照扫描",
    "matter.closed": "办结",
    "custody.moved": "保管移交",
    "applicant.notified": "通知领证",
    "licence.handed_over": "领证",
    "notice.lost": "通知书遗失",
    "online.paper_checked": "网上件纸质核对",
    "complaint.registered": "投诉登记",
    "advice.given": "咨询告知",
    "outage.reported": "接口故障报告",
    "case.purged": "涉密清除",
    "document.reprinted": "补打文书",
}
SCAN_WORD: Final = "扫描件上传"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingItem:
    """One thing on its way: what it is, why it waits, since when, and what a person can do.

    ``legal_at`` is the time that the law counts, from which the review clock runs although central has not heard yet.
    """

    fact_id: UUID | None
    case_id: UUID
    kind: str
    what: str
    state: str
    why: str
    todo: str
    since: datetime
    legal_at: datetime
    can_mend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """Where sync stands; ``parked`` holds what needs a person or a condition, ``items`` everything that waits."""

    waiting: int
    oldest_seconds: int
    parked: tuple[WaitingItem, ...]
    last_contact: datetime | None
    busy: bool
    items: tuple[WaitingItem, ...] = ()
    scans: int = 0
    scan_bytes: int = 0
    words: str = ""
    notes: tuple[str, ...] = ()
    outage_since: datetime | None = None
    skew_ms: int = 0


def report(
    entries: tuple[OutboxEntry, ...],
    blobs: tuple[BlobTask, ...],
    state: State,
    last_contact: datetime | None,
    now: datetime,
    *,
    busy: bool,
) -> SyncReport:
    """The report over everything that waits at this moment."""
    items = tuple(_item(entry, state) for entry in entries)
    waits = [item for item in items if item.state != SendState.REJECTED]
    oldest = min((item.since for item in items), default=now)
    return SyncReport(
        waiting=len(waits),
        oldest_seconds=max(0, int((now - oldest).total_seconds())),
        parked=tuple(item for item in items if item.state in {SendState.PARKED, SendState.REJECTED}),
        last_contact=last_contact,
        busy=busy,
        items=items,
        scans=len(blobs),
        scan_bytes=sum(task.size for task in blobs),
        words=line_words(state),
        notes=_notes(state),
        outage_since=state.outage.started_at if state.outage else None,
        skew_ms=state.skew_ms,
    )


def line_words(state: State) -> str:
    """How the line to central is, in one sentence."""
    failure = state.last_failure
    if state.pause is not None:
        return f"已暂停收发：{state.pause.failure.message or state.pause.failure.kind.label}"
    if failure is not None:
        return failure.message or f"{failure.kind.label}，稍后自动重试。"
    return "与中心服务器连接正常。" if state.greeted_at is not None else "尚未与中心服务器联系。"


def _notes(state: State) -> tuple[str, ...]:
    notes = []
    skew = abs(state.skew_ms)
    if skew > SKEW_CONFIRMS_MS:
        notes.append(f"本机时钟与中心相差 {skew // 60_000} 分钟，须由窗口负责人确认，两个时间都会保存。")
    elif skew > SKEW_WARNS_MS:
        notes.append(f"本机时钟与中心相差 {skew // 1000} 秒，请校准。")
    if state.is_too_old:
        notes.append("本机软件版本过旧，只能发送、不能接收，请升级。")
    worn = sorted(name for name, times in state.repairs.items() if times >= state.policy.repairs_at_most)
    if worn:
        notes.append(f"数据反复不一致（{'、'.join(worn)}），请导出诊断信息交管理员；本机数据未清除。")
    return tuple(notes)


def _item(entry: OutboxEntry, state: State) -> WaitingItem:
    why, todo = _why(entry, state)
    return WaitingItem(
        fact_id=entry.fact_id,
        case_id=entry.case_id,
        kind=entry.kind,
        what=KIND_WORDS.get(entry.kind, "其他记录"),
        state=entry.state,
        why=why,
        todo=todo,
        since=entry.recorded_at,
        legal_at=entry.legal_at,
        can_mend=entry.state is SendState.REJECTED,
    )


def _why(entry: OutboxEntry, state: State) -> tuple[str, str]:
    if entry.state in {SendState.PARKED, SendState.REJECTED}:
        return entry.reason or "中心未予生效。", entry.todo
    if entry.case_id == state.suspicion.culprit:
        return "中心处理这条记录时出错，正在单独发送。", "无需处理；其他案件不受影响。"
    if state.pause is not None or state.last_failure is not None:
        return line_words(state), "联网后自动发送，可以继续办理。"
    return "排队等待发送。", "无需处理。"
