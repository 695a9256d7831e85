"""The frame, the one field and the gate, answered by the seat."""

from __future__ import annotations

from ebp_desktop.domain.case import CaseView
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.lookup import find_case, find_notice
from ui.frame_state import Connection, Frame
from ui.gateways.seat import Seat, SyncShown
from ui.gateways.words import hour, local, short_day, span_words
from ui.navigation import CASES, NOTICES, PICKUP, SUPPLEMENT, SYNC, Landing
from ui.screens.sign_in.state import SignedInShown

_TOKEN = "EBP1."  # noqa: S105 -- the mark of a code on paper, no secret
_WEEKDAYS = "一二三四五六日"


class FrameFacts:
    """Who serves where, what waits, whether central is reached."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def frame(self) -> Frame:
        """The frame as of now; without a person only the time."""
        now = local(self._seat.now())
        day = f"{now.month}月{now.day}日 周{_WEEKDAYS[now.weekday()]}"
        if not self._seat.taken:
            return Frame(hall="综合窗口", subtitle="工程建设项目审批", time=f"{now:%H:%M}", day=day)
        seat, window = self._seat, self._seat.desk.window
        status = seat.sync_status()
        services = seat.services
        owed = services.supplements.owed()
        ready = [row for row in services.results.rows() if row.ready]
        waiting = {
            NOTICES: len(services.notices.due()),
            SUPPLEMENT: len(owed),
            PICKUP: len(ready),
            SYNC: status.waiting,
        }
        return Frame(
            hall=f"{window.city}综合窗口",
            subtitle="工程建设项目审批",
            operator=seat.operator.display_name,
            counter=f"{int(window.number)} 号窗口　工号 {seat.operator.staff_no}".rstrip("　工号 "),
            time=f"{now:%H:%M}",
            day=day,
            demo=window.demo,
            connection=self._connection(status),
            waiting=waiting,
            loud=frozenset({SYNC}) if status.parked or status.outage_since else frozenset(),
        )

    def _connection(self, status: SyncShown) -> Connection:
        now, queries = self._seat.now(), self._seat.services.queries
        today = queries.today()
        parked = len(status.parked)
        if status.outage_since is None:
            contact = f"最近一次送达 {hour(status.last_contact)}" if status.last_contact else "尚未与市平台联系"
            lease = f"号段余 {today.leased_left} 个"
            until = f"，有效至 {today.leased_until}" if today.leased_until else ""
            facts = [f"待发 {status.waiting} 件", contact, lease + until]
            if today.missing_year:
                facts.append(f"{today.missing_year} 年工作日历尚未公布")
            return Connection(online=True, head="已联网", facts=tuple(facts))
        since = f"自 {hour(status.outage_since)} 起 {span_words((now - status.outage_since).total_seconds())}"
        unseen = sum(1 for item in status.items if item.kind == "case.registered")
        return Connection(
            online=False,
            head=f"离线　{since}",
            facts=(
                f"已存本机：待发 {status.waiting - parked} 件" + (f"，待改 {parked} 件" if parked else ""),
                "可照常收件、打凭单、发本窗口保管的证照",
            ),
            unseen=f"{unseen} 件审查时限正在走，部门尚未看到" if unseen else "",
        )


class Lookup:
    """Where something scanned, typed or pasted belongs."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def look_up(self, text: str) -> Landing:
        """Codes of notices go to 领证, papers still to tell to 通知, everything else to the cases."""
        if _TOKEN in text.upper():
            return Landing(PICKUP, text)
        desk = self._seat.desk
        with desk.store.read() as tx:
            try:
                _, notice = find_notice(tx, text)
            except BadInputError:
                notice = None
            if notice is not None:
                return Landing(NOTICES if notice.is_to_tell else PICKUP, notice.issued.document_no)
            try:
                case: CaseView = find_case(tx, text)
            except BadInputError:
                return Landing(CASES, text)
        return Landing(CASES, case.registered.registration_no)


class Gatekeeper:
    """Signs people in at this seat."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def sign_in(self, user: str, password: str, otp: str) -> SignedInShown:
        """Seat a person."""
        signed_in = self._seat.sign_in(user, password, otp)
        leave = "离线许可" if signed_in.offline else "在线登录"
        until = local(signed_in.expires)
        return SignedInShown(
            signed_in.operator.display_name, f"{leave}到 {short_day(until.date())} {hour(signed_in.expires)}"
        )

    def sign_out(self) -> None:
        """The person leaves."""
        self._seat.sign_out()
