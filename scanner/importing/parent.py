"""The counter's side of an import: hands files to the locked-in child, watches it, and writes the manifest."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from scanner.children import ChildCommand, ChildProcess, checkout_child_command
from scanner.importing.wire import (
    OWN_NAME,
    Begin,
    FromChild,
    KeptDone,
    NoSpace,
    PageDone,
    Task,
    TaskDone,
    TaskRefused,
)
from scanner.limits import STANDARD_LIMITS, Limits
from scanner.manifest import Kept, Manifest, Page, Refused, write_manifest

OnPage = Callable[[Page], None]


def import_files(
    paths: Sequence[Path],
    into: Path,
    limits: Limits = STANDARD_LIMITS,
    child_command: ChildCommand = checkout_child_command,
    on_page: OnPage | None = None,
) -> Manifest:
    """Take files into a new or empty folder and write ``manifest.json`` there.

    A file is taken whole or refused whole with its reason; the rest goes on. ``on_page`` is called in this thread for
    every page as it comes; what it raises stops the import. Raises BadInputError ``into_not_empty``, SurroundingsError
    ``disk_full`` or ``import_child_failed``.
    """
    _prepare(into)
    job = _Job(into=into, limits=limits, command=child_command("import"), on_page=on_page)
    try:
        for path in paths:
            job.take(path)
    finally:
        job.end()
    manifest = Manifest(pages=tuple(job.pages), kept=tuple(job.kept), refused=tuple(job.refused))
    write_manifest(manifest, into)
    return manifest


def _prepare(into: Path) -> None:
    try:
        into.mkdir(parents=True, exist_ok=True)
        occupied = any(into.iterdir())
    except (FileExistsError, NotADirectoryError) as error:
        raise BadInputError("into_not_folder", "目标不是文件夹", place=str(into), todo="请另选一个文件夹") from error
    except OSError as error:
        raise SurroundingsError(
            "into_not_writable", "目标文件夹无法建立", place=str(into), safe="原文件没有改动", todo="请检查磁盘和权限"
        ) from error
    if occupied:
        raise BadInputError("into_not_empty", "目标文件夹不是空的", place=str(into), todo="请指定新的或空的文件夹")


def _label(path: Path, into: Path) -> str:
    """The file as seen from the folder; absolute only where there is no way between them (another drive)."""
    try:
        return Path(os.path.relpath(path.resolve(), into.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


@dataclass(slots=True)
class _Job:
    """One import under way: the child at work and what has come of it."""

    into: Path
    limits: Limits
    command: list[str]
    on_page: OnPage | None
    pages: list[Page] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    child: ChildProcess[FromChild] | None = None
    proven: bool = False

    def take(self, path: Path) -> None:
        """One file through the child, whole or not at all."""
        label = _label(path, self.into)
        pages, kept = len(self.pages), len(self.kept)
        task = Task(path=str(path.resolve()), label=label, next_page=pages + 1, next_kept=kept + 1)
        if self.child is None:
            self.child = self._start()
        self.child.send(task)
        reason = self._until_done()
        if reason:
            self._forget(pages, kept)
            self.refused.append(Refused(file=label, reason=reason))

    def end(self) -> None:
        """Stop the child and sweep up what it may have left half-written."""
        if self.child is not None:
            self.child.end()
            self.child = None
        for left in (*self.into.glob(".copy-*"), *self.into.glob("*.part")):
            left.unlink(missing_ok=True)

    def _start(self) -> ChildProcess[FromChild]:
        child = ChildProcess[FromChild](self.command, FromChild)
        child.send(Begin(parent=os.getpid(), into=str(self.into.resolve()), limits=self.limits))
        return child

    def _until_done(self) -> str:
        """Collect messages until the file is finished; the reason where it is refused, else nothing."""
        assert self.child is not None
        while True:
            try:
                message = self.child.answer(self.limits.seconds_per_page)
            except TimeoutError:
                self.end()
                return "解析超时，文件可能损坏，不予接收"
            except msgspec.DecodeError:
                self.end()
                return "解析过程异常，不予接收"
            if message is None:
                return self._after_crash()
            self.proven = True
            if isinstance(message, TaskDone):
                return ""
            if isinstance(message, TaskRefused):
                return message.reason
            if isinstance(message, NoSpace):
                raise SurroundingsError(
                    "disk_full",
                    "磁盘空间不足，导入中止",
                    safe="原文件没有改动",
                    todo="请清理磁盘后重新导入到新的文件夹",
                )
            self._accept(message)

    def _accept(self, message: PageDone | KeptDone) -> None:
        """Believe a record only as far as its file is one that the child may write."""
        record = message.page if isinstance(message, PageDone) else message.kept
        if not OWN_NAME.fullmatch(record.file) or not (self.into / record.file).is_file():
            raise SurroundingsError("import_child_failed", "导入程序异常", todo="请重新启动程序后再试")
        if isinstance(message, KeptDone):
            self.kept.append(message.kept)
            return
        self.pages.append(message.page)
        if self.on_page is not None:
            self.on_page(message.page)

    def _after_crash(self) -> str:
        """A child that dies over a file condemns the file; one that dies before it ever spoke condemns the set-up."""
        self.end()
        if not self.proven and not self._starts():
            raise SurroundingsError(
                "import_child_failed",
                "导入程序无法启动",
                safe="原文件没有改动",
                todo="请运行自检（ebp doctor）或重新安装",
            )
        return "文件损坏，解析中断，不予接收"

    def _starts(self) -> bool:
        """True where a fresh child answers at all: it is asked for a file that cannot exist."""
        probe = self._start()
        probe.send(Task(path=str(self.into / "kept-none"), label="", next_page=1, next_kept=1))
        try:
            return isinstance(probe.answer(self.limits.seconds_per_page), TaskRefused)
        except (TimeoutError, msgspec.DecodeError):
            return False
        finally:
            probe.end()

    def _forget(self, pages: int, kept: int) -> None:
        """Take back what a refused file had already brought, whether it was reported or not."""
        del self.pages[pages:], self.kept[kept:]
        known = {page.file for page in self.pages} | {whole.file for whole in self.kept}
        for stray in self.into.iterdir():
            if OWN_NAME.fullmatch(stray.name) and stray.name not in known:
                stray.unlink(missing_ok=True)
