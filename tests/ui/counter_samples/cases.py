"""办件's gateway in memory: the design's case, and a long list to page through."""

from __future__ import annotations

from datetime import date, timedelta

from ui.screens.cases.state import CaseDetail, Hit, Hits, PaperShown
from ui.shown import Act, Badge, ClockBoard, ClockRow, Event, Mark, Pause, PauseKind

HITS = (
    Hit("376", "海勃湾区人民南路雨污分流改造", "150300-2026-000376-3", Badge(Mark.WARN, "余 1 天")),
    Hit("233", "人民南路人行道修缮", "150300-2026-000233-2", Badge(Mark.OK, "已办结")),
    Hit("118", "人民路小学操场改造", "150300-2026-000118-4", Badge(Mark.OK, "已办结")),
    Hit("367", "人民公园西门停车场", "150300-2026-000367-1", Badge(Mark.PAUSE, "补正中")),
    Hit("341", "仁民医院住院楼加固", "150300-2026-000341-9", Badge(Mark.NOW, "审批中")),
    Hit("322", "日铭冷链仓储一期", "150300-2026-000322-0", Badge(Mark.NOW, "审批中")),
    Hit("289", "润民佳苑 3 号楼", "150300-2026-000289-8", Badge(Mark.OK, "已办结")),
    Hit("271", "海南区仁茂食品加工车间", "150300-2026-000271-5", Badge(Mark.NONE, "已撤回")),
)


def _day(month: int, day: int) -> date:
    return date(2026, month, day)


_FIRST = _day(10, 1)
DAYS_OFF = frozenset(
    _FIRST + timedelta(at) for at in range(120) if (_FIRST + timedelta(at)).weekday() >= 5 and at not in (8, 9)
)
CLOCKS = ClockBoard(
    today=_day(11, 20),
    days_off=DAYS_OFF,
    source="工作日历 2026，来源：国务院办公厅通知",
    rows=(
        ClockRow(
            "是否受理（全部事项）",
            "审查时限 2 个工作日",
            Badge(Mark.OK, "11月2日 已告知"),
            "按期",
            _day(10, 29),
            _day(11, 2),
            _day(11, 2),
        ),
        ClockRow(
            "施工图联合技术审查",
            "住建局　承诺 10 日",
            Badge(Mark.WARN, "余 1 个工作日"),
            "11月23日 周一到期",
            _day(11, 2),
            _day(11, 23),
            None,
            (Pause(_day(11, 10), _day(11, 17), PauseKind.SUPPLEMENT),),
        ),
        ClockRow(
            "占用、挖掘城市道路",
            "城管局　承诺 3 日",
            Badge(Mark.OK, "11月4日 办结"),
            "用 2 日",
            _day(11, 2),
            _day(11, 5),
            _day(11, 4),
        ),
        ClockRow(
            "城市绿地、树木审批",
            "城管局　承诺 5 日",
            Badge(Mark.OK, "11月12日 办结"),
            "用 4 日，听证 4 日不计",
            _day(11, 2),
            _day(11, 13),
            _day(11, 12),
            (Pause(_day(11, 4), _day(11, 10), PauseKind.SPECIAL),),
        ),
        ClockRow("建筑工程施工许可证核发", "住建局　承诺 3 日", Badge(Mark.OPEN, "未起算"), "待施工图审查办结"),
    ),
)
EVENTS = (
    Event("今天", "09:50", Mark.CLOCK, "催办：施工图审查余 1 个工作日", "系统提醒住建局审查科；窗口未操作"),
    Event(
        "11月17日 周二",
        "11:02",
        Mark.OK,
        "补正材料齐全，当场受理，继续计时",
        "陈静（住建局）核对 3 项；余 4 个工作日继续",
        "乌住建受〔2026〕233号",
    ),
    Event(
        "11月16日 周一", "16:20", Mark.NOW, "补正材料登记（2/3 项）", "补正接收凭证已出；时限仍暂停", "接收凭证 0011"
    ),
    Event(
        "11月10日 周二",
        "15:20",
        Mark.PAUSE,
        "补齐补正通知书出具，时限暂停",
        "3 项：管线综合图、占道交通方案、监理授权；期限 11月24日",
        "乌住建补〔2026〕57号",
    ),
    Event(
        "11月2日 周一",
        "10:05",
        Mark.OK,
        "受理，承诺时限起算",
        "受理通知书当面送达，王建国签收",
        "乌住建受〔2026〕218号",
    ),
    Event(
        "10月29日 周四",
        "09:12",
        Mark.OK,
        "收件登记，同时送达 2 个部门",
        "3 号窗口 苏日娜；部门回执 2/2",
        "登记凭单 0004",
    ),
)
PAPERS = (
    PaperShown("slip", "登记凭单", "150300-03-20261029-0004", Badge(Mark.OK, "已签收")),
    PaperShown("accept", "受理通知书", "乌住建受〔2026〕218号", Badge(Mark.OK, "已送达")),
    PaperShown("supplement", "补齐补正通知书", "乌住建补〔2026〕57号", Badge(Mark.OK, "已送达")),
    PaperShown("road", "占挖许可（纸质）", "本窗口 2-03 保管，1 份", Badge(Mark.BOX, "待领")),
    PaperShown("green", "绿化许可（电子）", "可随时补打", Badge(Mark.OK, "已发")),
)


class SampleCases:
    """Answers from the design's list, or from ``many`` invented rows."""

    def __init__(self, many: int = 0) -> None:
        self.many = many
        self.searches: list[str] = []
        self.printed: list[str] = []
        self.done: list[str] = []

    def search(self, text: str, after: str) -> Hits:
        self.searches.append(text)
        if self.many:
            start = int(after or 0)
            rows = tuple(
                Hit(str(at), f"第 {at} 号工程", f"150300-2026-{at:06d}-0", Badge(Mark.NOW, "审批中"))
                for at in range(start, min(start + 50, self.many))
            )
            return Hits(rows, str(start + 50) if start + 50 < self.many else "", str(self.many))
        rows = () if text == "没有的" else HITS
        return Hits(rows, "", str(len(rows)))

    def case(self, key: str) -> CaseDetail:
        hit = next((hit for hit in HITS if hit.key == key), HITS[0])
        return CaseDetail(
            key=key,
            name=hit.name,
            facts=f"{hit.number}　施工许可阶段　政府投资市政线性",
            state=Badge(Mark.WARN, "审批中，余 1 个工作日"),
            clocks=CLOCKS,
            events=EVENTS,
            papers=PAPERS,
            head="下周一 17:30 前要有审查结论",
            consequence="结论到窗口后 3-03 施工许可证核发自动起算",
            mark=Mark.WARN,
            acts=(
                Act("catalogue", "F4", "打印档案目录"),
                Act("open_supplement", "F7", "登记补正"),
                Act("urge", "Enter", "催办住建局", primary=True),
            ),
        )

    def print_paper(self, case: str, paper: str) -> str:
        self.printed.append(paper)
        return "已补打，注明第 2 次"

    def do(self, case: str, act: str) -> str:
        self.done.append(act)
        return "已催办，10:42 记入经过"
