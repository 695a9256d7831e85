"""A client that is not ours drives our simulator, and our SANE driver drives that client."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.api import Ended, PaperSource, scan
from tests.unit.scanner.escl_scanner import Scanner, serving
from tests.unit.scanner.papers import jpeg, written_sheet

DEVICE = "airscan:e0:Counter MFP"

pytestmark = pytest.mark.skipif(
    not Path("/etc/sane.d/airscan.conf").exists() or shutil.which("scanimage") is None,
    reason="sane-airscan or scanimage is not installed on this machine",
)


@pytest.fixture
def airscan(tmp_path, monkeypatch):
    """A private SANE that knows one network scanner, and how to point it at an address."""
    folder = tmp_path / "sane.d"
    folder.mkdir()
    (folder / "dll.conf").write_text("airscan\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))

    def point(address: str) -> None:
        (folder / "airscan.conf").write_text(
            f'[devices]\n"Counter MFP" = {address}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n'
        )

    return point


def three_pages() -> list[bytes]:
    return [jpeg(written_sheet(turn).reduce(2), 150) for turn in (0.0, 1.0, 2.0)]


def test_a_foreign_client_reads_our_simulator_to_its_end(airscan, tmp_path):
    with serving(Scanner(pages=three_pages())) as address:
        airscan(address)
        done = subprocess.run(
            ["scanimage", "-d", DEVICE, "--source", "ADF", "--resolution", "150", "--format=pnm", "--batch=p%d.pnm"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert "3 pages scanned" in done.stderr
    with Image.open(tmp_path / "p1.pnm") as image:
        assert np.asarray(image.convert("L")).mean() > 150


def test_our_sane_driver_scans_through_it(airscan, tmp_path):
    with serving(Scanner(pages=three_pages())) as address:
        airscan(address)
        outcome = scan(DEVICE, PaperSource.ADF, 150, tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (Ended.DONE, 3)
    assert outcome.manifest.pages[1].skew == pytest.approx(-1.0, abs=0.15)


def test_a_scanner_switched_off_is_offline(airscan, tmp_path):
    with serving(Scanner()) as address:
        airscan(address)
    outcome = scan(DEVICE, PaperSource.ADF, 150, tmp_path / "in")
    assert outcome.ended is Ended.OFFLINE
