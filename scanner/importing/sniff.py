"""What a file is, by its content: its name and ending are never believed."""

from __future__ import annotations

from enum import StrEnum

from scanner.importing.refusal import FileRefused

HEAD_BYTES = 1024
SUPPORTED = "可用的格式：PDF、JPEG、PNG、TIFF、OFD、DWG"


class FileType(StrEnum):
    """Formats that the counter takes."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    ZIP = "zip"
    DWG = "dwg"


DWG_VERSIONS = frozenset(
    {b"AC1009", b"AC1012", b"AC1014", b"AC1015", b"AC1018", b"AC1021", b"AC1024", b"AC1027", b"AC1032"}
)

_KNOWN_BUT_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件，请另存为 PDF 后再交"),
    (b"GIF8", "GIF 图片，请另存为 PNG 或 JPEG"),
    (b"BM", "BMP 图片，请另存为 PNG 或 JPEG"),
    (b"Rar!", "RAR 压缩包，请解压后逐个导入"),
    (b"7z\xbc\xaf", "7z 压缩包，请解压后逐个导入"),
    (b"MZ", "可执行程序，不予接收"),
    (b"\x7fELF", "可执行程序，不予接收"),
    (b"<", "网页或 XML 文件，请打印为 PDF 后再交"),
    (b"{\\rtf", "RTF 文件，请另存为 PDF 后再交"),
    (b"%!PS", "PostScript 文件，请另存为 PDF 后再交"),
)


def sniff(head: bytes) -> FileType:
    """The format by the first kilobyte; FileRefused with the reason where the counter does not take it."""
    if not head:
        raise FileRefused("文件是空的")
    known = _taken(head)
    if known is not None:
        return known
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"avif"}:
        raise FileRefused("手机 HEIC/AVIF 照片，请另存为 JPEG 后再交")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        raise FileRefused("WebP 图片，请另存为 JPEG 或 PNG")
    for magic, reason in _KNOWN_BUT_REFUSED:
        if head.startswith(magic):
            raise FileRefused(reason)
    raise FileRefused(f"不认识的文件格式。{SUPPORTED}")


def _taken(head: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return FileType.TIFF
    if head.startswith(b"PK\x03\x04"):
        return FileType.ZIP
    if head[:6] in DWG_VERSIONS:
        return FileType.DWG
    # Readers look for the PDF header anywhere in the first kilobyte, and scanners do put bytes before it.
    return FileType.PDF if b"%PDF-" in head else None
