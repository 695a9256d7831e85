"""Design tokens: every colour, size and space of the counter, and the pairs whose contrast must hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final


class ThemeName(StrEnum):
    """The three looks a clerk may choose."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One theme's colours as ``#RRGGBB``; a name says the use, never the hue."""

    page: str
    surface: str
    sunken: str
    line: str
    line_strong: str
    sheet_edge: str
    text: str
    text2: str
    text3: str
    ink: str
    on_ink: str
    on_ink2: str
    ink_line: str
    primary: str
    on_primary: str
    primary_soft: str
    primary_hover: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    danger: str
    danger_soft: str
    band: str
    on_band: str
    focus: str
    focus_gap: str
    focus_ink: str
    river: str
    track: str
    hatch: str


LIGHT: Final = Colours(
    page="#F2F1EC",
    surface="#FFFFFF",
    sunken="#E6E5DE",
    line="#DAD8CF",
    line_strong="#858880",
    sheet_edge="#E7E5DD",
    text="#1A2326",
    text2="#47545A",
    text3="#5C676B",
    ink="#11333E",
    on_ink="#FFFFFF",
    on_ink2="#BDD0D5",
    ink_line="#2C525E",
    primary="#0E5668",
    on_primary="#FFFFFF",
    primary_soft="#E0ECEE",
    primary_hover="#0A4553",
    ok="#1D6A3B",
    ok_soft="#E4F1E7",
    warn="#865000",
    warn_soft="#FBF0DB",
    danger="#A5231A",
    danger_soft="#FAE7E4",
    band="#F0E3C6",
    on_band="#47350E",
    focus="#0B57C9",
    focus_gap="#FFFFFF",
    focus_ink="#9CCBFF",
    river="#E3B873",
    track="#E6E5DE",
    hatch="#6A7478",
)
DARK: Final = Colours(
    page="#12171A",
    surface="#1A2124",
    sunken="#0D1113",
    line="#2E383C",
    line_strong="#76848A",
    sheet_edge="#2E383C",
    text="#E6EAEA",
    text2="#B9C2C5",
    text3="#98A4A8",
    ink="#0C232B",
    on_ink="#F2F6F6",
    on_ink2="#A9BFC5",
    ink_line="#24434D",
    primary="#76C3D5",
    on_primary="#05222A",
    primary_soft="#1D3840",
    primary_hover="#93D2E1",
    ok="#80CC98",
    ok_soft="#1A3324",
    warn="#EFB765",
    warn_soft="#38290F",
    danger="#FF9C8E",
    danger_soft="#42211D",
    band="#3B301A",
    on_band="#F2DFB4",
    focus="#8FBCFF",
    focus_gap="#12171A",
    focus_ink="#9CCBFF",
    river="#E3B873",
    track="#2A3337",
    hatch="#8B979B",
)
CONTRAST: Final = Colours(
    page="#000000",
    surface="#000000",
    sunken="#000000",
    line="#8C8C8C",
    line_strong="#FFFFFF",
    sheet_edge="#8C8C8C",
    text="#FFFFFF",
    text2="#FFFFFF",
    text3="#E0E0E0",
    ink="#000000",
    on_ink="#FFFFFF",
    on_ink2="#FFFFFF",
    ink_line="#FFFFFF",
    primary="#6FE3FF",
    on_primary="#000000",
    primary_soft="#00303C",
    primary_hover="#B5F1FF",
    ok="#7CFF9B",
    ok_soft="#00260D",
    warn="#FFB14A",
    warn_soft="#2B1A00",
    danger="#FF9D92",
    danger_soft="#3A0A05",
    band="#FFE680",
    on_band="#000000",
    focus="#FFF04D",
    focus_gap="#000000",
    focus_ink="#FFF04D",
    river="#FFF04D",
    track="#3A3A3A",
    hatch="#FFFFFF",
)
THEMES: Final[dict[ThemeName, Colours]] = {
    ThemeName.LIGHT: LIGHT,
    ThemeName.DARK: DARK,
    ThemeName.CONTRAST: CONTRAST,
}


