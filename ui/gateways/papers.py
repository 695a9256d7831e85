"""通知, 补正 and 领证, answered by the use cases of telling, hand-in and handover."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case import CaseView
from ebp_desktop.domain.case.words import notice_title
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.material import Counts, MaterialLine, Page, Verdict
from ebp_desktop.services.handover import Collection, HandoverCheck, ReadyCopy
from ebp_desktop.services.lookup import find_notice
from ebp_desktop.services.ports import Judgement
from ebp_desktop.services.supplement import OwedSupplement, blank_line
from ebp_desktop.services.telling import DueNotice
from ebp_desktop.services.telling import Telling as ToldHow
from ui.gateways.pages import Pages
from ui.gateways.seat import Seat
from ui.gateways.words import (
    clock_bar,
    clock_words,
    hour,
    local,
    masked_name,
    moment_words,
    short_day,
    short_matter,
    short_unit,
)
from ui.screens.notices.state import NoticePaper, NoticeRow, Reach, Telling
from ui.screens.pickup.state import Answer, Collector, CopyRow, FieldPair, NoticeCheck, ReadyRow
from ui.screens.supplement.state import HandInShown, OwedLine, OwedNotice, OwedRow
from ui.shown import Badge, Mark

_ON_PAD = "pad"
_CHANNELS = {Reach.SIGNED: f.Channel.SIGNED, Reach.ELECTRONIC: f.Channel.ELECTRONIC, Reach.CALL: f.Channel.CALL}


def keep_signature(seat: Seat, case: UUID, png: bytes) -> tuple[Page, ...]:
    """A drawn signature as a sealed page of the case."""
    if not png:
        return ()
    with tempfile.TemporaryDirectory(prefix="ebp-") as folder:
        path = Path(folder) / "signature.png"
        path.write_bytes(png)
        kept = seat.desk.blobs.put(case, path, "image/png")
    taken = local(seat.desk.clock.now())
    operator = seat.operator.user
    return (
        Page(sha256=kept.sha256, size=kept.size, mime=kept.mime, origin="signature", operator=operator, taken_at=taken),
    )


class Notices:
    """Papers that wait for applicants."""

    def __init__(self, seat: Seat, pages: Pages) -> None:
        self._seat = seat
        self._pages = pages

    def due(self) -> tuple[NoticeRow, ...]:
        """The most urgent first."""
        return tuple(_notice_row(due) for due in self._seat.services.notices.due())

    def paper(self, key: str) -> NoticePaper:
        """The paper as it will be printed."""
        seat = self._seat
        made = seat.services.notices.paper(seat.operator, key)
        due = next((d for d in seat.services.notices.due() if d.notice.issued.document_no == key), None)
        with seat.desk.store.read() as tx:
            case, notice = find_notice(tx, key)
        registered, clock = case.registered, due.clock if due else None
        facts = [
            ("文号", key, Mark.OK),
            ("申请人", registered.applicant.name, Mark.NONE),
            ("事项", short_matter(case.matter(notice.issued.matter).terms.name), Mark.NONE),
            ("出具", moment_words(notice.issued.issued_at), Mark.NONE),
        ]
        if clock is not None:
            facts.append(("时限", clock.words, Mark.WARN if clock.light in (Light.RED, Light.YELLOW) else Mark.NONE))
        return NoticePaper(
            key=key,
            title=made.title,
            facts=tuple(facts),
            pages=self._pages.show(made),
            consequence=clock.consequence if clock else "",
            recipient=registered.handler.name,
            phone=registered.handler.phone,
            consent_address=registered.consent.address if registered.consent.given else "",
        )

    def page(self, key: str) -> bytes:
        """A page's picture."""
        return self._pages.read(key)

    def print_paper(self, key: str) -> str:
        """Print, counted."""
        seat = self._seat
        made = seat.services.notices.paper(seat.operator, key)
        made, times = seat.services.reprints.reprint(seat.operator, made.number, made.kind)
        outcome = seat.print_pdf(made.pdf, f"{made.title} {key}")
        words = f"《{made.title}》已送打印" if outcome.ok else outcome.reason
        return f"{words}，注明第 {times} 次" if times > 1 else words

    def tell(self, key: str, telling: Telling) -> str:
        """Record the telling, print the service receipt."""
        seat = self._seat
        with seat.desk.store.read() as tx:
            case, _ = find_notice(tx, key)
        how = ToldHow(
            channel=_CHANNELS[telling.reach],
            recipient=telling.recipient,
            content=telling.content,
            signature=_ON_PAD if telling.signature else "",
            evidence=keep_signature(seat, case.id, telling.signature),
        )
        seat.services.notices.paper(seat.operator, key)
        done = seat.services.notices.tell(seat.operator, key, how)
        if done.receipt is None:
            return f"{key} 已告知申请人"
        outcome = seat.print_pdf(done.receipt.pdf, f"送达回证 {done.receipt.number}")
        return f"{key} 已告知申请人，送达回证" + ("已送打印" if outcome.ok else f"待打印：{outcome.reason}")


