"""Opens a PDF for reading and turns down what a paper never carries: scripts, programs, attachments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from scanner.importing.refusal import FileRefused
from scanner.limits import Limits

MOST_OBJECTS = 400_000
DEEPEST = 60

_KEYS = {
    "/JS": "PDF 内含脚本（JavaScript），不予接收。请打印为新的 PDF 后再交",
    "/EF": "PDF 内嵌附件，不予接收。请取出附件分别导入",
    "/EmbeddedFiles": "PDF 内嵌附件，不予接收。请取出附件分别导入",
    "/XFA": "PDF 内含 XFA 动态表单，不予接收。请打印为新的 PDF 后再交",
}
_VALUES = {
    ("/S", "/JavaScript"): _KEYS["/JS"],
    ("/S", "/Launch"): "PDF 会启动外部程序，不予接收。请打印为新的 PDF 后再交",
    ("/S", "/ImportData"): "PDF 会读取外部数据，不予接收。请打印为新的 PDF 后再交",
    ("/Type", "/EmbeddedFile"): _KEYS["/EF"],
    ("/Subtype", "/FileAttachment"): _KEYS["/EF"],
    ("/Subtype", "/RichMedia"): "PDF 内含多媒体，不予接收。请打印为新的 PDF 后再交",
    ("/Subtype", "/Movie"): "PDF 内含多媒体，不予接收。请打印为新的 PDF 后再交",
    ("/Subtype", "/Sound"): "PDF 内含多媒体，不予接收。请打印为新的 PDF 后再交",
}


def open_pdf(path: Path, limits: Limits) -> PdfReader:
    """A reader for a PDF that opens without a password and carries nothing active; FileRefused says why not."""
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise FileRefused("PDF 加了打开口令，请去除口令后再交")
        for thing in _every_object(reader):
            _refuse_active(thing, 0)
        pages = len(reader.pages)
    except (PyPdfError, DependencyError, RecursionError) as error:
        raise FileRefused("PDF 结构损坏，无法打开") from error
    if pages == 0:
        raise FileRefused("PDF 没有页面")
    if pages > limits.pages_per_file:
        raise FileRefused(f"PDF 有 {pages} 页，超过上限 {limits.pages_per_file} 页，请拆分后再交")
    return reader


def is_signed(reader: PdfReader) -> bool:
    """True where the PDF carries an electronic signature, whose bytes must then be kept."""
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    flags = form.get("/SigFlags", 0) if isinstance(form, DictionaryObject) else 0
    return isinstance(flags, int) and bool(flags & 1)


def _every_object(reader: PdfReader) -> Iterator[PdfObject]:
    """Every object of the file, also those that no page reaches; page images are let go again at once."""
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise FileRefused("PDF 结构过于复杂，请打印为新的 PDF 后再交")
    for number, generation in numbers:
        thing = reader.get_object(IndirectObject(number, generation, reader))
        if thing is None:
            continue
        yield thing
        if isinstance(thing, StreamObject) and thing.get("/Type") != "/ObjStm":
            reader.resolved_objects.pop((generation, number), None)


def _refuse_active(thing: PdfObject, depth: int) -> None:
    """Raise for a dictionary, or one nested in it, that would act or carry a file."""
    if depth > DEEPEST:
        raise FileRefused("PDF 结构过于复杂，请打印为新的 PDF 后再交")
    if isinstance(thing, ArrayObject):
        for part in thing:
            _refuse_active(part, depth + 1)
    elif isinstance(thing, DictionaryObject):
        for key, value in thing.items():
            reason = _KEYS.get(key) or (_VALUES.get((key, value)) if isinstance(value, str) else None)
            if reason is not None:
                raise FileRefused(reason)
            _refuse_active(value, depth + 1)
