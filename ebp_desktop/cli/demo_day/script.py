"""The steps of the day in their order: from the secret gate to the licence in the applicant's hand.

Every act goes through the same commands that a clerk or a script would use; the departments act through central's own
command line. Time is injected on both sides, so that the same day comes out every time.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from ebp_desktop.bootstrap.agent import end_session
from ebp_desktop.bootstrap.demo_central import DemoCentral
from ebp_desktop.cli.app import run
from ebp_desktop.cli.demo_day import filing
from ebp_desktop.cli.demo_day.report import DayReport, StepFailedError
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError, SurroundingsError

START = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
CLERK = "surina"
DEPARTMENTS = {"3-01": "zj.reviewer", "3-03": "zj.reviewer", "3-07": "cg.reviewer"}
SIGNATURE = "paper"

Json: TypeAlias = Mapping[str, object]
Photograph = Callable[[Path, str], list[str]]


@dataclass(slots=True)
class Day:
    """One day in one folder; ``photograph`` draws the real windows at a named moment and gives the files it made."""

    out: Path
    papers: Path | None
    photograph: Photograph
    now: datetime = START
    report: DayReport = field(init=False)
    central: DemoCentral = field(init=False)

    def __post_init__(self) -> None:
        self.report = DayReport(self.out)
        self.central = DemoCentral(self.out / "central", self.out / "people", START)

    @property
    def home(self) -> Path:
        """The counter's demo home."""
        return self.out / "home"

    def play(self) -> DayReport:
        """Plays the whole day; a step that fails ends it, and everything started is stopped again."""
        before = os.environ.get("EBP_NOW")
        try:
            for act in (self._open, self._intake, self._opinions, self._supplement, self._decide, self._hand_over):
                act()
        except StepFailedError:
            self.report.write()
        finally:
            end_session(self.home)
            self.central.stop()
            if before is None:
                os.environ.pop("EBP_NOW", None)
            else:
                os.environ["EBP_NOW"] = before
        self.report.write()
        return self.report

    # --- acts

    def _open(self) -> None:
        self._at(START)
        with self.report.step("中心服务和演示人员"):
            self.central.prepare()
            self.central.serve()
        with self.report.step("登记窗口") as detail:
            made = self.central.command("counter", "add", "3号窗口")
            answer = self._ebp("enrol", "--central", self.central.url, "--code", str(made["code"]))
            detail.append(f"窗口号 {answer['counter']}")
        with self.report.step("登录（密码和动态口令）") as detail:
            credentials = self.central.credentials / f"{CLERK}.json"
            opened = self._ebp("session", "open", "--credentials", str(credentials), "--no-idle")
            detail.append(str(_part(opened, "operator", "name")))
        with self.report.step("同步指南、日历和号段"):
            self._ebp("sync", "once")
        self._photograph("sign_in")

    def _intake(self) -> None:
        self._at(START + timedelta(minutes=10))
        folder = self.out / "papers"
        folder.mkdir(exist_ok=True)
        with self.report.step("准备申请材料") as detail:
            path = filing.write_filing(folder, self.papers)
            detail.append(f"{len(list(folder.iterdir())) - 1} 个文件")
        with self.report.step("涉密项目拒绝登记，不留痕迹") as detail:
            detail.append(self._refused("secret_project", "case", "register", str(self._secret(path))))
        with self.report.step("未核对的材料一次说全，不予登记") as detail:
            detail.append(self._refused("registration_refused", "case", "register", str(self._unjudged(path))))
        self._photograph("intake")
        self._at(START + timedelta(minutes=25))
        with self.report.step("收件登记，出登记凭单") as detail:
            done = self._ebp("case", "register", str(path), "--out", str(self.out))
            self.report.registration_no = str(done["registration_no"])
            self.report.project_code = str(done["project_code"])
            slip = done["slip"]
            self._paper("slip", self.report.registration_no, slip)
            detail.append(
                f"{done['registration_no']}，项目编号 {done['project_code']}，缺件 {_count(done['lacking'])} 项"
            )
        with self.report.step("同一文件再登记一次，还是同一件") as detail:
            again = self._ebp("case", "register", str(path), "--out", str(self.out))
            _demand(again["repeated"] is True and again["registration_no"] == self.report.registration_no, "重复登记")
            detail.append("未产生新编号")
        with self.report.step("发往中心，同时送达各部门") as detail:
            self._ebp("sync", "once")
            shown = self._case()
            _demand(bool(shown["delivered_to"]) and not shown["pending"], "送达部门")
            detail.append(f"{_count(shown['delivered_to'])} 个部门")
        self._photograph("registered")

    def _opinions(self) -> None:
        self._at(START + timedelta(hours=1, minutes=30))
        with self.report.step("部门意见：两项受理，一项补正") as detail:
            self._opinion("3-01", "accept")
            self._opinion("3-07", "accept")
            items = self.out / "papers" / "supplement-items.json"
            _write(
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
            self._opinion(
                "3-03", "supplement", "--items", str(items), "--until", "2026-03-09", "--reason", "材料不齐全"
            )
            detail.append("3-01、3-07 受理，3-03 一次性告知 2 项")
        self._at(START + timedelta(hours=2))
        with self.report.step("意见到达窗口"):
            self._ebp("sync", "once")
        self._photograph("notices")
        with self.report.step("受理通知书、补正通知书送达申请人") as detail:
            told = self._deliver_all()
            detail.append("、".join(told))

    def _supplement(self) -> None:
        self._at(datetime(2026, 3, 4, 10, 0, tzinfo=CHINA))
        number = self._notice("3-03", "supplement_notice")
        folder = self.out / "papers"
        with self.report.step("补正：先交一项，时限仍暂停") as detail:
            done = self._hand_in(folder, number, filing.DEFECTIVE)
            _demand(_count(done["missing"]) == 1, "还差一项")
            detail.append(str(done["receipt_no"]))
        self._at(datetime(2026, 3, 4, 15, 0, tzinfo=CHINA))
        self._photograph("supplement")
        with self.report.step("补正：交齐") as detail:
            done = self._hand_in(folder, number, filing.MISSING)
            _demand(not done["missing"] and done["complete"] == ["3-03"], "补正齐全")
            detail.append(str(done["receipt_no"]))
        with self.report.step("部门当场核对，受理，继续计时"):
            self._ebp("sync", "once")
            self._opinion("3-03", "verify")
            self._ebp("sync", "once")
        with self.report.step("补正后的受理通知书送达") as detail:
            detail.append("、".join(self._deliver_all()))

    def _decide(self) -> None:
        self._at(datetime(2026, 3, 9, 9, 30, tzinfo=CHINA))
        with self.report.step("施工图审查通过，电子证照到达即办结"):
            self._opinion("3-01", "approve")
            self._licence(
                "3-01", "--form", "electronic", "--name", "施工图审查合格书", "--number", "乌审图〔2026〕88号"
            )
        self._at(datetime(2026, 3, 10, 10, 0, tzinfo=CHINA))
        with self.report.step("施工许可批准，纸质证照先扫描"):
            self._opinion("3-03", "approve")
            scan = next(iter(sorted((self.out / "papers").glob("M318*.jpg"))), None)
            scan = scan or next(iter(sorted((self.out / "papers").glob("*.jpg"))))
            self._licence(
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
        self._at(datetime(2026, 3, 10, 14, 0, tzinfo=CHINA))
        with self.report.step("纸质证照入窗口保管"):
            self._ebp("sync", "once")
            file = _write(self.out / "papers" / "receive.json", {"licence": "150302202603100101", "place": "2-04 格"})
            self._ebp("licence", "receive", self._registration(), str(file))
        with self.report.step("扫描件齐全后办结（第二十一条）"):
            self._ebp("licence", "close", f"{self._registration()}/3-03")
            self._ebp("sync", "once")
        with self.report.step("准予决定送达") as detail:
            detail.append("、".join(self._deliver_all()) or "无")
        with self.report.step("通知申请人领证"):
            file = _write(
                self.out / "papers" / "notify.json",
                {
                    "matters": ["3-03", "3-01"],
                    "channel": "call",
                    "address": "13847306021",
                    "reached": True,
                    "outcome": "接通，王建国明天上午来取",
                },
            )
            self._ebp("notify", "log", self._registration(), str(file))
        self._photograph("case")

    def _hand_over(self) -> None:
        self._at(datetime(2026, 3, 11, 10, 0, tzinfo=CHINA))
        self._ebp("sync", "once")
        qr = self._qr("acceptance", "3-03")
        with self.report.step("伪造的通知书被识破") as detail:
            detail.append(self._verdict(_forged(qr)))
        with self.report.step("核验受理通知书") as detail:
            checked = self._ebp("handover", "check", qr)
            _demand(checked["verdict"] == "genuine", "真实")
            detail.append(f"可领 {_count(checked['ready'])} 本")
        self._photograph("pickup", qr)
        with self.report.step("发证，出领证回执和送达回证") as detail:
            file = _write(
                self.out / "papers" / "handover.json",
                {
                    "qr": qr,
                    "recipient": "王建国",
                    "id_number": "15030219900101001X",
                    "phone": "13847306021",
                    "signature": SIGNATURE,
                },
            )
            done = self._ebp("handover", "do", str(file), "--out", str(self.out))
            for name in ("receipt", "service_receipt"):
                paper = done[name]
                self._paper_of(paper)
            detail.append(str(done["receipt_no"]))
        with self.report.step("同一通知书不能再领"):
            _demand(self._verdict(qr) == "used", "已领完")
        with self.report.step("全部送达中心，两边一致"):
            self._ebp("sync", "once")
            status = self._ebp("sync", "status")
            _demand(status["waiting"] == 0, "无待发")
            self.central.command("check")
            _demand(self._ebp("store", "verify")["whole"] is True, "本机完整")
        self._photograph("end")

    # --- how the day acts

    def _at(self, moment: datetime) -> None:
        """Moves both clocks; never back."""
        self.now = max(self.now, moment)
        os.environ["EBP_NOW"] = self.now.isoformat()
        self.central.set_clock(self.now) if self.central.home.is_dir() else None

    def _ebp(self, *words: str) -> dict[str, object]:
        """Runs a command of the counter and gives its JSON; a refusal ends the step."""
        code, answer = self._run(words)
        if code != 0:
            said = answer.get("error")
            words_of = said if isinstance(said, Mapping) else {}
            lacking = answer.get("missing")
            raise SurroundingsError(
                "command_failed",
                f"ebp {' '.join(words[:2])}：{words_of.get('message', answer)} {lacking or ''}".strip(),
                todo=str(words_of.get("todo", "")),
            )
        return answer

    def _run(self, words: Sequence[str]) -> tuple[int, dict[str, object]]:
        out, err = io.StringIO(), io.StringIO()
        code = run([*words, "--home", str(self.home), "--json"], out=out, err=err)
        answer: dict[str, object] = json.loads(out.getvalue())
        return code, answer

    def _refused(self, wanted: str, *words: str) -> str:
        """Runs a command that must be refused with this code."""
        code, answer = self._run(words)
        found = _part(answer, "error", "code")
        _demand(code == 3 and found == wanted, f"应拒绝（{wanted}），实为 {found}")
        return str(_part(answer, "error", "message"))

    def _secret(self, path: Path) -> Path:
        filed = json.loads(path.read_text("utf-8"))
        return _write(path.with_name("secret.json"), {**filed, "declared_not_secret": False, "lines": []})

    def _unjudged(self, path: Path) -> Path:
        filed = json.loads(path.read_text("utf-8"))
        return _write(path.with_name("unjudged.json"), {**filed, "lines": []})

    def _registration(self) -> str:
        return str(self.report.registration_no)

    def _case(self) -> dict[str, object]:
        return self._ebp("case", "show", self._registration())

    def _opinion(self, matter: str, opinion: str, *more: str) -> None:
        case = f"{self._registration()}/{matter}"
        self.central.command("opinion", "give", case, opinion, "--as", DEPARTMENTS[matter], *more)

    def _licence(self, matter: str, *more: str) -> None:
        case = f"{self._registration()}/{matter}"
        self.central.command("licence", "issue", case, "--as", DEPARTMENTS[matter], *more)
        self._ebp("sync", "once")

    def _deliver_all(self) -> list[str]:
        """Prints and hands over every notice that waits; gives their numbers."""
        waiting = self._ebp("notice", "list")["notices"]
        told: list[str] = []
        for row in waiting if isinstance(waiting, list) else []:
            number = str(row["document_no"])
            file = _write(
                self.out / "papers" / "told.json",
                {
                    "channel": "signed",
                    "recipient": "王建国",
                    "signature": SIGNATURE,
                },
            )
            done = self._ebp("notice", "deliver", number, str(file), "--out", str(self.out))
            self._paper_of(done["notice"])
            self._paper_of(done["receipt"])
            told.append(number)
        self._ebp("sync", "once")
        return told

    def _hand_in(self, folder: Path, notice: str, material: str) -> dict[str, object]:
        names = sorted(path.name for path in folder.glob(f"{material}*") if path.suffix != ".json")
        originals = 5 if material == filing.MISSING else 1
        file = _write(
            folder / f"hand-in-{material}.json",
            {
                "notices": [notice],
                "lines": [
                    {
                        "material": material,
                        "verdict": "qualified",
                        "pages": names,
                        "received": {"original": originals, "copy": 0, "electronic": 1},
                    }
                ],
            },
        )
        done = self._ebp("case", "supplement", str(file), "--out", str(self.out))
        self._paper_of(done["receipt"])
        return done

    def _notice(self, matter: str, kind: str) -> str:
        notices = self._case()["notices"]
        rows = notices if isinstance(notices, list) else []
        found = [row for row in rows if row["matter"] == matter and row["kind"] == kind]
        _demand(bool(found), f"{matter} 的 {kind}")
        return str(found[-1]["document_no"])

    def _qr(self, kind: str, matter: str) -> str:
        number = self._notice(matter, kind)
        found = [d for d in self.report.documents if d["number"] == number and d["kind"] == kind]
        _demand(bool(found), f"{number} 的二维码")
        return str(found[-1]["qr"])

    def _verdict(self, qr: str) -> str:
        _code, answer = self._run(["handover", "check", qr])
        return str(answer.get("verdict"))

    def _paper(self, kind: str, number: str, saved: object) -> None:
        _demand(isinstance(saved, Mapping), "文书")
        paper = saved if isinstance(saved, Mapping) else {}
        self.report.paper(kind, number, str(paper["pdf"]), str(paper["qr"]))

    def _paper_of(self, saved: object) -> None:
        paper = saved if isinstance(saved, Mapping) else {}
        self._paper(str(paper.get("kind")), str(paper.get("number")), paper)

    def _photograph(self, moment: str, text: str = "") -> None:
        with self.report.step(f"窗口画面：{moment}") as detail:
            made = self.photograph(self.home, f"{moment}:{text}")
            self.report.screens.extend(made)
            detail.append(f"{len(made)} 张")


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


def _write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), "utf-8")
    return path


def _part(answer: Json, *names: str) -> object:
    found: object = answer
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


def _demand(holds: bool, what: str) -> None:  # a plain statement of what must be
    if not holds:
        raise SurroundingsError("day_differs", f"与预期不符：{what}。")
