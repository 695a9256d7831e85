"""A case in words: its state on one line, and its history as a clerk reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.views import CaseView
from ebp_desktop.domain.states import MatterState, Opinion


def case_state_words(case: CaseView) -> str:
    """One word for the whole case: what it waits for first."""
    states = [matter.state for matter in case.matters]
    if case.purged:
        return "已清除"
    if MatterState.SUPPLEMENT_OPEN in states:
        return "补正中"
    if MatterState.SUPPLEMENT_DONE in states:
        return "补正待核对"
    if MatterState.RECEIVED in states:
        return "待受理"
    if any(matter.is_open for matter in case.matters):
        return "审批中"
    if all(state is MatterState.WITHDRAWN for state in states):
        return "已撤件"
    if any(not view.is_out and view.status is f.LicenceStatus.VALID for view in case.licences):
        return "待领证"
    return "已办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the history: when, what in bold, the detail below, the paper's number."""

    at: datetime
    title: str
    detail: str = ""
    number: str = ""
    tone: str = "plain"
    pending: bool = False


def history(case: CaseView, pending: frozenset[str] = frozenset()) -> tuple[Happening, ...]:
    """The case's history, newest first; ``pending`` are ids of facts that central has not confirmed."""
    names = {matter.terms.code: matter.terms.name for matter in case.matters}
    lines: list[Happening] = []
    for fact in case.facts:
        teller = _TELLERS.get(type(fact.body))
        if teller is not None:
            title, detail, number, tone = teller(case, fact.body, names)
            lines.append(
                Happening(
                    at=fact.legal_at,
                    title=title,
                    detail=detail,
                    number=number,
                    tone=tone,
                    pending=str(fact.id) in pending,
                )
            )
    return tuple(reversed(lines))


Told = tuple[str, str, str, str]


def _registered(case: CaseView, body: f.CaseRegistered, names: dict[str, str]) -> Told:
    lacking = f"；缺件或不合格 {len(body.lacking)} 项" if body.lacking else ""
    return "收件登记", f"{body.counter} 号窗口，{len(body.matters)} 个事项{lacking}", body.registration_no, "ok"


def _delivered(case: CaseView, body: f.CaseDelivered, names: dict[str, str]) -> Told:
    return "已送达各审批部门", f"同时送达 {len(body.departments)} 个部门", "", "ok"


_OPINION_WORDS = {
    Opinion.ACCEPT: ("受理", "ok"),
    Opinion.NOT_NEEDED: ("不受理（依法不需要取得许可）", "plain"),
    Opinion.SUPPLEMENT: ("补齐补正，一次性告知", "warn"),
    Opinion.VERIFY: ("补正材料已核对", "ok"),
    Opinion.REFUSE: ("不予受理", "danger"),
    Opinion.SPECIAL: ("进入特别程序，时限暂停", "warn"),
    Opinion.SPECIAL_END: ("特别程序结束，继续计时", "plain"),
    Opinion.APPROVE: ("作出准予决定", "ok"),
    Opinion.DENY: ("作出不予许可决定", "danger"),
}


def _opinion(case: CaseView, body: f.OpinionGiven, names: dict[str, str]) -> Told:
    words, tone = _OPINION_WORDS[body.opinion]
    if body.opinion is Opinion.VERIFY and not body.complete:
        words, tone = "补正材料不齐", "warn"
    items = f"，{len(body.items)} 项" if body.items else ""
    return f"{words}：{names.get(body.matter, body.matter)}", f"{body.reason or '部门意见'}{items}", "", tone


_NOTICE_WORDS = {
    f.NoticeKind.ACCEPTANCE: "受理通知书",
    f.NoticeKind.SUPPLEMENT: "补齐补正材料通知书",
    f.NoticeKind.REFUSAL: "不予受理决定书",
    f.NoticeKind.NOT_NEEDED: "不受理告知书",
    f.NoticeKind.SPECIAL: "特别程序告知书",
    f.NoticeKind.EXTENSION: "延长办理期限通知书",
    f.NoticeKind.DENIAL: "不予行政许可决定书",
    f.NoticeKind.APPROVAL: "准予决定",
}


def notice_title(kind: f.NoticeKind) -> str:
    """The name of a notice in lists; the paper itself may carry a neutral title."""
    return _NOTICE_WORDS[kind]


def _issued(case: CaseView, body: f.NoticeIssued, names: dict[str, str]) -> Told:
    deemed = "（视为受理）" if body.deemed else ""
    return f"出具{notice_title(body.kind)}{deemed}", names.get(body.matter, body.matter), body.document_no, "plain"


