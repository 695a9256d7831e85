"""今日 as in the design's picture."""

from __future__ import annotations

from ui.screens.today.state import Danger, Figure, Item, Queue, TodayView, Waiting
from ui.shown import Badge, Bar, BarPair, Mark

DANGERS = (
    Danger(
        key="150300-2026-000398-1/201",
        project="甘德尔山文体中心",
        matter="设计方案联合技术审查　自然资源局",
        state=Badge(Mark.DANGER, "今天到期"),
        why="意见已到，还没告知申请人",
        consequence="17:30 前不告知即视为受理",
        left="6 小时 48 分",
        bar=Bar(0.875, Mark.DANGER),
        urgent=True,
        screen="notices",
        next_act="给甘德尔山文体中心打印并送达受理通知书",
        next_detail="意见 09:31 到窗口，王× 在等候区（A038）",
        next_label="打开并告知",
    ),
    Danger(
        key="150300-2026-000388-6/205",
        project="乌达工业园区污水处理厂扩建",
        matter="环境影响评价文件审批　生态环境局",
        state=Badge(Mark.DANGER, "今天到期"),
        why="生态环境局还没出意见",
        consequence="已催办 1 次，09:05",
        left="6 小时 48 分",
        bar=Bar(0.875, Mark.DANGER),
        urgent=True,
        screen="cases",
    ),
    Danger(
        key="150300-2026-000376-3/302",
        project="海勃湾区人民南路雨污分流改造",
        matter="施工图联合技术审查　住建局",
        state=Badge(Mark.WARN, "下周一到期"),
        why="补正已齐，审批余 1 个工作日",
        consequence="住建局办理中",
        left="1 个工作日",
        bar=Bar(14 / 15, Mark.WARN, (6 / 15, 11 / 15)),
        screen="cases",
    ),
    Danger(
        key="150300-2026-000351-0/303",
        project="海南区葡萄酒产业园一期厂房",
        matter="建筑工程施工许可证核发　住建局",
        state=Badge(Mark.WARN, "补正将到期"),
        why="申请人还欠 2 项材料",
        consequence="期限 11月24日，建议电话提醒",
        left="2 个工作日",
        bar=Bar(1 / 11, Mark.WARN, (1 / 11, 9 / 11)),
        screen="supplement",
    ),
)
TO_TELL = (
    Item("n1", "受理通知书　人才公寓 2 号地块", "王×　10:12 到窗口", Badge(Mark.SEND, "待打印")),
    Item("n2", "补齐补正通知书　葡萄酒产业园", "赵××　09:48 到窗口", Badge(Mark.SEND, "待打印")),
    Item("n3", "受理通知书　滨河路绿化提升", "电子送达，申请人已同意", Badge(Mark.NOW, "送达中")),
    Item("n4", "不予受理决定书　光伏场区便道", "须告知应向自治区申请", Badge(Mark.OPEN, "待来人")),
    Item("n5", "特别程序告知书　文体中心", "专家评审 15 日", Badge(Mark.OPEN, "待来人")),
    Item("n6", "延长期限通知书　污水处理厂", "延长 5 日，11月18日 局长批准", Badge(Mark.OPEN, "待来人")),
)
TO_HAND_OVER = (
    Item("l1", "建筑工程施工许可证　第二中学", "已通知 11月19日", Badge(Mark.BOX, "本窗口 2-04")),
    Item("l2", "建设工程规划许可证　人才公寓", "预约今天 11:00", Badge(Mark.BOX, "本窗口 2-06")),
    Item("l3", "建设用地规划许可证　冷链物流园", "申请人明天来取", Badge(Mark.BOX, "在 2 号窗口")),
    Item("l4", "占用、挖掘城市道路许可　人民南路", "通知 2 次未来，11月16日", Badge(Mark.BOX, "本窗口 2-03")),
    Item("l5", "竣工验收备案表　滨河幼儿园", "电子件，可随时补打", Badge(Mark.OK, "电子件")),
)
OTHERS = (
    Item("online", "网上申报待核对", "最早一件 09:20 提交", Badge(Mark.OPEN, "3 件")),
    Item("papers", "纸质原件待交审批部门", "住建局 14:00 来取", Badge(Mark.BOX, "6 册")),
)
DAYS = tuple(
    BarPair(day, received, closed)
    for day, received, closed in (
        ("9日", 12, 9),
        ("10日", 15, 11),
        ("11日", 9, 12),
        ("12日", 13, 10),
        ("13日", 16, 13),
        ("16日", 18, 12),
        ("17日", 14, 15),
        ("18日", 11, 13),
        ("19日", 17, 14),
        ("今天", 7, 4),
    )
)
QUEUE = Queue(
    total=6,
    now="A037",
    now_since="已办 11 分钟",
    next=(
        Waiting("A038", "施工许可　新申报", "等 9 分"),
        Waiting("A040", "补正材料", "等 6 分"),
        Waiting("B012", "领证　预约 11:00", "等 2 分"),
    ),
    rest="另有 3 人等候，平均等 8 分钟",
)
VIEW = TodayView(
    facts="上午来人 14 位，登记 7 件；有 2 件今天到期",
    dangers=DANGERS,
    to_tell=TO_TELL,
    to_hand_over=TO_HAND_OVER,
    others=OTHERS,
    tally=(Figure(14, "来人"), Figure(7, "登记"), Figure(9, "发文书"), Figure(3, "发证")),
    days=DAYS,
    queue=QUEUE,
)


class SampleToday:
    """The same day whenever asked; calling the next number moves the queue."""

    def __init__(self, view: TodayView = VIEW) -> None:
        self.view = view
        self.called = 0

    def today(self) -> TodayView:
        """The day."""
        return self.view

    def call_next(self) -> TodayView:
        """One number further."""
        self.called += 1
        return self.view
