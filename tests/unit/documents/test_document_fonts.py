"""Fonts: what is here, what is missing, what a font can draw, and that typing faults never pass silently."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from ebp_desktop.documents.fonts import FANG_SONG, SANS, SERIF, FontSet, find_fonts
from ebp_desktop.documents.glyphs import read_coverage
from ebp_desktop.documents.manifest import FontState, manifest_fonts, report_fonts
from ebp_desktop.documents.renderer import Renderer
from ebp_desktop.domain.errors import SurroundingsError


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return find_fonts()


def cmap_font(subtable: bytes, platform: int = 3, encoding: int = 1) -> bytes:
    """The smallest file that a reader of character maps accepts."""
    cmap = struct.pack(">HHHHI", 0, 1, platform, encoding, 12) + subtable
    return struct.pack(">4sHHHH", b"OTTO", 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap


def format_4(segments: list[tuple[int, int, int, int]], glyphs: list[int]) -> bytes:
    """A format 4 map of ``(start, end, delta, range offset)`` segments."""
    count = len(segments)
    columns = list(zip(*segments, strict=True))
    body = struct.pack(f">{count}H", *columns[1]) + b"\0\0" + struct.pack(f">{count}H", *columns[0])
    body += struct.pack(f">{count}H", *columns[2]) + struct.pack(f">{count}H", *columns[3])
    body += struct.pack(f">{len(glyphs)}H", *glyphs)
    return struct.pack(">HHHHHHH", 4, 14 + len(body), 0, count * 2, 0, 0, 0) + body


def test_the_families_of_the_papers_are_on_this_machine(fonts) -> None:
    assert {family for family, _, _ in fonts.files} == {SANS, SERIF}
    assert set(fonts.fang) <= set(FANG_SONG)


def test_common_and_rare_characters_are_covered(fonts) -> None:
    assert fonts.unprintable("乌海市工程建设项目〔2026〕·䶮㛃𬭎 ABC 123\n") == ""


def test_what_cannot_be_drawn_is_named_once_and_in_order(fonts) -> None:
    assert fonts.unprintable("某\U000f0001某\U000f0000\U000f0001") == "\U000f0001\U000f0000"


def test_a_machine_without_the_fonts_is_told_which_package_brings_them(tmp_path) -> None:
    with pytest.raises(SurroundingsError) as refused:
        find_fonts((tmp_path,))

    assert refused.value.code == "fonts_missing"
    assert SERIF in refused.value.message
    assert "fonts-noto-cjk" in refused.value.todo


def test_half_a_family_is_not_enough(tmp_path, fonts) -> None:
    shutil.copy(fonts.files[0][1], tmp_path)

    with pytest.raises(SurroundingsError) as refused:
        find_fonts((tmp_path,))

    assert f"{SANS} 700" in refused.value.message
    assert f"{SANS} 400" not in refused.value.message


def test_format_4_leaves_out_what_it_maps_to_no_glyph(tmp_path) -> None:
    segments = [(0x41, 0x43, 0, 8), (0x4E00, 0x4E02, 1, 0), (0xFFFF, 0xFFFF, 1, 0)]
    font = tmp_path / "old.otf"
    font.write_bytes(cmap_font(format_4(segments, [0, 0, 5, 0, 7])))

    coverage = read_coverage(font)

    assert [chr(point) for point in (0x41, 0x42, 0x43, 0x4E00, 0x4E02, 0x4E03) if chr(point) in coverage] == [
        "B",
        "一",
        "丂",
    ]


def test_format_12_reaches_beyond_the_basic_plane(tmp_path) -> None:
    groups = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0x20000, 0x20010, 3)
    font = tmp_path / "new.otf"
    font.write_bytes(cmap_font(groups, 3, 10))

    coverage = read_coverage(font)

    assert "\U00020010" in coverage
    assert "\U00020011" not in coverage
    assert "A" not in coverage


@pytest.mark.parametrize(
    "raw",
    [cmap_font(struct.pack(">HHH", 6, 6, 0)), cmap_font(b"\0\0\0\0", platform=1, encoding=0), b"OTTO" + b"\0" * 8],
)
def test_a_font_without_a_map_that_can_be_read_says_so(tmp_path, raw) -> None:
    font = tmp_path / "odd.otf"
    font.write_bytes(raw)

    with pytest.raises(ValueError, match=r"character map|table"):
        read_coverage(font)


def test_every_font_of_the_manifest_has_a_source_a_licence_and_a_digest() -> None:
    for font in manifest_fonts():
        assert font.package
        assert font.licence
        assert len(font.sha256) == 64


def test_the_report_tells_exact_other_and_missing_apart(tmp_path) -> None:
    (tmp_path / "NotoSansCJK-Bold.ttc").write_bytes(b"another version")

    states = {report.font.file: report.state for report in report_fonts((tmp_path,))}

    assert states["NotoSansCJK-Bold.ttc"] is FontState.OTHER_VERSION
    assert states["NotoSerifCJK-Bold.ttc"] is FontState.MISSING


def test_an_installed_font_of_the_manifest_is_recognised_by_its_bytes(fonts) -> None:
    folders = fonts.folders

    found = [report for report in report_fonts(folders) if report.state is FontState.EXACT]

    assert all(report.path is not None and report.path.parent in folders for report in found)


def test_no_font_file_is_part_of_the_product() -> None:
    root = Path(__file__).parents[3] / "resources"
    ignored = (root / "fonts" / ".gitignore").read_text().split()

    assert ignored == ["*.ttc", "*.ttf", "*.otf"]


def test_a_warning_of_the_typesetter_is_an_error(tmp_path, fonts, paper) -> None:
    (tmp_path / "advice.typ").write_text('#set text(font: "No Such Face")\n某', encoding="utf-8")

    with pytest.raises(SurroundingsError) as refused:
        Renderer(fonts, tmp_path).render("advice", paper("advice"), "EBP1.A")

    assert refused.value.code == "typesetting_failed"
    assert "no such face" in refused.value.message.lower()


def test_a_broken_template_fails_in_words(tmp_path, fonts, paper) -> None:
    (tmp_path / "advice.typ").write_text("#panic()", encoding="utf-8")

    with pytest.raises(SurroundingsError) as refused:
        Renderer(fonts, tmp_path).render("advice", paper("advice"), "EBP1.A")

    assert "《咨询告知单》排版失败" in refused.value.message
