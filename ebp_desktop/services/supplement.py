"""补正: hand-ins against notices; the clock stays paused until the whole list is there and verified (Art. 7, 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.identifiers import CounterPaper, counter_paper_no
from ebp_desktop.domain.material import MaterialLine, Verdict
from ebp_desktop.domain.registration import line_faults
from ebp_desktop.domain.roles import Act
from ebp_desktop.domain.states import MatterState
from ebp_desktop.services.context import Desk
from ebp_desktop.services.issuing import issue
from ebp_desktop.services.lookup import case_of, find_notice, open_cases
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import Blobs
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """A line of a supplement notice: what was asked, and whether what came in satisfies the window's eye."""

    item: f.SupplementItem
    line: MaterialLine | None
    satisfied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedSupplement:
    """One open supplement notice with what is still missing."""

    case: CaseView
    notice: NoticeView
    lines: tuple[OwedLine, ...]

    @property
    def missing(self) -> tuple[OwedLine, ...]:
        """Lines that are still owed."""
        return tuple(line for line in self.lines if not line.satisfied)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A registered hand-in with its slip; ``missing`` is what is still owed."""

    case: CaseView
    receipt: MadePaper
    complete: tuple[str, ...]
    missing: tuple[f.SupplementItem, ...]


class SupplementDesk:
    """Takes in supplements, the notice's list and nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def owed(self) -> tuple[OwedSupplement, ...]:
        """Every open supplement round, the nearest deadline first."""
        with self._desk.store.read() as tx:
            found = [owed for case in open_cases(tx) for owed in owed_of(case)]
        return tuple(sorted(found, key=lambda owed: str(owed.notice.issued.submit_by or "9999")))

    def hand_in(self, operator: Operator, document_nos: tuple[str, ...], lines: tuple[MaterialLine, ...]) -> HandedIn:
        """Registers a hand-in that may serve several notices of one case, and makes its slip.

        Raises RefusedError ``supplement_refused`` naming every obstacle: a line that no notice asked for, a line
        without a verdict, paper without its scan, a notice that is not open.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            found = [find_notice(tx, number) for number in document_nos]
            case, notices = _one_case(found)
            _refuse(case, notices, lines, self._desk.blobs)
            complete = _complete(case, notices, lines)
            registration = case.registered.registration_no
            number = counter_paper_no(registration, CounterPaper.HAND_IN, tx.numbers.next_paper(registration))
            body = f.SupplementRegistered(
                receipt_no=number,
                notices=tuple(view.issued.notice for view in notices),
                lines=lines,
                complete=complete,
                at=now,
            )
            pages = tuple(page for line in lines for page in (*line.pages, *line.files))
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=number, pages=pages)
            after = case_of(tx, case.id)
            text = self._desk.papers.supplement_receipt(after, body, self._desk.window, operator)
            receipt = issue(self._desk, tx, text, case.id, now)
        missing = tuple(line.item for owed in owed_of(after) for line in owed.missing)
        return HandedIn(case=after, receipt=receipt, complete=complete, missing=missing)


def owed_of(case: CaseView) -> tuple[OwedSupplement, ...]:
    """The open supplement rounds of a case with what is still missing in each."""
    found: list[OwedSupplement] = []
    for notice in case.notices:
        if notice.issued.kind is not f.NoticeKind.SUPPLEMENT or notice.void:
            continue
        matter = case.matter(notice.issued.matter)
        is_latest = notice is _latest(case, notice.issued.matter)
        if matter.state is not MatterState.SUPPLEMENT_OPEN or not is_latest:
            continue
        handed = _handed_since(case, notice)
        items = matter.supplement_items or notice.issued.items
        lines = tuple(
            OwedLine(item=item, line=case.line(item.material), satisfied=_satisfies(handed.get(item.material)))
            for item in items
        )
        found.append(OwedSupplement(case=case, notice=notice, lines=lines))
    return tuple(found)


def _latest(case: CaseView, matter: str) -> NoticeView | None:
    mine = [n for n in case.notices if n.issued.kind is f.NoticeKind.SUPPLEMENT and n.issued.matter == matter]
    return mine[-1] if mine else None


def _handed_since(case: CaseView, notice: NoticeView) -> dict[str, MaterialLine]:
    """The latest hand-in of each material that names this notice, since the round was (re)opened.

    What the department found incomplete is owed anew, whatever the window thought of it.
    """
    changes = case.matter(notice.issued.matter).changes
    opened = [change.fact for change in changes if change.state is MatterState.SUPPLEMENT_OPEN]
    facts = [fact.id for fact in case.facts]
    since = case.facts[facts.index(opened[-1]) :] if opened else case.facts
    return {
        line.material: line
        for fact in since
        if isinstance(fact.body, f.SupplementRegistered) and notice.issued.notice in fact.body.notices
        for line in fact.body.lines
    }


def _satisfies(line: MaterialLine | None) -> bool:
    return line is not None and line.verdict in {Verdict.QUALIFIED, Verdict.EXEMPT}


def _one_case(found: Iterable[tuple[CaseView, NoticeView]]) -> tuple[CaseView, tuple[NoticeView, ...]]:
    pairs = tuple(found)
    if not pairs:
        raise BadInputError("notice_missing", "没有指明补正通知书。", place="notices", todo="填写补正通知书文号。")
    if len({case.id for case, _ in pairs}) > 1:
        raise BadInputError(
            "several_cases", "一次补正登记只能对应同一个办件的通知书。", place="notices", todo="分别登记。"
        )
    return pairs[0][0], tuple(notice for _, notice in pairs)


def _refuse(case: CaseView, notices: tuple[NoticeView, ...], lines: tuple[MaterialLine, ...], blobs: Blobs) -> None:
    open_rounds = {owed.notice.issued.notice: owed for owed in owed_of(case)}
    missing: list[Missing] = []
    asked: set[str] = set()
    for notice in notices:
        owed = open_rounds.get(notice.issued.notice)
        if owed is None:
            missing.append(
                Missing(line=notice.issued.document_no, what="该补正通知书已办结或不在补正中", article="第八条")
            )
        else:
            asked |= {line.item.material for line in owed.lines}
    for line in lines:
        if line.material not in asked:
            missing.append(
                Missing(line=line.material, what=f"《{line.name}》不在补正通知书所列范围内", article="第七条")
            )
        missing.extend(line_faults(line))
        if any(not blobs.has(page.sha256) for page in line.pages):
            missing.append(
                Missing(line=line.material, what=f"《{line.name}》有一页扫描件不在本机，请重扫", article="第五条")
            )
    if not lines:
        missing.append(Missing(line="材料", what="没有登记任何补正材料", article="第八条"))
    if missing:
        raise RefusedError(
            "supplement_refused",
            f"有 {len(missing)} 处不能登记补正材料。",
            article="第八条",
            safe="补正时限仍然暂停，已扫描的页都已保存。",
            todo="按所列各项办理后再登记。",
            missing=tuple(missing),
        )


def _complete(case: CaseView, notices: tuple[NoticeView, ...], lines: tuple[MaterialLine, ...]) -> tuple[str, ...]:
    """Matters whose whole list is satisfied by this hand-in together with earlier ones."""
    handed = {line.material: line for line in lines}
    whole: list[str] = []
    wanted = {notice.issued.notice for notice in notices}
    for owed in owed_of(case):
        if owed.notice.issued.notice not in wanted:
            continue
        satisfied = (
            line.satisfied if line.item.material not in handed else _satisfies(handed[line.item.material])
            for line in owed.lines
        )
        if all(satisfied):
            whole.append(owed.notice.issued.matter)
    return tuple(whole)


def blank_line(case: CaseView, item: f.SupplementItem) -> MaterialLine:
    """The line of an asked material as it is taken in anew: same dues, nothing received yet."""
    line = case.line(item.material)
    if line is None:
        raise BadInputError("material_unknown", f"本次申报没有材料 {item.material}。", place="material")
    return replace(line, received=type(line.received)(), verdict=Verdict.NONE, problem="", pages=(), files=())
