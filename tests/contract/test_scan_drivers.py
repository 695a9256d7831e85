"""What every scanner driver owes, asked of each in turn: SANE's own test device, and eSCL over real HTTP."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from PIL import Image

from ebp_desktop.crypto.frames import only, open_stream
from ebp_desktop.crypto.keys import SealingKey, random_key
from ebp_desktop.domain.errors import BadInputError
from scanner.api import Colour, Ended, PaperSource, ScanWatch, list_devices, read_manifest, scan
from tests.unit.scanner.escl_scanner import Scanner, serving
from tests.unit.scanner.papers import jpeg, written_sheet


class Stack(Protocol):
    """A scanner with paper in it."""

    sheets: int
    device: str
    options: dict[str, str]


@dataclass
class Ready:
    sheets: int
    device: str
    options: dict[str, str]


class SaneLab:
    """libsane's test device with a private configuration; its feeder always holds ten sheets."""

    full = 10

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        folder.mkdir()
        (folder / "dll.conf").write_text("test\n")

    @contextmanager
    def loaded(self, fault: str = "", slow: bool = False) -> Iterator[Ready]:
        lines = ["number_of_devices 2", "geometry_max 300.0", "resolution 300.0", "depth 8", 'mode "Color"']
        lines += ['test-picture "Color pattern"', "read-delay true" if slow else "read-delay false"]
        lines += ["read-delay-duration 100000"] if slow else []
        (self.folder / "test.conf").write_text("\n".join(lines) + "\n")
        self.patch.setenv("SANE_CONFIG_DIR", str(self.folder))
        options = {"read-return-value": f"SANE_STATUS_{fault}"} if fault else {"test-picture": "Color pattern"}
        yield Ready(self.full, "test:0", options)


class EsclLab:
    """Our own simulator of a network scanner."""

    full = 4

    @contextmanager
    def loaded(self, fault: str = "", slow: bool = False) -> Iterator[Ready]:
        states = {"JAMMED": "ScannerAdfJam", "COVER_OPEN": "ScannerAdfHatchOpen", "NO_DOCS": "ScannerAdfEmpty"}
        page = jpeg(written_sheet().reduce(2), 150)
        scanner = Scanner(pages=[] if fault else [page] * self.full, fault=states.get(fault, ""))
        scanner.busy_jobs = fault == "DEVICE_BUSY"
        if fault == "DEVICE_BUSY":
            scanner.pages = [page]
        scanner.gate = threading.Event() if slow else None
        with serving(scanner) as address:
            yield Ready(self.full, f"escl:{address}", {})


@pytest.fixture(params=["sane", "escl"])
def lab(request, tmp_path, monkeypatch):
    return SaneLab(tmp_path / "sane.d", monkeypatch) if request.param == "sane" else EsclLab()


def test_the_whole_feeder_comes_in_order_and_the_scan_is_done(lab, tmp_path):
    with lab.loaded() as ready:
        seen = []
        outcome = scan(
            ready.device,
            PaperSource.ADF,
            150,
            tmp_path / "in",
            options=ready.options,
            watch=ScanWatch(on_page=lambda page: seen.append(page.file)),
        )
    assert (outcome.ended, outcome.words) == (Ended.DONE, "扫描完成")
    assert (
        seen == [page.file for page in outcome.manifest.pages] == [f"{n:04d}.jpg" for n in range(1, ready.sheets + 1)]
    )
    assert outcome.satisfied


def test_the_manifest_is_that_of_an_import_with_how_it_ended(lab, tmp_path):
    with lab.loaded() as ready:
        scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", options=ready.options)
    manifest = json.loads((tmp_path / "in" / "manifest.json").read_text("utf-8"))
    assert list(manifest) == ["pages", "kept", "refused", "ended"]
    (page,) = manifest["pages"]
    assert manifest["ended"] == "done"
    assert page["sha256"] == hashlib.sha256((tmp_path / "in" / page["file"]).read_bytes()).hexdigest()
    assert page["dpi"] == [150, 150]
    assert page["source"]["file"] == ready.device


@pytest.mark.parametrize(
    ("fault", "ended"),
    [("JAMMED", Ended.JAM), ("COVER_OPEN", Ended.COVER_OPEN), ("NO_DOCS", Ended.NO_DOCS), ("DEVICE_BUSY", Ended.BUSY)],
)
def test_every_fault_ends_in_its_own_word_and_without_a_page(lab, tmp_path, fault, ended):
    with lab.loaded(fault) as ready:
        outcome = scan(ready.device, PaperSource.ADF, 150, tmp_path / "in", options=ready.options)
    assert outcome.ended is ended
    assert outcome.words
    assert outcome.manifest.pages == ()
    assert read_manifest(tmp_path / "in").ended is ended
    assert outcome.satisfied is (ended is Ended.NO_DOCS)


