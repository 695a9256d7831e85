"""今日 and 办件, answered by the queries."""

from __future__ import annotations

from datetime import date

from ebp_desktop.domain.case import CaseView
from ebp_desktop.domain.case.clocks import ClockKind, next_clock
from ebp_desktop.domain.case.words import Happening, case_state_words, notice_title
from ebp_desktop.domain.clocks import Light
from ebp_desktop.services.ports import CaseSummary, StoredDocument
from ebp_desktop.services.queries import CaseFile
from ebp_desktop.services.queries import Danger as ClockDanger
from ebp_desktop.services.results import ResultRow
from ebp_desktop.services.telling import DueNotice
from ui.gateways.seat import Seat
from ui.gateways.words import (
    LIGHT_MARKS,
    clock_bar,
    clock_board,
    clock_words,
    day_words,
    hour,
    local,
    masked_name,
    short_matter,
    short_unit,
    state_badge,
)
from ui.screens.cases.state import CaseDetail, Hit, Hits, PaperShown
from ui.screens.today.state import Danger, Figure, Item, TodayView
from ui.shown import Act, Badge, BarPair, Event, Mark

_TONE_MARKS = {"ok": Mark.OK, "warn": Mark.PAUSE, "danger": Mark.BAD, "plain": Mark.CLOCK}
_CHART_DAYS = 10


class TodayFacts:
    """The day at this counter."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._days: dict[str, tuple[int, int]] = {}

    def today(self) -> TodayView:
        """Dangers, lists, tally."""
        services = self._seat.services
        today, due = services.queries.today(), services.notices.due()
        ready = [row for row in services.results.rows() if row.ready]
        urgent = sum(1 for danger in today.dangers if danger.clock.light is Light.RED)
        tally = today.tally
        facts = f"今天登记 {tally.registered} 件"
        facts += f"；有 {urgent} 件今天到期或已超期" if urgent else "；没有今天到期的"
        return TodayView(
            facts=facts,
            dangers=tuple(_danger(danger) for danger in today.dangers),
            to_tell=tuple(_to_tell(each) for each in due),
            to_hand_over=tuple(_to_hand_over(row) for row in ready),
            tally=(
                Figure(tally.registered, "登记"),
                Figure(tally.told, "告知"),
                Figure(tally.handed_over, "发证"),
                Figure(tally.waiting_to_send, "待发"),
            ),
            days=self._chart(),
        )

    def call_next(self) -> TodayView:
        """No calling machine is connected: the day as it is."""
        return self.today()

    def _chart(self) -> tuple[BarPair, ...]:
        """Registrations and closings of the last working days, read from the newest cases."""
        desk = self._seat.desk
        today = local(desk.clock.now()).date()
        days: list[date] = []
        at = today
        while len(days) < _CHART_DAYS and (today - at).days < 40:
            if not desk.calendar.covers(at.year) or desk.calendar.is_workday(at) or at == today:
                days.append(at)
            at = at.fromordinal(at.toordinal() - 1)
        received, closed = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
        with desk.store.read() as tx:
            page = tx.cases.recent(limit=500)
        for row in page.rows:
            day = local(row.received_at).date()
            if day in received:
                received[day] += 1
            end = local(row.updated_at).date()
            if not row.is_open and end in closed:
                closed[end] += 1
        return tuple(
            BarPair("今天" if day == today else f"{day.day}日", received[day], closed[day]) for day in reversed(days)
        )


def _danger(danger: ClockDanger) -> Danger:
    case, clock = danger.case, danger.clock
    urgent = clock.light is Light.RED
    told = clock.kind is ClockKind.REVIEW and any(
        n.is_to_tell and n.issued.matter == clock.matter for n in case.notices
    )
    supplement = clock.kind is ClockKind.SUPPLEMENT
    why = {
        ClockKind.REVIEW: "意见已到，还没告知申请人" if told else f"{short_unit(clock.department_name)}还没出意见",
        ClockKind.SUPPLEMENT: "申请人还没交齐补正材料",
        ClockKind.VERIFY: "补正已齐，待部门核对",
    }.get(clock.kind, f"{short_unit(clock.department_name)}办理中")
    screen = "notices" if told else "supplement" if supplement else "cases"
    registration = case.registered.registration_no
    act = f"给{case.project.name}打印并送达文书" if told else ""
    return Danger(
        key=registration,
        project=case.project.name,
        matter=f"{short_matter(clock.matter_name)}　{short_unit(clock.department_name)}",
        state=Badge(LIGHT_MARKS[clock.light], clock_words(clock)),
        why=why,
        consequence=clock.consequence or clock.words,
        left=_left(clock.remaining, urgent=urgent),
        bar=clock_bar(clock),
        urgent=urgent,
        screen=screen,
        next_act=act,
        next_label="打开并告知" if told else "登记补正" if supplement else "打开办件",
    )


def _left(remaining: int | None, *, urgent: bool) -> str:
    if remaining is None:
        return "不能推算"
    if remaining < 0:
        return f"超期 {-remaining} 日"
    return "今天" if urgent and remaining == 0 else f"{remaining} 个工作日"


def _to_tell(due: DueNotice) -> Item:
    issued = due.notice.issued
    state = Badge(Mark.OPEN, "待来人") if due.printed else Badge(Mark.SEND, "待打印")
    who = masked_name(due.case.registered.handler.name)
    note = f"{due.case.project.name}　{who} {hour(issued.issued_at)}"
    return Item(issued.document_no, notice_title(issued.kind), note, state)


def _to_hand_over(row: ResultRow) -> Item:
    issued, licence = row.licence.issued, row.licence
    if not licence.copies:
        state = Badge(Mark.OK, "电子件")
    else:
        place = next((copy.place for copy in licence.copies if copy.place), "")
        state = Badge(Mark.BOX, f"本窗口 {place}".strip())
    note = row.case.project.name
    return Item(issued.number, issued.name, note, state)


class CaseFacts:
    """Search and cases."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def search(self, text: str, after: str) -> Hits:
        """A keyset page."""
        page = self._seat.services.queries.find(text, after=after or None)
        total = "" if page.next_key else str(len(page.rows)) if not after else ""
        return Hits(tuple(map(_hit, page.rows)), page.next_key or "", total or ("50+" if page.next_key else ""))

    def case(self, key: str) -> CaseDetail:
        """One case whole."""
        seat = self._seat
        found = seat.services.queries.open_case(seat.operator, key)
        case, now = found.case, seat.desk.clock.now()
        words = case_state_words(case)
        head, detail, mark = _next_of(found)
        registered = case.registered
        facts = (
            f"{case.project.number or registered.registration_no}　{registered.stage_name}　{registered.applicant.name}"
        )
        return CaseDetail(
            key=key,
            name=case.project.name,
            facts=facts,
            state=state_badge(words),
            clocks=clock_board(found.clocks, seat.desk.calendar, now),
            events=tuple(_event(line, local(now).date().isoformat()) for line in found.history),
            papers=_papers(found),
            head=head,
            consequence=detail,
            mark=mark,
            acts=_acts(case),
        )

    def print_paper(self, case: str, paper: str) -> str:
        """Print again, counted and marked."""
        kind, _, number = paper.partition("|")
        seat = self._seat
        if kind == "notice":
            made, times = seat.services.notices.paper(seat.operator, number), 1
        else:
            made, times = seat.services.reprints.reprint(seat.operator, number, kind)
        outcome = seat.print_pdf(made.pdf, f"{made.title} {made.number}")
        words = f"《{made.title}》已送打印" if outcome.ok else outcome.reason
        return f"{words}，注明第 {times} 次" if times > 1 else words

    def do(self, case: str, act: str) -> str:
        """Acts of the case lead to other screens; nothing is done here."""
        return ""


