"""Results at the window: paper licences received and scanned, matters closed, applicants notified (Art. 18–22)."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, CopyView, LicenceView, MatterCase, licence_item
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.roles import Act
from ebp_desktop.domain.states import MatterState, Opinion
from ebp_desktop.services.context import Desk
from ebp_desktop.services.lookup import case_of, find_case, find_licence, open_cases
from ebp_desktop.services.ports import Session
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One licence with its case: what is still to do before it may go out."""

    case: CaseView
    licence: LicenceView
    matter: MatterCase
    here: int
    todo: str

    @property
    def ready(self) -> bool:
        """It may be handed over now."""
        return not self.todo


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRow:
    """One paper copy and who holds it."""

    case: CaseView
    item: str
    name: str
    number: str
    copy_no: int
    kind: str
    holder: str
    place: str


class ResultDesk:
    """Custody, scans, closing and the notification log."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self) -> tuple[ResultRow, ...]:
        """Every licence that has not left the counter, the oldest first."""
        with self._desk.store.read() as tx:
            found = [
                self._row(case, licence) for case in open_cases(tx) for licence in case.licences if not licence.is_out
            ]
        return tuple(sorted(found, key=lambda row: (row.licence.issued.issued_on, row.licence.issued.number)))

    def _row(self, case: CaseView, licence: LicenceView) -> ResultRow:
        matter = case.matter(licence.issued.matter)
        here = sum(1 for c in licence.copies if c.holder == self._desk.window.number and c.handed_over is None)
        return ResultRow(case=case, licence=licence, matter=matter, here=here, todo=self._todo(licence, matter, here))

    def _todo(self, licence: LicenceView, matter: MatterCase, here: int) -> str:
        if licence.status is f.LicenceStatus.REVOKED:
            return "证照已废止，不得发放"
        if licence.copies and not licence.has_scan:
            return "待扫描纸质证照"
        if matter.state is not MatterState.APPROVED:
            return "待办结"
        if licence.copies and here == 0:
            return "纸质证照不在本窗口"
        return ""

    def custody(self) -> tuple[CustodyRow, ...]:
        """Every paper copy that is still inside, with its holder."""
        with self._desk.store.read() as tx:
            return tuple(
                CustodyRow(
                    case=case,
                    item=licence_item(licence.issued.licence, copy.copy_no),
                    name=licence.issued.name,
                    number=licence.issued.number,
                    copy_no=copy.copy_no,
                    kind=copy.kind,
                    holder=copy.holder,
                    place=copy.place,
                )
                for case in open_cases(tx)
                for licence in case.licences
                for copy in licence.copies
                if copy.handed_over is None
            )

    def receive(self, operator: Operator, code: str, licence: str, place: str, slip_no: str = "") -> CaseView:
        """Takes every paper copy of a licence that is not here yet into this window's custody.

        Raises RefusedError ``nothing_to_receive``.
        """
        operator.require(Act.MOVE_CUSTODY)
        here = self._desk.window.number
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            view = find_licence(case, licence)
            wanted = [c for c in view.copies if c.handed_over is None and c.holder != here]
            if not wanted:
                raise RefusedError(
                    "nothing_to_receive", "没有待接收的纸质证照。", article="第二十一条", safe="保管记录未改动。"
                )
            return self._moved(tx, operator, case, view, wanted, here, place, slip_no)

    def pass_on(
        self, operator: Operator, code: str, licence: str, to_holder: str, place: str, slip_no: str
    ) -> CaseView:
        """Gives this window's copies of a licence to another window or back to the department."""
        operator.require(Act.MOVE_CUSTODY)
        here = self._desk.window.number
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            view = find_licence(case, licence)
            mine = [c for c in view.copies if c.handed_over is None and c.holder == here]
            if not mine:
                raise RefusedError("not_in_custody", "本窗口没有保管这份证照。", article="第二十二条")
            return self._moved(tx, operator, case, view, mine, to_holder, place, slip_no)

    def _moved(
        self,
        tx: Session,
        operator: Operator,
        case: CaseView,
        view: LicenceView,
        copies: list[CopyView],
        to_holder: str,
        place: str,
        slip_no: str,
    ) -> CaseView:
        now = self._desk.clock.now().astimezone(CHINA)
        for copy in copies:
            body = f.CustodyMoved(
                item=licence_item(view.issued.licence, copy.copy_no),
                name=f"{view.issued.name}（{copy.kind}）",
                from_holder=copy.holder,
                to_holder=to_holder,
                place=place,
                slip_no=slip_no,
                at=now,
            )
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=view.issued.number)
        return case_of(tx, case.id)

    def scan(self, operator: Operator, code: str, licence: str, pages: tuple[Page, ...]) -> CaseView:
        """代扫: the counter's scan of a paper licence; it counts once the department confirmed its digest (Art. 21)."""
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        if not pages:
            raise BadInputError("scan_empty", "没有扫描页。", place="pages", todo="扫描纸质证照后再登记。")
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            view = find_licence(case, licence)
            body = f.LicenceScanned(
                licence=view.issued.licence, pages=pages, by_department=False, confirmed=False, at=now
            )
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=view.issued.number, pages=pages)
            return case_of(tx, case.id)

    def close(self, operator: Operator, code: str, matter: str = "") -> CaseView:
        """办结 of a paper result: only after the decision, and only once its scan is there (Art. 20, 21, 29).

        ``code`` may be ``REGISTRATION_NO/MATTER``. Raises RefusedError ``closing_refused``.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            wanted = matter or (code.split("/", 1)[1] if "/" in code else "")
            _refuse_closing(case, wanted)
            body = f.MatterClosed(matter=wanted, state=MatterState.APPROVED, at=now)
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=wanted)
            return case_of(tx, case.id)

    def notify(
        self,
        operator: Operator,
        code: str,
        matters: tuple[str, ...],
        channel: f.Channel,
        address: str,
        *,
        reached: bool,
        outcome: str,
    ) -> CaseView:
        """Records one attempt to tell the applicant that licences are ready (Art. 22)."""
        operator.require(Act.TELL)
        now = self._desk.clock.now().astimezone(CHINA)
        if not outcome.strip():
            raise BadInputError("outcome_missing", "没有填写通知结果。", place="outcome", todo="填写通知结果。")
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            body = f.ApplicantNotified(
                matters=matters, channel=channel, address=address, reached=reached, outcome=outcome, at=now
            )
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=outcome)
            return case_of(tx, case.id)


def _refuse_closing(case: CaseView, code: str) -> None:
    try:
        matter = case.matter(code)
    except KeyError as error:
        raise BadInputError("matter_unknown", f"本次申报没有事项“{code}”。", place="matter") from error
    mine = [view for view in case.licences if view.issued.matter == code]
    missing: list[Missing] = []
    if matter.decision is not Opinion.APPROVE:
        missing.append(Missing(line=matter.terms.name, what="部门尚未作出准予决定", article="第二十条"))
    if matter.state is MatterState.APPROVED:
        missing.append(Missing(line=matter.terms.name, what="该事项已经办结", article="第二十条"))
    if not mine:
        missing.append(Missing(line=matter.terms.name, what="审批结果尚未到达", article="第二十条"))
    missing.extend(
        Missing(line=view.issued.name, what="纸质证照没有扫描件", article="第二十一条")
        for view in mine
        if view.copies and not view.has_scan
    )
    if missing:
        raise RefusedError(
            "closing_refused",
            "不能办结。",
            article="第二十一条",
            safe="办件未改动。",
            todo="按所列各项办理后再办结。",
            missing=tuple(missing),
        )
