"""Sample papers for the demonstration day: believable, invented, the same every time, in every format that counts."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from scanner.manifest import Page, Source
from scanner.pdf.pages import pages_to_pdf
from scanner.samples import papers
from scanner.samples.facts import WUHAI_SCHOOL, SampleFacts
from scanner.samples.marks import punch, scanned
from scanner.samples.report import report_pdf
from scanner.samples.sheet import DPI, Sheet

__all__ = ["WUHAI_SCHOOL", "SampleFacts", "SamplePaper", "write_samples"]

JPEG_QUALITY = 85
ZONE = ZoneInfo("Asia/Shanghai")
Maker = Callable[[str, SampleFacts, random.Random], list[Sheet]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePaper:
    """The files that an applicant brings for one material of the guide."""

    material: str
    files: tuple[Path, ...]


_MAKERS: tuple[tuple[str, Maker | None, str], ...] = (
    ("授权委托", papers.authorisation, "tiff"),
    ("五方", papers.five_parties, "tiff"),
    ("申请表", papers.application_form, "pdf"),
    ("合同", papers.contract, "pdf"),
    ("照片", papers.photographs, "jpeg"),
    ("设计文件", papers.drawing, "png"),
    ("图", papers.drawing, "png"),
    ("报告", None, "typeset"),
    ("方案", None, "typeset"),
    ("措施", None, "typeset"),
    ("证明", papers.certificate, "jpeg"),
)


def write_samples(
    materials: Sequence[tuple[str, str]], into: Path, facts: SampleFacts = WUHAI_SCHOOL
) -> tuple[SamplePaper, ...]:
    """Make the papers for the materials, given as (id, name), and put them into the folder as ``ID….suffix``.

    The kind of paper and its file format follow from the name: forms and contracts are PDFs of scanned sheets, reports
    PDFs of type, powers of attorney multi-page TIFF, drawings PNG, the rest JPEG. The same input gives the same bytes.
    """
    into.mkdir(parents=True, exist_ok=True)
    return tuple(_write(material, name, into, facts) for material, name in materials)


def _write(material: str, name: str, into: Path, facts: SampleFacts) -> SamplePaper:
    maker, form = _kind(name)
    if maker is None:
        path = into / f"{material}.pdf"
        path.write_bytes(report_pdf(name, facts))
        return SamplePaper(material=material, files=(path,))
    chance = random.Random(f"{material} {name}")  # noqa: S311 - the same sheet every time is the point
    sheets = [_laid(sheet, chance, clean=form == "png") for sheet in maker(_title(name), facts, chance)]
    return SamplePaper(material=material, files=_FORMATS[form](sheets, into / material, facts))


def _kind(name: str) -> tuple[Maker | None, str]:
    for word, maker, form in _MAKERS:
        if word in name:
            return maker, form
    return papers.letter, "jpeg"


def _title(name: str) -> str:
    """The name as it stands over a paper: without the guide's remarks in brackets."""
    return name.replace("（", "(").split("(")[0]


def _laid(sheet: Sheet, chance: random.Random, *, clean: bool) -> Image.Image:
    """The sheet as it comes in: scanned, or straight from the plotter."""
    if clean:
        return sheet.image.quantize(16, Image.Quantize.FASTOCTREE)
    image = scanned(sheet.image, chance)
    if chance.random() < 0.4:
        punch(image)
    return image


def _jpeg_bytes(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, dpi=(DPI, DPI))
    return out.getvalue()


def _as_jpeg(sheets: list[Image.Image], stem: Path, _facts: SampleFacts) -> tuple[Path, ...]:
    names = (
        [stem.with_suffix(".jpg")]
        if len(sheets) == 1
        else [stem.with_name(f"{stem.name}-{number}.jpg") for number in range(1, len(sheets) + 1)]
    )
    for path, image in zip(names, sheets, strict=True):
        path.write_bytes(_jpeg_bytes(image))
    return tuple(names)


def _as_png(sheets: list[Image.Image], stem: Path, _facts: SampleFacts) -> tuple[Path, ...]:
    path = stem.with_suffix(".png")
    sheets[0].save(path, "PNG", compress_level=6, dpi=(DPI, DPI))
    return (path,)


def _as_tiff(sheets: list[Image.Image], stem: Path, _facts: SampleFacts) -> tuple[Path, ...]:
    path = stem.with_suffix(".tif")
    first, *others = [image.convert("YCbCr") for image in sheets]
    first.save(
        path, "TIFF", save_all=True, append_images=others, compression="jpeg", quality=JPEG_QUALITY, dpi=(DPI, DPI)
    )
    return (path,)


def _as_pdf(sheets: list[Image.Image], stem: Path, facts: SampleFacts) -> tuple[Path, ...]:
    """A PDF as an office copier makes it: one JPEG a page."""
    data = {str(number): _jpeg_bytes(image) for number, image in enumerate(sheets)}
    pages = [
        Page(
            file=number,
            sha256="",
            width=image.width,
            height=image.height,
            dpi=(DPI, DPI),
            blank=False,
            skew=0.0,
            source=Source(file=stem.name, sha256="", page=int(number) + 1),
        )
        for number, image in zip(data, sheets, strict=True)
    ]
    path = stem.with_suffix(".pdf")
    made = datetime.combine(facts.day, time(8, 30), ZONE)
    pages_to_pdf(pages, path, open_page=lambda page: io.BytesIO(data[page.file]), created=made)
    return (path,)


_FORMATS = {"jpeg": _as_jpeg, "png": _as_png, "tiff": _as_tiff, "pdf": _as_pdf}
