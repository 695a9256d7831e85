"""Barcodes on a page: first at reading scale, and at full scale only where one was seen and could not be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import zxingcpp

from scanner.imaging.preview import Grey
from scanner.manifest import Code

QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
PAPERS = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,Code128,Code39,PDF417")
LONGEST_TEXT = 4096


def read_codes(
    page: Grey, full: Callable[[], Grey] | None = None, formats: zxingcpp.BarcodeFormats = PAPERS
) -> tuple[Code, ...]:
    """The codes of a page, top to bottom, without repeats.

    ``page`` is grey at about 150 dpi; ``full`` gives the page at full scale and is called only where a code was found
    that this scale is too coarse for.
    """
    found = _read(page, formats, errors=full is not None)
    if full is not None and any(not hit.valid for hit in found):
        found = _read(full(), formats, errors=False) or found
    ordered = sorted((hit for hit in found if hit.valid), key=lambda hit: hit.position.top_left.y)
    return tuple(dict.fromkeys(Code(format=_name(hit), text=hit.text[:LONGEST_TEXT]) for hit in ordered))


def _read(page: Grey, formats: zxingcpp.BarcodeFormats, *, errors: bool) -> list[zxingcpp.Barcode]:
    return list(
        zxingcpp.read_barcodes(
            np.ascontiguousarray(page), formats=formats, try_invert=False, try_downscale=False, return_errors=errors
        )
    )


def _name(hit: zxingcpp.Barcode) -> str:
    """The symbology in one word, e.g. ``QRCode``."""
    return str(hit.format).replace("BarcodeFormat.", "").replace(" ", "").replace("-", "")
