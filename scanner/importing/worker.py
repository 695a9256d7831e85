"""The import child: takes one file after another over its standard input and reports page by page."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
from PIL import Image

from scanner.confine import allow_cpu, die_with_parent, limit_process
from scanner.importing.bench import Bench, copy_in, too_large
from scanner.importing.images import take_image, take_tiff
from scanner.importing.packages import check_dwg, check_ofd
from scanner.importing.pdf import take_pdf
from scanner.importing.refusal import FileRefused
from scanner.importing.sniff import HEAD_BYTES, FileType, sniff
from scanner.importing.wire import Begin, FromChild, NoSpace, Task, TaskDone, TaskRefused
from scanner.manifest import Kind

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
SLACK_BYTES = 64 << 20


def run(reading: BinaryIO, writing: BinaryIO) -> int:
    """Serve tasks until the input ends; anything unforeseen ends the process, which the counter takes for a refusal."""
    begin = msgspec.json.decode(reading.readline(), type=Begin)
    die_with_parent(begin.parent)
    limit_process(memory_bytes=begin.limits.memory_bytes, file_bytes=begin.limits.file_bytes + SLACK_BYTES)
    # Our own cap speaks in the clerk's words; Pillow's would only warn between one and two times its own.
    Image.MAX_IMAGE_PIXELS = None

    def say(message: FromChild) -> None:
        writing.write(msgspec.json.encode(message) + b"\n")
        writing.flush()

    for line in reading:
        task = msgspec.json.decode(line, type=Task)
        allow_cpu(begin.limits.cpu_seconds_per_file)
        say(_serve(task, begin, say))
    return 0


def _serve(task: Task, begin: Begin, say: Callable[[FromChild], None]) -> FromChild:
    """One file: its pages are said on the way, the answer is how it ended."""
    copy = Path(begin.into) / f".copy-{os.getpid()}"
    try:
        _refuse_odd(Path(task.path), begin)
        digest = copy_in(Path(task.path), copy, begin.limits)
        _take(
            Bench(
                into=Path(begin.into),
                limits=begin.limits,
                say=say,
                label=task.label,
                digest=digest,
                copy=copy,
                next_page=task.next_page,
                next_kept=task.next_kept,
            )
        )
    except FileRefused as refusal:
        return TaskRefused(refusal.reason)
    except MemoryError:
        return TaskRefused("文件展开后占用内存过多，不予接收")
    except OSError as error:
        if error.errno in NO_ROOM:
            return NoSpace()
        return TaskRefused(too_large(begin.limits) if error.errno == errno.EFBIG else "文件读取失败，请重新拷贝后再试")
    finally:
        copy.unlink(missing_ok=True)
    return TaskDone()


def _refuse_odd(path: Path, begin: Begin) -> None:
    """Folders, pipes and devices are no files; a file over the cap is not even copied."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise FileRefused("文件不存在") from error
    if stat.S_ISDIR(found.st_mode):
        raise FileRefused("这是文件夹，请选择其中的文件")
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused("不是普通文件，不予接收")
    if found.st_size > begin.limits.file_bytes:
        raise FileRefused(too_large(begin.limits))


def _take(bench: Bench) -> None:
    with bench.copy.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES))
    if kind is FileType.PDF:
        take_pdf(bench)
    elif kind is FileType.TIFF:
        take_tiff(bench)
    elif kind is FileType.ZIP:
        check_ofd(bench.copy, bench.limits)
        bench.keep_whole(Kind.OFD)
    elif kind is FileType.DWG:
        check_dwg(bench.copy)
        bench.keep_whole(Kind.DWG)
    else:
        take_image(bench, ".png" if kind is FileType.PNG else ".jpg")


def main() -> int:
    """Serve over the standard streams; whatever a library prints goes to the error stream, never into the messages."""
    wire = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return run(sys.stdin.buffer, wire)
