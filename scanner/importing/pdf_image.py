"""Finds out whether a PDF page is exactly one image, and takes that image out with its bytes unchanged."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass, field

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, PdfObject, StreamObject

from scanner.importing.tiff import wrap_fax

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

LONGEST_CONTENT = 256 * 1024
DEEPEST_FORM = 4
VISIBLE_PART, PAGE_PART = 0.9, 0.5
NOT_QUITE_STRAIGHT = 12.0
INVISIBLE_TEXT = 3
FIRST_PNG_PREDICTOR = 10
STATE = frozenset({"q", "Q", "cm", "n", "i", "j", "J", "w", "M", "d", "ri", "m", "l", "c", "v", "y", "h"})
COLOUR = frozenset({"CS", "cs", "SC", "SCN", "sc", "scn", "G", "g", "RG", "rg", "K", "k"})
MARKED = frozenset({"BMC", "BDC", "EMC", "MP", "DP", "BX", "EX"})
TEXT_STATE = frozenset({"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "T*"})
SILENT = STATE | COLOUR | MARKED | TEXT_STATE
SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """The one image of a page: its bytes, the suffix they call for, its resolution and its clockwise quarter turn."""

    data: bytes
    suffix: str
    dpi: tuple[float, float]
    rotation: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """An image as the page shows it: the stream, the matrix it is drawn with, and what clipping leaves visible."""

    image: StreamObject
    matrix: Matrix
    clip: Box


class _NotOneImage(Exception):  # noqa: N818 - an answer, not a defect
    """The page holds something else, or more."""


def sole_image(page: PageObject) -> PageImage | None:
    """The image that makes up the whole page, or ``None`` where the page has to be drawn.

    Text that is never painted (the text layer of a scanner) does not count; anything visible beside the image does.
    """
    try:
        if page.get("/Annots"):
            return None
        box = page.cropbox
        visible: Box = (float(box.left), float(box.bottom), float(box.right), float(box.top))
        walk = _Walk(visible)
        walk.run(page.get_contents(), page.get("/Resources"), IDENTITY, 0)
        placed = walk.placed
        if placed is None or not _fills(placed, visible):
            return None
        return _take_out(placed, float(page.get("/UserUnit", 1)), page.rotation)
    except (_NotOneImage, PyPdfError, ValueError, KeyError, TypeError, OSError):
        # An odd page is not a broken one: whatever cannot be understood here is drawn instead.
        return None


@dataclass(slots=True)
class _Walk:
    """Follows the drawing operators of a page as far as a single image needs it."""

    clip: Box
    placed: _Placed | None = None
    text_mode: int = 0
    path: list[Box] = field(default_factory=list)
    crooked_path: bool = False

    def run(self, contents: PdfObject | None, resources: PdfObject | None, base: Matrix, depth: int) -> None:
        """Walk one content stream; raises _NotOneImage at the first visible thing that is not the image."""
        if depth > DEEPEST_FORM or not isinstance(contents, StreamObject) or len(contents.get_data()) > LONGEST_CONTENT:
            raise _NotOneImage
        stream = contents if isinstance(contents, ContentStream) else ContentStream(contents, None)
        names = resources.get_object() if resources is not None else None
        if not isinstance(names, DictionaryObject):
            raise _NotOneImage
        matrix, stack = base, list[tuple[Matrix, Box, int]]()
        for operands, raw in stream.operations:
            operator = raw.decode("latin-1") if isinstance(raw, bytes) else str(raw)
            if operator == "q":
                stack.append((matrix, self.clip, self.text_mode))
            elif operator == "Q" and stack:
                matrix, self.clip, self.text_mode = stack.pop()
            elif operator == "cm":
                matrix = _times(_matrix(operands), matrix)
            elif operator == "Do":
                self._paint(names, str(operands[0]), matrix, depth)
            else:
                self._other(operator, operands, names, matrix)

    def _other(self, operator: str, operands: list[PdfObject], names: DictionaryObject, matrix: Matrix) -> None:
        """State, clipping and invisible text pass; everything that leaves a mark ends the walk."""
        if operator == "re":
            x, y, wide, high = (_number(v) for v in operands[:4])
            self.path.append(_bounds(matrix, (x, y, x + wide, y + high)))
        elif operator in {"m", "l", "c", "v", "y"}:
            self.crooked_path = True
        elif operator in {"W", "W*"}:
            if self.crooked_path or len(self.path) != 1:
                raise _NotOneImage
            self.clip = _common(self.clip, self.path[0])
        elif operator == "Tr":
            self.text_mode = int(_number(operands[0]))
        elif operator == "gs":
            _refuse_effects(names, str(operands[0]))
        elif operator in SHOWS_TEXT:
            if self.text_mode != INVISIBLE_TEXT:
                raise _NotOneImage
        elif operator not in SILENT:
            raise _NotOneImage
        if operator == "n":
            self.path, self.crooked_path = [], False

    def _paint(self, names: DictionaryObject, name: str, matrix: Matrix, depth: int) -> None:
        """An image is the page's one image; a form is walked into."""
        things = names["/XObject"].get_object()
        thing = things[name].get_object() if isinstance(things, DictionaryObject) else None
        if not isinstance(thing, StreamObject) or "/OC" in thing:
            raise _NotOneImage
        if thing.get("/Subtype") == "/Form":
            inner = _times(_matrix(thing.get("/Matrix", list(IDENTITY))), matrix)
            self.run(thing, thing.get("/Resources", names), inner, depth + 1)
            return
        if thing.get("/Subtype") != "/Image" or self.placed is not None:
            raise _NotOneImage
        self.placed = _Placed(thing, matrix, self.clip)


