"""Whether a page is blank: nothing on it that a person put there, a signature or a pencil tick being something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.imaging.preview import Grey

TILE = 8
PAPER_BLOCK = 48
INK_BELOW_PAPER = 30
DARKEST_PAPER = 90
INK_PER_TILE = 3
TILES_OF_DUST = 5
MANY_TILES = 400
MARGIN_TOP, MARGIN_SIDE = 0.012, 0.03
DUST_MM = 1.1
HOLE_MM = (3.5, 9.5)
ROUND_FILL = (0.68, 0.92)
HOLE_FROM_EDGE_MM = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """One patch of ink: how many tiles it touches, its box in millimetres, and the share of the box that is ink."""

    tiles: int
    left: float
    top: float
    wide: float
    high: float
    filled: float

    def is_dust(self) -> bool:
        """A speck no larger than a millimetre."""
        return max(self.wide, self.high) <= DUST_MM

    def is_hole(self, page_mm: tuple[float, float]) -> bool:
        """A punch hole: round, filled, five to nine millimetres across, close to an edge."""
        edge = min(self.left, self.top, page_mm[0] - self.left - self.wide, page_mm[1] - self.top - self.high)
        smallest, largest = HOLE_MM
        return (
            edge <= HOLE_FROM_EDGE_MM
            and smallest <= min(self.wide, self.high)
            and max(self.wide, self.high) <= largest
            and abs(self.wide - self.high) <= 1.2
            and ROUND_FILL[0] <= self.filled <= ROUND_FILL[1]
        )


def is_blank(page: Grey, dpi: tuple[float, float]) -> bool:
    """True where the page, grey at about 75 dpi, carries no mark beyond dust, show-through and punch holes.

    A black image is not blank: it shows no paper at all. Errs towards "not blank": a page wrongly kept costs a key
    press, a page wrongly passed over costs evidence.
    """
    height, width = page.shape
    top, side = int(height * MARGIN_TOP), int(width * MARGIN_SIDE)
    inner = page[top : height - top or None, side : width - side or None]
    if float(np.median(page)) < DARKEST_PAPER:
        return False
    tiles = _inked_tiles(inner)
    count = int(tiles.sum())
    if count <= TILES_OF_DUST or count > MANY_TILES:
        return count <= TILES_OF_DUST
    ink = ink_mask(inner)
    marks = [_mark(spot, ink, dpi) for spot in _spots(tiles)]
    size = (inner.shape[1] * 25.4 / dpi[0], inner.shape[0] * 25.4 / dpi[1])
    return sum(mark.tiles for mark in marks if not mark.is_dust() and not mark.is_hole(size)) <= TILES_OF_DUST


def paper_level(page: Grey) -> NDArray[np.uint8]:
    """Brightness of the paper around every pixel: a bright percentile of each block, spread over the block."""
    height, width = page.shape
    rows, columns = -(-height // PAPER_BLOCK), -(-width // PAPER_BLOCK)
    padded = np.pad(page, ((0, rows * PAPER_BLOCK - height), (0, columns * PAPER_BLOCK - width)), mode="edge")
    blocks = padded.reshape(rows, PAPER_BLOCK, columns, PAPER_BLOCK)[:, ::4, :, ::4]
    level = np.percentile(blocks, 80, axis=(1, 3), method="nearest").astype(np.uint8)
    spread = np.repeat(np.repeat(level, PAPER_BLOCK, axis=0), PAPER_BLOCK, axis=1)
    return np.asarray(spread[:height, :width])


def ink_mask(page: Grey) -> NDArray[np.bool_]:
    """Where a pixel is clearly darker than the paper around it."""
    paper = paper_level(page)
    floor = np.where(paper > INK_BELOW_PAPER, paper - np.uint8(INK_BELOW_PAPER), 0)
    return np.asarray(page < floor)


def _inked_tiles(inner: Grey) -> NDArray[np.bool_]:
    """Tiles of 8 by 8 pixels that hold at least three pixels of ink."""
    rows, columns = inner.shape[0] // TILE, inner.shape[1] // TILE
    ink = ink_mask(inner)[: rows * TILE, : columns * TILE]
    return np.asarray(ink.reshape(rows, TILE, columns, TILE).sum(axis=(1, 3)) >= INK_PER_TILE)


def _spots(tiles: NDArray[np.bool_]) -> Iterator[list[tuple[int, int]]]:
    """Groups of touching tiles."""
    waiting = {(int(r), int(c)) for r, c in zip(*np.nonzero(tiles), strict=True)}
    while waiting:
        spot = [waiting.pop()]
        for row, column in spot:
            near = {(row + dr, column + dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1)} & waiting
            waiting -= near
            spot.extend(near)
        yield spot


def _mark(spot: list[tuple[int, int]], ink: NDArray[np.bool_], dpi: tuple[float, float]) -> _Mark:
    """Extent in millimetres of the ink under a group of tiles."""
    rows, columns = [r for r, _ in spot], [c for _, c in spot]
    top, left = min(rows) * TILE, min(columns) * TILE
    part = ink[top : (max(rows) + 1) * TILE, left : (max(columns) + 1) * TILE]
    across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    mm_x, mm_y = 25.4 / dpi[0], 25.4 / dpi[1]
    wide, high = float(across[-1] - across[0] + 1) * mm_x, float(down[-1] - down[0] + 1) * mm_y
    return _Mark(
        tiles=len(spot),
        left=float(left + across[0]) * mm_x,
        top=float(top + down[0]) * mm_y,
        wide=wide,
        high=high,
        filled=float(part.sum()) * mm_x * mm_y / (wide * high),
    )
