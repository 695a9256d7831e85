"""Skew, blankness and faults of pages as a feeder delivers them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from scanner.imaging.checks import Measures, measure_page
from scanner.imaging.preview import paper_dpi, preview_of
from scanner.imaging.skew import measure_skew
from scanner.manifest import FlagCode
from tests.unit.scanner.papers import blank_sheet, jpeg, smeared, with_code, written_sheet


@pytest.fixture
def measure(tmp_path: Path):
    def measured(image: Image.Image, dpi: int | None = 300) -> Measures:
        path = tmp_path / "page.jpg"
        path.write_bytes(jpeg(image, dpi))
        return measure_page(path)

    return measured


@pytest.mark.parametrize("turned", [-3.0, -1.5, -0.4, 0.0, 0.7, 2.2, 5.0])
def test_the_skew_is_the_turn_that_makes_the_lines_level(measure, turned):
    found = measure(written_sheet(turned))
    assert found.skew == pytest.approx(-turned, abs=0.12)
    assert not found.blank


@pytest.mark.parametrize("paper", [(236, 176, 184), (245, 236, 190), (190, 215, 240)], ids=["pink", "yellow", "blue"])
def test_coloured_paper_is_neither_dark_nor_in_the_way_of_the_skew(measure, paper):
    found = measure(written_sheet(1.1, paper))
    assert found.skew == pytest.approx(-1.1, abs=0.12)
    assert found.flags == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(angle=st.floats(-6, 6))
def test_levelling_by_the_measured_skew_leaves_nothing_to_level(angle):
    small = written_sheet().convert("L").reduce(4)
    turned = small.rotate(angle, Image.Resampling.BICUBIC, fillcolor=246)
    first = measure_skew(np.asarray(turned))
    levelled = turned.rotate(first, Image.Resampling.BICUBIC, fillcolor=246)
    assert abs(measure_skew(np.asarray(levelled))) <= 0.25


def test_white_paper_is_blank(measure):
    found = measure(blank_sheet())
    assert found.blank
    assert found.skew == 0
    assert found.codes == ()


def test_coloured_paper_without_a_mark_is_blank(measure):
    assert measure(blank_sheet((236, 176, 184))).blank


def test_the_other_side_shining_through_is_blank(measure):
    other = np.asarray(written_sheet(1.5))[:, ::-1].astype(np.float32)
    through = (248 - (255 - other) * 0.12).clip(0, 255).astype(np.uint8)
    assert measure(Image.fromarray(through)).blank


def test_dust_is_blank(measure):
    page, chance = blank_sheet(), np.random.default_rng(3)
    draw = ImageDraw.Draw(page)
    for x, y in zip(chance.integers(60, 2400, 150), chance.integers(60, 3400, 150), strict=True):
        draw.rectangle((int(x), int(y), int(x) + 3, int(y) + 3), fill=(60, 60, 60))
    assert measure(page).blank


def test_punch_holes_are_blank(measure):
    page = blank_sheet()
    for y in (1280, 2220):
        ImageDraw.Draw(page).ellipse((95, y, 165, y + 70), fill=(30, 30, 30))
    assert measure(page).blank


def test_a_round_stamp_is_no_punch_hole(measure):
    page = blank_sheet()
    ImageDraw.Draw(page).ellipse((1200, 1280, 1270, 1350), fill=(200, 30, 40))
    assert not measure(page).blank


def test_a_page_with_only_a_signature_is_not_blank(measure):
    page = blank_sheet()
    draw = ImageDraw.Draw(page)
    draw.line((1500, 3200, 1560, 3130, 1600, 3240, 1700, 3150, 1790, 3210), fill=(30, 40, 110), width=6)
    assert not measure(page).blank


@pytest.mark.parametrize("grey", [175, 195, 205])
def test_a_pencil_tick_is_not_blank(measure, grey):
    page = blank_sheet()
    ImageDraw.Draw(page).line((1200, 1700, 1260, 1790, 1400, 1560), fill=(grey, grey, grey), width=5)
    assert not measure(page).blank


def test_a_sharp_page_has_no_flag(measure):
    found = measure(written_sheet(0.6))
    assert (found.flags, found.reasons) == ((), ())


def test_a_page_out_of_focus_is_flagged_with_its_reason(measure):
    found = measure(smeared(written_sheet(), 3.5))
    assert FlagCode.BLURRED in found.flags
    assert "模糊" in found.reasons[found.flags.index(FlagCode.BLURRED)]


def test_a_slightly_soft_page_is_left_in_peace(measure):
    assert FlagCode.BLURRED not in measure(smeared(written_sheet(), 1.5)).flags


def test_a_page_too_dark_to_read_is_flagged(measure):
    assert FlagCode.DARK in measure(written_sheet().point(lambda v: v * 0.35)).flags


def test_faint_type_is_flagged(measure):
    assert FlagCode.FAINT in measure(written_sheet().point(lambda v: 255 - (255 - v) * 0.2)).flags


def test_type_that_runs_over_the_rim_is_flagged_with_the_side(measure):
    found = measure(written_sheet().crop((300, 0, 2480, 3508)))
    assert FlagCode.CUT_EDGE in found.flags
    assert found.reasons[found.flags.index(FlagCode.CUT_EDGE)].startswith("左边")


def test_a_dark_scanner_edge_is_no_cut_text(measure):
    page = written_sheet()
    ImageDraw.Draw(page).rectangle((0, 0, 20, 3508), fill=(40, 40, 40))
    assert FlagCode.CUT_EDGE not in measure(page).flags


def test_a_very_skewed_page_is_said(measure):
    assert FlagCode.SKEWED in measure(written_sheet(4.0)).flags


def test_less_than_200_dots_per_inch_is_flagged_and_200_is_not(measure):
    page = written_sheet()
    assert FlagCode.LOW_DPI in measure(page.resize((1240, 1754)), 150).flags
    assert FlagCode.LOW_DPI not in measure(page.resize((1654, 2339)), 200).flags


def test_a_photograph_without_resolution_is_measured_against_a4(measure):
    found = measure(written_sheet(), None)
    assert found.dpi == pytest.approx((300, 300), abs=0.5)
    assert found.flags == (FlagCode.ASSUMED_DPI,)


def test_a_camera_that_claims_72_dpi_is_not_believed():
    assert paper_dpi((4000, 3000), (72.0, 72.0)) == ((342.1, 342.1), True)


def test_an_a0_drawing_is_believed():
    assert paper_dpi((14043, 9933), (300.0, 300.0)) == ((300.0, 300.0), False)


def test_a_photograph_taken_sideways_says_how_to_turn_it(tmp_path):
    path, exif = tmp_path / "phone.jpg", Image.Exif()
    exif[0x0112] = 6
    path.write_bytes(jpeg(written_sheet(1.0).rotate(90, expand=True), exif=exif.tobytes()))
    found = measure_page(path)
    assert (found.rotation, found.width, found.height) == (90, 3508, 2480)
    assert found.skew == pytest.approx(-1.0, abs=0.12)


@pytest.mark.parametrize("turned", [0.0, 2.5, 180.0])
def test_a_qr_code_is_read_on_a_turned_page(measure, turned):
    page = with_code(written_sheet(), "EBP1.ABCDEFGHJKMNPQRSTVWXYZ234567").rotate(turned, fillcolor=(248, 247, 243))
    (code,) = measure(page).codes
    assert (code.format, code.text) == ("QRCode", "EBP1.ABCDEFGHJKMNPQRSTVWXYZ234567")


def test_a_dense_small_qr_code_is_read_at_full_scale(measure):
    text = "EBP1." + "ABCDEFGHJKMNPQRS" * 14
    (code,) = measure(with_code(written_sheet(0.4), text, millimetres=20)).codes
    assert code.text == text


def test_a_linear_code_is_read_and_the_same_code_is_listed_once(measure):
    page = with_code(written_sheet(), "WH20260302", "Code128")
    twice = page.copy()
    twice.paste(page.crop((250, 2960, 1400, 3200)), (1000, 100))
    assert [(code.format, code.text) for code in measure(twice).codes] == [("Code128", "WH20260302")]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_grey(mode):
    source = written_sheet().reduce(4)
    image = (
        Image.fromarray(np.asarray(source.convert("L")).astype(np.uint16) * 257)
        if mode == "I;16"
        else source.convert(mode)
    )
    preview = preview_of(image, (75.0, 75.0))
    assert preview.reading.dtype == np.uint8
    assert preview.reading.shape == (877, 620)
    assert np.median(preview.reading) > 200


def test_the_scales_are_those_that_were_asked_for():
    preview = preview_of(written_sheet(), (300.0, 300.0))
    assert preview.reading.shape == (1754, 1240)
    assert preview.reading_dpi == pytest.approx((150, 150))
    assert preview.measuring_dpi == pytest.approx((75, 75))