def _notice_row(due: DueNotice) -> NoticeRow:
    issued, clock = due.notice.issued, due.clock
    urgent = clock is not None and clock.light is Light.RED
    title, note = notice_title(issued.kind), due.case.project.name
    if clock is not None and clock.light in (Light.RED, Light.YELLOW):
        state = Badge(Mark.DANGER if urgent else Mark.WARN, clock_words(clock))
    else:
        state = Badge(Mark.OPEN, "待来人") if due.printed else Badge(Mark.SEND, "待打印")
    return NoticeRow(issued.document_no, title, note, state, clock_bar(clock) if clock else None, urgent)


class Supplements:
    """Notices whose papers are owed."""

    def __init__(self, seat: Seat, pages: Pages) -> None:
        self._seat = seat
        self._pages = pages

    def owed(self) -> tuple[OwedRow, ...]:
        """The nearest deadline first."""
        return tuple(self._row(owed) for owed in self._seat.services.supplements.owed())

    def _row(self, owed: OwedSupplement) -> OwedRow:
        issued = owed.notice.issued
        return OwedRow(issued.document_no, owed.case.project.name, issued.document_no, self._left(owed))

    def _left(self, owed: OwedSupplement) -> Badge:
        until = owed.notice.issued.submit_by
        if until is None:
            return Badge(Mark.PAUSE, f"欠 {len(owed.missing)} 项")
        left = (until - local(self._seat.desk.clock.now()).date()).days
        if left < 0:
            return Badge(Mark.DANGER, f"过期 {-left} 天")
        return Badge(Mark.WARN if left <= 3 else Mark.PAUSE, "今天到期" if left == 0 else f"余 {left} 天")

    def notice(self, key: str) -> OwedNotice:
        """One notice with its lines."""
        found = self._seat.services.supplements.owed()
        owed = next((each for each in found if each.notice.issued.document_no == key), None)
        if owed is None:
            raise BadInputError("notice_not_owed", f"{key} 没有待补正的材料。", todo="核对文号。")
        issued, case = owed.notice.issued, owed.case
        matter = case.matter(issued.matter).terms
        until = short_day(issued.submit_by) if issued.submit_by else "通知未定期限"
        return OwedNotice(
            key=key,
            case=case.registered.registration_no,
            title=f"{notice_title(issued.kind)}　{case.project.name}",
            facts=(
                ("文号", key, Mark.OK),
                ("事项", f"{short_matter(matter.name)}　{short_unit(matter.department_name)}", Mark.NONE),
                ("提交期限", until, Mark.NONE),
            ),
            lines=tuple(
                OwedLine(blank_line(case, line.item), line.item.problem, line.item.demand, line.satisfied)
                for line in owed.lines
            ),
            consequence="交齐并由部门核对后继续计时；逾期不自动产生后果，由部门决定",
        )

    def take_files(
        self, notice: str, line: MaterialLine, files: tuple[str, ...]
    ) -> tuple[MaterialLine, tuple[str, ...]]:
        """Files as sealed pages of the case."""
        seat = self._seat
        with seat.desk.store.read() as tx:
            case, _ = find_notice(tx, notice)
        with tempfile.TemporaryDirectory(prefix="ebp-") as folder:
            imported = seat.read_files(tuple(Path(file) for file in files), Path(folder) / "pages")
            for page in imported.pages:
                seat.desk.blobs.put(case.id, page.path, page.page.mime)
        known = {page.sha256 for page in line.pages}
        taken = tuple(each.page for each in imported.pages if each.page.sha256 not in known)
        refused = tuple(f"{file.name}：{file.reason}" for file in imported.refused)
        return replace(line, pages=line.pages + taken), refused

    def page(self, key: str) -> bytes:
        """A page's picture."""
        return self._pages.read(key)

    def hand_in(self, key: str, lines: tuple[MaterialLine, ...]) -> HandInShown:
        """Register, print the receipt."""
        seat = self._seat
        counted = tuple(_with_files(line) for line in lines)
        done = seat.services.supplements.hand_in(seat.operator, (key,), counted)
        outcome = seat.print_pdf(done.receipt.pdf, f"补正材料接收凭证 {done.receipt.number}")
        words = "已交齐，部门当场核对" if done.complete else f"还欠 {len(done.missing)} 项，时限仍暂停"
        return HandInShown(f"接收凭证 {done.receipt.number}", words if outcome.ok else f"{words}；{outcome.reason}")


def _with_files(line: MaterialLine) -> MaterialLine:
    if line.verdict is not Verdict.QUALIFIED or not (line.pages or line.files):
        return line
    received = line.received
    electronic = max(received.electronic, line.due.electronic)
    return replace(line, received=Counts(original=received.original, copy=received.copy, electronic=electronic))


