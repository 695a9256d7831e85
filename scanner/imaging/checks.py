"""All measures of one page in one call: what the manifest says about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image

from scanner.imaging.blank import is_blank
from scanner.imaging.codes import PAPERS, read_codes
from scanner.imaging.preview import Grey, paper_dpi, preview_of
from scanner.imaging.quality import find_faults, resolution_fault
from scanner.imaging.skew import measure_skew
from scanner.manifest import Code, FlagCode

QUARTER_TURNS = {3: 180, 6: 90, 8: 270}
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of one page; the fields mean what they mean in :class:`scanner.manifest.Page`."""

    width: int
    height: int
    dpi: tuple[float, float]
    rotation: int
    blank: bool
    skew: float
    codes: tuple[Code, ...]
    flags: tuple[FlagCode, ...]
    reasons: tuple[str, ...]


def measure_page(
    source: Path | bytes,
    *,
    dpi: tuple[float, float] | None = None,
    rotation: int | None = None,
    formats: zxingcpp.BarcodeFormats = PAPERS,
) -> Measures:
    """Measure an image file, or the bytes of one; it is decoded once and at a small scale.

    ``dpi`` and ``rotation`` overrule what the file itself says (a PDF knows better). Raises OSError where the data is
    damaged or ends early.
    """
    with _opened(source) as image:
        return _measure(image, source, dpi=dpi, rotation=rotation, formats=formats)


def _measure(
    image: Image.Image,
    source: Path | bytes,
    *,
    dpi: tuple[float, float] | None,
    rotation: int | None,
    formats: zxingcpp.BarcodeFormats,
) -> Measures:
    width, height = image.size
    stated = dpi if dpi is not None else _stated_dpi(image)
    resolution, assumed = paper_dpi(image.size, stated)
    turn = rotation if rotation is not None else QUARTER_TURNS.get(image.getexif().get(EXIF_ORIENTATION, 1), 0)
    preview = preview_of(image, resolution, turn)
    blank = is_blank(preview.measuring, preview.measuring_dpi)
    skew = 0.0 if blank else measure_skew(preview.measuring)
    faults = (
        resolution_fault(resolution, assumed=assumed)
        if blank
        else find_faults(preview, dpi=resolution, assumed=assumed, skew=skew)
    )
    return Measures(
        width=width,
        height=height,
        dpi=(round(resolution[0], 2), round(resolution[1], 2)),
        rotation=turn,
        blank=blank,
        skew=skew,
        codes=() if blank else read_codes(preview.reading, _full_scale(source), formats),
        flags=tuple(fault.code for fault in faults),
        reasons=tuple(fault.reason for fault in faults),
    )


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Resolution that the file claims, if it claims one."""
    stated = image.info.get("dpi")
    if not isinstance(stated, tuple) or len(stated) != 2:
        return None
    return float(stated[0]), float(stated[1])


def _opened(source: Path | bytes) -> Image.Image:
    return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)


def _full_scale(source: Path | bytes) -> Callable[[], Grey]:
    """A second, full decode, for the rare code that the reading scale is too coarse for."""

    def decode() -> Grey:
        with _opened(source) as whole:
            return np.asarray(whole.convert("L"))

    return decode