def test_a_cancelled_scan_keeps_whole_pages_only(lab, tmp_path):
    with lab.loaded(slow=True) as ready:
        asked = iter(range(100))
        outcome = scan(
            ready.device,
            PaperSource.ADF,
            150,
            tmp_path / "in",
            options=ready.options,
            watch=ScanWatch(cancelled=lambda: next(asked) > 12),
        )
    assert outcome.ended is Ended.CANCELLED
    assert len(outcome.manifest.pages) < ready.sheets
    for page in outcome.manifest.pages:
        with Image.open(tmp_path / "in" / page.file) as image:
            image.load()
            assert image.size == (page.width, page.height)
    assert not list((tmp_path / "in").glob("*.part"))


def test_scanning_goes_on_in_the_same_folder_at_the_next_number(lab, tmp_path):
    with lab.loaded() as ready:
        scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", options=ready.options)
    with lab.loaded() as ready:
        outcome = scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", options=ready.options, go_on=True)
    assert [page.file for page in outcome.manifest.pages] == ["0001.jpg", "0002.jpg"]


def test_sealed_pages_open_with_the_key_of_the_batch_only(lab, tmp_path):
    key = SealingKey("batch-1", random_key())
    with lab.loaded() as ready:
        outcome = scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", options=ready.options, seal=key)
    (page,) = outcome.manifest.pages
    sealed = tmp_path / "in" / page.file
    assert page.file == "0001.jpg.sealed"
    assert b"\xff\xd8\xff" not in sealed.read_bytes()[:64]
    with sealed.open("rb") as source, (tmp_path / "open.jpg").open("wb") as target:
        open_stream(source, target, only(key))
    assert hashlib.sha256((tmp_path / "open.jpg").read_bytes()).hexdigest() == page.sha256


def test_the_clerks_count_is_held_against_the_pages(lab, tmp_path):
    with lab.loaded() as ready:
        outcome = scan(ready.device, PaperSource.ADF, 150, tmp_path / "in", options=ready.options, declared=12)
    assert outcome.doubts == (f"申报 12 张，扫到 {ready.sheets} 张，请核对",)


def test_grey_is_grey(lab, tmp_path):
    with lab.loaded() as ready:
        if ready.device.startswith("escl:"):
            outcome = scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", colour=Colour.GREY)
            assert outcome.ended is Ended.DONE
            return
        outcome = scan(ready.device, PaperSource.FLATBED, 150, tmp_path / "in", colour=Colour.GREY)
    with Image.open(tmp_path / "in" / outcome.manifest.pages[0].file) as image:
        assert image.mode == "L"


def test_the_scanner_is_listed_with_its_name(lab):
    with lab.loaded() as ready:
        known = (ready.device.removeprefix("escl:"),) if ready.device.startswith("escl:") else ()
        devices = list_devices(known)
    assert ready.device in {device.address for device in devices}
    assert all(device.name for device in devices)


@pytest.mark.parametrize("device", ["test:7", "escl:http://127.0.0.1:9/eSCL", "escl:not an address"])
def test_a_scanner_that_is_not_there_is_offline(device, tmp_path, monkeypatch):
    lab = SaneLab(tmp_path / "sane.d", monkeypatch)
    with lab.loaded():
        outcome = scan(device, PaperSource.ADF, 300, tmp_path / "in")
    assert outcome.ended is Ended.OFFLINE
    assert "没有应答" in outcome.words
    assert not outcome.satisfied


def test_an_option_the_device_does_not_have_is_not_passed_over(tmp_path, monkeypatch):
    with SaneLab(tmp_path / "sane.d", monkeypatch).loaded() as ready:
        outcome = scan(ready.device, PaperSource.ADF, 150, tmp_path / "in", options={"no-such": "1"})
    assert outcome.ended is Ended.OFFLINE
    assert "no-such" in outcome.detail


def test_a_folder_in_use_is_refused_before_the_paper_moves(tmp_path):
    (tmp_path / "other").write_text("x")
    with pytest.raises(BadInputError) as refused:
        scan("test:0", PaperSource.ADF, 300, tmp_path)
    assert refused.value.code == "into_not_empty"


@pytest.mark.parametrize("dpi", [0, 49, 1201])
def test_a_senseless_resolution_is_refused(dpi, tmp_path):
    with pytest.raises(BadInputError) as refused:
        scan("test:0", PaperSource.ADF, dpi, tmp_path / "in")
    assert refused.value.code == "bad_dpi"
    assert not (tmp_path / "in").exists()
