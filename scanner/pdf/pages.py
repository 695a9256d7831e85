"""Pages in order into one PDF: each image as it is, levelled, turned and cropped by the numbers of its page."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from scanner.manifest import Page
from scanner.pdf.archive import colour_profile, description
from scanner.pdf.embedding import Embedded, embed
from scanner.pdf.objects import PdfStream, date, number, text

OpenPage = Callable[[Page], BinaryIO]
POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPdf:
    """A finished PDF: where it lies, its pages, size in bytes, SHA-256, and whether it claims PDF/A-2b."""

    path: Path
    pages: int
    size: int
    sha256: str
    archival: bool


def folder_pages(folder: Path) -> OpenPage:
    """Opens the pages of a manifest's folder; a page whose bytes changed since is refused.

    The opener raises BadInputError ``page_missing`` or ``page_changed``.
    """

    def open_page(page: Page) -> BinaryIO:
        path = folder / page.file
        try:
            file = path.open("rb")
        except OSError as error:
            raise BadInputError("page_missing", f"页面文件 {page.file} 不在", place=str(path)) from error
        if hashlib.file_digest(file, "sha256").hexdigest() != page.sha256:
            file.close()
            raise BadInputError("page_changed", f"页面文件 {page.file} 与清单不符，已被改动", place=str(path))
        file.seek(0)
        return file

    return open_page


def pages_to_pdf(
    pages: Sequence[Page], out: Path, *, open_page: OpenPage, created: datetime, title: str = ""
) -> WrittenPdf:
    """Write the pages, in this order, to ``out``; memory does not grow with their number.

    ``open_page`` gives a seekable file of the page's image. The same pages and moment give the same bytes. Raises
    BadInputError for no pages or a broken image, SurroundingsError ``pdf_not_written``; nothing half-written is left.
    """
    if not pages:
        raise BadInputError("no_pages", "没有可输出的页面", todo="请先扫描或导入")
    passing = out.with_name(out.name + ".part")
    try:
        with passing.open("wb") as file:
            pdf = PdfStream(file)
            archival = _write(pdf, pages, open_page, created, title)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(out)
    except OSError as error:
        raise SurroundingsError(
            "pdf_not_written", "PDF 无法写入", place=str(out), safe="页面没有改动", todo="请检查磁盘空间和权限后重试"
        ) from error
    finally:
        passing.unlink(missing_ok=True)
    return WrittenPdf(path=out, pages=len(pages), size=pdf.size, sha256=pdf.sha256, archival=archival)


def _write(pdf: PdfStream, pages: Sequence[Page], open_page: OpenPage, created: datetime, title: str) -> bool:
    """The whole document; true where it may claim PDF/A-2b."""
    tree = pdf.reserve()
    kids, archival = [], True
    for page in pages:
        with open_page(page) as file:
            image = embed(pdf, file)
        archival = archival and image.portable
        kids.append(_page(pdf, tree, page, image, created))
    pdf.put(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>", tree)
    profile = colour_profile()
    icc = pdf.put_stream("/N 3", len(profile), [profile])
    intent = (
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
        f"/Info (sRGB IEC61966-2.1) /DestOutputProfile {icc} 0 R >>"
    )
    packet = description(title, created, archival=archival)
    metadata = pdf.put_stream("/Type /Metadata /Subtype /XML", len(packet), [packet])
    pdf.finish(
        pdf.put(
            f"<< /Type /Catalog /Pages {tree} 0 R /Metadata {metadata} 0 R /OutputIntents [{pdf.put(intent)} 0 R] >>"
        )
    )
    return archival


def _page(pdf: PdfStream, tree: int, page: Page, image: Embedded, created: datetime) -> int:
    """One page object with its drawing instruction and the record of its scan."""
    matrix, width, height = placement(page, image.width, image.height)
    drawing = f"q {' '.join(number(value) for value in matrix)} cm /Im Do Q".encode("ascii")
    contents = pdf.put_stream("", len(drawing), [drawing])
    record = (
        f"<< /SHA256 ({page.sha256}) /DPI [{number(page.dpi[0])} {number(page.dpi[1])}] /Skew {number(page.skew)} "
        f"/Source {text(page.source.file)} /SourceSHA256 ({page.source.sha256}) /SourcePage {page.source.page} >>"
    )
    return pdf.put(
        f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {number(width)} {number(height)}] /Rotate {page.rotation} "
        f"/Resources << /XObject << /Im {image.number} 0 R >> >> /Contents {contents} 0 R "
        f"/LastModified {date(created)} "
        f"/PieceInfo << /EBPScan << /LastModified {date(created)} /Private {record} >> >> >>"
    )


def placement(page: Page, width: int, height: int) -> tuple[tuple[float, ...], float, float]:
    """The matrix that draws an image of this size, and the width and height of its page, all in points.

    The image is turned by the skew around its middle; the crop, in pixels of the levelled image, becomes the page.
    """
    x_scale, y_scale = POINTS_PER_INCH / page.dpi[0], POINTS_PER_INCH / page.dpi[1]
    wide, high = width * x_scale, height * y_scale
    left, top, right, bottom = page.crop or (0, 0, width, height)
    cos, sin = math.cos(math.radians(page.skew)), math.sin(math.radians(page.skew))
    middle_x, middle_y = wide / 2, high / 2
    across = middle_x - middle_x * cos + middle_y * sin - left * x_scale
    up = middle_y - middle_x * sin - middle_y * cos - (high - bottom * y_scale)
    matrix = (wide * cos, wide * sin, -high * sin, high * cos, across, up)
    return matrix, (right - left) * x_scale, (bottom - top) * y_scale
