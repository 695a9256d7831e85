"""Which characters a font file can draw, read from its cmap table (OpenType 1.9, formats 4 and 12)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_UNICODE_ENCODINGS = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points that a font maps to a glyph, as sorted ranges, both ends included."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        point = ord(character)
        at = bisect_right(self.starts, point) - 1
        return at >= 0 and point <= self.ends[at]


def read_coverage(path: Path, index: int = 0) -> Coverage:
    """Coverage of face ``index`` of an OpenType file or collection; ``ValueError`` when it has no Unicode cmap."""
    data = path.read_bytes()
    face = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    cmap = _table(data, face, b"cmap")
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    found = {
        (platform, encoding): cmap + offset
        for platform, encoding, offset in struct.iter_unpack(">HHI", data[cmap + 4 : cmap + 4 + 8 * count])
    }
    for wanted in _UNICODE_ENCODINGS:
        if wanted in found:
            return _coverage(_ranges(data, found[wanted]))
    raise ValueError(f"no Unicode character map in {path.name}")


def _table(data: bytes, face: int, tag: bytes) -> int:
    count = struct.unpack_from(">H", data, face + 4)[0]
    for name, _, offset, _ in struct.iter_unpack(">4sIII", data[face + 12 : face + 12 + 16 * count]):
        if name == tag:
            return int(offset)
    raise ValueError(f"no {tag.decode()} table")


def _ranges(data: bytes, at: int) -> Iterable[tuple[int, int]]:
    form = struct.unpack_from(">H", data, at)[0]
    if form == 12:
        count = struct.unpack_from(">I", data, at + 12)[0]
        groups = struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * count])
        return [(first, last) for first, last, _ in groups]
    if form == 4:
        return _segments(data, at)
    raise ValueError(f"character map format {form} is not read")


def _segments(data: bytes, at: int) -> list[tuple[int, int]]:
    """Format 4 without the code points that it maps to glyph 0."""
    doubled = struct.unpack_from(">H", data, at + 6)[0]
    many = f">{doubled // 2}H"
    ends = struct.unpack_from(many, data, at + 14)
    starts = struct.unpack_from(many, data, at + 16 + doubled)
    deltas = struct.unpack_from(many, data, at + 16 + 2 * doubled)
    offsets_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(many, data, offsets_at)
    points: list[tuple[int, int]] = []
    for nr, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        if offset == 0:
            points += [(point, point) for point in range(start, end + 1) if (point + delta) & 0xFFFF]
            continue
        row = offsets_at + 2 * nr + offset
        glyphs = struct.unpack_from(f">{end - start + 1}H", data, row) if end < 0xFFFF else ()
        points += [(start + i, start + i) for i, glyph in enumerate(glyphs) if glyph]
    return points


def _coverage(ranges: Iterable[tuple[int, int]]) -> Coverage:
    merged: list[list[int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return Coverage(tuple(start for start, _ in merged), tuple(end for _, end in merged))