class Pickup:
    """Licences and the notices that release them."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def ready(self) -> tuple[ReadyRow, ...]:
        """Licences that may go out here."""
        rows = []
        for row in self._seat.services.results.rows():
            issued = row.licence.issued
            if row.ready:
                place = next((copy.place for copy in row.licence.copies if copy.place), "")
                state = Badge(Mark.BOX, f"本窗口 {place}".strip()) if row.licence.copies else Badge(Mark.OK, "电子件")
            else:
                state = Badge(Mark.CLOCK, row.todo)
            rows.append(ReadyRow(issued.number, f"{issued.name}　{row.case.project.name}", issued.number, state))
        return tuple(rows)

    def check(self, code: str) -> NoticeCheck:
        """The verdict on a scan; a typed number is looked at but proves nothing."""
        seat = self._seat
        if "EBP1." not in code.upper():
            return self._typed(code)
        return self._shown(seat.services.handover.check(seat.operator, code))

    def _typed(self, number: str) -> NoticeCheck:
        with self._seat.desk.store.read() as tx:
            case, notice = find_notice(tx, number)
        title = notice_title(notice.issued.kind)
        return NoticeCheck(
            Answer.UNKNOWN,
            "请扫描通知书上的二维码",
            f"{title}　{notice.issued.document_no}：只凭文号不能领证，原件遗失的按遗失办理",
            facts=f"{case.project.name}　{case.project.number}",
        )

    def _shown(self, found: HandoverCheck) -> NoticeCheck:
        case, notice, answer = found.case, found.notice, Answer(found.judgement.value)
        if case is None or notice is None:
            return NoticeCheck(answer, _HEADS[found.judgement], found.reason, alert=found.alert)
        genuine = found.judgement is Judgement.GENUINE
        handler = case.registered.handler
        issued = notice.issued
        detail = f"{notice_title(issued.kind)}　{issued.document_no}　签发 {moment_words(issued.issued_at)}"
        return NoticeCheck(
            answer=answer,
            head=_HEADS[found.judgement] if found.copies or not genuine else "真实有效，还没有可领的证照",
            detail=detail if genuine else found.reason,
            reasons=self._reasons(found) if genuine else (),
            facts=f"{case.project.name}　{case.project.number}",
            copies=tuple(self._copy(copy) for copy in found.copies),
            pairs=tuple(FieldPair(pair.field, pair.in_case, pair.on_licence) for pair in found.compared),
            recipient=handler.name if genuine else "",
            phone=handler.phone if genuine else "",
            alert=found.alert,
        )

    def _reasons(self, found: HandoverCheck) -> tuple[tuple[Mark, str], ...]:
        checked = found.status_checked_at
        status = f"状态 {hour(checked)} 与市平台核对" if checked else "状态尚未与市平台核对"
        here = sum(1 for copy in found.copies if not copy.why_not)
        return (
            (Mark.OK, "签名真实"),
            (Mark.OK, "未作废、未挂失"),
            (Mark.OK if checked else Mark.WARN, status),
            (Mark.OK, f"可发 {here} 本"),
        )

    def _copy(self, copy: ReadyCopy) -> CopyRow:
        issued = copy.licence.issued
        note = f"{issued.number}　{short_unit(issued.issuer)} {short_day(issued.issued_on)}"
        if copy.why_not:
            state = Badge(Mark.NONE if copy.why_not.startswith("已") else Mark.CLOCK, _short_why(copy.why_not))
        else:
            state = Badge(Mark.OK, "打印交付" if copy.copy_no == 0 else "发纸质件")
        place = copy.place if copy.copy_no == 0 else f"窗口 {copy.place}".strip()
        return CopyRow(copy.item, issued.name, note, 1, place, copy.why_not or copy.kind, state, not copy.why_not)

    def hand_over(self, collector: Collector) -> str:
        """Hand over and print both papers."""
        seat = self._seat
        found = seat.services.handover.check(seat.operator, collector.code)
        evidence = keep_signature(seat, _case_id(found.case), collector.signature)
        done = seat.services.handover.hand_over(
            seat.operator,
            Collection(
                qr=collector.code,
                recipient=collector.recipient,
                id_number=collector.id_number,
                phone=collector.phone,
                signature=_ON_PAD if collector.signature else "",
                items=collector.copies,
                evidence=evidence,
            ),
        )
        printed = all(
            seat.print_pdf(paper.pdf, f"{paper.title} {paper.number}").ok for paper in (done.receipt, done.service)
        )
        who = masked_name(done.out.recipient)
        papers = "领证回执、送达回证已送打印" if printed else "回执待打印，可在办件里补打"
        return f"已发 {len(done.out.copies)} 本给 {who}，{papers}"


_HEADS = {
    Judgement.GENUINE: "真实有效，可以领证",
    Judgement.VOID: "通知书已作废，不得发证",
    Judgement.USED: "证照已经领完",
    Judgement.UNKNOWN: "不能确认真伪，暂不发证",
    Judgement.FORGED: "签名不符，不得发证",
}


def _short_why(why: str) -> str:
    return "不再发" if why.startswith("已") else "暂不能发"


def _case_id(case: CaseView | None) -> UUID:
    if case is None:
        raise BadInputError("notice_unknown", "这份通知书没有对应的办件。", todo="请联网同步后再验。")
    return case.id