class Type(StrEnum):
    """Roles of text; ``TYPE_SIZE`` holds their px at 100 %."""

    NOTE = "note"
    SMALL = "small"
    BODY = "body"
    STRONG = "strong"
    HEAD = "head"
    NAME = "name"
    TITLE = "title"
    FIGURE = "figure"
    CALL = "call"


TYPE_SIZE: Final[dict[Type, int]] = {
    Type.NOTE: 12,
    Type.SMALL: 13,
    Type.BODY: 14,
    Type.STRONG: 14,
    Type.HEAD: 15,
    Type.NAME: 18,
    Type.TITLE: 22,
    Type.FIGURE: 26,
    Type.CALL: 44,
}
HEAVY: Final = frozenset({Type.STRONG, Type.HEAD, Type.NAME, Type.TITLE, Type.FIGURE, Type.CALL})
SANS: Final = "Noto Sans CJK SC"
SERIF: Final = "Noto Serif CJK SC"


@dataclass(frozen=True, slots=True)
class Space:
    """The five distances between things, px at 100 %."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 -- the design's own name for the step
    xl: int = 20


@dataclass(frozen=True, slots=True)
class Size:
    """Fixed measures, px at 100 %."""

    topbar: int = 60
    rail: int = 84
    rail_item: int = 56
    band_online: int = 28
    band_offline: int = 44
    action_bar: int = 64
    target: int = 44
    row: int = 44
    field: int = 36
    field_compact: int = 31
    head: int = 40
    table_head: int = 30
    icon: int = 22
    glyph: int = 18
    key_cap: int = 20
    side: int = 420
    left_pane: int = 464
    right_pane: int = 348
    results: int = 330
    control_radius: int = 4
    sheet_radius: int = 6


SPACE: Final = Space()
SIZE: Final = Size()
COMPACT_HEIGHT: Final = 820
"""Windows lower than this use the compact measures (1366×768 is the smallest supported screen)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A foreground that is drawn on a background, and the least ratio WCAG asks for."""

    front: str
    back: str
    least: float


TEXT_LEAST: Final = 4.5
EDGE_LEAST: Final = 3.0
_GROUNDS: Final = ("page", "surface", "sunken", "primary_soft", "warn_soft", "danger_soft", "ok_soft")
_TEXT_PAIRS: Final = (
    *((front, back) for front in ("text", "text2", "text3") for back in _GROUNDS),
    *((front, back) for front in ("primary", "ok", "warn", "danger") for back in ("page", "surface", "primary_soft")),
    ("ok", "ok_soft"),
    ("warn", "warn_soft"),
    ("danger", "danger_soft"),
    ("on_ink", "ink"),
    ("on_ink2", "ink"),
    ("on_primary", "primary"),
    ("on_primary", "primary_hover"),
    ("on_band", "band"),
    ("surface", "text2"),
    ("surface", "warn"),
    ("surface", "danger"),
)
_EDGE_PAIRS: Final = (
    *(("focus", back) for back in ("page", "surface", "focus_gap", "primary_soft", "warn_soft")),
    ("focus_ink", "ink"),
    ("river", "ink"),
    ("line_strong", "surface"),
    ("line_strong", "page"),
    ("hatch", "track"),
    ("hatch", "surface"),
    ("primary", "track"),
    ("danger", "track"),
    ("warn", "track"),
)
PAIRS: Final = (
    *(Pair(front, back, TEXT_LEAST) for front, back in _TEXT_PAIRS),
    *(Pair(front, back, EDGE_LEAST) for front, back in _EDGE_PAIRS),
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def token_names() -> tuple[str, ...]:
    """Every colour token's name."""
    return tuple(field.name for field in fields(Colours))
