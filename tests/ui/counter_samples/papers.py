"""通知, 补正 and 领证 in memory."""

from __future__ import annotations

from dataclasses import replace

from counter_samples.intake import page as make_page
from counter_samples.scan_pages import scan
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.material import Counts, Keep, MaterialLine
from ui.screens.notices.state import NoticePaper, NoticeRow, Telling
from ui.screens.pickup.state import Answer, Collector, CopyRow, FieldPair, NoticeCheck, ReadyRow
from ui.screens.supplement.state import HandInShown, OwedLine, OwedNotice, OwedRow
from ui.shown import Badge, Bar, Mark, PageImage

NOTICES = (
    NoticeRow(
        "乌自然受〔2026〕88号",
        "受理通知书　甘德尔山文体中心",
        "17:30 前不告知即视为受理",
        Badge(Mark.DANGER, "今天到期"),
        Bar(0.875, Mark.DANGER),
        urgent=True,
    ),
    NoticeRow("乌住建补〔2026〕61号", "补齐补正通知书　葡萄酒产业园", "09:48 到窗口", Badge(Mark.SEND, "待打印")),
    NoticeRow(
        "乌住建受〔2026〕240号", "受理通知书　滨河路绿化提升", "电子送达，申请人已同意", Badge(Mark.NOW, "送达中")
    ),
    NoticeRow(
        "乌发改不〔2026〕3号", "不予受理决定书　光伏场区便道", "须告知应向自治区申请", Badge(Mark.OPEN, "待来人")
    ),
)


class SampleNotices:
    """Four papers; what was told is kept."""

    def __init__(self) -> None:
        self.rows = NOTICES
        self.told: list[tuple[str, Telling]] = []
        self.printed: list[str] = []

    def due(self) -> tuple[NoticeRow, ...]:
        return self.rows

    def paper(self, key: str) -> NoticePaper:
        row = next(row for row in self.rows if row.key == key)
        return NoticePaper(
            key=key,
            title=row.title.split("　")[0],
            facts=(
                ("文号", key, Mark.OK),
                ("申请人", "乌海市文化旅游体育局", Mark.NONE),
                ("到窗口", "今天 09:31", Mark.NONE),
                ("告知期限", "今天 17:30", Mark.WARN),
            ),
            pages=(PageImage("p1", "1", "待打印 2 份"), PageImage("p3", "2", "")),
            consequence="17:30 前不告知，即自收到申请之日起视为受理" if row.urgent else row.note,
            recipient="王建国",
            phone="138****6021",
            consent_address="wjg@wuhai.example" if "电子" in row.note else "",
        )

    def page(self, key: str) -> bytes:
        return scan(int(key.removeprefix("p")))

    def print_paper(self, key: str) -> str:
        self.printed.append(key)
        return "已送 2 号打印机，2 份"

    def tell(self, key: str, telling: Telling) -> str:
        self.told.append((key, telling))
        self.rows = tuple(row for row in self.rows if row.key != key)
        return f"{key} 已告知，送达回证已打印"


def _line(code: str, name: str, original: int = 1) -> MaterialLine:
    return MaterialLine(
        material=code,
        name=name,
        due=Counts(original=original, electronic=1),
        received=Counts(),
        matters=("3-01",),
        keep=Keep.KEEP,
    )


OWED = OwedNotice(
    key="乌住建补〔2026〕57号",
    case="150300-03-20261029-0004",
    title="补齐补正通知书　葡萄酒产业园一期厂房",
    facts=(
        ("文号", "乌住建补〔2026〕57号", Mark.OK),
        ("事项", "施工图联合技术审查　住建局", Mark.NONE),
        ("提交期限", "11月24日，余 2 个工作日", Mark.WARN),
    ),
    lines=(
        OwedLine(_line("M308", "管线综合图"), "缺给水管线", "补交加盖图章的管线综合图"),
        OwedLine(_line("M313", "占道交通组织方案"), "未经交警部门签章", "签章后重交"),
        OwedLine(_line("M315", "监理单位授权书"), "缺 1 份", "补交 1 份", satisfied=True),
    ),
    consequence="补正期间审批时限暂停；交齐后由住建局当日核对",
)


