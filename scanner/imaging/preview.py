"""Grey reductions of a page on which every measure is taken, so that a page is decoded once and at a small scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]

READING_DPI = 150.0
MEASURING_DPI = 75.0
LONGEST_READING_SIDE = 7200
ASSUMED_LONG_SIDE_INCHES = 297 / 25.4
LONGEST_PAPER_INCHES = 1300 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Two grey images of one page, upright: ``reading`` near 150 dpi for codes and sharpness, ``measuring`` near 75.

    ``*_dpi`` are their true scales in dots per inch along x and y.
    """

    reading: Grey
    reading_dpi: tuple[float, float]
    measuring: Grey
    measuring_dpi: tuple[float, float]


def paper_dpi(size: tuple[int, int], stated: tuple[float, float] | None) -> tuple[tuple[float, float], bool]:
    """Resolution of an image and whether it had to be assumed.

    What a file states is believed where it makes a sheet no longer than A0; a photograph that says "72" or nothing is
    taken for an A4 sheet.
    """
    if stated is not None and min(stated) > 1 and max(size[0] / stated[0], size[1] / stated[1]) <= LONGEST_PAPER_INCHES:
        return stated, False
    dots = round(max(size) / ASSUMED_LONG_SIDE_INCHES, 1)
    return (dots, dots), True


def preview_of(image: Image.Image, dpi: tuple[float, float], rotation: int = 0) -> Preview:
    """Reduce an opened image by whole factors; a JPEG is decoded at the reduced scale and never in full.

    ``rotation`` is the clockwise quarter turn that makes the page upright. Raises OSError for data that ends early.
    """
    width, height = image.size
    wanted = max(min(dpi) / READING_DPI, max(image.size) / LONGEST_READING_SIDE, 1.0)
    _reduce_while_decoding(image, wanted)
    grey = _grey(image)
    # A file may lie about its reduced size by one pixel, so the scale is taken from the result.
    left = max(1, int(wanted * grey.width / width + 0.25))
    reading = _upright(grey.reduce(left) if left > 1 else grey, rotation)
    turned = rotation % 180 != 0
    true_size = (height, width) if turned else (width, height)
    true_dpi = (dpi[1], dpi[0]) if turned else dpi
    reading_dpi = _scaled(true_dpi, true_size, reading)
    measuring = reading[: reading.shape[0] // 2 * 2, : reading.shape[1] // 2 * 2] if min(reading_dpi) > 100 else reading
    if measuring is not reading and min(measuring.shape) >= 2:
        measuring = _halved(measuring)
    return Preview(
        reading=reading,
        reading_dpi=reading_dpi,
        measuring=measuring,
        measuring_dpi=_scaled(true_dpi, true_size, measuring),
    )


def _reduce_while_decoding(image: Image.Image, factor: float) -> None:
    """Let the JPEG decoder skip detail; it reduces by 1, 2, 4 or 8 and never below what is asked."""
    if (
        image.format in {"JPEG", "MPO"}
        and image.mode in {"L", "RGB", "YCbCr"}
        and not image.info.get("adobe_transform")
    ):
        image.draft("L", (max(1, int(image.width / factor)), max(1, int(image.height / factor))))


def _grey(image: Image.Image) -> Image.Image:
    """The image as 8-bit grey on white paper."""
    if image.mode in {"RGBA", "LA", "PA"} or (image.mode == "P" and "transparency" in image.info):
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layered).convert("L")
    if image.mode in {"I;16", "I;16B", "I;16L", "I"}:
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    return image if image.mode == "L" else image.convert("L")


def _upright(grey: Image.Image, rotation: int) -> Grey:
    """The pixels as an array, turned clockwise by quarter turns."""
    pixels = np.asarray(grey)
    return np.ascontiguousarray(np.rot90(pixels, -(rotation // 90))) if rotation else pixels


def _halved(pixels: Grey) -> Grey:
    """Mean of every two by two pixels."""
    upper, lower = pixels[::2], pixels[1::2]
    total = upper[:, ::2].astype(np.uint16) + upper[:, 1::2] + lower[:, ::2] + lower[:, 1::2]
    return (total >> 2).astype(np.uint8)


def _scaled(dpi: tuple[float, float], size: tuple[int, int], pixels: Grey) -> tuple[float, float]:
    """Resolution of a reduction of an image with this resolution and size."""
    return dpi[0] * pixels.shape[1] / size[0], dpi[1] * pixels.shape[0] / size[1]
