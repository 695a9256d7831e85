"""GB/T 9704-2012 measured on the finished page: margins, sizes, lines, seal, date, page number."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ebp_desktop.documents.kinds import document_kinds

FORMAL = [kind.code for kind in document_kinds() if kind.formal]
POINT_MM = 25.4 / 72


def run_of(glyphs, words):
    """The glyphs of the first place where ``words`` stand."""
    text = "".join(glyph.character for glyph in glyphs)
    start = text.index(words)
    return glyphs[start : start + len(words)]


@pytest.mark.parametrize("kind", FORMAL)
def test_a_notice_is_a4_with_the_standards_margins(kind, sheet) -> None:
    printed = sheet(kind)
    assert printed.size_mm == (210.0, 297.0)

    body = [glyph for glyph in printed.glyphs() if 40 < glyph.top < 260 and not glyph.character.isspace()]
    assert min(glyph.left for glyph in body) == pytest.approx(28, abs=2)
    assert max(glyph.right for glyph in body) <= 210 - 26 + 1.5


@pytest.mark.parametrize("kind", FORMAL)
def test_the_title_is_22_points_and_stands_in_the_middle(kind, sheet) -> None:
    title = run_of(sheet(kind).glyphs(), "乌海市住房和城乡建设局")

    pitch = (title[-1].left - title[0].left) / (len(title) - 1)
    assert pitch / POINT_MM == pytest.approx(22, abs=0.5)
    assert (title[0].left + title[-1].right) / 2 == pytest.approx(28 + 156 / 2, abs=1.5)
    assert title[0].top >= 36


def test_the_body_runs_in_28_characters_of_size_three(sheet) -> None:
    greeting = run_of(sheet("denial").glyphs(), "乌海宏远置业有限公司")

    pitch = (greeting[-1].left - greeting[0].left) / (len(greeting) - 1)
    assert pitch / POINT_MM == pytest.approx(15.75, abs=0.3)
    assert 156 / pitch == pytest.approx(28, abs=0.4)


def test_twenty_two_lines_fill_the_225_mm_of_a_page(sheet) -> None:
    body = [
        glyph
        for glyph in sheet("denial").glyphs(loose=True)
        if 95 < glyph.top < 250 and "\u4e00" <= glyph.character <= "\u9fff"
    ]
    feet = sorted(glyph.bottom for glyph in body)
    lines = [feet[0], *(later for earlier, later in pairwise(feet) if later - earlier > 5)]

    pitch = (lines[-1] - lines[0]) / (len(lines) - 1)
    assert 225 / pitch == pytest.approx(22, abs=0.3)


@pytest.mark.parametrize("kind", FORMAL)
def test_pages_are_numbered_between_dashes_outside(kind, sheet) -> None:
    printed = sheet(kind)

    for number, page in enumerate(printed.pages, 1):
        assert f"—{number}—" in page
    foot = [glyph for glyph in printed.glyphs(0) if glyph.top > 262 and glyph.character == "1"]
    assert foot[-1].left > 150
    if len(printed.pages) > 1:
        assert [glyph for glyph in printed.glyphs(1) if glyph.top > 262 and glyph.character == "2"][-1].left < 60


@pytest.mark.parametrize("kind", FORMAL)
def test_the_date_stands_right_under_the_department_in_arabic_figures(kind, sheet, samples) -> None:
    year, month, day = (int(part) for part in samples[kind]["issued_on"].split("-"))
    date = f"{year}年{month}月{day}日"
    last = sheet(kind)
    page = max(number for number, text in enumerate(last.pages) if date in text)

    glyphs = last.glyphs(page)
    text = "".join(glyph.character for glyph in glyphs)
    at = glyphs[text.rindex(date)]
    assert at.left > 105


def test_the_seals_place_is_an_empty_ring_of_42_mm(sheet) -> None:
    printed = sheet("acceptance")
    page = next(number for number, text in enumerate(printed.pages) if "盖章处" in text)

    rings = [box for box in printed.drawn(page) if box == pytest.approx((42, 42), abs=1)]

    assert len(rings) == 1


@pytest.mark.parametrize("kind", FORMAL)
@pytest.mark.parametrize("length", [0, 40, 80, 120, 160, 200, 240])
def test_the_seal_never_stands_on_a_page_without_text(kind, length, sheet, samples) -> None:
    changes = {"project__site": "", "project__works": "工" * length}

    last = sheet(kind, **changes).pages[-1]

    before_seal = last.split("联系人：")[0]
    assert "盖章处" in last
    assert len(before_seal) >= 4


def test_a_notice_that_is_only_passed_by_rule_has_no_place_for_a_seal(sheet) -> None:
    deemed = sheet("acceptance", deemed=True, accepted_on="2026-03-02", issuer="乌海市行政审批和政务服务局")

    assert "盖章处" not in deemed.text


def test_counter_papers_fit_one_sheet_in_an_ordinary_case(sheet) -> None:
    counter = [kind.code for kind in document_kinds() if not kind.formal]

    assert {kind: len(sheet(kind).pages) for kind in counter} == dict.fromkeys(counter, 1)


def test_the_label_is_half_a_sheet(sheet) -> None:
    assert sheet("folder_label").size_mm == (148.0, 105.0)
