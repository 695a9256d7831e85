"""A printer that puts every document into a folder: for demonstrations, and where there is no printer at all."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.printing.protocol import (
    JobState,
    JobStatus,
    PrinterState,
    PrinterStatus,
    PrintRequest,
    printer_failed,
    require_printable,
    require_ready,
)

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 80


class FolderPrinter:
    """Writes ``0001-title.pdf``; several copies of one request are numbered files of their own."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder

    @property
    def name(self) -> str:
        """The name under which profiles know it."""
        return self._name

    def status(self) -> PrinterStatus:
        """Ready while the folder is there and can be written to."""
        if not self._folder.is_dir():
            return PrinterStatus(name=self._name, state=PrinterState.MISSING, reason="输出文件夹不存在")
        if not os.access(self._folder, os.W_OK):
            return PrinterStatus(name=self._name, state=PrinterState.STOPPED, reason="输出文件夹不可写")
        return PrinterStatus(name=self._name, state=PrinterState.READY)

    def send(self, request: PrintRequest) -> str:
        """Each copy appears whole or not at all; the job is named after its first file."""
        require_printable(request)
        require_ready(self.status())
        try:
            written = [self._write(request) for _ in range(request.copies)]
        except OSError as fault:
            raise printer_failed(self._name, str(fault.strerror)) from fault
        return written[0]

    def follow(self, job: str) -> JobStatus:
        """Done once the file is there."""
        if (self._folder / job).is_file():
            return JobStatus(state=JobState.DONE)
        return JobStatus(state=JobState.FAILED, reason="输出文件已不存在")

    def _write(self, request: PrintRequest) -> str:
        title = _UNSAFE.sub("_", request.title)[:_LONGEST].strip(" .") or "document"
        number = 1 + max((int(path.name[:4]) for path in self._folder.glob("[0-9][0-9][0-9][0-9]-*.pdf")), default=0)
        if number > 9999:
            raise SurroundingsError("printer_folder_full", "输出文件夹已满 9999 份", todo="清理输出文件夹后重打")
        target = self._folder / f"{number:04}-{title}.pdf"
        half = target.with_suffix(".part")
        half.write_bytes(request.pdf)
        half.replace(target)
        return target.name
