"""Puts a page image into a PDF with its bytes unchanged where its format allows, else with its pixels unchanged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, TiffImagePlugin

from ebp_desktop.domain.errors import BadInputError
from scanner.pdf.objects import PdfStream

CHUNK = 1 << 18
SPACES = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
INVERTED_CMYK = " /Decode [1 0 1 0 1 0 1 0]"
PNG_COMPONENTS = {0: 1, 2: 3, 3: 1}
BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER, STRIP_OFFSETS, STRIP_SIZES = 258, 259, 262, 266, 273, 279
GROUP4 = 4


@dataclass(frozen=True, slots=True)
class Embedded:
    """An image in the PDF: its object number, its pixels, and whether its colours need no CMYK profile (PDF/A)."""

    number: int
    width: int
    height: int
    portable: bool


def embed(pdf: PdfStream, file: BinaryIO) -> Embedded:
    """Copy an opened page image into the PDF; BadInputError ``page_image_broken`` where it cannot be read."""
    try:
        with Image.open(file) as image:
            if image.format in {"JPEG", "MPO"}:
                return _jpeg(pdf, file, image)
            if image.format == "JPEG2000":
                return _jpeg2000(pdf, file, image)
            if image.format == "PNG":
                plain = _plain_png(pdf, file, image)
                if plain is not None:
                    return plain
            if image.format == "TIFF":
                fax = _fax(pdf, file, image)
                if fax is not None:
                    return fax
            return _pixels(pdf, image)
    except (OSError, SyntaxError, struct.error, KeyError) as error:
        raise BadInputError("page_image_broken", "页面图像无法读取", todo="请重新扫描或导入该页") from error


def _head(image: Image.Image, space: str, bits: int, rest: str) -> str:
    size = f"/Width {image.width} /Height {image.height}"
    return f"/Type /XObject /Subtype /Image {size} /ColorSpace {space} /BitsPerComponent {bits} {rest}"


def _whole(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _jpeg(pdf: PdfStream, file: BinaryIO, image: Image.Image) -> Embedded:
    """JPEG goes in as it is; CMYK from Adobe programs is stored inverted and says so."""
    inverted = INVERTED_CMYK if image.mode == "CMYK" and "adobe" in image.info else ""
    head = _head(image, SPACES[image.mode], 8, "/Filter /DCTDecode" + inverted)
    stream = pdf.put_stream(head, _length(file), _whole(file))
    return Embedded(stream, image.width, image.height, image.mode != "CMYK")


def _jpeg2000(pdf: PdfStream, file: BinaryIO, image: Image.Image) -> Embedded:
    head = _head(image, SPACES.get(image.mode, "/DeviceRGB"), 8, "/Filter /JPXDecode")
    return Embedded(pdf.put_stream(head, _length(file), _whole(file)), image.width, image.height, True)


def _plain_png(pdf: PdfStream, file: BinaryIO, image: Image.Image) -> Embedded | None:
    """The compressed rows of a PNG are what PDF calls Flate with PNG predictors; transparency and interlace are not."""
    chunks = list(_png_chunks(file))
    depth, kind, _, _, interlace = struct.unpack(">5B", _png_data(file, chunks[0])[8:13])
    if interlace or kind not in PNG_COMPONENTS or any(name == b"tRNS" for name, _, _ in chunks):
        return None
    space = {0: "/DeviceGray", 2: "/DeviceRGB"}.get(kind, "")
    if kind == 3:
        palette = _png_data(file, next(chunk for chunk in chunks if chunk[0] == b"PLTE"))
        space = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    rows = [chunk for chunk in chunks if chunk[0] == b"IDAT"]
    colours = f"/Colors {PNG_COMPONENTS[kind]} /BitsPerComponent {depth} /Columns {image.width}"
    head = _head(image, space, depth, f"/Filter /FlateDecode /DecodeParms << /Predictor 15 {colours} >>")
    data = (_png_data(file, chunk) for chunk in rows)
    stream = pdf.put_stream(head, sum(length for _, _, length in rows), data)
    return Embedded(stream, image.width, image.height, True)


def _png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of every chunk."""
    place = 8
    while True:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return
        length, name = struct.unpack(">I4s", head)
        yield name, place + 8, length
        place += length + 12


def _png_data(file: BinaryIO, chunk: tuple[bytes, int, int]) -> bytes:
    file.seek(chunk[1])
    return file.read(chunk[2])


def _fax(pdf: PdfStream, file: BinaryIO, image: Image.Image) -> Embedded | None:
    """A one-strip Group 4 page goes in as it is."""
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    places, sizes = tags.get(STRIP_OFFSETS, ()), tags.get(STRIP_SIZES, ())
    if tags.get(COMPRESSION) != GROUP4 or len(places) != 1 or tags.get(FILL_ORDER, 1) != 1:
        return None
    inverted = " /BlackIs1 true" if tags.get(PHOTOMETRIC, 0) == 1 else ""
    parms = f"<< /K -1 /Columns {image.width} /Rows {image.height}{inverted} >>"
    file.seek(places[0])
    data = file.read(sizes[0])
    head = _head(image, "/DeviceGray", 1, f"/Filter /CCITTFaxDecode /DecodeParms {parms}")
    return Embedded(pdf.put_stream(head, len(data), [data]), image.width, image.height, True)


def _pixels(pdf: PdfStream, image: Image.Image) -> Embedded:
    """Anything else with its pixels unchanged; transparency becomes a mask."""
    layered = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    rest = "/Filter /FlateDecode"
    if layered:
        whole = image.convert("RGBA")
        mask = zlib.compress(whole.getchannel("A").tobytes(), 6)
        rest += f" /SMask {pdf.put_stream(_head(image, '/DeviceGray', 8, rest), len(mask), [mask])} 0 R"
        shown = whole.convert("RGB")
    else:
        shown = image if image.mode in SPACES else image.convert("RGB")
    data = zlib.compress(shown.tobytes(), 6)
    head = _head(image, SPACES[shown.mode], 1 if shown.mode == "1" else 8, rest)
    return Embedded(pdf.put_stream(head, len(data), [data]), image.width, image.height, shown.mode != "CMYK")
