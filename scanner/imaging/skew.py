"""How far a page is turned: the shear at which its lines of ink stack up into the sharpest rows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from scanner.imaging.preview import Grey

WIDEST = 8.0
COARSE, FINE = 0.2, 0.05
ENOUGH_INK = 400
ENOUGH_POINTS = 60_000
FIRST_LOOK_POINTS = 15_000
CLEAR_PEAK = 1.25
DARKEST_PAPER = 170


def measure_skew(page: Grey) -> float:
    """Turn in degrees, positive = counter-clockwise, that makes the lines of a page level; 0 where no lines speak up.

    ``page`` is grey at about 75 dpi. Pages without a clear direction (blank, a photograph) answer 0.
    """
    rows, columns = _ink_points(page)
    if rows.size < ENOUGH_INK:
        return 0.0
    height = page.shape[0]
    coarse = np.arange(-WIDEST, WIDEST + COARSE / 2, COARSE)
    thin = rows.size // FIRST_LOOK_POINTS + 1
    scores = np.array([_sharpness(rows[::thin], columns[::thin], height, angle) for angle in coarse])
    best = int(np.argmax(scores))
    if best in {0, coarse.size - 1} or scores[best] < CLEAR_PEAK * float(np.median(scores)):
        return 0.0
    fine = np.arange(coarse[best] - 2 * COARSE, coarse[best] + 2 * COARSE + FINE / 2, FINE)
    answers = np.array([_sharpness(rows, columns, height, angle) for angle in fine])
    # Rows are whole pixels, so the peak is a jagged plateau; its smoothed middle is the answer.
    smooth = np.convolve(np.pad(answers, 2, mode="edge"), (0.1, 0.25, 0.3, 0.25, 0.1), mode="valid")
    return round(_summit(fine, smooth), 2) + 0.0


def _ink_points(page: Grey) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rows and columns of dark pixels, the columns counted from the middle; edges with their shadows left out."""
    height, width = page.shape
    inner = page[int(height * 0.03) : int(height * 0.97), int(width * 0.04) : int(width * 0.96)]
    if inner.size == 0:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    rows, columns = np.nonzero(inner < min(_split(inner[::2, ::2]), DARKEST_PAPER))
    step = rows.size // ENOUGH_POINTS + 1
    middle = inner.shape[1] / 2
    return rows[::step].astype(np.float32), (columns[::step] - middle).astype(np.float32)


def _split(grey: Grey) -> int:
    """Otsu's level between ink and paper."""
    share = np.bincount(grey.ravel(), minlength=256) / max(1, grey.size)
    weight, mean = np.cumsum(share), np.cumsum(share * np.arange(256))
    spread = weight * (1 - weight)
    between = np.where(spread > 1e-9, (mean[-1] * weight - mean) ** 2 / np.maximum(spread, 1e-9), 0.0)
    return int(np.argmax(between))


def _sharpness(rows: NDArray[np.float32], columns: NDArray[np.float32], height: int, angle: float) -> float:
    """How abruptly ink changes from row to row after a turn by the angle, taken as a shear."""
    # Pixels run downwards: turning counter-clockwise lifts what lies right of the middle.
    sheared = rows - columns * np.float32(math.tan(math.radians(angle)))
    margin = height
    bins = np.clip((sheared + (margin + 0.5)).astype(np.int32), 0, height + 2 * margin)
    steps = np.diff(np.bincount(bins, minlength=height + 2 * margin + 1).astype(np.float64))
    return float(steps @ steps)


def _summit(angles: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """The angle of the highest score, refined by the parabola through its neighbours."""
    top = int(np.argmax(scores))
    if top in {0, angles.size - 1}:
        return float(angles[top])
    left, middle, right = (float(v) for v in scores[top - 1 : top + 2])
    bend = left - 2 * middle + right
    return float(angles[top]) + (0.5 * (left - right) / bend * FINE if bend < 0 else 0.0)
