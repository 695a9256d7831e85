"""A PDF becomes pages: an image that is the page is taken out unchanged, any other page is drawn and the PDF kept."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from PIL import Image
from pypdf.errors import PyPdfError

from scanner.importing.bench import Bench
from scanner.importing.pdf_image import PageImage, sole_image
from scanner.importing.pdf_safety import is_signed, open_pdf
from scanner.importing.refusal import FileRefused
from scanner.manifest import Kind

JPEG_QUALITY = 90
POINTS_PER_INCH = 72
COARSEST_DRAWING = 20


def take_pdf(bench: Bench) -> None:
    """Every page of the PDF in order; FileRefused where one of them cannot be had."""
    reader = open_pdf(bench.copy, bench.limits)
    keep = is_signed(reader)
    with _drawer(bench) as drawer:
        for number, page in enumerate(reader.pages):
            image = sole_image(page)
            if image is not None and _bearable(image, bench.limits.pixels_per_page):
                bench.put_page(image.data, image.suffix, dpi=image.dpi, rotation=image.rotation)
            else:
                data, dpi = drawer.draw(number)
                bench.put_page(data, ".jpg", dpi=(dpi, dpi), rotation=0)
                keep = True
            # A thousand pages of images would otherwise all stay in memory.
            reader.resolved_objects.clear()
    reader.close()
    if keep:
        bench.keep_whole(Kind.PDF)


def _bearable(image: PageImage, most: int) -> bool:
    """True where the image opens and is not too large to be decoded."""
    try:
        with Image.open(io.BytesIO(image.data)) as opened:
            return opened.width * opened.height <= most
    except (OSError, SyntaxError, ValueError):
        return False


class _Drawer:
    """Draws pages with PDFium, which is opened only when the first page needs it."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._document: pdfium.PdfDocument | None = None

    def draw(self, number: int) -> tuple[bytes, float]:
        """The page as JPEG, and its resolution: 300 dpi, less only where the sheet would burst the pixel cap."""
        try:
            if self._document is None:
                self._document = pdfium.PdfDocument(self._bench.copy)
                if self._document.get_formtype():
                    self._document.init_forms()
            page = self._document[number]
            dpi = self._resolution(*page.get_size())
            bitmap = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
            picture = bitmap.to_pil()
            out = io.BytesIO()
            exact = (round(dpi), round(dpi))
            _without_colour(picture).save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, dpi=exact)
            bitmap.close()
            page.close()
        except (pdfium.PdfiumError, PyPdfError, ValueError) as error:
            raise FileRefused(f"PDF 第 {number + 1} 页无法解析") from error
        return out.getvalue(), dpi

    def close(self) -> None:
        """Give PDFium's memory back."""
        if self._document is not None:
            self._document.close()

    def _resolution(self, width: float, height: float) -> float:
        limits = self._bench.limits
        inches = max(width * height, 1.0) / POINTS_PER_INCH**2
        dpi = min(float(limits.draw_dpi), math.sqrt(limits.pixels_per_page / inches))
        if dpi < COARSEST_DRAWING:
            raise FileRefused("PDF 页面尺寸过大，不予接收")
        return dpi


def _without_colour(picture: Image.Image) -> Image.Image:
    """Grey where the page has no colour at all, which halves the file and changes nothing."""
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    red, green, blue = picture.reduce(4).split()
    same = red.tobytes() == green.tobytes() == blue.tobytes()
    return picture.convert("L") if same else picture


@contextmanager
def _drawer(bench: Bench) -> Iterator[_Drawer]:
    drawer = _Drawer(bench)
    try:
        yield drawer
    finally:
        drawer.close()