def _refuse_effects(names: DictionaryObject, name: str) -> None:
    """A graphics state may be named as long as it blends nothing."""
    states = names["/ExtGState"].get_object()
    state = states[name].get_object() if isinstance(states, DictionaryObject) else None
    if not isinstance(state, DictionaryObject):
        raise _NotOneImage
    plain = {"/ca": 1, "/CA": 1, "/BM": "/Normal", "/SMask": "/None"}
    if any(state.get(key, value) != value for key, value in plain.items()):
        raise _NotOneImage


def _matrix(numbers: object) -> Matrix:
    if not isinstance(numbers, list) or len(numbers) != 6:
        raise _NotOneImage
    a, b, c, d, e, f = (_number(value) for value in numbers)
    return a, b, c, d, e, f


def _number(value: object) -> float:
    """A number of the file as a float; anything else in its place makes the page one to be drawn."""
    if not isinstance(value, int | float):
        raise _NotOneImage
    return float(value)


def _whole(image: StreamObject, key: str) -> int:
    """A whole number of an image's dictionary."""
    return int(_number(image[key]))


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies ``first`` and then ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _bounds(matrix: Matrix, box: Box) -> Box:
    """The upright box around a transformed box."""
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _fills(placed: _Placed, page: Box) -> bool:
    """The image is seen nearly whole and takes up most of the page."""
    whole = _bounds(placed.matrix, (0.0, 0.0, 1.0, 1.0))
    seen = _area(_common(whole, _common(placed.clip, page)))
    return seen >= VISIBLE_PART * _area(whole) and seen >= PAGE_PART * _area(page) > 0


def _take_out(placed: _Placed, unit: float, page_turn: int) -> PageImage | None:
    a, b, c, d, _, _ = placed.matrix
    if a * d - b * c <= 0:
        return None
    angle = math.degrees(math.atan2(b, a))
    quarter = round(angle / 90) * 90
    if abs(angle - quarter) > NOT_QUITE_STRAIGHT:
        return None
    taken = _bytes_of(placed.image)
    if taken is None:
        return None
    width, height = _whole(placed.image, "/Width"), _whole(placed.image, "/Height")
    dpi = (width * 72 / (math.hypot(a, b) * unit), height * 72 / (math.hypot(c, d) * unit))
    return PageImage(data=taken[0], suffix=taken[1], dpi=dpi, rotation=(page_turn - quarter) % 360)


