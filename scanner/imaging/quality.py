"""Whether a page can be read and kept: sharp, light enough, fine enough, and whole to its edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.imaging.blank import ink_mask, paper_level
from scanner.imaging.preview import Grey, Preview
from scanner.manifest import FlagCode

SHARP_TILE = 16
CLEAR_CONTRAST = 70
FEW_TILES = 12
EVERY_BAND = 3
BLURRED_BELOW = 0.32
DARK_PAPER = 110
FAINT_CONTRAST = 55
LOWEST_DPI = 200
ROUNDING = 0.98
EDGE_DEPTH_MM = 3.0
CUT_STROKES = 3
WIDEST_STROKE_MM = 12.0
SKEW_WORTH_SAYING = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicion about a page with its reason in the clerk's words."""

    code: FlagCode
    reason: str


def find_faults(preview: Preview, *, dpi: tuple[float, float], assumed: bool, skew: float) -> tuple[Finding, ...]:
    """Every suspicion about a page that is not blank, the gravest first."""
    page = preview.measuring
    found = [
        _blurred(preview.reading),
        _light(page),
        _resolution(dpi, assumed=assumed),
        _cut(page, preview.measuring_dpi),
    ]
    if abs(skew) >= SKEW_WORTH_SAYING:
        found.append(Finding(FlagCode.SKEWED, f"页面歪斜 {abs(skew):.1f} 度，显示和输出时自动摆正"))
    return tuple(finding for finding in found if finding is not None)


def resolution_fault(dpi: tuple[float, float], *, assumed: bool) -> tuple[Finding, ...]:
    """The one suspicion that a blank page can be under."""
    found = _resolution(dpi, assumed=assumed)
    return () if found is None else (found,)


def sharpness(page: Grey) -> float:
    """Steepness of edges from 0 (smeared) to 1 (one pixel wide), at about 150 dpi; 1 where nothing has an edge.

    A third of the page is looked at, band by band; in every tile with clear contrast the steepest step between
    neighbours is set against the contrast of the tile.
    """
    bands, columns = page.shape[0] // SHARP_TILE, page.shape[1] // SHARP_TILE
    if not bands or not columns:
        return 1.0
    banded = page[: bands * SHARP_TILE, : columns * SHARP_TILE].reshape(bands, SHARP_TILE, columns * SHARP_TILE)
    whole = banded[::EVERY_BAND].reshape(-1, columns * SHARP_TILE).astype(np.int16)
    rows = whole.shape[0] // SHARP_TILE
    across = np.abs(np.diff(whole, axis=1, append=whole[:, -1:]))
    down = np.abs(np.diff(whole, axis=0, append=whole[-1:]))
    down[SHARP_TILE - 1 :: SHARP_TILE] = 0  # the next row belongs to a band further down
    steps = _tile_extreme(np.maximum(across, down), rows, columns)
    contrast = _tile_extreme(whole, rows, columns) + _tile_extreme(-whole, rows, columns)
    clear = contrast >= CLEAR_CONTRAST
    if int(clear.sum()) < FEW_TILES:
        return 1.0
    return float(np.percentile(steps[clear] / contrast[clear], 60))


def _tile_extreme(values: NDArray[np.int16], rows: int, columns: int) -> NDArray[np.int16]:
    """Largest value in every tile."""
    tiles = values.reshape(rows, SHARP_TILE, columns, SHARP_TILE)
    return np.asarray(tiles.max(axis=(1, 3)))


def _blurred(page: Grey) -> Finding | None:
    value = sharpness(page)
    if value >= BLURRED_BELOW:
        return None
    return Finding(FlagCode.BLURRED, f"字迹模糊（清晰度 {value:.2f}，低于 {BLURRED_BELOW:.2f}），请擦净玻璃或重新扫描")


def _light(page: Grey) -> Finding | None:
    """Too dark or too faint to read."""
    paper = float(np.median(paper_level(page)))
    if paper < DARK_PAPER:
        return Finding(FlagCode.DARK, f"页面过暗（纸面亮度 {paper:.0f}，低于 {DARK_PAPER}），请调亮后重新扫描")
    ink = page[ink_mask(page)]
    if ink.size < 200:
        return None
    contrast = paper - float(np.percentile(ink, 10))
    if contrast < FAINT_CONTRAST:
        return Finding(FlagCode.FAINT, f"字迹过淡（反差 {contrast:.0f}，低于 {FAINT_CONTRAST}），请加深后重新扫描")
    return None


def _resolution(dpi: tuple[float, float], *, assumed: bool) -> Finding | None:
    """Below the 200 dpi that DA/T 31-2017 asks for, or not stated by the file."""
    lowest = min(dpi)
    if lowest < LOWEST_DPI * ROUNDING:
        basis = "按 A4 幅面估算约" if assumed else ""
        return Finding(FlagCode.LOW_DPI, f"分辨率{basis} {lowest:.0f} 点/英寸，低于 {LOWEST_DPI}，请提高分辨率")
    if assumed:
        return Finding(FlagCode.ASSUMED_DPI, f"文件未注明分辨率，按 A4 幅面估算约 {lowest:.0f} 点/英寸")
    return None


def _cut(page: Grey, dpi: tuple[float, float]) -> Finding | None:
    """Several separate strokes that run over the rim of the image: the paper went on where the scan stopped."""
    ink = ink_mask(page)
    sides = (("上", ink, dpi), ("下", ink[::-1], dpi), ("左", ink.T, dpi[::-1]), ("右", ink.T[::-1], dpi[::-1]))
    cut = [name for name, side, scale in sides if _strokes_over(side, scale) >= CUT_STROKES]
    if not cut:
        return None
    return Finding(FlagCode.CUT_EDGE, f"{'、'.join(cut)}边有内容被截断，请检查纸张摆放后重新扫描")


def _strokes_over(side: NDArray[np.bool_], dpi: tuple[float, float]) -> int:
    """Strokes that touch the rim and go on inwards; a shadow along the rim is one long stroke and does not count."""
    depth = max(2, round(EDGE_DEPTH_MM / 25.4 * dpi[1]))
    touching = side[:2].any(axis=0) & (side[:depth].mean(axis=0) > 0.6)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], touching, [False])).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return int((lengths <= WIDEST_STROKE_MM / 25.4 * dpi[0]).sum())
