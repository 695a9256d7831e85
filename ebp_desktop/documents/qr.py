"""QR codes as SVG: error correction M, and the compact alphanumeric mode that wedge scanners type faithfully."""

from __future__ import annotations

from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

QUIET_ZONE = 4


# Choosing the mask costs as much as setting the page, and a paper is drawn twice: preview and print.
@lru_cache(maxsize=64)
def qr_svg(text: str) -> bytes:
    """The code as one SVG path, one unit per module, quiet zone of four included (ISO/IEC 18004)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    raw = text.encode()
    mode = MODE_ALPHA_NUM if all(byte in ALPHA_NUM for byte in raw) else MODE_8BIT_BYTE
    code.add_data(QRData(raw, mode=mode), optimize=0)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path d="{path}"/></svg>'
    ).encode()


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Start and length of every dark run, so that no hairline shows between modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