def _hit(row: CaseSummary) -> Hit:
    return Hit(row.registration_no, row.project_name, row.project_number or row.registration_no, state_badge(row.state))


def _event(line: Happening, today: str) -> Event:
    at = local(line.at)
    day = day_words(at.date(), at.date().fromisoformat(today))
    detail = f"{line.detail}（待送达）" if line.pending else line.detail
    return Event(day, f"{at:%H:%M}", _TONE_MARKS.get(line.tone, Mark.CLOCK), line.title, detail, line.number)


def _papers(found: CaseFile) -> tuple[PaperShown, ...]:
    numbered = {notice.issued.document_no for notice in found.case.notices}
    titles = [_paper(stored) for stored in found.documents if stored.number not in numbered]
    for notice in found.case.notices:
        issued = notice.issued
        if notice.void:
            state = Badge(Mark.PARK, "已作废")
        else:
            state = Badge(Mark.SEND, "待告知") if notice.is_to_tell else Badge(Mark.OK, "已告知")
        titles.append(PaperShown(f"notice|{issued.document_no}", notice_title(issued.kind), issued.document_no, state))
    for licence in found.case.licences:
        state = Badge(Mark.OK, "已发") if licence.is_out else Badge(Mark.BOX, "待领")
        titles.append(PaperShown(f"licence|{licence.issued.number}", licence.issued.name, licence.issued.number, state))
    return tuple(titles)


def _paper(stored: StoredDocument) -> PaperShown:
    titles = {
        "slip": "登记凭单",
        "supplement_receipt": "补正材料接收凭证",
        "service_receipt": "送达回证",
        "handover_receipt": "领证回执",
        "correction": "当场更正单",
        "withdrawal": "撤件凭证",
        "loss_record": "遗失办理记录",
    }
    state = Badge(Mark.OK, f"已印 {stored.prints} 次") if stored.prints else Badge(Mark.OPEN, "未打印")
    return PaperShown(f"{stored.kind}|{stored.number}", titles.get(stored.kind, stored.kind), stored.number, state)


def _next_of(found: CaseFile) -> tuple[str, str, Mark]:
    clock = next_clock(found.clocks)
    if clock is None:
        words = case_state_words(found.case)
        return words, "没有正在走的时限", Mark.OK if words in ("已办结", "待领证") else Mark.CLOCK
    head = f"{short_matter(clock.matter_name)}：{clock.words}"
    return head, clock.consequence or short_unit(clock.department_name), LIGHT_MARKS[clock.light]


def _acts(case: CaseView) -> tuple[Act, ...]:
    owes = any(matter.is_supplement_due for matter in case.matters)
    tells = any(notice.is_to_tell for notice in case.notices)
    gives = any(not licence.is_out for licence in case.licences)
    wanted = (
        ("open_notices", "F4", "告知申请人", tells, "没有待告知的文书"),
        ("open_supplement", "F7", "登记补正", owes, "没有待补正的事项"),
        ("open_pickup", "F8", "发证", gives, "没有待领的证照"),
    )
    first = next((name for name, _, _, can, _ in wanted if can), "")
    acts = [
        Act(name, "Enter" if name == first else key, label, primary=name == first, enabled=can, why=why)
        for name, key, label, can, why in wanted
    ]
    return tuple(sorted(acts, key=lambda act: act.primary))
