"""当场更正, 退件, 撤件 and the purge of a secret case: each with its paper, none of them moving a clock by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, MatterCase
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.identifiers import CounterPaper, check_national_code, counter_paper_no
from ebp_desktop.domain.material import Keep
from ebp_desktop.domain.roles import Act
from ebp_desktop.domain.states import MatterState
from ebp_desktop.services.context import Desk
from ebp_desktop.services.issuing import issue
from ebp_desktop.services.lookup import case_of, find_case
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import AuditEntry
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator

# domain.md: withdrawal by the applicant in states 1, 3, 6-10, before the decision reaches central.
WITHDRAWABLE = frozenset(
    {
        MatterState.RECEIVED,
        MatterState.ACCEPTED,
        MatterState.SUPPLEMENT_OPEN,
        MatterState.SUPPLEMENT_DONE,
        MatterState.IN_REVIEW,
        MatterState.SPECIAL_OPEN,
        MatterState.SPECIAL_DONE,
    }
)
# 退件 is no outcome: it follows one of these, or a department's listing.
RETURNABLE = frozenset({MatterState.WITHDRAWN, MatterState.NOT_NEEDED, MatterState.REFUSED, MatterState.DENIED})
CORRECTABLE = {"name": "项目名称", "site": "建设地点", "national_code": "国家代码", "form": "申请表内容"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """A case after an amendment, with its paper."""

    case: CaseView
    paper: MadePaper


class Amendments:
    """Corrections, returns, withdrawals and purges."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def correct(
        self, operator: Operator, code: str, changes: tuple[f.FieldChange, ...], reason: str, signature: str
    ) -> Amended:
        """当场更正: old and new value, signed; only before the applicant was told anything (Art. 7(4)).

        Raises RefusedError ``correction_refused`` with each obstacle.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            _refuse_correction(case, changes, signature)
            changes = tuple(_normal_change(change) for change in changes)
            number = self._paper_no(case, CounterPaper.CORRECTION, tx.numbers.next_paper(_reg(case)))
            body = f.CorrectionMade(paper_no=number, changes=changes, reason=reason, at=now, signature=signature)
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=number)
            after = case_of(tx, case.id)
            text = self._desk.papers.correction(after, body, self._desk.window, operator)
            return Amended(case=after, paper=issue(self._desk, tx, text, case.id, now))

    def give_back(
        self,
        operator: Operator,
        code: str,
        matters: tuple[str, ...],
        reason: str,
        papers: tuple[f.ReturnedPaper, ...],
        signature: str = "",
    ) -> Amended:
        """退件 with returned originals itemised; papers that other matters still use stay (Art. 4).

        Raises RefusedError ``return_refused``.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            _refuse_return(case, matters, papers)
            number = self._paper_no(case, CounterPaper.RETURN, tx.numbers.next_paper(_reg(case)))
            body = f.PapersReturned(
                paper_no=number, matters=matters, reason=reason, papers=papers, at=now, signature=signature
            )
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=number)
            after = case_of(tx, case.id)
            text = self._desk.papers.returned(after, body, self._desk.window, operator)
            return Amended(case=after, paper=issue(self._desk, tx, text, case.id, now))

    def withdraw(self, operator: Operator, code: str, reason: str, matters: tuple[str, ...] = ()) -> Amended:
        """撤件 by the applicant, of all open matters or those named; effective when central records it.

        ``code`` may be ``REGISTRATION_NO/MATTER``. Raises RefusedError ``withdrawal_refused``.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            named = matters or ((code.split("/", 1)[1],) if "/" in code else ())
            wanted = _withdrawable(case, named)
            if not reason.strip():
                raise BadInputError("reason_missing", "没有填写撤件原因。", place="reason", todo="填写原因。")
            number = self._paper_no(case, CounterPaper.WITHDRAWAL, tx.numbers.next_paper(_reg(case)))
            body = f.WithdrawalRequested(paper_no=number, matters=wanted, reason=reason, at=now)
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=number)
            after = case_of(tx, case.id)
            text = self._desk.papers.withdrawal(after, body, self._desk.window, operator)
            return Amended(case=after, paper=issue(self._desk, tx, text, case.id, now))

    def purge(self, operator: Operator, code: str) -> str:
        """A page was found to be marked secret: the case's key is destroyed here and the act goes to central (Art. 3).

        Returns the opaque id that the ledger keeps.
        """
        operator.require(Act.PURGE)
        now = self._desk.clock.now()
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            record(self._desk, tx, operator, case.id, f.CasePurged(at=now), legal_at=now, detail="涉密清除")
            tx.destroy_case_key(case.id)
            tx.cases.remove(case.id)
            tx.audit.append(AuditEntry(act="case.key_destroyed", actor=operator.user, object=str(case.id), at=now))
        return str(case.id)

    def _paper_no(self, case: CaseView, kind: CounterPaper, serial: int) -> str:
        return counter_paper_no(_reg(case), kind, serial)


def _reg(case: CaseView) -> str:
    return case.registered.registration_no


def _refuse_correction(case: CaseView, changes: tuple[f.FieldChange, ...], signature: str) -> None:
    missing: list[Missing] = []
    if any(notice.told is not None for notice in case.notices):
        missing.append(Missing(line="更正时机", what="已经告知申请人审查结果，不能再当场更正", article="第七条"))
    if not changes:
        missing.append(Missing(line="更正内容", what="没有填写更正内容", article="第七条"))
    for change in changes:
        if change.field not in CORRECTABLE:
            missing.append(Missing(line=change.field, what="该项不能当场更正", article="第七条"))
        else:
            missing.extend(_change_faults(case, change))
    if not signature:
        missing.append(Missing(line="签名", what="申请人没有签名确认", article="第七条"))
    if missing:
        raise RefusedError(
            "correction_refused",
            "不能当场更正。",
            article="第七条",
            safe="原记录未改动。",
            todo="按所列各项办理。",
            missing=tuple(missing),
        )


def _change_faults(case: CaseView, change: f.FieldChange) -> list[Missing]:
    label, registered = CORRECTABLE[change.field], _registered_value(case, change.field)
    if not change.new.strip() or change.new == change.old:
        return [Missing(line=label, what="更正后的内容为空或没有变化", article="第七条")]
    if registered is not None and change.old.strip() != registered:
        return [Missing(line=label, what=f"更正前的内容与登记的“{registered}”不符", article="第七条")]
    checked = check_national_code(change.new)
    if change.field == "national_code" and not checked.valid:
        return [Missing(line=label, what="；".join(checked.reasons), article="第七条")]
    return []


def _registered_value(case: CaseView, field: str) -> str | None:
    """What the case says now; None for the form, whose words are on paper only."""
    project = case.project
    return {"name": project.name, "site": project.site, "national_code": project.national_code or ""}.get(field)


def _normal_change(change: f.FieldChange) -> f.FieldChange:
    new = check_national_code(change.new).normal if change.field == "national_code" else change.new.strip()
    return replace(change, new=new)


def _refuse_return(case: CaseView, matters: tuple[str, ...], papers: tuple[f.ReturnedPaper, ...]) -> None:
    missing: list[Missing] = []
    chosen = [_matter(case, code) for code in matters]
    for matter in chosen:
        if matter.state not in RETURNABLE:
            what = f"当前为“{matter.state.label}”，未到退件的情形"
            missing.append(Missing(line=matter.terms.name, what=what, article="第四条"))
    still_open = {m.terms.code for m in case.matters if m.terms.code not in matters and m.state not in RETURNABLE}
    for paper in papers:
        missing.extend(_paper_faults(case, paper, still_open))
    if len({paper.material for paper in papers}) < len(papers):
        missing.append(Missing(line="材料", what="同一项材料列了两次", article="第四条"))
    if not papers:
        missing.append(Missing(line="材料", what="没有列出退回的材料", article="第四条"))
    if missing:
        raise RefusedError(
            "return_refused",
            "不能办理退件。",
            article="第四条",
            safe="原件仍由窗口保管。",
            todo="按所列各项核对。",
            missing=tuple(missing),
        )


def _paper_faults(case: CaseView, paper: f.ReturnedPaper, still_open: set[str]) -> list[Missing]:
    line = case.line(paper.material)
    if line is None:
        return [Missing(line=paper.material, what="本次申报没有这项材料", article="第四条")]
    if set(line.matters) & still_open:
        return [Missing(line=line.name, what="其他事项仍在使用，应留存", article="第四条")]
    gone = [back for returned in case.returned for back in returned.papers if back.material == paper.material]
    originals = (line.received.original if line.keep is Keep.KEEP else 0) - sum(back.original for back in gone)
    copies = line.received.copy - sum(back.copy for back in gone)
    if min(paper.original, paper.copy) < 0 or paper.original + paper.copy == 0:
        return [Missing(line=line.name, what="退回份数没有填写", article="第四条")]
    if paper.original > originals or paper.copy > copies:
        return [Missing(line=line.name, what="退回份数多于窗口留存的份数", article="第四条")]
    return []


def _matter(case: CaseView, code: str) -> MatterCase:
    try:
        return case.matter(code)
    except KeyError as error:
        raise BadInputError("matter_unknown", f"本次申报没有事项 {code}。", place="matters") from error


def _withdrawable(case: CaseView, named: tuple[str, ...]) -> tuple[str, ...]:
    chosen = [_matter(case, code) for code in named] or [m for m in case.matters if m.state in WITHDRAWABLE]
    asked = {code for asked in case.withdrawals for code in asked.matters}
    missing = [
        Missing(line=m.terms.name, what=f"当前为“{m.state.label}”，不能撤件", article="第四条")
        for m in chosen
        if m.state not in WITHDRAWABLE
    ]
    missing += [
        Missing(line=m.terms.name, what="部门已作出决定，不能撤件", article="第四条")
        for m in chosen
        if m.state in WITHDRAWABLE and m.decision is not None
    ]
    missing += [
        Missing(line=m.terms.name, what="已申请撤件，等待中心登记", article="第四条")
        for m in chosen
        if m.terms.code in asked and m.state in WITHDRAWABLE
    ]
    if missing or not chosen:
        raise RefusedError(
            "withdrawal_refused",
            "没有可以撤回的事项。" if not missing else "不能办理撤件。",
            article="第四条",
            safe="办件未改动。",
            todo="核对各事项状态。",
            missing=tuple(missing),
        )
    return tuple(m.terms.code for m in chosen)
