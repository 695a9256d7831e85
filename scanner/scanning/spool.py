"""Puts a scanned page on the disk so that it is there whole or not at all: written aside, flushed, renamed, flushed."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ebp_desktop.crypto.frames import SealedWriter
from ebp_desktop.crypto.keys import SealingKey
from scanner.imaging.checks import measure_page
from scanner.manifest import Page, Source
from scanner.protocol import Frame

JPEG_QUALITY = 85
SEALED_SUFFIX = ".sealed"
PASSING_SUFFIX = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A page on the disk that has not been measured yet; ``data`` is the image, also where the file is sealed."""

    name: str
    data: bytes
    dpi: tuple[float, float]
    number: int


@dataclass(slots=True)
class Spool:
    """The folder of one batch; ``key`` seals every page under AES-256-GCM frames, without one pages lie open."""

    folder: Path
    device: str
    key: SealingKey | None
    next_page: int

    def store(self, frame: Frame) -> Stored:
        """Put one frame on the disk; it is safe there when this returns."""
        data = frame.data if frame.data is not None else encoded(frame)
        name = f"{self.next_page:04d}{frame.suffix}{SEALED_SUFFIX if self.key else ''}"
        write_durably(self.folder / name, data, self.key)
        stored = Stored(name=name, data=data, dpi=frame.dpi, number=self.next_page)
        self.next_page += 1
        return stored

    def measure(self, stored: Stored) -> Page:
        """The record of a stored page."""
        return measured(stored.name, stored.data, stored.dpi, self.device, stored.number)


def encoded(frame: Frame) -> bytes:
    """A picture as JPEG of archive quality."""
    assert frame.picture is not None, "a frame is a picture or data"
    out = io.BytesIO()
    dpi = (round(frame.dpi[0]), round(frame.dpi[1]))
    frame.picture.save(out, "JPEG", quality=JPEG_QUALITY, dpi=dpi)
    return out.getvalue()


def measured(name: str, data: bytes, dpi: tuple[float, float] | None, device: str, number: int) -> Page:
    """The record of a page; the digest is that of the image, also where the file is sealed."""
    digest = hashlib.sha256(data).hexdigest()
    measures = measure_page(data, dpi=dpi)
    return Page(
        file=name,
        sha256=digest,
        width=measures.width,
        height=measures.height,
        dpi=measures.dpi,
        blank=measures.blank,
        skew=measures.skew,
        codes=measures.codes,
        flags=measures.flags,
        reasons=measures.reasons,
        rotation=measures.rotation,
        source=Source(file=device, sha256=digest, page=number),
    )


def write_durably(target: Path, data: bytes, key: SealingKey | None) -> None:
    """Write, flush, rename, flush the folder: a power cut leaves the whole file or none."""
    passing = target.with_name(target.name + PASSING_SUFFIX)
    with passing.open("wb") as file:
        if key is None:
            file.write(data)
        else:
            with SealedWriter(file, key) as sealed:
                sealed.write(data)
        file.flush()
        os.fsync(file.fileno())
    passing.replace(target)
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names of a folder; Windows does that with the rename itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
