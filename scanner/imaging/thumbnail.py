"""Small pictures of pages for the screen, decoded at their own scale so that forty sheets appear at once."""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import Image

THUMBNAIL_QUALITY = 80


def thumbnail(file: BinaryIO, longest_side: int, *, rotation: int = 0, skew: float = 0.0) -> bytes:
    """The page as a small JPEG, turned and levelled for the eye; the file itself is not touched.

    ``rotation`` is the clockwise quarter turn, ``skew`` the counter-clockwise turn in degrees. Raises OSError for
    data that is no image.
    """
    with Image.open(file) as image:
        image.draft("RGB", (longest_side, longest_side))
        small = image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB")
    small.thumbnail((longest_side, longest_side), reducing_gap=2.0)
    if skew:
        small = small.rotate(skew, Image.Resampling.BILINEAR, fillcolor="white")
    if rotation:
        small = small.rotate(-rotation, expand=True)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=THUMBNAIL_QUALITY)
    return out.getvalue()