def _told(case: CaseView, body: f.NoticeTold, names: dict[str, str]) -> Told:
    view = case.notice(body.notice)
    title = notice_title(view.issued.kind) if view else "通知书"
    number = view.issued.document_no if view else ""
    return f"{title}已告知申请人", f"{body.channel.label}，{body.recipient}", number, "ok"


def _supplement(case: CaseView, body: f.SupplementRegistered, names: dict[str, str]) -> Told:
    whole = "；材料已齐" if body.complete else "；尚未齐全，时限仍暂停"
    return "补正材料登记", f"收到 {len(body.lines)} 项{whole}", body.receipt_no, "plain"


def _deemed(case: CaseView, body: f.DeemedAccepted, names: dict[str, str]) -> Told:
    detail = f"逾期未告知，自 {body.accepted_on.month}月{body.accepted_on.day}日 起视为受理"
    return f"视为受理：{names.get(body.matter, body.matter)}", detail, "", "danger"


def _licence(case: CaseView, body: f.LicenceIssued, names: dict[str, str]) -> Told:
    form = {"electronic": "电子证照", "paper": "纸质证照", "both": "电子和纸质证照"}[body.form.value]
    return f"证照到达：{body.name}", form, body.number, "ok"


def _closed(case: CaseView, body: f.MatterClosed, names: dict[str, str]) -> Told:
    return f"办结：{names.get(body.matter, body.matter)}", body.state.label, "", "ok"


def _out(case: CaseView, body: f.LicenceHandedOver, names: dict[str, str]) -> Told:
    return "领证", f"{body.recipient}领取 {len(body.copies)} 本", body.receipt_no, "ok"


def _lost(case: CaseView, body: f.NoticeLost, names: dict[str, str]) -> Told:
    view = case.notice(body.notice)
    return (
        "受理通知书遗失，已作废",
        f"遗失证明单位：{body.stated_unit}",
        view.issued.document_no if view else "",
        "warn",
    )


def _notified(case: CaseView, body: f.ApplicantNotified, names: dict[str, str]) -> Told:
    return "通知领证", f"{body.channel.label}：{body.outcome}", "", "ok" if body.reached else "warn"


def _corrected(case: CaseView, body: f.CorrectionMade, names: dict[str, str]) -> Told:
    return "当场更正", "；".join(f"{c.field}：{c.old}→{c.new}" for c in body.changes), body.paper_no, "plain"


def _withdrawn(case: CaseView, body: f.WithdrawalRecorded, names: dict[str, str]) -> Told:
    return "撤件生效", "、".join(names.get(code, code) for code in body.matters), "", "plain"


def _withdrawal(case: CaseView, body: f.WithdrawalRequested, names: dict[str, str]) -> Told:
    return "申请撤件", body.reason, body.paper_no, "plain"


def _returned(case: CaseView, body: f.PapersReturned, names: dict[str, str]) -> Told:
    return "退件", f"退回 {len(body.papers)} 项材料：{body.reason}", body.paper_no, "plain"


def _scanned(case: CaseView, body: f.LicenceScanned, names: dict[str, str]) -> Told:
    return "纸质证照已扫描", f"{len(body.pages)} 页", "", "plain"


def _custody(case: CaseView, body: f.CustodyMoved, names: dict[str, str]) -> Told:
    return f"保管交接：{body.name}", f"{body.from_holder} → {body.to_holder} {body.place}", body.slip_no, "plain"


def _status(case: CaseView, body: f.LicenceStatusChanged, names: dict[str, str]) -> Told:
    word = {"valid": "有效", "changed": "变更", "revoked": "废止"}[body.status.value]
    return f"证照状态：{word}", body.reason, "", "danger" if body.status is f.LicenceStatus.REVOKED else "warn"


def _extended(case: CaseView, body: f.LimitExtended, names: dict[str, str]) -> Told:
    return f"延长 {body.days} 个工作日：{names.get(body.matter, body.matter)}", body.reason, "", "warn"


_TELLERS: dict[type, Callable[..., Told]] = {
    f.CaseRegistered: _registered,
    f.CaseDelivered: _delivered,
    f.OpinionGiven: _opinion,
    f.NoticeIssued: _issued,
    f.NoticeTold: _told,
    f.SupplementRegistered: _supplement,
    f.DeemedAccepted: _deemed,
    f.LicenceIssued: _licence,
    f.MatterClosed: _closed,
    f.LicenceHandedOver: _out,
    f.NoticeLost: _lost,
    f.ApplicantNotified: _notified,
    f.CorrectionMade: _corrected,
    f.WithdrawalRecorded: _withdrawn,
    f.WithdrawalRequested: _withdrawal,
    f.PapersReturned: _returned,
    f.LicenceScanned: _scanned,
    f.CustodyMoved: _custody,
    f.LicenceStatusChanged: _status,
    f.LimitExtended: _extended,
}
