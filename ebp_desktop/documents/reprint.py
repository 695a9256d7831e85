"""Marks a reprint on an overlay of its own: the bytes that were issued stay what they were."""

from __future__ import annotations

from io import BytesIO

import typst
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError

import resources
from ebp_desktop.documents.fonts import SANS, FontSet, find_fonts
from ebp_desktop.domain.errors import BadInputError


def stamp_reprint(pdf: bytes, count: int, fonts: FontSet | None = None) -> bytes:
    """A copy of ``pdf`` with 补打第 n 次 on every page; ``count`` starts at 1.

    Raises ``BadInputError`` when ``pdf`` is no PDF or ``count`` is not positive.
    """
    if count < 1:
        raise BadInputError("reprint_count", f"补打次数应从 1 起，得到 {count}")
    try:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    except PyPdfError as fault:
        raise BadInputError("reprint_source", "存档的文书不是有效的 PDF，不能补打", safe="存档未改动") from fault
    found = find_fonts() if fonts is None else fonts
    marks: dict[tuple[float, float], PageObject] = {}
    for page in writer.pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        if size not in marks:
            marks[size] = _mark(size, count, found)
        page.merge_page(marks[size])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _mark(size: tuple[float, float], count: int, fonts: FontSet) -> PageObject:
    templates = resources.locate("templates")
    made = typst.compile(
        str(templates / "reprint.typ"),
        root=str(templates),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts.folders)
        ),
        ignore_system_fonts=True,
        format="pdf",
        timestamp=0,
        sys_inputs={
            "width": str(size[0]),
            "height": str(size[1]),
            "count": str(count),
            "data": "{}",
            "title": "",
            "specimen": "",
            "qr": "",
            "sans": f'["{SANS}"]',
            "serif": "[]",
            "fang": "[]",
        },
    )
    return PdfReader(BytesIO(made)).pages[0]
