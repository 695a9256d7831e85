"""One typesetter for all tests of papers, the sample of every kind, and eyes: text and codes read back from pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

import resources
from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.parts import Paper
from ebp_desktop.documents.renderer import Renderer

POINTS_PER_MM = 72 / 25.4
TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5 + "ABCDEFGH"


@dataclass(frozen=True)
class Glyph:
    """One character on a page: millimetres from the top left corner."""

    character: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """A finished PDF, read the way an applicant, a scanner and a search engine read it."""

    pdf: bytes

    @property
    def pages(self) -> list[str]:
        """The text of each page without any white space."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]

    @property
    def text(self) -> str:
        return "".join(self.pages)

    def picture(self, page: int = 0, dpi: int = 200) -> Image.Image:
        with pypdfium2.PdfDocument(self.pdf) as document:
            return document[page].render(scale=dpi / 72).to_pil()

    def codes(self, page: int = 0, dpi: int = 200) -> list[zxingcpp.Barcode]:
        return list(zxingcpp.read_barcodes(self.picture(page, dpi), formats=zxingcpp.BarcodeFormat.QRCode))

    def glyphs(self, page: int = 0, *, loose: bool = False) -> list[Glyph]:
        """Every character with its ink, or with the box of its line when ``loose``."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            sheet = document[page]
            words, height = sheet.get_textpage(), sheet.get_height()
            found = []
            for index in range(words.count_chars()):
                left, bottom, right, top = words.get_charbox(index, loose=loose)
                box = [left, height - top, right, height - bottom]
                found.append(Glyph(words.get_text_range(index, 1), *(edge / POINTS_PER_MM for edge in box)))
            return found

    def drawn(self, page: int = 0) -> list[tuple[float, float]]:
        """Width and height of every drawn path, in millimetres."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            paths = document[page].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH], max_depth=5)
            boxes = [path.get_bounds() for path in paths]
        return [((right - left) / POINTS_PER_MM, (top - bottom) / POINTS_PER_MM) for left, bottom, right, top in boxes]

    @property
    def size_mm(self) -> tuple[float, float]:
        with pypdfium2.PdfDocument(self.pdf) as document:
            width, height = document[0].get_size()
            return round(width / POINTS_PER_MM, 1), round(height / POINTS_PER_MM, 1)


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="session")
def samples() -> dict[str, dict[str, object]]:
    return json.loads(resources.locate("templates", "samples.json").read_bytes())


Changed = Callable[..., Paper]


@pytest.fixture
def paper(samples) -> Changed:
    """``paper("slip", stage="…")``: the sample of a kind with some fields changed; ``a__b`` reaches inside."""

    def build(kind: str, **changes: object) -> Paper:
        data = json.loads(json.dumps(samples[kind]))
        for path, value in changes.items():
            *outer, last = path.split("__")
            inner = data
            for step in outer:
                inner = inner[int(step)] if step.isdigit() else inner[step]
            inner[last] = value
        return parse_data(kind, json.dumps(data).encode())

    return build


@pytest.fixture(scope="session")
def printed() -> dict[tuple[str, str | None, str], Sheet]:
    """Pages that were already set in this run: most tests look at the same samples."""
    return {}


@pytest.fixture
def sheet(renderer, paper, printed) -> Callable[..., Sheet]:
    """``sheet("slip", …)``: the printed page of such a paper, with a valid code unless ``token`` says otherwise."""

    def build(kind: str, token: str | None = TOKEN, **changes: object) -> Sheet:
        key = (kind, token, json.dumps(changes, sort_keys=True))
        if key not in printed:
            printed[key] = Sheet(renderer.render(kind, paper(kind, **changes), token))
        return printed[key]

    return build


def png_size(raw: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(raw)).size
