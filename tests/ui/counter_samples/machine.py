"""同步, 设置 and 登录 in memory."""

from __future__ import annotations

from ebp_desktop.domain.errors import RefusedError
from ui.screens.settings.state import Section
from ui.screens.sign_in.state import SignedInShown
from ui.screens.sync.state import FactRow, Parked, SyncView
from ui.shown import Act, Badge, Bar, Mark

SEND = Badge(Mark.SEND, "待发")
SENT = Badge(Mark.OK, "已送达")
WAITING = (
    FactRow(
        "f1", "09:08", "蒙西建材公司交来用地规划申报", "凭单 150300-03-20261120-0003　7 页",
        Badge(Mark.PARK, "已停，待改"), Bar(0.098, Mark.WARN, words="已走 1 小时 34 分"), parked=True,
    ),
    FactRow(
        "f2", "09:26", "滨河三小交来施工许可申报", "凭单 0004　23 页", SEND,
        Bar(0.079, Mark.WARN, words="已走 1 小时 16 分"),
    ),
    FactRow("f3", "09:33", "王× 补交葡萄酒产业园补正材料", "2 项 5 页，接收凭证 0012", SEND),
    FactRow("f4", "09:52", "发出规划许可证 1 本（人才公寓）", "本窗口 2-06 保管，王×× 签收", SEND),
    FactRow("f5", "10:05", "送达受理通知书（冷链物流园）", "当面签收，送达回证已扫描", SEND),
    FactRow("f6", "10:18", "当场更正：合同工期 402 改 420", "赵×× 签名", SEND),
    FactRow("f7", "10:31", "作废凭单 0005（重复登记）", "原因：申请人要求合并申报", SEND),
)  # fmt: skip
DELIVERED = (
    FactRow("d1", "09:17", "登记甘德尔山文体中心设计方案审查", "", SENT),
    FactRow("d2", "09:12", "送达受理通知书（滨河路绿化提升）", "", SENT),
    FactRow("d3", "09:03", "日初交接：柜内证照 11 本、原件 6 册", "", SENT),
)
OFFLINE_ACTS = (
    ("收件登记、打印凭单", Mark.OK, "照常"),
    ("发本窗口保管的证照", Mark.OK, "照常"),
    ("核验二维码真伪", Mark.OK, "照常"),
    ("出受理通知书等文号文书", Mark.CLOCK, "等联网"),
    ("取回共享材料", Mark.CLOCK, "等联网"),
)


class SampleSync:
    """An outage with one parked fact."""

    def __init__(self) -> None:
        self.waiting = WAITING
        self.resubmitted: list[tuple[str, str, str]] = []

    def queue(self) -> SyncView:
        return SyncView(
            online=False,
            facts="全部已存本机，另有一份在备份盘；断网前最后送达 09:17",
            next_try="10:43 自动再试",
            waiting=self.waiting,
            delivered=DELIVERED,
            delivered_count="今天 18 件",
            offline_acts=OFFLINE_ACTS,
        )

    def parked(self, key: str) -> Parked | None:
        return Parked(
            key=key,
            title="已停：蒙西建材用地规划申报",
            happened="09:16 市平台退回：信用代码第 10 位与登记机关记录不符。",
            safe="凭单 0003 有效，收件时间 09:08 不变；7 页扫描已存本机。",
            todo="对照营业执照改正一个字段，联网后重发；原登记不动。",
            field="信用代码",
            old="91150304MA0QK7T83R",
            reason="第 10 位应为 B",
            fixable=True,
        )

    def send_now(self) -> str:
        return "市平台仍连不上，10:46 再试"

    def resubmit(self, key: str, value: str, basis: str) -> str:
        self.resubmitted.append((key, value, basis))
        self.waiting = self.waiting[1:]
        return "已改正，排在队尾"


class SampleSettings:
    """Five parts; what was run is kept."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, str]] = []
        self.look = ("light", False)

    def sections(self) -> tuple[Section, ...]:
        return (
            Section(
                "printer", "打印机", "凭单、通知和回执", "printer", Badge(Mark.OK, "就绪"),
                (("队列", "窗口三 HP LaserJet", Mark.OK), ("纸张", "A4，双面", Mark.NONE)),
                (Act("test", "F9", "打印测试页", primary=True),),
            ),
            Section(
                "scanner", "扫描仪", "收件、补正和证照", "scan", Badge(Mark.OK, "就绪"),
                (("设备", "FUJITSU fi-8170", Mark.OK), ("精度", "300 点/英寸", Mark.NONE)),
                (Act("test", "F9", "试扫一页", primary=True),),
            ),
            Section(
                "backup", "备份", "本机数据的第二份", "backup", Badge(Mark.WARN, "昨天"),
                (("最近", "11月19日 17:40，U 盘", Mark.WARN), ("大小", "1.2 GB", Mark.NONE)),
                (Act("backup", "F9", "现在备份", primary=True),),
            ),
            Section(
                "calendar", "工作日历", "时限按它计算", "calendar", Badge(Mark.OK, "2026 年"),
                (("2026 年", "国务院办公厅通知", Mark.OK), ("2027 年", "尚未公布，涉及的到期日不推算", Mark.WARN)),
            ),
            Section("about", "关于", "版本和许可", "info", Badge(Mark.OK, "0.1.0"), (("版本", "0.1.0", Mark.NONE),)),
        )  # fmt: skip

    def do(self, section: str, act: str) -> str:
        self.ran.append((section, act))
        return "测试页已送出"

    def keep_look(self, theme: str, large_text: bool) -> None:
        self.look = (theme, large_text)


class SampleSignIn:
    """One person, one password, one code."""

    def __init__(self) -> None:
        self.inside = False
        self.tries = 0

    def sign_in(self, user: str, password: str, otp: str) -> SignedInShown:
        self.tries += 1
        if (user, password, otp) != ("surina", "opens-sesame", "123456"):
            raise RefusedError("sign_in_refused", "用户名、密码或动态口令不对。", todo="再试 4 次后锁定 15 分钟。")
        self.inside = True
        return SignedInShown("苏日娜", "离线许可到明天 10:42")

    def sign_out(self) -> None:
        self.inside = False
