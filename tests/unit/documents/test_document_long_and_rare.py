"""Long lists, long names, rare characters: nothing runs off the paper, nothing prints as an empty box."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.fonts import find_fonts
from ebp_desktop.documents.kinds import document_kinds
from ebp_desktop.domain.errors import BadInputError

TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5 + "ABCDEFGH"
RARE = "䶮㛃㑇㘎䀹䂮䓛䗴䲟䴙𠅤𫍯𬭎𬸦𠙶𩽾"
LONG = "阿拉腾敖其尔·巴图孟克·" * 4 + "乌云其木格置"
SIXTY = [
    {
        "name": f"第{number}项材料：施工组织设计与危险性较大的分部分项工程专项施工方案",
        "due": {"original": 1, "copy": 2},
        "received": {"original": 1, "copy": 2},
        "pages": number,
    }
    for number in range(1, 61)
]


def test_the_long_name_is_fifty_characters_long() -> None:
    assert len(LONG) >= 50


def test_sixty_materials_go_over_the_pages_under_repeated_heads(sheet) -> None:
    slip = sheet("slip", materials=SIXTY)

    with_rows = [page for page in slip.pages if "项材料：" in page]
    assert len(with_rows) >= 3
    assert all("序号材料名称" in page for page in with_rows)
    assert [number for number in range(1, 61) if f"第{number}项材料：" not in slip.text] == []
    assert f"共{len(slip.pages)}页" in slip.pages[0]


def test_sixty_lines_of_a_notice_repeat_their_head_too(sheet) -> None:
    notice = sheet("acceptance", materials=SIXTY)

    with_rows = [page for page in notice.pages if "项材料：" in page]
    assert all("序号材料名称原件份数复印件份数" in page for page in with_rows)
    assert "盖章处" in notice.pages[-1]


def test_the_sentence_and_the_signatures_are_not_torn_from_each_other(sheet) -> None:
    for count in range(8, 30, 3):
        last = sheet("slip", materials=SIXTY[:count]).pages[-1]
        assert "申请人（经办人）签字" in last
        assert "窗口经办人签字" in last


@pytest.mark.parametrize("kind", [kind.code for kind in document_kinds()])
def test_nothing_runs_off_the_paper(kind, sheet, samples) -> None:
    longer = {
        path: LONG
        for path in ("project__name", "applicant__name", "project_name", "applicant_name", "material", "reason")
        if path.split("__")[0] in samples[kind]
    }
    if kind == "loss_record":
        longer["statement_unit"] = LONG
    if kind == "folder_label":
        longer["applicant"] = longer.pop("applicant__name")

    printed = sheet(kind, **longer)

    width, height = printed.size_mm
    for page in range(len(printed.pages)):
        seen = [glyph for glyph in printed.glyphs(page) if not glyph.character.isspace()]
        assert min(glyph.left for glyph in seen) >= 4
        assert max(glyph.right for glyph in seen) <= width - 4
        assert max(glyph.bottom for glyph in seen) <= height - 4
        assert min(glyph.top for glyph in seen) >= 4
    if longer:
        assert LONG in printed.text


@pytest.mark.parametrize("kind", ["slip", "acceptance", "handover_receipt", "service_receipt"])
def test_rare_characters_of_names_print_and_can_be_searched(kind, sheet) -> None:
    printed = sheet(kind, applicant__name=RARE)

    assert RARE in unicodedata.normalize("NFC", printed.text)


def test_the_middle_dot_of_a_mongolian_name_stays_what_it_is(sheet) -> None:
    assert "阿拉坦·巴特尔" in sheet("service_receipt").text


def test_a_character_without_a_glyph_is_named_and_nothing_is_printed(renderer, paper) -> None:
    slip = paper("slip", applicant__name="某\U000f0000某")

    with pytest.raises(BadInputError) as refused:
        renderer.render("slip", slip, TOKEN)

    assert refused.value.code == "character_unprintable"
    assert "U+F0000" in refused.value.message
    assert "没有产生任何文书" in refused.value.safe


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u200b", "\ufffe", "\U0001f600", "ᠮ"])
def test_what_no_paper_can_show_is_refused(renderer, paper, character) -> None:
    with pytest.raises(BadInputError) as refused:
        renderer.render("advice", replace(paper("advice"), visitor=f"某{character}"), TOKEN)

    assert f"U+{ord(character):04X}" in refused.value.message


def test_a_line_break_inside_a_text_is_no_character_to_draw(sheet) -> None:
    assert "第一行第二行" in sheet("complaint_receipt", content="第一行\n第二行").text


@settings(max_examples=15)
@given(text=st.text(st.characters(categories=["Lo", "Nd", "Lu", "Po"]), min_size=1, max_size=20))
def test_text_either_prints_in_full_or_is_refused_by_name(renderer, typed, text) -> None:
    advice = replace(typed, visitor=f"某{text}")
    lacking = find_fonts().unprintable(text)

    if lacking:
        with pytest.raises(BadInputError, match=f"U\\+{ord(lacking[0]):04X}"):
            renderer.render("advice", advice, TOKEN)
    else:
        assert renderer.render("advice", advice, TOKEN).startswith(b"%PDF")


@pytest.fixture(scope="module")
def typed(samples):
    return parse_data("advice", json.dumps(samples["advice"]).encode())


@pytest.mark.parametrize("text", ["#panic()", "$x$", "*粗*", "<a>", "@x", "\\u{41}", "`代码`", "// 注释", '"引号"'])
def test_typed_text_is_never_taken_for_markup(sheet, text) -> None:
    assert text.replace(" ", "") in sheet("complaint_receipt", content=text).text.replace("“", '"').replace("”", '"')
