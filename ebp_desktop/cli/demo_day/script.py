"""The steps of the day in their order: from the secret gate to the licence in the applicant's hand.

Every act goes through the same commands that a clerk or a script would use; the departments act through central's own
command line. Time is injected on both sides, so that the same day comes out every time.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ebp_desktop.bootstrap.agent import end_session
from ebp_desktop.cli.demo_day import filing
from ebp_desktop.cli.demo_day.hands import SIGNATURE, START, DayHands, count, demand, part, write_json
from ebp_desktop.cli.demo_day.report import DayReport, StepFailedError
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError

CLERK = "surina"


@dataclass(frozen=True, slots=True)
class Day:
    """One day in one folder, on the sample papers or on those of a folder."""

    hands: DayHands
    papers: Path | None = None

    def play(self) -> DayReport:
        """Plays the whole day; a step that fails ends it."""
        acts = (
            self._open,
            self._intake,
            self._opinions,
            self._supplement,
            self._decide,
            self._paper_licence,
            self._ready,
            self._hand_over,
        )
        with self.hands.injected_time(), contextlib.suppress(StepFailedError):
            for act in acts:
                act()
        self.hands.report.write()
        return self.hands.report

    def _open(self) -> None:
        self.hands.at(START)
        with self.hands.step("中心服务和演示人员"):
            self.hands.central.prepare()
            self.hands.central.serve()
        with self.hands.step("登记窗口") as detail:
            made = self.hands.central.command("counter", "add", "3号窗口")
            answer = self.hands.ebp("enrol", "--central", self.hands.central.url, "--code", str(made["code"]))
            detail.append(f"窗口号 {answer['counter']}")
        with self.hands.step("登录（密码和动态口令）") as detail:
            credentials = self.hands.central.credentials / f"{CLERK}.json"
            opened = self.hands.ebp("session", "open", "--credentials", str(credentials), "--no-idle")
            detail.append(str(part(opened, "operator", "name")))
        with self.hands.step("同步指南、日历和号段"):
            self.hands.ebp("sync", "once")
        self.hands.photographed("sign_in")

    def _intake(self) -> None:
        self.hands.at(START + timedelta(minutes=10))
        folder = self.hands.out / "papers"
        folder.mkdir(exist_ok=True)
        with self.hands.step("准备申请材料") as detail:
            path = filing.write_filing(folder, self.papers)
            detail.append(f"{len(list(folder.iterdir())) - 1} 个文件")
        with self.hands.step("涉密项目拒绝登记，不留痕迹") as detail:
            detail.append(self.hands.refused("secret_project", "case", "register", str(_secret(path))))
        with self.hands.step("未核对的材料一次说全，不予登记") as detail:
            detail.append(self.hands.refused("registration_refused", "case", "register", str(_unjudged(path))))
        self.hands.photographed("intake")
        self.hands.at(START + timedelta(minutes=25))
        with self.hands.step("收件登记，出登记凭单") as detail:
            done = self.hands.ebp("case", "register", str(path), "--out", str(self.hands.out))
            self.hands.report.registration_no = str(done["registration_no"])
            self.hands.report.project_code = str(done["project_code"])
            slip = done["slip"]
            self.hands.paper("slip", self.hands.report.registration_no, slip)
            detail.append(
                f"{done['registration_no']}，项目编号 {done['project_code']}，缺件 {count(done['lacking'])} 项"
            )
        with self.hands.step("同一文件再登记一次，还是同一件") as detail:
            again = self.hands.ebp("case", "register", str(path), "--out", str(self.hands.out))
            demand(
                again["repeated"] is True and again["registration_no"] == self.hands.report.registration_no, "重复登记"
            )
            detail.append("未产生新编号")
        with self.hands.step("发往中心，同时送达各部门") as detail:
            self.hands.ebp("sync", "once")
            shown = self.hands.case()
            demand(bool(shown["delivered_to"]) and not shown["pending"], "送达部门")
            detail.append(f"{count(shown['delivered_to'])} 个部门")
        self.hands.photographed("registered")

    def _opinions(self) -> None:
        self.hands.at(START + timedelta(hours=1, minutes=30))
        with self.hands.step("部门意见：两项受理，一项补正") as detail:
            self.hands.opinion("3-01", "accept")
            self.hands.opinion("3-07", "accept")
            items = self.hands.out / "papers" / "supplement-items.json"
            write_json(
                items,
                [
                    {
                        "material": filing.DEFECTIVE,
                        "problem": "承诺书未加盖单位公章",
                        "demand": "加盖单位公章后重新提交",
                    },
                    {
                        "material": filing.MISSING,
                        "problem": "未提交",
                        "demand": "提交五方责任主体授权书和承诺书各 1 份",
                    },
                ],
            )
            self.hands.opinion(
                "3-03", "supplement", "--items", str(items), "--until", "2026-03-09", "--reason", "材料不齐全"
            )
            detail.append("3-01、3-07 受理，3-03 一次性告知 2 项")
        self.hands.at(START + timedelta(hours=2))
        with self.hands.step("意见到达窗口"):
            self.hands.ebp("sync", "once")
        self.hands.photographed("notices")
        with self.hands.step("受理通知书、补正通知书送达申请人") as detail:
            told = self.hands.deliver_all()
            detail.append("、".join(told))

    def _supplement(self) -> None:
        self.hands.at(datetime(2026, 3, 4, 10, 0, tzinfo=CHINA))
        number = self.hands.notice("3-03", "supplement_notice")
        folder = self.hands.out / "papers"
        with self.hands.step("补正：先交一项，时限仍暂停") as detail:
            done = self.hands.hand_in(folder, number, filing.DEFECTIVE)
            demand(count(done["missing"]) == 1, "还差一项")
            detail.append(str(done["receipt_no"]))
        self.hands.at(datetime(2026, 3, 4, 15, 0, tzinfo=CHINA))
        self.hands.photographed("supplement")
        with self.hands.step("补正：交齐") as detail:
            done = self.hands.hand_in(folder, number, filing.MISSING)
            demand(not done["missing"] and done["complete"] == ["3-03"], "补正齐全")
            detail.append(str(done["receipt_no"]))
        with self.hands.step("部门当场核对，受理，继续计时"):
            self.hands.ebp("sync", "once")
            self.hands.opinion("3-03", "verify")
            self.hands.ebp("sync", "once")
        with self.hands.step("补正后的受理通知书送达") as detail:
            detail.append("、".join(self.hands.deliver_all()))

    def _decide(self) -> None:
        self.hands.at(datetime(2026, 3, 9, 9, 30, tzinfo=CHINA))
        with self.hands.step("施工图审查通过，电子证照到达即办结"):
            self.hands.opinion("3-01", "approve")
            self.hands.licence(
                "3-01", "--form", "electronic", "--name", "施工图审查合格书", "--number", "乌审图〔2026〕88号"
            )

    def _paper_licence(self) -> None:
        self.hands.at(datetime(2026, 3, 10, 10, 0, tzinfo=CHINA))
        with self.hands.step("施工许可批准，纸质证照先扫描"):
            self.hands.opinion("3-03", "approve")
            scan = next(iter(sorted((self.hands.out / "papers").glob("M318*.jpg"))), None)
            scan = scan or next(iter(sorted((self.hands.out / "papers").glob("*.jpg"))))
            self.hands.licence(
                "3-03",
                "--form",
                "paper",
                "--name",
                "建筑工程施工许可证",
                "--number",
                "150302202603100101",
                "--originals",
                "1",
                "--duplicates",
                "1",
                "--scan",
                str(scan),
            )

    def _ready(self) -> None:
        self.hands.at(datetime(2026, 3, 10, 14, 0, tzinfo=CHINA))
        with self.hands.step("纸质证照入窗口保管"):
            self.hands.ebp("sync", "once")
            file = write_json(
                self.hands.out / "papers" / "receive.json", {"licence": "150302202603100101", "place": "2-04 格"}
            )
            self.hands.ebp("licence", "receive", self.hands.registration(), str(file))
        with self.hands.step("扫描件齐全后办结（第二十一条）"):
            self.hands.ebp("licence", "close", f"{self.hands.registration()}/3-03")
            self.hands.ebp("sync", "once")
        with self.hands.step("准予决定送达") as detail:
            detail.append("、".join(self.hands.deliver_all()) or "无")
        with self.hands.step("通知申请人领证"):
            file = write_json(
                self.hands.out / "papers" / "notify.json",
                {
                    "matters": ["3-03", "3-01"],
                    "channel": "call",
                    "address": "13847306021",
                    "reached": True,
                    "outcome": "接通，王建国明天上午来取",
                },
            )
            self.hands.ebp("notify", "log", self.hands.registration(), str(file))
        self.hands.photographed("case")

    def _hand_over(self) -> None:
        self.hands.at(datetime(2026, 3, 11, 10, 0, tzinfo=CHINA))
        self.hands.ebp("sync", "once")
        qr = self.hands.qr("acceptance", "3-03")
        with self.hands.step("伪造的通知书被识破") as detail:
            detail.append(self.hands.verdict(_forged(qr)))
        with self.hands.step("核验受理通知书") as detail:
            checked = self.hands.ebp("handover", "check", qr)
            demand(checked["verdict"] == "genuine", "真实")
            detail.append(f"可领 {count(checked['ready'])} 本")
        self.hands.photographed("pickup", qr)
        with self.hands.step("发证，出领证回执和送达回证") as detail:
            file = write_json(
                self.hands.out / "papers" / "handover.json",
                {
                    "qr": qr,
                    "recipient": "王建国",
                    "id_number": "15030219900101001X",
                    "phone": "13847306021",
                    "signature": SIGNATURE,
                },
            )
            done = self.hands.ebp("handover", "do", str(file), "--out", str(self.hands.out))
            for name in ("receipt", "service_receipt"):
                paper = done[name]
                self.hands.paper_of(paper)
            detail.append(str(done["receipt_no"]))
        with self.hands.step("同一通知书不能再领"):
            demand(self.hands.verdict(qr) == "used", "已领完")
        with self.hands.step("全部送达中心，两边一致"):
            self.hands.ebp("sync", "once")
            status = self.hands.ebp("sync", "status")
            demand(status["waiting"] == 0, "无待发")
            self.hands.central.command("check")
            demand(self.hands.ebp("store", "verify")["whole"] is True, "本机完整")
        self.hands.photographed("end")


def _secret(path: Path) -> Path:
    filed = json.loads(path.read_text("utf-8"))
    return write_json(path.with_name("secret.json"), {**filed, "declared_not_secret": False, "lines": []})


def _unjudged(path: Path) -> Path:
    filed = json.loads(path.read_text("utf-8"))
    return write_json(path.with_name("unjudged.json"), {**filed, "lines": []})


def prepared(out: Path) -> Path:
    """The day's folder: new, empty, or one that holds an earlier day, which is cleared.

    Raises BadInputError ``out_in_use`` for a folder with other things in it.
    """
    folder = out.resolve()
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "day.json").is_file():
            raise BadInputError("out_in_use", "输出目录里有其他内容。", place=str(folder), todo="换一个新目录。")
        end_session(folder / "home")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "day.json").write_text("{}\n", "utf-8")
    return folder


def _forged(qr: str) -> str:
    """The same code with one sign of its signature changed and its checksum left: a copy that was tampered with."""
    place = len(qr) // 2
    return qr[:place] + ("A" if qr[place] != "A" else "B") + qr[place + 1 :]
