"""What an import or a scan hands over: the manifest, the record of every page, and the one file that holds them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from ebp_desktop.domain.errors import BadInputError

MANIFEST_NAME = "manifest.json"


class FlagCode(StrEnum):
    """What a page is suspected of; a flag never removes a page."""

    BLURRED = "blurred"
    DARK = "dark"
    FAINT = "faint"
    LOW_DPI = "low_dpi"
    ASSUMED_DPI = "assumed_dpi"
    CUT_EDGE = "cut_edge"
    SKEWED = "skewed"
    LENGTH_OUTLIER = "length_outlier"


class Kind(StrEnum):
    """Files that are kept whole beside the pages."""

    PDF = "pdf"
    OFD = "ofd"
    DWG = "dwg"


class Ended(StrEnum):
    """How a scan ended."""

    DONE = "done"
    NO_DOCS = "no_docs"
    JAM = "jam"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    BUSY = "busy"
    DOUBLE_FEED = "double_feed"
    HUNG = "hung"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One barcode found on a page: its symbology as zxing names it, and its text."""

    format: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a page came from: the file relative to the manifest's folder, its SHA-256, and the page in it from 1."""

    file: str
    sha256: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it lies in the folder, with every measure that was taken of it.

    ``width`` and ``height`` are pixels of the stored image; ``dpi`` is (x, y). ``skew`` is the turn in degrees that
    makes the lines level, positive = counter-clockwise. ``rotation`` is the clockwise quarter turn (0, 90, 180, 270)
    under which the page is read. ``crop`` is (left, top, right, bottom) in pixels of the levelled image, or ``None``.
    ``reasons`` has one sentence per flag, in the same order.
    """

    file: str
    sha256: str
    width: int
    height: int
    dpi: tuple[float, float]
    blank: bool
    skew: float
    codes: tuple[Code, ...] = ()
    flags: tuple[FlagCode, ...] = ()
    reasons: tuple[str, ...] = ()
    rotation: int = 0
    crop: tuple[int, int, int, int] | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that lies in the folder whole, bytes unchanged."""

    file: str
    sha256: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that was not taken, and why, in the clerk's words."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything an import or a scan left in its folder; ``ended`` is there for scans only."""

    pages: tuple[Page, ...] = ()
    kept: tuple[Kept, ...] = ()
    refused: tuple[Refused, ...] = ()
    ended: Ended | None = None

    def as_data(self) -> dict[str, object]:
        """The manifest as plain values, as the contract prints it; ``ended`` is left out of an import."""
        data: dict[str, object] = msgspec.to_builtins(self)
        if self.ended is None:
            del data["ended"]
        return data

    def as_json(self) -> bytes:
        """The same as the bytes of ``manifest.json``."""
        return msgspec.json.format(msgspec.json.encode(self.as_data()), indent=2) + b"\n"


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """Put ``manifest.json`` into the folder in one step: either the whole new file is there, or the old state."""
    target, passing = folder / MANIFEST_NAME, folder / (MANIFEST_NAME + ".part")
    with passing.open("wb") as file:
        file.write(manifest.as_json())
        file.flush()
        os.fsync(file.fileno())
    passing.replace(target)
    return target


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; raises BadInputError ``manifest_missing`` or ``manifest_broken``."""
    path = folder / MANIFEST_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BadInputError(
            "manifest_missing", "该文件夹里没有页面清单 manifest.json", place=str(path), todo="请先导入或扫描到该文件夹"
        ) from error
    except (msgspec.DecodeError, OSError) as error:
        raise BadInputError(
            "manifest_broken", "页面清单 manifest.json 无法读取", place=str(path), todo="请重新导入或扫描"
        ) from error
