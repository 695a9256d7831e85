"""Reprints: the issued bytes stay, the copy says the how many-eth it is, and its code still reads."""

from __future__ import annotations

import pytest

from ebp_desktop.documents.reprint import stamp_reprint
from ebp_desktop.domain.errors import BadInputError


@pytest.mark.parametrize("count", [1, 2, 17])
def test_every_page_of_a_reprint_is_marked_and_counted(sheet, count) -> None:
    original = sheet("acceptance")

    reprint = type(original)(stamp_reprint(original.pdf, count))

    assert len(reprint.pages) == len(original.pages)
    assert all(f"补打第{count}次" in page for page in reprint.pages)


def test_the_original_keeps_its_bytes_and_knows_nothing_of_reprints(sheet) -> None:
    original = sheet("slip")
    before = bytes(original.pdf)

    stamp_reprint(original.pdf, 1)

    assert original.pdf == before
    assert "补打" not in original.text


def test_the_words_and_the_code_of_the_original_are_untouched(sheet) -> None:
    original = sheet("slip")

    reprint = type(original)(stamp_reprint(original.pdf, 3))

    assert reprint.text.replace("补打第3次", "") == original.text
    assert [code.text for code in reprint.codes()] == [code.text for code in original.codes()]


def test_the_mark_covers_nothing(sheet) -> None:
    original = sheet("slip")
    reprint = type(original)(stamp_reprint(original.pdf, 1))

    mark = [glyph for glyph in reprint.glyphs() if glyph.character in "补打"][-1]
    covered = [
        glyph
        for glyph in original.glyphs()
        if not glyph.character.isspace() and glyph.top < mark.bottom + 1 and glyph.left < mark.right + 25
    ]
    assert covered == []


def test_the_same_reprint_gives_the_same_bytes(sheet) -> None:
    original = sheet("folder_label").pdf

    assert stamp_reprint(original, 2) == stamp_reprint(original, 2)


@pytest.mark.parametrize("count", [0, -1])
def test_a_reprint_counts_from_one(sheet, count) -> None:
    with pytest.raises(BadInputError) as refused:
        stamp_reprint(sheet("slip").pdf, count)

    assert refused.value.code == "reprint_count"


def test_what_is_no_pdf_cannot_be_reprinted() -> None:
    with pytest.raises(BadInputError) as refused:
        stamp_reprint(b"not a pdf", 1)

    assert refused.value.code == "reprint_source"
