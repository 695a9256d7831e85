"""The look: every pair of tokens can be read, and every theme can be worn."""

from __future__ import annotations

import re
import sys

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from resources import locate
from ui import theme as looks
from ui.shown import Mark
from ui.theme import Theme
from ui.tokens import PAIRS, SIZE, THEMES, TYPE_SIZE, Pair, ThemeName, contrast, token_names
from ui.widgets.icons import GLYPHS


@pytest.mark.parametrize("name", list(ThemeName))
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front}-on-{pair.back}")
def test_every_pair_of_tokens_can_be_read(name: ThemeName, pair: Pair) -> None:
    colours = THEMES[name]
    assert contrast(getattr(colours, pair.front), getattr(colours, pair.back)) >= pair.least


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0B57C9", "#0B57C9") == 1.0


@pytest.mark.parametrize("name", list(ThemeName))
def test_tokens_are_full_hex_colours(name: ThemeName) -> None:
    for token in token_names():
        assert re.fullmatch(r"#[0-9A-F]{6}", getattr(THEMES[name], token)), token


def test_no_text_is_smaller_than_twelve_px() -> None:
    assert min(TYPE_SIZE.values()) == 12


def test_targets_are_as_large_as_a_finger() -> None:
    assert min(SIZE.target, SIZE.row, SIZE.rail_item) >= 44


@pytest.mark.parametrize("name", list(ThemeName))
def test_every_look_can_be_worn(qapp: QApplication, name: ThemeName) -> None:
    looks.wear(qapp, Theme(name))
    assert looks.active() == Theme(name)
    assert qapp.palette().window().color().name().upper() == THEMES[name].page


def test_large_text_scales_fonts_and_measures() -> None:
    plain, large = Theme(), Theme(scale=looks.LARGE_TEXT)
    assert large.font().pixelSize() > plain.font().pixelSize()
    assert large.px(SIZE.target) == 55


def test_emphasis_is_heavier_than_body() -> None:
    theme = Theme()
    assert theme.font(strong=True).weight() > theme.font(strong=False).weight()


@pytest.mark.parametrize("mark", list(Mark))
def test_every_state_has_a_glyph_of_its_own_outline(mark: Mark) -> None:
    name, token = GLYPHS[mark]
    source = locate("icons", f"{name}.svg").read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke-width="1.75"' in source
    assert token in token_names()


def test_icons_carry_no_colour_of_their_own() -> None:
    for path in locate("icons").glob("*.svg"):
        assert not re.search(r"#[0-9A-Fa-f]{3,6}\b", path.read_text("utf-8")), path.name


def test_a_thousand_calls_do_not_use_up_none(qapp: QApplication) -> None:
    label = QLabel()
    before = sys.getrefcount(None)
    for at in range(1000):
        label.setText(str(at))
    assert before - sys.getrefcount(None) < 100
    label.deleteLater()


def test_a_missing_font_says_what_to_install(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks.QFontDatabase, "families", lambda: ["Some Other Sans"])
    with pytest.raises(looks.SurroundingsError) as caught:
        looks.wear(qapp, Theme())
    assert "fonts-noto-cjk" in caught.value.todo
