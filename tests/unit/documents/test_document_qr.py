"""The code itself: compact for tokens, whole for addresses, always with its quiet zone."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
import typst
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ebp_desktop.documents.qr import QUIET_ZONE, qr_svg

TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5 + "ABCDEFGH"


def modules(text: str) -> int:
    """Modules along one side, quiet zone excluded."""
    view = ElementTree.fromstring(qr_svg(text)).attrib["viewBox"].split()
    assert view[:2] == ["0", "0"]
    return int(view[2]) - 2 * QUIET_ZONE


def decoded(text: str) -> list[zxingcpp.Barcode]:
    """What a scanner reads from the code drawn by itself."""
    source = b'#set page(width: 40mm, height: 40mm, margin: 0mm)\n#image(bytes(sys.inputs.svg), format: "svg")'
    drawn = typst.compile(source, format="png", ppi=300, sys_inputs={"svg": qr_svg(text).decode()}, timestamp=0)
    with open_png(drawn) as picture:
        return list(zxingcpp.read_barcodes(picture.convert("L")))


def open_png(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw))


def test_a_token_takes_the_alphanumeric_mode_and_stays_small() -> None:
    assert modules(TOKEN) < modules(TOKEN.lower())
    assert modules(TOKEN) <= 53


def test_error_correction_is_m() -> None:
    (code,) = decoded(TOKEN)

    assert code.text == TOKEN
    assert code.ec_level == "M"


@pytest.mark.parametrize("text", [f"https://hall.example.org/q/{TOKEN}", "HTTPS://HALL.EXAMPLE.ORG/" + TOKEN, "档案"])
def test_an_address_or_plain_words_read_back_too(text) -> None:
    assert [code.text for code in decoded(text)] == [text]


def test_the_quiet_zone_stays_white() -> None:
    side = modules(TOKEN) + 2 * QUIET_ZONE

    starts = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", qr_svg(TOKEN).decode())]
    assert min(x for x, _ in starts) == min(y for _, y in starts) == QUIET_ZONE
    assert max(y for _, y in starts) == side - QUIET_ZONE - 1


@settings(max_examples=20)
@given(text=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=1, max_size=230))
def test_every_token_reads_back(text) -> None:
    assert [code.text for code in decoded("EBP1." + text)] == ["EBP1." + text]
