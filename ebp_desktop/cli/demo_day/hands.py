"""The hands of the demo day: the counter's commands, central's commands, both clocks, and the papers read back."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from ebp_desktop.bootstrap.agent import end_session
from ebp_desktop.bootstrap.demo_central import DemoCentral
from ebp_desktop.cli.app import run
from ebp_desktop.cli.demo_day import filing
from ebp_desktop.cli.demo_day.report import DayReport
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import SurroundingsError

START = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DEPARTMENTS = {"3-01": "zj.reviewer", "3-03": "zj.reviewer", "3-07": "cg.reviewer"}
SIGNATURE = "paper"

Json: TypeAlias = Mapping[str, object]
Photograph = Callable[[Path, str], list[str]]


@dataclass(slots=True)
class DayHands:
    """Acts in the day's folder; ``photograph`` draws the real windows at a named moment and gives the files it made."""

    out: Path
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

    @contextlib.contextmanager
    def injected_time(self) -> Iterator[None]:
        """The counter reads the day's clock within the block; at its end everything started is stopped again."""
        before = os.environ.get("EBP_NOW")
        try:
            yield
        finally:
            end_session(self.home)
            self.central.stop()
            if before is None:
                os.environ.pop("EBP_NOW", None)
            else:
                os.environ["EBP_NOW"] = before

    def step(self, name: str) -> AbstractContextManager[list[str]]:
        """One step of the report."""
        return self.report.step(name)

    def at(self, moment: datetime) -> None:
        """Moves both clocks; never back."""
        self.now = max(self.now, moment)
        os.environ["EBP_NOW"] = self.now.isoformat()
        self.central.set_clock(self.now) if self.central.home.is_dir() else None

    def ebp(self, *words: str) -> dict[str, object]:
        """Runs a command of the counter and gives its JSON; a refusal ends the step."""
        code, answer = self.run(words)
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

    def run(self, words: Sequence[str]) -> tuple[int, dict[str, object]]:
        """Runs a command of the counter; gives its exit code and its JSON."""
        out, err = io.StringIO(), io.StringIO()
        code = run([*words, "--home", str(self.home), "--json"], out=out, err=err)
        answer: dict[str, object] = json.loads(out.getvalue())
        return code, answer

    def refused(self, wanted: str, *words: str) -> str:
        """Runs a command that must be refused with this code."""
        code, answer = self.run(words)
        found = part(answer, "error", "code")
        demand(code == 3 and found == wanted, f"应拒绝（{wanted}），实为 {found}")
        return str(part(answer, "error", "message"))

    def registration(self) -> str:
        """The registration number of the day's case."""
        return str(self.report.registration_no)

    def case(self) -> dict[str, object]:
        """The case as the counter shows it now."""
        return self.ebp("case", "show", self.registration())

    def opinion(self, matter: str, opinion: str, *more: str) -> None:
        """A department gives its opinion by central's own command."""
        case = f"{self.registration()}/{matter}"
        self.central.command("opinion", "give", case, opinion, "--as", DEPARTMENTS[matter], *more)

    def licence(self, matter: str, *more: str) -> None:
        """A department issues a licence, and the counter hears of it."""
        case = f"{self.registration()}/{matter}"
        self.central.command("licence", "issue", case, "--as", DEPARTMENTS[matter], *more)
        self.ebp("sync", "once")

    def deliver_all(self) -> list[str]:
        """Prints and hands over every notice that waits; gives their numbers."""
        waiting = self.ebp("notice", "list")["notices"]
        told: list[str] = []
        for row in waiting if isinstance(waiting, list) else []:
            number = str(row["document_no"])
            file = write_json(
                self.out / "papers" / "told.json",
                {
                    "channel": "signed",
                    "recipient": "王建国",
                    "signature": SIGNATURE,
                },
            )
            done = self.ebp("notice", "deliver", number, str(file), "--out", str(self.out))
            self.paper_of(done["notice"])
            self.paper_of(done["receipt"])
            told.append(number)
        self.ebp("sync", "once")
        return told

    def hand_in(self, folder: Path, notice: str, material: str) -> dict[str, object]:
        """Hands one material in against a supplement notice; gives the answer with its receipt."""
        names = sorted(path.name for path in folder.glob(f"{material}*") if path.suffix != ".json")
        originals = 5 if material == filing.MISSING else 1
        file = write_json(
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
        done = self.ebp("case", "supplement", str(file), "--out", str(self.out))
        self.paper_of(done["receipt"])
        return done

    def notice(self, matter: str, kind: str) -> str:
        """The number of the newest notice of this kind for a matter."""
        notices = self.case()["notices"]
        rows = notices if isinstance(notices, list) else []
        found = [row for row in rows if row["matter"] == matter and row["kind"] == kind]
        demand(bool(found), f"{matter} 的 {kind}")
        return str(found[-1]["document_no"])

    def qr(self, kind: str, matter: str) -> str:
        """The code that was read back from that notice."""
        number = self.notice(matter, kind)
        found = [d for d in self.report.documents if d["number"] == number and d["kind"] == kind]
        demand(bool(found), f"{number} 的二维码")
        return str(found[-1]["qr"])

    def verdict(self, qr: str) -> str:
        """What the counter says of a code."""
        _code, answer = self.run(["handover", "check", qr])
        return str(answer.get("verdict"))

    def paper(self, kind: str, number: str, saved: object) -> None:
        """Notes a paper that a command saved, after reading its code back."""
        demand(isinstance(saved, Mapping), "文书")
        paper = saved if isinstance(saved, Mapping) else {}
        self.report.paper(kind, number, str(paper["pdf"]), str(paper["qr"]))

    def paper_of(self, saved: object) -> None:
        """The same for a paper that says its kind and number itself."""
        paper = saved if isinstance(saved, Mapping) else {}
        self.paper(str(paper.get("kind")), str(paper.get("number")), paper)

    def photographed(self, moment: str, text: str = "") -> None:
        """One step: the windows drawn at a named moment."""
        with self.step(f"窗口画面：{moment}") as detail:
            made = self.photograph(self.home, f"{moment}:{text}")
            self.report.screens.extend(made)
            detail.append(f"{len(made)} 张")


def write_json(path: Path, value: object) -> Path:
    """Writes a command's input file."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), "utf-8")
    return path


def part(answer: Json, *names: str) -> object:
    """A value inside an answer, or None where a name is not there."""
    found: object = answer
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def count(value: object) -> int:
    """How many an answer lists."""
    return len(value) if isinstance(value, list) else 0


def demand(holds: bool, what: str) -> None:
    """States what must be; raises SurroundingsError ``day_differs``."""
    if not holds:
        raise SurroundingsError("day_differs", f"与预期不符：{what}。")
