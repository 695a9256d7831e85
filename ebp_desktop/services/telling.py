"""通知: papers that wait for the applicant, their printing, and the act of telling with its evidence (Art. 7, 8, 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, NoticeView
from ebp_desktop.domain.case.clocks import ClockKind, ClockRow, case_clocks
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.identifiers import CounterPaper, counter_paper_no
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.issuing import issue, reprint_bytes
from ebp_desktop.services.lookup import case_of, find_notice, open_cases
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import AuditEntry, Session
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A notice that has arrived and waits for the applicant, with the clock that runs against the window."""

    case: CaseView
    notice: NoticeView
    clock: ClockRow | None
    printed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How the applicant was told: ``content`` is the whole content where it was a call or a message."""

    channel: f.Channel
    recipient: str
    at: datetime | None = None
    content: str = ""
    signature: str = ""
    evidence: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A notice that was told, with the papers made on the way."""

    case: CaseView
    notice: NoticeView
    receipt: MadePaper | None


class NoticeDesk:
    """Prints notices and records how applicants were told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def due(self) -> tuple[DueNotice, ...]:
        """Every notice not yet told, the one whose clock ends first on top."""
        now, found = self._desk.clock.now(), list[DueNotice]()
        with self._desk.store.read() as tx:
            for case in open_cases(tx):
                clocks = case_clocks(case, self._desk.calendar, now, self._desk.readings)
                for notice in case.notices:
                    if notice.is_to_tell:
                        stored = tx.documents.get(notice.issued.document_no, notice.issued.kind.value)
                        clock = _review(clocks, notice.issued.matter)
                        found.append(
                            DueNotice(case=case, notice=notice, clock=clock, printed=stored.prints if stored else 0)
                        )
        return tuple(sorted(found, key=_urgency))

    def paper(self, operator: Operator, document_no: str) -> MadePaper:
        """The notice as a paper, made on first demand from what central issued, the same bytes ever after."""
        operator.require(Act.TELL)
        with self._desk.store.begin() as tx:
            case, notice = find_notice(tx, document_no)
            text = self._desk.papers.notice(case, notice, self._desk.window)
            return issue(self._desk, tx, text, case.id, self._desk.clock.now(), token=notice.issued.token)

    def tell(self, operator: Operator, document_no: str, telling: Telling) -> Delivered:
        """Records that the applicant was told; a signed handover makes the 送达回证 in the same transaction.

        Raises RefusedError ``no_consent`` for electronic delivery without a consent on the slip, ``notice_void``, and
        BadInputError ``content_missing`` for a call without its content.
        """
        operator.require(Act.TELL)
        now = self._desk.clock.now().astimezone(CHINA)
        at = telling.at or now
        with self._desk.store.begin() as tx:
            case, notice = find_notice(tx, document_no)
            if notice.told is not None:
                return Delivered(case=case, notice=notice, receipt=self._receipt_again(tx, notice))
            _refuse(case, notice, telling, at, now)
            told = f.NoticeTold(
                notice=notice.issued.notice,
                channel=telling.channel,
                at=at,
                recipient=telling.recipient,
                content=telling.content,
                signature=telling.signature,
                evidence=telling.evidence,
            )
            record(
                self._desk,
                tx,
                operator,
                case.id,
                told,
                legal_at=at,
                detail=document_no,
                pages=telling.evidence,
            )
            after = case_of(tx, case.id)
            receipt = self._receipt(tx, operator, after, told) if telling.channel is f.Channel.SIGNED else None
            view = after.notice(notice.issued.notice) or notice
        return Delivered(case=after, notice=view, receipt=receipt)

    def _receipt(self, tx: Session, operator: Operator, case: CaseView, told: f.NoticeTold) -> MadePaper:
        serial = tx.numbers.next_paper(case.registered.registration_no)
        number = counter_paper_no(case.registered.registration_no, CounterPaper.SERVICE, serial)
        text = self._desk.papers.service_receipt(case, number, told, self._desk.window, operator)
        tx.settings.set(_receipt_key(told.notice), number)
        return issue(self._desk, tx, text, case.id, told.at)

    def _receipt_again(self, tx: Session, notice: NoticeView) -> MadePaper | None:
        stored = tx.documents.get(tx.settings.get(_receipt_key(notice.issued.notice)), "service_receipt")
        return reprint_bytes(self._desk, stored) if stored else None


class Reprints:
    """补打: the same bytes again, marked and counted (rule 12)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reprint(self, operator: Operator, number: str, kind: str = "") -> tuple[MadePaper, int]:
        """The paper with its reprint mark and how often it was printed; the first print carries no mark."""
        operator.require(Act.READ_CASES)
        with self._desk.store.begin() as tx:
            stored = tx.documents.get(number, kind)
            if stored is None:
                raise BadInputError("paper_unknown", f"没有编号为 {number} 的文书。", todo="核对编号。")
            made = reprint_bytes(self._desk, stored)
            times = tx.documents.count_print(stored.number, stored.kind)
            now = self._desk.clock.now()
            tx.audit.append(
                AuditEntry(act="document.printed", actor=operator.user, object=number, detail=str(times), at=now)
            )
        if times == 1:
            return made, times
        marked = self._desk.papers.with_reprint_mark(made.pdf, times - 1)
        return (
            MadePaper(kind=made.kind, title=made.title, number=made.number, token=made.token, pdf=marked),
            times,
        )


def _receipt_key(notice: UUID) -> str:
    return f"service_receipt:{notice}"


def _review(clocks: tuple[ClockRow, ...], matter: str) -> ClockRow | None:
    mine = [row for row in clocks if row.matter == matter and row.is_running]
    return next((row for row in mine if row.kind is ClockKind.REVIEW), mine[0] if mine else None)


def _urgency(due: DueNotice) -> tuple[bool, str, datetime]:
    day = due.clock.due if due.clock else None
    return day is None, day.isoformat() if day else "", due.notice.issued.issued_at


def _refuse(case: CaseView, notice: NoticeView, telling: Telling, at: datetime, now: datetime) -> None:
    if notice.void:
        raise RefusedError("notice_void", "该通知书已作废，不能再送达。", article="第二十四条", safe="原记录未改动。")
    if telling.channel is f.Channel.ELECTRONIC and not case.registered.consent.given:
        raise RefusedError(
            "no_consent",
            "申请人在登记时没有同意电子送达。",
            article="第七条",
            safe="通知书未变。",
            todo="改用当面签收或电话告知。",
        )
    if telling.channel in {f.Channel.CALL, f.Channel.MESSAGE} and not telling.content.strip():
        raise BadInputError(
            "content_missing", "电话或短信告知必须记录告知的全部内容。", place="content", todo="填写告知内容后再登记。"
        )
    if not telling.recipient.strip():
        raise BadInputError("recipient_missing", "没有填写被告知人。", place="recipient", todo="填写姓名。")
    # A counter whose clock lags central's may tell at once what has just come in; only a stated time is judged.
    too_early = telling.at is not None and at < notice.issued.issued_at
    if too_early or at > now:
        raise BadInputError(
            "told_time_wrong", "告知时间不能早于文书出具时间，也不能晚于现在。", place="at", todo="核对告知时间。"
        )
