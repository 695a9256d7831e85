"""The scan child hangs, dies and is killed at any instant: no page that was said is lost, none is half."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

from ebp_desktop.crypto.keys import SealingKey, random_key
from ebp_desktop.domain.errors import SurroundingsError
from scanner.api import Ended, PaperSource, ScanWatch, scan
from tests.unit.scanner.papers import small_jpeg

QUICK = ScanWatch(silence_seconds=6)


@pytest.fixture
def driver(tmp_path: Path):
    """A child whose one driver runs the given statements before every sheet from the third on."""
    (tmp_path / "sheet.jpg").write_bytes(small_jpeg())

    def command(statements: str, sheets: int = 5, spool: str = "pass"):
        script = tmp_path / "driver.py"
        script.write_text(
            f"""
import os, signal, sys, threading, time
from pathlib import Path
from scanner.manifest import Ended
from scanner.protocol import Frame, ScanFault
from scanner.scanning import spool, worker

SHEET = Path({str(tmp_path / "sheet.jpg")!r}).read_bytes()

class Session:
    stop = threading.Event()
    def frames(self):
        for number in range(1, {sheets} + 1):
            if number >= 3:
                {statements}
            yield Frame(dpi=(75.0, 75.0), data=SHEET)
    def cancel(self): self.stop.set()
    def close(self): pass

class Driver:
    scheme = "fake"
    def devices(self): return ()
    def open(self, address, job, alive): return Session()

flush = spool.flush_folder
def flushed(folder):
    flush(folder)
    count = len(list(folder.glob("0*")))
    {spool}
spool.flush_folder = flushed
if "fake" in sys.argv:
    worker.main((Driver(),))
"""
        )
        return lambda _kind: [sys.executable, str(script), "fake"]

    return command


def whole(folder: Path, outcome) -> bool:
    for page in outcome.manifest.pages:
        with Image.open(folder / page.file) as image:
            image.load()
    return sorted(path.name for path in folder.iterdir()) == [
        *(page.file for page in outcome.manifest.pages),
        "manifest.json",
    ]


@pytest.mark.parametrize(
    ("statements", "ended"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", Ended.CRASHED),
        ("os.kill(os.getpid(), signal.SIGKILL)", Ended.CRASHED),
        ("raise RuntimeError('the vendor library lost its way')", Ended.CRASHED),
        ("time.sleep(600)", Ended.HUNG),
        ("os.kill(os.getpid(), signal.SIGSTOP)", Ended.HUNG),
        ("raise ScanFault(Ended.JAM)", Ended.JAM),
        ("raise ScanFault(Ended.DOUBLE_FEED)", Ended.DOUBLE_FEED),
        ("pass", Ended.DONE),
    ],
    ids=["segfault", "killed", "bug", "hangs", "stopped", "jam", "double feed", "well"],
)
def test_pages_so_far_are_kept_whatever_the_driver_does(driver, tmp_path, statements, ended):
    outcome = scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", watch=QUICK, child_command=driver(statements))
    assert outcome.ended is ended
    assert outcome.words
    assert len(outcome.manifest.pages) == (5 if ended is Ended.DONE else 2)
    assert whole(tmp_path / "in", outcome)


def test_a_driver_that_ignores_the_cancel_is_ended(driver, tmp_path):
    pages = []
    watch = ScanWatch(on_page=pages.append, cancelled=lambda: len(pages) >= 2)
    outcome = scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", watch=watch, child_command=driver("time.sleep(600)"))
    assert outcome.ended is Ended.CANCELLED
    assert len(outcome.manifest.pages) == 2


@pytest.mark.parametrize("sheet", [1, 2, 4])
@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
def test_a_page_that_was_stored_and_not_yet_said_is_adopted(driver, tmp_path, sheet, sealed):
    key = SealingKey("batch", random_key()) if sealed else None
    kill = f"count == {sheet} and os.kill(os.getpid(), signal.SIGKILL)"
    command = driver("pass", spool=kill)
    outcome = scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", seal=key, watch=QUICK, child_command=command)
    assert outcome.ended is Ended.CRASHED
    assert len(outcome.manifest.pages) == sheet
    assert len({page.sha256 for page in outcome.manifest.pages}) == 1
    assert outcome.manifest.pages[-1].dpi == (75.0, 75.0)


def test_after_a_crash_the_next_scan_goes_on_at_the_right_number(driver, tmp_path):
    crash = driver("os.kill(os.getpid(), signal.SIGKILL)")
    scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", child_command=crash)
    outcome = scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", go_on=True, child_command=driver("pass", sheets=2))
    assert [page.file for page in outcome.manifest.pages] == ["0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg"]
    assert outcome.ended is Ended.DONE
    assert whole(tmp_path / "in", outcome)


def test_a_full_disk_is_said(driver, tmp_path):
    full = "import errno; raise OSError(errno.ENOSPC, 'full')"
    with pytest.raises(SurroundingsError) as stopped:
        scan("fake:0", PaperSource.ADF, 75, tmp_path / "in", child_command=driver("pass", spool=full))
    assert stopped.value.code == "disk_full"


@pytest.mark.parametrize("pages_before", [1, 3])
def test_killed_from_outside_no_said_page_is_lost(driver, tmp_path, pages_before):
    command = driver("time.sleep(0.05)", sheets=40)
    said = []

    def on_page(page):
        said.append(page)
        if len(said) == pages_before:
            for entry in Path("/proc").glob("[0-9]*/stat"):
                fields = entry.read_text().rpartition(")")[2].split()
                if int(fields[1]) == os.getpid() and b"driver.py" in (entry.parent / "cmdline").read_bytes():
                    os.kill(int(entry.parent.name), signal.SIGKILL)

    outcome = scan(
        "fake:0", PaperSource.ADF, 75, tmp_path / "in", watch=ScanWatch(on_page=on_page), child_command=command
    )
    assert outcome.ended is Ended.CRASHED
    assert {page.file for page in said} <= {page.file for page in outcome.manifest.pages}
    assert whole(tmp_path / "in", outcome)
