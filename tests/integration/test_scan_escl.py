"""eSCL as scanners in offices really speak it: busy, odd, cut short."""

from __future__ import annotations

import hashlib

import pytest

from scanner.api import Ended, PaperSource, ScanWatch, scan
from tests.unit.scanner.escl_scanner import Scanner, serving
from tests.unit.scanner.papers import jpeg, small_jpeg, written_sheet


def scan_all(scanner: Scanner, into, **more):
    with serving(scanner) as address:
        return scan(address, PaperSource.ADF, 150, into, **more)


def test_the_scanners_own_jpeg_is_kept_byte_for_byte(tmp_path):
    pages = [jpeg(written_sheet(turn).reduce(2), 150, 77) for turn in (0.0, 1.0)]
    outcome = scan_all(Scanner(pages=list(pages)), tmp_path / "in")
    assert [page.sha256 for page in outcome.manifest.pages] == [hashlib.sha256(page).hexdigest() for page in pages]
    assert (tmp_path / "in" / "0002.jpg").read_bytes() == pages[1]


@pytest.mark.parametrize("end", ["404", "409", "empty"])
def test_the_end_of_the_feeder_is_understood_however_it_is_said(tmp_path, end):
    outcome = scan_all(Scanner(pages=[small_jpeg()] * 2, end=end), tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (Ended.DONE, 2)


@pytest.mark.parametrize("end", ["empty", "half"])
@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("ScannerAdfJam", Ended.JAM),
        ("ScannerAdfHatchOpen", Ended.COVER_OPEN),
        ("ScannerAdfMultipickDetected", Ended.DOUBLE_FEED),
    ],
)
def test_a_fault_in_the_middle_keeps_what_came_and_drops_the_half_page(tmp_path, end, state, ended):
    outcome = scan_all(Scanner(pages=[small_jpeg()] * 2, fault=state, end=end), tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (ended, 2)
    assert not outcome.satisfied


def test_a_job_aborted_without_a_word_counts_as_a_jam(tmp_path):
    outcome = scan_all(Scanner(pages=[small_jpeg()], fault="ScannerAdfProcessing"), tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (Ended.JAM, 1)


def test_a_busy_scanner_is_asked_again(tmp_path):
    outcome = scan_all(Scanner(pages=[small_jpeg()], busy=1), tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (Ended.DONE, 1)


def test_a_host_name_nobody_can_resolve_does_not_matter(tmp_path):
    outcome = scan_all(Scanner(pages=[small_jpeg()], absolute_location=True), tmp_path / "in")
    assert outcome.ended is Ended.DONE


def test_the_job_says_feeder_colour_and_resolution(tmp_path):
    scanner = Scanner(pages=[small_jpeg()])
    scan_all(scanner, tmp_path / "in", duplex=True)
    for part in ("Feeder", "RGB24", "<scan:XResolution>150<", "<scan:Duplex>true<", "image/jpeg"):
        assert part in scanner.settings


def test_the_flatbed_gives_one_page_and_the_feeder_is_not_asked(tmp_path):
    scanner = Scanner(pages=[small_jpeg()] * 3)
    with serving(scanner) as address:
        outcome = scan(address, PaperSource.FLATBED, 150, tmp_path / "in")
    assert (outcome.ended, len(outcome.manifest.pages)) == (Ended.DONE, 1)
    assert "Platen" in scanner.settings


def test_an_empty_feeder_is_waited_for_and_the_scan_goes_on_by_itself(tmp_path):
    scanner = Scanner()
    waited = []

    def paper_arrives():
        waited.append(1)
        scanner.pages.append(small_jpeg())

    watch = ScanWatch(on_waiting=paper_arrives)
    outcome = scan_all(scanner, tmp_path / "in", wait_for_paper=30.0, watch=watch)
    assert waited
    assert outcome.ended is Ended.DONE
    assert outcome.manifest.pages


def test_waiting_for_paper_can_be_cancelled(tmp_path):
    waiting = []
    watch = ScanWatch(on_waiting=lambda: waiting.append(1), cancelled=lambda: bool(waiting))
    outcome = scan_all(Scanner(), tmp_path / "in", wait_for_paper=600.0, watch=watch)
    assert (outcome.ended, outcome.manifest.pages) == (Ended.CANCELLED, ())


def test_a_sheet_that_overlapped_another_is_pointed_out(tmp_path):
    usual, long = jpeg(written_sheet().reduce(4), 75), jpeg(written_sheet().reduce(4).resize((620, 1200)), 75)
    with serving(Scanner(pages=[usual, usual, long, usual])) as address:
        outcome = scan(address, PaperSource.ADF, 75, tmp_path / "in")
    assert outcome.doubts == ("第 3 页偏长，可能一次进了两张纸",)
    assert "length_outlier" in outcome.manifest.pages[2].flags
    assert len(outcome.manifest.pages[2].reasons) == len(outcome.manifest.pages[2].flags)