class SampleSupplement:
    """Two notices; hand-ins are kept."""

    def __init__(self) -> None:
        self.handed: list[tuple[str, tuple[MaterialLine, ...]]] = []

    def owed(self) -> tuple[OwedRow, ...]:
        return (
            OwedRow(OWED.key, "海南区葡萄酒产业园一期厂房", OWED.key, Badge(Mark.WARN, "余 2 天")),
            OwedRow("乌自然补〔2026〕12号", "人民公园西门停车场", "乌自然补〔2026〕12号", Badge(Mark.PAUSE, "余 8 天")),
        )

    def notice(self, key: str) -> OwedNotice:
        return replace(OWED, key=key)

    def take_files(
        self, notice: str, line: MaterialLine, files: tuple[str, ...]
    ) -> tuple[MaterialLine, tuple[str, ...]]:
        pages = tuple(make_page(f"p{at + 2}-{line.material}") for at, _ in enumerate(files))
        return replace(line, pages=line.pages + pages), ()

    def page(self, key: str) -> bytes:
        return scan(int(key.split("-")[0].removeprefix("p")))

    def hand_in(self, key: str, lines: tuple[MaterialLine, ...]) -> HandInShown:
        self.handed.append((key, lines))
        return HandInShown("接收凭证 0012", "已登记，住建局今天核对")


CHECK = NoticeCheck(
    answer=Answer.GENUINE,
    head="真实有效，可以领证",
    detail="受理通知书　乌住建受〔2026〕196号　签发 2026年10月26日",
    reasons=(
        (Mark.OK, "签名由市平台公钥 3 核验"),
        (Mark.OK, "未作废"),
        (Mark.OK, "未挂失"),
        (Mark.OK, "尚有 3 本未领"),
    ),
    facts="乌海市第二中学学生宿舍楼　150300-2026-000355-4",
    copies=(
        CopyRow(
            "c1", "建筑工程施工许可证", "150302202611190101　住建局 11月19日", 1, "本窗口 2-04 格",
            "11月19日 15:10 入柜", Badge(Mark.OK, "发纸质件"), may_go=True,
        ),
        CopyRow(
            "c2", "施工图设计文件审查合格书", "乌审图〔2026〕88　住建局 11月13日", 1, "电子件",
            "核对一致，可补打", Badge(Mark.OK, "打印交付"), may_go=True,
        ),
        CopyRow(
            "c3", "城市建筑垃圾处置核准", "乌城管核〔2026〕143号　11月17日", 1, "在 2 号窗口",
            "调拨单 0006，送来中", Badge(Mark.CLOCK, "暂不能发"), may_go=False,
        ),
        CopyRow(
            "c4", "占用、挖掘城市道路许可", "乌城管占〔2026〕61号　11月4日", 1, "已发",
            "11月6日 王建国签收", Badge(Mark.NONE, "不再发"), may_go=False,
        ),
    ),
    pairs=(
        FieldPair("建设单位", "乌海市第二中学", "乌海市第二中学"),
        FieldPair("工程名称", "乌海市第二中学学生宿舍楼", "乌海市第二中学学生宿舍楼"),
        FieldPair("建设规模", "6,820.50 平方米", "6,820.50 平方米"),
        FieldPair("合同价格", "2,145.00 万元", "2,145.00 万元"),
    ),
    recipient="王建国",
    id_number="15030219850307123X",
    phone="13847316021",
)  # fmt: skip


class SamplePickup:
    """One genuine notice; every other code is forged."""

    def __init__(self, check: NoticeCheck = CHECK) -> None:
        self.answer = check
        self.handed: list[Collector] = []

    def ready(self) -> tuple[ReadyRow, ...]:
        return (
            ReadyRow("l1", "建筑工程施工许可证　第二中学", "已通知 11月19日", Badge(Mark.BOX, "本窗口 2-04")),
            ReadyRow("l2", "建设工程规划许可证　人才公寓", "预约今天 11:00", Badge(Mark.BOX, "本窗口 2-06")),
            ReadyRow("l3", "建设用地规划许可证　冷链物流园", "申请人明天来取", Badge(Mark.BOX, "在 2 号窗口")),
        )

    def check(self, code: str) -> NoticeCheck:
        if code == "读不出":
            raise BadInputError(
                "token_unreadable", "二维码读不出。", safe="没有改动任何记录。", todo="请重扫，或输入文号。"
            )
        if "196" not in code:
            return NoticeCheck(Answer.FORGED, "签名不符，不得发证", "请保管好原件并报告主管")
        return self.answer

    def hand_over(self, collector: Collector) -> str:
        self.handed.append(collector)
        return f"已发 {len(collector.copies)} 本，回执和送达回证已打印"
