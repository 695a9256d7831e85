"""Files that are kept whole: OFD after a look into its zip folder, DWG by its header."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from scanner.importing.refusal import FileRefused
from scanner.limits import Limits

OFD_ROOT = "OFD.xml"
LARGEST_ROOT = 1 << 20
SMALLEST_DWG = 512


def check_ofd(path: Path, limits: Limits) -> None:
    """Pass an OFD file (GB/T 33190), unopened but for its table and OFD.xml; FileRefused says what is wrong."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_entries(package.infolist(), path.stat().st_size, limits)
            if OFD_ROOT not in package.NameToInfo:
                raise FileRefused(_other_package(package))
            with package.open(OFD_ROOT) as root:
                text = root.read(LARGEST_ROOT + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, UnicodeDecodeError, EOFError) as error:
        raise FileRefused("压缩结构损坏或压缩方式不常见，无法打开") from error
    _check_root(text)


def check_dwg(path: Path) -> None:
    """Pass a DWG drawing; its header was recognised already, so only a stump is refused."""
    if path.stat().st_size < SMALLEST_DWG:
        raise FileRefused("DWG 文件不完整")


def _check_entries(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Refuse packages that would burst when unpacked or that reach outside their own folder."""
    if len(entries) > limits.archive_entries:
        raise FileRefused(f"包内文件过多（{len(entries)} 个，上限 {limits.archive_entries}）")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.archive_bytes or unpacked > max(size, 1) * limits.archive_ratio:
        raise FileRefused("解压后过大，疑似压缩炸弹，不予接收")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise FileRefused("包内有同名文件，内容不可信，不予接收")
    for entry in entries:
        inside = PurePosixPath(entry.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts:
            raise FileRefused("包内路径指向包外，不予接收")
        if entry.flag_bits & 0x1:
            raise FileRefused("文件加了口令，请去除口令后再交")


def _other_package(package: zipfile.ZipFile) -> str:
    """What a zip is that is no OFD."""
    names = package.NameToInfo
    if "[Content_Types].xml" in names:
        return "Office 文件，请另存为 PDF 后再交"
    return "压缩包，请解压后逐个导入"


def _check_root(text: bytes) -> None:
    """OFD.xml must be a small, plain XML file whose root is OFD."""
    if len(text) > LARGEST_ROOT or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileRefused("OFD 主文件异常，不予接收")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - size capped, entities and document types refused above
    except ElementTree.ParseError as error:
        raise FileRefused("OFD 主文件损坏，无法读取") from error
    if root.tag.rpartition("}")[2] != "OFD":
        raise FileRefused("OFD 主文件不是 OFD 结构")
