"""A sheet of paper to write on in millimetres and points: lines of Chinese type, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import resources
from ebp_desktop.domain.errors import SurroundingsError

DPI = 300
PAPER = (255, 255, 255)
INK = (24, 24, 28)
FAMILIES = {
    (False, False): "NotoSerifCJK-Regular.ttc",
    (False, True): "NotoSerifCJK-Bold.ttc",
    (True, False): "NotoSansCJK-Regular.ttc",
    (True, True): "NotoSansCJK-Bold.ttc",
}
SIMPLIFIED_CHINESE = 2
SYSTEM_FOLDER = Path("/usr/share/fonts/opentype/noto")
NO_LINE_START = frozenset("，。、；：！？）》〕”")

Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def font(points: float, *, sans: bool = False, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A typeface at a size in points; SurroundingsError ``font_missing`` where none is installed."""
    name = FAMILIES[sans, bold]
    for folder in (resources.locate("fonts"), SYSTEM_FOLDER):
        if (folder / name).is_file():
            return ImageFont.truetype(str(folder / name), round(points * DPI / 72), index=SIMPLIFIED_CHINESE)
    raise SurroundingsError("font_missing", "缺少中文字体，无法制作样张", todo="请安装字体包 fonts-noto-cjk 后重试")


def pixels(millimetres: float) -> int:
    """Millimetres in pixels of a sheet."""
    return round(millimetres * DPI / 25.4)


class Sheet:
    """One sheet; places are millimetres from the top left corner, sizes of type are points."""

    def __init__(self, width: float = 210, height: float = 297) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (pixels(width), pixels(height)), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        points: float = 12,
        *,
        bold: bool = False,
        sans: bool = False,
        anchor: str = "la",
        colour: Colour = INK,
    ) -> None:
        """One line of type; ``anchor`` as Pillow names it (``la`` left, ``ma`` centred, ``lm`` left and middle)."""
        face = font(points, sans=sans, bold=bold)
        self.draw.text((pixels(x), pixels(y)), words, font=face, fill=colour, anchor=anchor)

    def title(self, y: float, words: str, points: float = 22) -> None:
        """A centred bold heading, smaller where it would not fit."""
        while points > 10 and font(points, bold=True).getlength(words) > self.image.width * 0.82:
            points -= 1
        self.write(self.width / 2, y, words, points, bold=True, anchor="ma")

    def paragraph(self, x: float, y: float, width: float, words: str, points: float = 14, lead: float = 1.75) -> float:
        """Type set over several lines with the first indented by two characters; gives the place below it."""
        face = font(points)
        line, rows = "\u3000\u3000", list[str]()
        for sign in words:
            if face.getlength(line + sign) > pixels(width) and sign not in NO_LINE_START:
                rows.append(line)
                line = sign
            else:
                line += sign
        rows.append(line)
        pitch = points * lead * 25.4 / 72
        for number, row in enumerate(rows):
            self.write(x, y + number * pitch, row, points)
        return y + len(rows) * pitch

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float = 0.25) -> None:
        """A ruled line, its width in millimetres."""
        self.draw.line((pixels(x), pixels(y), pixels(to_x), pixels(to_y)), fill=INK, width=max(1, pixels(width)))

    def box(self, x: float, y: float, width: float, height: float, stroke: float = 0.25) -> None:
        """An empty rectangle."""
        corners = (pixels(x), pixels(y), pixels(x + width), pixels(y + height))
        self.draw.rectangle(corners, outline=INK, width=max(1, pixels(stroke)))

    def row(self, x: float, y: float, height: float, cells: Sequence[tuple[float, str]], points: float = 10.5) -> float:
        """One row of a table: widths and words; labels and values alternate; gives the place below it."""
        for number, (width, words) in enumerate(cells):
            self.box(x, y, width, height)
            if number % 2 == 0:
                self.write(x + width / 2, y + height / 2, words, points, anchor="mm")
            else:
                self._fitted(x + 2, y + height / 2, width - 4, words, points)
            x += width
        return y + height

    def _fitted(self, x: float, y: float, width: float, words: str, points: float) -> None:
        while points > 6 and font(points).getlength(words) > pixels(width):
            points -= 0.5
        self.write(x, y, words, points, anchor="lm")
