"""The counter's side of a scan: starts the child, watches it, keeps every page it stored, and says how it ended."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import monotonic

import msgspec

from ebp_desktop.crypto.keys import SealingKey
from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from scanner.backends.sane_config import private_sane
from scanner.children import ChildCommand, ChildProcess, checkout_child_command
from scanner.manifest import MANIFEST_NAME, Ended, FlagCode, Manifest, Page, read_manifest, write_manifest
from scanner.protocol import Colour, Device, PaperSource, ScanJob
from scanner.scanning.spool import PASSING_SUFFIX, SEALED_SUFFIX
from scanner.scanning.wire import (
    Alive,
    BeginScan,
    Cancel,
    Finished,
    Found,
    FromScan,
    Scanned,
    SpoolFull,
    SpoolKey,
    Waiting,
)

PAGE_NAME = re.compile(rf"\d{{4,}}\.[a-z0-9]{{2,4}}(?:{re.escape(SEALED_SUFFIX)})?")
LOOK_SECONDS = 0.1
GRACE_SECONDS = 5.0
LISTING_SECONDS = 30.0
SILENCE_SECONDS = 45.0
STARTING_SECONDS = 60.0
LONGER_THAN_THE_REST = 1.2

WORDS = {
    Ended.DONE: "扫描完成",
    Ended.NO_DOCS: "进纸器里没有纸，请放好纸再按扫描",
    Ended.JAM: "卡纸，请取出卡住的纸，从该张起继续扫描",
    Ended.COVER_OPEN: "扫描仪盖板未合上，请合上后继续",
    Ended.OFFLINE: "扫描仪没有应答，请检查电源和连线",
    Ended.BUSY: "扫描仪正被占用，请稍候再试",
    Ended.DOUBLE_FEED: "可能一次进了两张纸，请从该张起重新扫描",
    Ended.HUNG: "扫描仪长时间没有反应，已停止；已扫的页面都在，请继续扫描",
    Ended.CRASHED: "扫描驱动异常退出；已扫的页面都在，请继续扫描",
    Ended.CANCELLED: "已取消；已扫的页面都在",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOutcome:
    """What a scan brought: the manifest with how it ended, that in the clerk's words, and what to look at twice."""

    manifest: Manifest
    ended: Ended
    words: str
    detail: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def satisfied(self) -> bool:
        """True where nothing is left to be done: the paper is through, or there was none."""
        return self.ended is Ended.DONE or (self.ended is Ended.NO_DOCS and not self.manifest.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWatch:
    """How a scan is watched; all calls come in the thread that scans.

    ``on_page`` gets every page once it is safe on the disk, ``on_waiting`` is called while an empty feeder is waited
    for, ``cancelled`` is asked ten times a second.
    """

    on_page: Callable[[Page], None] = lambda _page: None
    on_waiting: Callable[[], None] = lambda: None
    cancelled: Callable[[], bool] = lambda: False
    silence_seconds: float = SILENCE_SECONDS


def scan(
    device: str,
    source: PaperSource,
    dpi: int,
    into: Path,
    *,
    colour: Colour = Colour.COLOUR,
    duplex: bool = False,
    options: dict[str, str] | None = None,
    declared: int | None = None,
    wait_for_paper: float = 0.0,
    go_on: bool = False,
    seal: SealingKey | None = None,
    watch: ScanWatch | None = None,
    child_command: ChildCommand = checkout_child_command,
) -> ScanOutcome:
    """Scan into a new or empty folder, or ``go_on`` in the folder of an earlier scan, and write its manifest.

    ``declared`` is the number of sheets the clerk counted. With ``seal`` every page is a sealed file. Pages that were
    stored stay whatever happens, also those that a dying child did not get to name. Raises BadInputError for an
    occupied folder or a bad resolution, SurroundingsError ``disk_full``.
    """
    if not 50 <= dpi <= 1200:
        raise BadInputError("bad_dpi", f"分辨率 {dpi} 不可用，请在 50 到 1200 之间选择")
    batch = _Batch(into=into, pages=_earlier(into, go_on=go_on), watch=watch or ScanWatch())
    begin = BeginScan(
        parent=os.getpid(),
        into=str(into.resolve()),
        device=device,
        job=ScanJob(source=source, dpi=dpi, colour=colour, duplex=duplex, options=options or {}),
        next_page=len(batch.pages) + 1,
        wait_seconds=wait_for_paper,
        seal=None if seal is None else SpoolKey(seal.key_id, seal.secret),
    )
    with private_sane(device) as environment:
        batch.run(begin, child_command("scan"), environment)
        batch.adopt(begin, child_command("scan"))
    manifest = Manifest(pages=_with_lengths(batch.pages, source), ended=batch.ended)
    write_manifest(manifest, into)
    return ScanOutcome(
        manifest=manifest,
        ended=batch.ended,
        words=WORDS[batch.ended],
        detail=batch.detail,
        doubts=_doubts(manifest.pages, declared, duplex=duplex),
    )


def list_devices(
    known: tuple[str, ...] = (), child_command: ChildCommand = checkout_child_command
) -> tuple[Device, ...]:
    """The scanners that answer now, asked for in a child because some drivers crash when asked."""
    child = ChildProcess[FromScan](child_command("scan"), FromScan)
    job = ScanJob(source=PaperSource.ADF)
    child.send(BeginScan(parent=os.getpid(), into="", device="", job=job, next_page=1, known=known))
    try:
        answer = child.answer(STARTING_SECONDS)
        while isinstance(answer, Alive):
            answer = child.answer(LISTING_SECONDS)
    except (TimeoutError, msgspec.DecodeError):
        return ()
    finally:
        child.end()
    return answer.devices if isinstance(answer, Found) else ()


def _earlier(into: Path, *, go_on: bool) -> list[Page]:
    """Pages that are in the folder already; the folder is made where it is new."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        occupied = any(into.iterdir())
    except FileExistsError as error:
        raise BadInputError("into_not_folder", "目标不是文件夹", place=str(into), todo="请另选一个文件夹") from error
    except OSError as error:
        raise SurroundingsError(
            "into_not_writable", "目标文件夹无法建立", place=str(into), todo="请检查磁盘和权限"
        ) from error
    if not occupied:
        return []
    if not go_on:
        raise BadInputError("into_not_empty", "目标文件夹不是空的", place=str(into), todo="请指定新的或空的文件夹")
    return list(read_manifest(into).pages) if (into / MANIFEST_NAME).exists() else []


@dataclass(slots=True)
class _Batch:
    """The pages of one folder while they come in."""

    into: Path
    pages: list[Page]
    watch: ScanWatch
    ended: Ended = Ended.CRASHED
    detail: str = ""
    told: float | None = field(default=None)

    def run(self, begin: BeginScan, command: list[str], environment: dict[str, str]) -> None:
        """The scan itself, from the first word to the end of the child."""
        child = ChildProcess[FromScan](command, FromScan, environment)
        child.send(begin)
        try:
            self._follow(child)
        finally:
            child.end()

    def adopt(self, begin: BeginScan, command: list[str]) -> None:
        """Take in pages that lie stored and were never named, and sweep up what was cut short."""
        for left in self.into.glob("*" + PASSING_SUFFIX):
            left.unlink(missing_ok=True)
        known = {page.file for page in self.pages}
        names = (path.name for path in self.into.iterdir())
        orphans = tuple(sorted(name for name in names if PAGE_NAME.fullmatch(name) and name not in known))
        if not orphans:
            return
        ended, detail = self.ended, self.detail
        child = ChildProcess[FromScan](command, FromScan)
        child.send(replace_begin(begin, adopt=orphans, next_page=len(self.pages) + 1))
        try:
            self._follow(child)
        finally:
            child.end()
            self.ended, self.detail = ended, detail

    def _follow(self, child: ChildProcess[FromScan]) -> None:
        """Take messages until the child is finished, silent for too long, dead, or no longer wanted."""
        heard, patience = monotonic(), max(STARTING_SECONDS, self.watch.silence_seconds)
        while True:
            self._pass_on_cancel(child)
            try:
                message = child.answer(LOOK_SECONDS)
            except TimeoutError:
                if self.told is not None and monotonic() - self.told > GRACE_SECONDS:
                    self.ended = Ended.CANCELLED
                    return
                if monotonic() - heard > patience:
                    self.ended = Ended.HUNG
                    return
                continue
            except msgspec.DecodeError:
                self.ended, self.detail = Ended.CRASHED, "the child spoke nonsense"
                return
            heard, patience = monotonic(), self.watch.silence_seconds
            if message is None or isinstance(message, Finished):
                self._finished(message)
                return
            self._take(message)

    def _finished(self, message: Finished | None) -> None:
        """How it ended; a child that dies after it was told to stop has stopped."""
        if message is not None:
            self.ended, self.detail = message.ended, message.detail
        else:
            self.ended = Ended.CRASHED if self.told is None else Ended.CANCELLED

    def _take(self, message: FromScan) -> None:
        if isinstance(message, Scanned):
            if not PAGE_NAME.fullmatch(message.page.file) or not (self.into / message.page.file).is_file():
                raise SurroundingsError("scan_child_failed", "扫描程序异常", todo="请重新启动程序后再试")
            self.pages.append(message.page)
            self.watch.on_page(message.page)
        elif isinstance(message, Waiting):
            self.watch.on_waiting()
        elif isinstance(message, SpoolFull):
            raise SurroundingsError(
                "disk_full", "磁盘空间不足，扫描中止", safe="已扫的页面都在", todo="请清理磁盘后继续扫描"
            )
        else:
            assert isinstance(message, Alive | Found | Finished)

    def _pass_on_cancel(self, child: ChildProcess[FromScan]) -> None:
        if self.told is None and self.watch.cancelled():
            self.told = monotonic()
            child.send(Cancel())


def replace_begin(begin: BeginScan, *, adopt: tuple[str, ...], next_page: int) -> BeginScan:
    """The same job, for measuring stored pages only."""
    return msgspec.structs.replace(begin, adopt=adopt, next_page=next_page)


def _with_lengths(pages: list[Page], source: PaperSource) -> tuple[Page, ...]:
    """Pages from a feeder with a flag on those that are much longer than the rest: two sheets that overlapped."""
    if source is not PaperSource.ADF or len(pages) < 3:
        return tuple(pages)
    usual = median(page.height / page.dpi[1] for page in pages)
    return tuple(_flagged(page, usual) for page in pages)


def _flagged(page: Page, usual: float) -> Page:
    inches = page.height / page.dpi[1]
    if inches <= usual * LONGER_THAN_THE_REST or FlagCode.LENGTH_OUTLIER in page.flags:
        return page
    reason = f"这一页长 {inches * 25.4:.0f} 毫米，比其他页长，可能一次进了两张纸"
    return replace(page, flags=(*page.flags, FlagCode.LENGTH_OUTLIER), reasons=(*page.reasons, reason))


def _doubts(pages: tuple[Page, ...], declared: int | None, *, duplex: bool) -> tuple[str, ...]:
    """What the clerk should look at: a count that does not fit, a sheet that was too long."""
    doubts = []
    sheets = -(-len(pages) // 2) if duplex else len(pages)
    if declared is not None and declared != sheets:
        doubts.append(f"申报 {declared} 张，扫到 {sheets} 张，请核对")
    long = (number for number, page in enumerate(pages, start=1) if FlagCode.LENGTH_OUTLIER in page.flags)
    return (*doubts, *(f"第 {number} 页偏长，可能一次进了两张纸" for number in long))
