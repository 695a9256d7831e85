"""The frame's gateway: a hall, an operator, a connection that a test may cut."""

from __future__ import annotations

from ui.frame_state import Connection, Frame
from ui.navigation import CASES, INTAKE, PICKUP, Landing
from ui.shown import Badge, Mark

ONLINE = Connection(
    online=True,
    head="已联网",
    facts=("待发 0 件", "最近一次送达 10:41", "号段余 37 个，有效至 12月31日"),
    devices=(Badge(Mark.OK, "扫描仪就绪"), Badge(Mark.OK, "打印机就绪")),
)
OFFLINE = Connection(
    online=False,
    head="离线　自 09:18 起 1 小时 24 分",
    facts=("已存本机：待发 6 件，待改 1 件", "可照常收件、打凭单、发本窗口保管的证照"),
    unseen="2 件审查时限正在走，部门尚未看到",
)


class SampleFrame:
    """Answers at once."""

    def __init__(self) -> None:
        self.online = True

    def frame(self) -> Frame:
        """The frame as of 10:42."""
        waiting = {"notices": 6, "supplement": 2, "pickup": 5}
        return Frame(
            hall="乌海市综合窗口",
            subtitle="工程建设项目审批",
            operator="苏日娜",
            counter="3 号窗口　工号 0312",
            time="10:42",
            day="11月20日 周五",
            connection=ONLINE if self.online else OFFLINE,
            waiting=waiting if self.online else {**waiting, "sync": 7},
            loud=frozenset({"sync"}),
        )


class SampleLookup:
    """Knows a project code, a notice and nothing else."""

    def look_up(self, text: str) -> Landing:
        """Notices land in 领证, project codes in 收件, the rest in the search."""
        if text.startswith("EBP1.") or "受〔" in text:
            return Landing(PICKUP, text)
        if text == "150300-2026-000412-9":
            return Landing(INTAKE, text)
        return Landing(CASES, text)