def _bytes_of(image: StreamObject) -> tuple[bytes, str] | None:
    """The image as a file of its own, and its suffix; ``None`` for what has no file format that holds it unchanged."""
    if image.get("/ImageMask") or "/SMask" in image or "/Mask" in image:
        return None
    if not _plain_decode(image):
        return None
    filters = image.get("/Filter", [])
    names = [str(f) for f in filters] if isinstance(filters, list) else [str(filters)]
    last = names[-1] if names else ""
    if last in {"/DCTDecode", "/DCT"}:
        return bytes(image.get_data()), ".jpg"
    if last == "/JPXDecode":
        data = image.get_data()
        return data, ".j2k" if data.startswith(b"\xff\x4f") else ".jp2"
    if last == "/CCITTFaxDecode":
        return _fax(image, names)
    if last in {"", "/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}:
        return _raster(image)
    return None


def _plain_decode(image: StreamObject) -> bool:
    """True where the samples mean what they say: no Decode array, or one that changes nothing."""
    decode = image.get("/Decode")
    if decode is None:
        return True
    pairs = [float(v) for v in decode]
    space = image.get("/ColorSpace")
    return not isinstance(space, list) and pairs == [0.0, 1.0] * (len(pairs) // 2)


def _fax(image: StreamObject, filters: list[str]) -> tuple[bytes, str] | None:
    """Fax data put into a TIFF as it is."""
    parms: object = image.get("/DecodeParms", DictionaryObject())
    if isinstance(parms, list):
        parms = parms[-1].get_object()
    if len(filters) != 1 or not isinstance(parms, DictionaryObject) or parms.get("/EncodedByteAlign"):
        return None
    group = _number(parms.get("/K", 0))
    if group > 0:
        return None
    width, height = int(_number(parms.get("/Columns", 1728))), _whole(image, "/Height")
    # pypdf offers the bytes only inside a TIFF of its own making, which mistakes black for white.
    fax = wrap_fax(image._data, width, height, group4=group < 0, black_is_one=bool(parms.get("/BlackIs1")))
    return fax, ".tif"


def _raster(image: StreamObject) -> tuple[bytes, str] | None:
    """Plain samples written as PNG: rows that are compressed the PNG way are copied, others keep every pixel."""
    width, height, bits = (_whole(image, key) for key in ("/Width", "/Height", "/BitsPerComponent"))
    mode, palette = _mode(image.get("/ColorSpace"), bits)
    if mode is None:
        return None
    parms = image.get("/DecodeParms", DictionaryObject())
    predictor = parms.get("/Predictor", 1) if isinstance(parms, DictionaryObject) else 0
    if predictor not in {1, 2}:
        alone = image.get("/Filter") == "/FlateDecode" and _number(predictor) >= FIRST_PNG_PREDICTOR
        return (_png(mode, (width, height), bits, image._data, palette), ".png") if alone else None
    data = image.get_data()
    row = width * {"RGB": 3}.get(mode, 1) if bits == 8 else -(-width // 8)
    if len(data) < row * height:
        return None
    rows = b"".join(b"\0" + data[place : place + row] for place in range(0, row * height, row))
    return _png(mode, (width, height), bits, zlib.compress(rows, 3), palette), ".png"


def _png(mode: str, size: tuple[int, int], bits: int, rows: bytes, palette: bytes | None) -> bytes:
    """A PNG file around compressed rows."""
    kind = {"RGB": 2, "P": 3}.get(mode, 0)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", *size, bits, kind, 0, 0, 0))]
    parts += [(b"PLTE", palette)] if palette is not None else []
    parts += [(b"IDAT", rows), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _mode(space: PdfObject | None, bits: int) -> tuple[str | None, bytes | None]:
    """Pillow's mode for a colour space, with the palette where there is one."""
    plain: object = space.get_object() if space is not None else None
    if isinstance(plain, list) and len(plain) >= 2:
        family, second = str(plain[0]), plain[1].get_object()
        if family == "/Indexed":
            return _palette(str(second), plain[3].get_object()) if bits == 8 and len(plain) == 4 else (None, None)
        if family == "/ICCBased" and isinstance(second, DictionaryObject):
            family = {1: "/CalGray", 3: "/CalRGB"}.get(int(_number(second.get("/N", 0))), "")
        plain = {"/CalGray": "/DeviceGray", "/CalRGB": "/DeviceRGB"}.get(family)
    modes = {("/DeviceGray", 8): "L", ("/DeviceRGB", 8): "RGB", ("/DeviceGray", 1): "1"}
    return modes.get((str(plain), bits)), None


def _palette(base: str, table: object) -> tuple[str | None, bytes | None]:
    """A palette of RGB colours, held as a stream or as a string."""
    if base != "/DeviceRGB":
        return None, None
    if isinstance(table, StreamObject):
        return "P", table.get_data()
    colours = getattr(table, "original_bytes", None)
    return ("P", colours) if isinstance(colours, bytes) else (None, None)
