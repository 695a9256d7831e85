"""TIFF without touching a pixel: a multi-page file cut into single pages, and fax data given the header it needs."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scanner.importing.refusal import FileRefused

SHORT, LONG = 3, 4
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
STRIPS, STRIP_SIZES, TILES, TILE_SIZES = 273, 279, 324, 325
COMPRESSION, OLD_JPEG = 259, 6
# These point elsewhere into the file and mean nothing once a page stands alone.
LEFT_OUT = frozenset({330, 34665, 34853, 40965})
MOST_TAGS, LARGEST_VALUE = 512, 1 << 24


class NotSplittable(Exception):  # noqa: N818 - an answer, not a defect
    """The TIFF is of a kind that has to be decoded to be cut: BigTIFF, or JPEG of the old style."""


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes


def split_pages(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Each page as a TIFF of its own whose compressed data is byte for byte that of the original.

    Raises NotSplittable where decoding is needed, FileRefused for a damaged or circular file.
    """
    head = file.read(8)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4])
    if order is None:
        raise NotSplittable
    (offset,) = struct.unpack(order + "I", head[4:8])
    seen: set[int] = set()
    while offset:
        if offset in seen or len(seen) >= most:
            raise FileRefused(f"TIFF 页数超过上限 {most} 页或目录循环")
        seen.add(offset)
        try:
            entries, offset = _directory(file, order, offset)
            yield _alone(file, order, entries)
        except struct.error as error:
            raise FileRefused("TIFF 结构损坏，文件不完整") from error


def wrap_fax(data: bytes, width: int, height: int, *, group4: bool, black_is_one: bool) -> bytes:
    """CCITT fax data as a one-strip TIFF; the data itself is not touched."""
    entries = [
        (254, LONG, 0),
        (256, LONG, width),
        (257, LONG, height),
        (258, SHORT, 1),
        (COMPRESSION, SHORT, 4 if group4 else 3),
        # In PDF 0 is black unless BlackIs1; in TIFF "white is zero" is what fax coders mean.
        (262, SHORT, 1 if black_is_one else 0),
        (STRIPS, LONG, 0),
        (277, SHORT, 1),
        (278, LONG, height),
        (STRIP_SIZES, LONG, len(data)),
    ]
    packed = [_Entry(tag, kind, 1, struct.pack("<H" if kind == SHORT else "<I", value)) for tag, kind, value in entries]
    return _assemble("<", [entry for entry in packed if entry.tag not in {STRIPS, STRIP_SIZES}], [data], tiled=False)


def _directory(file: BinaryIO, order: str, offset: int) -> tuple[list[_Entry], int]:
    """Entries of one directory with their values, and where the next one lies."""
    file.seek(offset)
    (count,) = struct.unpack(order + "H", file.read(2))
    if count > MOST_TAGS:
        raise FileRefused("TIFF 结构损坏，目录异常")
    table = file.read(count * 12 + 4)
    (following,) = struct.unpack(order + "I", table[count * 12 :])
    entries = []
    for place in range(0, count * 12, 12):
        tag, kind, number, field = struct.unpack(order + "HHI4s", table[place : place + 12])
        size = WIDTHS.get(kind, 1) * number
        if size > LARGEST_VALUE:
            raise FileRefused("TIFF 结构损坏，标签过大")
        entries.append(_Entry(tag, kind, number, field[:size] if size <= 4 else _at(file, order, field, size)))
    return entries, following


def _at(file: BinaryIO, order: str, field: bytes, size: int) -> bytes:
    (offset,) = struct.unpack(order + "I", field)
    file.seek(offset)
    return _exactly(file, size)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise FileRefused("TIFF 文件不完整")
    return data


def _numbers(order: str, entry: _Entry) -> tuple[int, ...]:
    return struct.unpack(f"{order}{entry.count}{'H' if entry.kind == SHORT else 'I'}", entry.value)


def _alone(file: BinaryIO, order: str, entries: list[_Entry]) -> bytes:
    """One page cut out with its compressed data."""
    by_tag = {entry.tag: entry for entry in entries}
    compression = by_tag.get(COMPRESSION)
    if compression is not None and _numbers(order, compression)[0] == OLD_JPEG:
        raise NotSplittable
    tiled = TILES in by_tag
    places, sizes = by_tag.get(TILES if tiled else STRIPS), by_tag.get(TILE_SIZES if tiled else STRIP_SIZES)
    if places is None or sizes is None or places.count != sizes.count:
        raise NotSplittable
    pieces = []
    for place, size in zip(_numbers(order, places), _numbers(order, sizes), strict=True):
        file.seek(place)
        pieces.append(_exactly(file, size))
    own = LEFT_OUT | {STRIPS, STRIP_SIZES, TILES, TILE_SIZES}
    return _assemble(order, [entry for entry in entries if entry.tag not in own], pieces, tiled=tiled)


def _assemble(order: str, entries: list[_Entry], pieces: list[bytes], *, tiled: bool) -> bytes:
    """A one-page TIFF: header, data, long values, directory; every part starts at an even place."""
    body = bytearray(8)
    places = []
    for piece in pieces:
        places.append(len(body))
        body += piece + b"\0" * (len(piece) % 2)
    number = len(pieces)
    tags = (TILES, TILE_SIZES) if tiled else (STRIPS, STRIP_SIZES)
    packed = struct.Struct(f"{order}{number}I")
    every = [
        *entries,
        _Entry(tags[0], LONG, number, packed.pack(*places)),
        _Entry(tags[1], LONG, number, packed.pack(*(len(piece) for piece in pieces))),
    ]
    table = bytearray()
    for entry in sorted(every, key=lambda e: e.tag):
        field = entry.value.ljust(4, b"\0")
        if len(entry.value) > 4:
            field = struct.pack(order + "I", len(body))
            body += entry.value + b"\0" * (len(entry.value) % 2)
        table += struct.pack(order + "HHI", entry.tag, entry.kind, entry.count) + field
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body[:8] = mark + struct.pack(order + "I", len(body))
    return bytes(body + struct.pack(order + "H", len(every)) + table + bytes(4))
