"""同步 and 设置, answered by the seat."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from ebp_desktop.domain.errors import BadInputError
from ui.gateways.pages import test_page
from ui.gateways.seat import Seat, SyncShown, WaitingShown
from ui.gateways.words import hour, local, moment_words, short_day, span_words
from ui.screens.settings.state import Section
from ui.screens.sync.state import FactRow, Parked, SyncView
from ui.shown import Act, Badge, Bar, Mark

_REVIEW_SECONDS = 2 * 8 * 3600
KeepLook = Callable[[str, bool], None]


class SyncQueue:
    """The outbox in words."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def queue(self) -> SyncView:
        """Parked first, then in order."""
        status, now = self._seat.sync_status(), self._seat.now()
        online = status.outage_since is None
        contact = f"最近与市平台联系 {hour(status.last_contact)}" if status.last_contact else "尚未与市平台联系"
        parked = {item.fact_id for item in status.parked}
        items = sorted(status.items, key=lambda item: (item.fact_id not in parked, item.since))
        away = "" if status.outage_since is None else span_words((now - status.outage_since).total_seconds())
        return SyncView(
            online=online,
            facts=f"全部已存本机；{contact}",
            next_try=f"离线 {away}，自动重试中" if away else "",
            waiting=tuple(self._row(item, parked=item.fact_id in parked) for item in items),
            offline_acts=(
                ("收件登记、打印凭单", Mark.OK, "照常"),
                ("发本窗口保管的证照", Mark.OK, "半天内照常"),
                ("核验二维码真伪", Mark.OK, "照常"),
                ("出受理通知书等文号文书", *_need(online=online)),
                ("取回共享材料", *_need(online=online)),
            ),
        )

    def _row(self, item: WaitingShown, *, parked: bool) -> FactRow:
        clock = None
        if item.kind == "case.registered":
            gone = (self._seat.now() - item.legal_at).total_seconds()
            clock = Bar(min(1.0, gone / _REVIEW_SECONDS), Mark.WARN, words=f"已走 {span_words(gone)}")
        state = Badge(Mark.PARK, "已停，待处理") if parked else Badge(Mark.SEND, "待发")
        return FactRow(_key(item), hour(item.since), item.what, item.why, state, clock, parked)

    def parked(self, key: str) -> Parked | None:
        """Why a fact is parked."""
        item = next((item for item in self._seat.sync_status().parked if _key(item) == key), None)
        if item is None:
            return None
        return Parked(
            key=key,
            title=f"已停：{item.what}",
            happened=f"{moment_words(item.since)} 记下，市平台没有收下：{item.why}",
            safe="原登记和时间不变，全部内容已存本机。",
            todo=item.todo or "请主管处理。",
            fixable=False,
        )

    def send_now(self) -> str:
        """Try at once."""
        status = self._seat.sync_now()
        return status.words or _sent_words(status)

    def resubmit(self, key: str, value: str, basis: str) -> str:
        """Facts are never changed in place."""
        raise BadInputError(
            "mend_by_correction",
            "登记内容不能就地修改。",
            safe="原登记不动。",
            todo="请在办件里办理当场更正，更正会随后发出。",
        )


def _need(*, online: bool) -> tuple[Mark, str]:
    return (Mark.OK, "照常") if online else (Mark.CLOCK, "等联网")


def _key(item: WaitingShown) -> str:
    return str(item.fact_id or f"{item.case_id}/{item.kind}")


def _sent_words(status: SyncShown) -> str:
    if status.outage_since is not None:
        return "市平台仍连不上，联网后自动再试"
    return "全部已送达" if status.waiting == 0 else f"还有 {status.waiting} 件待发"


class MachineSettings:
    """How every part of this counter stands."""

    def __init__(self, seat: Seat, keep_look: KeepLook) -> None:
        self._seat = seat
        self._keep_look = keep_look

    def sections(self) -> tuple[Section, ...]:
        """All parts."""
        return (self._window(), self._printing(), self._calendar(), self._guides(), self._about())

    def _window(self) -> Section:
        window, operator = self._seat.desk.window, self._seat.operator
        lines = (
            ("窗口", f"{window.number}　{window.name}", Mark.OK),
            ("区划", window.region, Mark.NONE),
            ("经办人", f"{operator.display_name}　工号 {operator.staff_no}", Mark.OK),
            ("岗位", "、".join(role.label for role in sorted(operator.roles)), Mark.NONE),
        )
        state = Badge(Mark.WARN, "演示") if window.demo else Badge(Mark.OK, "已登记")
        return Section("window", "窗口和人员", "本机登记为哪个窗口，谁在办理", "person", state, lines)

    def _printing(self) -> Section:
        printers = self._seat.printers()
        ready = any(mark is Mark.OK for _, _, mark in printers)
        state = Badge(Mark.OK, "就绪") if ready else Badge(Mark.WARN, "没有就绪")
        test = Act("test", "F9", "打印测试页", primary=True, enabled=bool(printers), why="没有打印机")
        return Section("printer", "打印机", "凭单、通知和回执", "printer", state, printers, (test,))

    def _calendar(self) -> Section:
        calendar = self._seat.desk.calendar
        years = calendar.announced_years()
        lines = tuple((f"{year} 年", calendar.year(year).source.title, Mark.OK) for year in years[-3:])
        missing = (max(years) + 1) if years else local(self._seat.now()).year
        lines += ((f"{missing} 年", "尚未公布：照常收件出单，涉及的到期日不推算", Mark.WARN),)
        newest = f"到 {max(years)} 年" if years else "没有"
        return Section("calendar", "工作日历", "时限按它计算", "calendar", Badge(Mark.OK, newest), lines)

    def _guides(self) -> Section:
        guides = self._seat.services.guides.all()
        lines = tuple(
            (guide.stage.name[:4], f"{guide.version}　{guide.status.label}", Mark.WARN if guide.is_draft else Mark.OK)
            for guide in guides
        )
        drafts = sum(guide.is_draft for guide in guides)
        state = Badge(Mark.WARN, f"草案 {drafts} 份") if drafts else Badge(Mark.OK, f"{len(guides)} 份")
        return Section("guides", "办事指南", "今天收件所依的版本", "folder", state, lines)

    def _about(self) -> Section:
        try:
            own = version("ebp-counter")
        except PackageNotFoundError:
            own = "0.1.0"
        today = local(self._seat.now()).date()
        lines = (
            ("版本", own, Mark.OK),
            ("Python", platform.python_version(), Mark.NONE),
            ("PySide6", version("PySide6-Essentials"), Mark.NONE),
            ("今天", f"{today.year}年{short_day(today)}", Mark.NONE),
        )
        return Section("about", "关于", "版本和许可", "info", Badge(Mark.OK, own), lines)

    def do(self, section: str, act: str) -> str:
        """Run a part's test."""
        if (section, act) != ("printer", "test"):
            return ""
        outcome = self._seat.print_pdf(test_page(moment_words(self._seat.now())), "打印测试页")
        return "测试页已送打印" if outcome.ok else outcome.reason

    def keep_look(self, theme: str, large_text: bool) -> None:
        """Remember the look of this home."""
        self._keep_look(theme, large_text)
