"""80 mm receipts: every character right, the code whole, nothing wider than the paper."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ebp_desktop.documents.fonts import find_fonts
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.printing.escpos import COLUMNS, DOTS, EscPosEncoder, EscPosPrinter, in_rom, width_of, wrap
from ebp_desktop.printing.protocol import PrintRequest
from ebp_desktop.services.receipts import Code, Pair, Receipt, Rule, Words
from tests.fixtures.escpos_reader import Printed, read_receipt

TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5


@pytest.fixture(scope="module")
def font():
    (_, path, index), *_ = find_fonts().files
    return path, index


@pytest.fixture(scope="module")
def encoder(font) -> EscPosEncoder:
    return EscPosEncoder(*font)


def printed(encoder: EscPosEncoder, *lines) -> Printed:
    return read_receipt(encoder.encode(Receipt(lines=lines)))


def test_a_receipt_begins_fresh_and_ends_with_a_cut(encoder) -> None:
    out = printed(encoder, Words(text="登记凭单"))

    assert (out.resets, out.cuts) == (1, 1)


def test_chinese_comes_out_as_chinese(encoder) -> None:
    assert printed(encoder, Words(text="乌海市工程建设项目综合窗口 No.1")).lines == ["乌海市工程建设项目综合窗口 No.1"]


def test_the_title_is_large_bold_and_in_the_middle_and_the_next_line_is_not(encoder) -> None:
    out = printed(encoder, Words(text="登记凭单", bold=True, large=True, centred=True), Words(text="其他"))

    assert out.bold == out.large == out.centred == {"登记凭单"}


def test_label_and_value_stand_at_the_two_edges(encoder) -> None:
    (line,) = printed(encoder, Pair(label="编号", value="150300-W03-20260302-0001")).lines

    assert line.startswith("编号 ")
    assert line.endswith(" 150300-W03-20260302-0001")
    assert width_of(line) == COLUMNS


def test_a_value_too_long_for_one_line_goes_below_its_label(encoder) -> None:
    out = printed(encoder, Pair(label="项目编号（原编号）", value="150300-2026-000017-4（原 150300-2026-000044-2）"))

    assert out.lines[0] == "项目编号（原编号）"
    assert "".join(out.lines[1:]) == "150300-2026-000017-4（原 150300-2026-000044-2）"


def test_the_code_holds_the_whole_token_with_its_number_beneath(encoder) -> None:
    out = printed(encoder, Code(token=TOKEN, number="150300-W03-20260302-0001"))

    assert out.codes == [TOKEN]
    assert out.lines == ["150300-W03-20260302-0001"]


def test_a_rule_goes_across_the_paper(encoder) -> None:
    assert printed(encoder, Rule()).lines == ["-" * COLUMNS]


@pytest.mark.parametrize("name", ["䶮", "㛃某", "𠅤", "李·某"])
def test_a_line_that_the_printers_rom_may_not_have_is_drawn_as_dots(encoder, font, name) -> None:
    out = printed(encoder, Words(text=name))

    if all(in_rom(character) for character in name):
        assert out.lines == [name]
        return
    assert out.lines == []
    (picture,) = out.pictures
    assert picture.width == DOTS
    drawn = Image.new("1", picture.size, 1)
    face = ImageFont.truetype(str(font[0]), 24, index=font[1])
    ImageDraw.Draw(drawn).text((0, picture.height / 2), name, font=face, fill=0, anchor="lm")
    assert picture.tobytes() == drawn.tobytes()
    assert picture.getextrema() == (0, 255)


def test_only_the_line_with_the_rare_name_is_drawn(encoder) -> None:
    out = printed(encoder, Words(text="申请人"), Words(text="䶮"), Words(text="窗口"))

    assert out.lines == ["申请人", "窗口"]
    assert len(out.pictures) == 1


@given(text=st.text(st.characters(codec="gb2312", exclude_characters="\n", exclude_categories=["Cc"])))
def test_wrapped_lines_fit_the_paper_and_lose_nothing(text) -> None:
    lines = wrap(text, COLUMNS)

    assert "".join(lines) == text
    assert all(width_of(line) <= COLUMNS for line in lines)


@given(text=st.text(st.characters(codec="gb2312", exclude_categories=["Cc"]), min_size=1, max_size=200))
def test_whatever_the_rom_has_arrives_character_by_character(encoder, text) -> None:
    assert "".join(printed(encoder, Words(text=text)).lines) == text


def test_typed_control_characters_never_become_commands(encoder) -> None:
    out = printed(encoder, Words(text="某\x1bp\x00\x19某"), Pair(label="名\x1d", value="\x1b@某"))

    assert out.lines[0] == "某p某"
    assert out.resets == 1


def test_a_document_without_a_receipt_form_is_refused(encoder, listener) -> None:
    printer = EscPosPrinter("小票机", "127.0.0.1", encoder, listener.port)

    with pytest.raises(BadInputError) as refused:
        printer.send(PrintRequest(title="受理通知书", pdf=b"%PDF-1.7"))

    assert refused.value.code == "receipt_needed"
    assert "A4" in refused.value.todo


def test_every_copy_is_cut_apart(encoder, listener) -> None:
    printer = EscPosPrinter("小票机", "127.0.0.1", encoder, listener.port)
    receipt = Receipt(lines=(Words(text="登记凭单"), Code(token=TOKEN, number="1")))

    printer.send(PrintRequest(title="登记凭单", pdf=b"%PDF-1.7", receipt=receipt, copies=2))

    out = read_receipt(listener.received()[0])
    assert (out.cuts, out.resets, out.codes) == (2, 2, [TOKEN, TOKEN])


def test_the_code_that_the_printer_would_draw_reads_back() -> None:
    drawn = zxingcpp.create_barcode(TOKEN, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=5)

    assert [code.text for code in zxingcpp.read_barcodes(drawn)] == [TOKEN]
    assert drawn.shape[1] <= DOTS
