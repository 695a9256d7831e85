"""Files as applicants bring them, good and bad, for the import's tests."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from scanner.samples import WUHAI_SCHOOL
from scanner.samples.report import report_pdf

OFD = b"""<?xml version="1.0" encoding="UTF-8"?>
<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.0"><ofd:DocBody/></ofd:OFD>"""


def image_pdf(
    path: Path, *images: bytes, box=(595.2, 841.92), filters="/DCTDecode", extra: bytes = b"", **more
) -> Path:
    """A PDF whose pages are one image each, filling the page; ``more`` goes into the image's dictionary."""
    writer = PdfWriter()
    for data in images:
        stream = DecodedStreamObject()
        stream.set_data(data)
        with Image.open(io.BytesIO(data)) as image:
            grey, size = image.mode == "L", image.size
        stream.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Width"): NumberObject(size[0]),
                NameObject("/Height"): NumberObject(size[1]),
                NameObject("/ColorSpace"): NameObject("/DeviceGray" if grey else "/DeviceRGB"),
                NameObject("/BitsPerComponent"): NumberObject(8),
                NameObject("/Filter"): NameObject(filters),
            }
        )
        stream.update({NameObject("/" + key): value for key, value in more.items()})
        add_page(writer, stream, f"q {box[0]} 0 0 {box[1]} 0 0 cm /Im0 Do Q ".encode() + extra, box)
    writer.write(path)
    return path


def add_page(writer: PdfWriter, image: DecodedStreamObject, content: bytes, box=(595.2, 841.92)) -> None:
    """A page with one image in its resources and this content."""
    page = writer.add_blank_page(*box)
    drawing = DecodedStreamObject()
    drawing.set_data(content)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject({NameObject("/Im0"): writer._add_object(image)}),
            NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)}),
        }
    )
    page[NameObject("/Contents")] = writer._add_object(drawing)


def type_pdf(path: Path) -> Path:
    """A PDF of type and tables, two pages."""
    path.write_bytes(report_pdf("岩土工程勘察报告", WUHAI_SCHOOL))
    return path


def rewritten(path: Path, change) -> Path:
    """The PDF with a change made to its writer."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(path.read_bytes())))
    change(writer)
    writer.write(path)
    return path


def script_action() -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )


def annotate(writer: PdfWriter, subtype: str) -> None:
    """Lay an annotation on the first page."""
    box = ArrayObject([FloatObject(value) for value in (10, 10, 60, 60)])
    note = DictionaryObject({NameObject("/Subtype"): NameObject(subtype), NameObject("/Rect"): box})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def ofd(path: Path, root: bytes = OFD, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("OFD.xml", root)
        for name, data in entries.items():
            package.writestr(name, data)
    return path


def zip_of(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name, data)
    return path


def dwg(path: Path, version: bytes = b"AC1032") -> Path:
    path.write_bytes(version + bytes(2000))
    return path


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims any size and holds next to nothing: the shape of a decompression bomb."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 2) * min(height, 64)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def tiff_of(*pages: Image.Image, **how) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], **how)
    return out.getvalue()
