"""The whole day from the command line: every step well, every code readable, the home whole at its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.fixtures.cli_home import NINE, ebp
from tests.fixtures.source_tree import ROOT

SECONDS = 900


@dataclass(frozen=True, slots=True)
class Played:
    """A day that was played: its folder and what the command printed."""

    out: Path
    code: int
    answer: dict
    words: str


def play(out: Path, zone: str = "Asia/Shanghai") -> Played:
    """Plays the day as a user would, in a process of its own, on a machine of any time zone."""
    environment = {**os.environ, "TZ": zone, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-m", "ebp_desktop", "day", "--out", str(out), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        cwd=ROOT,
        env=environment,
    )
    return Played(out, ran.returncode, json.loads(ran.stdout), ran.stderr)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One day, played on a machine on the other side of the world in a folder that holds an earlier day."""
    out = tmp_path_factory.mktemp("played") / "day"
    out.mkdir()
    (out / "day.json").write_text("{}", "utf-8")
    (out / "of-yesterday.pdf").write_bytes(b"old")
    return play(out, zone="America/Los_Angeles")


def codes_of(pdf: Path) -> set[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=3, grayscale=True).to_pil()
    finally:
        document.close()
    return {code.text for code in zxingcpp.read_barcodes(picture)}


def test_every_step_of_the_day_is_well(day: Played) -> None:
    failed = [step for step in day.answer["steps"] if not step["ok"]]

    assert failed == []
    assert (day.code, day.answer["ok"]) == (0, True)
    assert len(day.answer["steps"]) >= 20
    assert "Traceback" not in day.words


def test_the_folder_tells_the_same_as_the_command(day: Played) -> None:
    kept = json.loads((day.out / "day.json").read_text("utf-8"))

    assert kept == day.answer
    assert kept["project_code"]
    assert kept["registration_no"]


def test_every_paper_shows_its_code_on_page_one(day: Played) -> None:
    papers = day.answer["documents"]

    assert len(papers) >= 6
    assert {"slip", "acceptance", "supplement_notice"} <= {paper["kind"] for paper in papers}
    for paper in papers:
        assert not Path(paper["pdf"]).is_absolute()
        assert paper["qr"] in codes_of(day.out / paper["pdf"]), paper["pdf"]


def test_no_two_papers_share_a_code(day: Played) -> None:
    codes = [paper["qr"] for paper in day.answer["documents"]]

    assert len(codes) == len(set(codes))


def test_the_windows_were_drawn(day: Played) -> None:
    screens = day.answer["screens"]

    assert len(screens) >= 8
    for name in screens:
        with Image.open(day.out / name) as picture:
            assert picture.size >= (1024, 700)
            low, high = picture.convert("L").getextrema()
            assert high - low > 100, f"{name} is empty"


def test_the_dates_are_those_of_shanghai_whatever_the_machines_zone(day: Played) -> None:
    assert f"-{NINE:%Y%m%d}-" in day.answer["registration_no"]
    assert day.answer["project_code"].split("-")[1] == "2026"


def test_the_home_that_it_leaves_is_whole(day: Played) -> None:
    ran = ebp("store", "verify", "--home", str(day.out / "home"), now=NINE)

    assert ran.code == 0, ran.answer
    assert ran.answer["whole"] is True
    assert ran.answer["facts"] > 10


def test_nothing_is_left_running(day: Played) -> None:
    ran = ebp("session", "show", "--home", str(day.out / "home"), now=NINE)

    assert ran.answer["session"] is None
    assert not (day.out / "home" / "agent.sock").exists()


def test_an_earlier_day_made_room(day: Played) -> None:
    assert not (day.out / "of-yesterday.pdf").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")

    ran = play(tmp_path)

    assert ran.code == 4
    assert ran.answer["error"]["code"] == "out_in_use"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
