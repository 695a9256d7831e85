"""The child's hand on the folder: stores the parts of one file under free numbers and measures every page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scanner.imaging.checks import Measures, measure_page
from scanner.importing.refusal import FileRefused
from scanner.importing.wire import FromChild, KeptDone, PageDone
from scanner.limits import Limits
from scanner.manifest import Kept, Kind, Page, Source

CHUNK = 1 << 20


@dataclass(slots=True)
class Bench:
    """Where the parts of one file are put down; ``say`` sends a message to the counter.

    ``label`` is the file's name in the manifest, ``digest`` its SHA-256, ``copy`` our own copy of it.
    """

    into: Path
    limits: Limits
    say: Callable[[FromChild], None]
    label: str
    digest: str
    copy: Path
    next_page: int
    next_kept: int
    number: int = 0

    def put_page(
        self, data: bytes, suffix: str, *, dpi: tuple[float, float] | None = None, rotation: int | None = None
    ) -> None:
        """Write one page image and send its record; FileRefused where the data is no whole image."""
        target = self._free_page(suffix)
        passing = target.with_suffix(".part")
        passing.write_bytes(data)
        passing.replace(target)
        self._record(target, hashlib.sha256(data).hexdigest(), dpi, rotation)

    def put_file_as_page(self, suffix: str) -> None:
        """The file itself is the page: its copy gets the page's name."""
        target = self._free_page(suffix)
        self.copy.replace(target)
        self._record(target, self.digest, None, None)

    def keep_whole(self, kind: Kind) -> None:
        """The file itself lies beside the pages."""
        target = self.into / f"kept-{self.next_kept:03d}.{kind}"
        self.copy.replace(target)
        self.next_kept += 1
        self.say(KeptDone(Kept(file=target.name, sha256=self.digest, kind=kind)))

    def _free_page(self, suffix: str) -> Path:
        self.number += 1
        if self.number > self.limits.pages_per_file:
            raise FileRefused(f"页数超过上限 {self.limits.pages_per_file} 页，请拆分后再交")
        return self.into / f"{self.next_page:04d}{suffix}"

    def _record(self, target: Path, digest: str, dpi: tuple[float, float] | None, rotation: int | None) -> None:
        try:
            measures = measure_page(target, dpi=dpi, rotation=rotation)
        except (OSError, SyntaxError, ValueError) as error:
            raise FileRefused(f"第 {self.number} 页图像损坏或不完整") from error
        self.next_page += 1
        self.say(
            PageDone(
                _page(target.name, digest, measures, Source(file=self.label, sha256=self.digest, page=self.number))
            )
        )


def _page(name: str, digest: str, measures: Measures, source: Source) -> Page:
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
        source=source,
    )


def copy_in(source: Path, target: Path, limits: Limits) -> str:
    """Copy a file into the folder, capped in size, and give its SHA-256: what is parsed is what was digested."""
    digest, size = hashlib.sha256(), 0
    try:
        opened = source.open("rb")
    except FileNotFoundError as error:
        raise FileRefused("文件不存在") from error
    except PermissionError as error:
        raise FileRefused("没有读取该文件的权限") from error
    with opened as reading, target.open("xb") as writing:
        while chunk := reading.read(CHUNK):
            size += len(chunk)
            if size > limits.file_bytes:
                raise FileRefused(too_large(limits))
            digest.update(chunk)
            writing.write(chunk)
    return digest.hexdigest()


def too_large(limits: Limits) -> str:
    """The reason for a file over the cap."""
    return f"文件过大，超过上限 {limits.file_bytes / (1 << 20):.0f} MB，请拆分或降低分辨率"
