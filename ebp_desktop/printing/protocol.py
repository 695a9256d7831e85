"""What every printer can do, whichever way it is reached: say how it is, take a job, tell what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from ebp_desktop.services.receipts import Receipt

_SAFE = "文书已经生成并保存，业务不受影响，可随时补打"


class PrinterState(StrEnum):
    """How a printer is right now."""

    READY = "ready"
    BUSY = "busy"
    STOPPED = "stopped"
    OUT_OF_PAPER = "out_of_paper"
    ATTENTION = "attention"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The word that the clerk sees."""
        return _STATE_LABELS[self]

    @property
    def takes_jobs(self) -> bool:
        """Whether a job sent now comes out without anyone touching the printer."""
        return self in {PrinterState.READY, PrinterState.BUSY}


_STATE_LABELS = {
    PrinterState.READY: "就绪",
    PrinterState.BUSY: "正在打印",
    PrinterState.STOPPED: "已停用",
    PrinterState.OUT_OF_PAPER: "缺纸",
    PrinterState.ATTENTION: "需要处理",
    PrinterState.MISSING: "未找到",
}
_STATE_REMEDIES = {
    PrinterState.STOPPED: "启用该打印机，或改用另一台后重打",
    PrinterState.OUT_OF_PAPER: "装纸后重打",
    PrinterState.ATTENTION: "按打印机面板提示处理后重打",
    PrinterState.MISSING: "检查电源和连线，或改用另一台后重打",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """A printer with its state; ``reason`` is in the clerk's words."""

    name: str
    state: PrinterState
    reason: str = ""


class JobState(StrEnum):
    """What became of a job."""

    WAITING = "waiting"
    PRINTING = "printing"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The word on the job list."""
        return {"waiting": "排队", "printing": "打印中", "done": "已打印", "failed": "失败"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """The state of a job; ``reason`` says why it failed or what it waits for."""

    state: JobState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRequest:
    """One document on its way to paper.

    ``pdf`` goes out as it is; ``receipt`` is its 80 mm form where there is one. ``tray`` and ``media`` are the
    printer's own names, blank for its default.
    """

    title: str
    pdf: bytes
    receipt: Receipt | None = None
    copies: int = 1
    tray: str = ""
    media: str = "A4"
    duplex: bool = False


class Printer(Protocol):
    """A printer; every mechanism passes ``tests/contract/test_printer_contract.py``."""

    @property
    def name(self) -> str:
        """The name under which profiles know it."""
        ...

    def status(self) -> PrinterStatus:
        """How it is now; a printer that is not there is ``MISSING``, never an exception."""
        ...

    def send(self, request: PrintRequest) -> str:
        """Hands the document over and returns the job's name.

        Raises ``BadInputError`` for what it can never print and ``SurroundingsError`` while it cannot print.
        """
        ...

    def follow(self, job: str) -> JobStatus:
        """What became of a job that ``send`` named."""
        ...


def require_printable(request: PrintRequest) -> None:
    """Refuse what is no document or no number of copies; raises ``BadInputError``."""
    if not request.pdf.startswith(b"%PDF-"):
        raise BadInputError("not_a_document", f"“{request.title}”不是可以打印的 PDF 文书", safe="没有送往打印机")
    if not 1 <= request.copies <= 99:
        raise BadInputError("copies_out_of_range", f"份数应为 1 至 99，得到 {request.copies}", safe="没有送往打印机")


def require_ready(status: PrinterStatus) -> None:
    """Refuse a printer that would swallow the job now and print it some time later; raises ``SurroundingsError``."""
    if status.state.takes_jobs:
        return
    why = f"：{status.reason}" if status.reason else ""
    raise SurroundingsError(
        f"printer_{status.state.value}",
        f"打印机“{status.name}”{status.state.label}{why}",
        safe=_SAFE,
        todo=_STATE_REMEDIES[status.state],
    )


def printer_failed(name: str, why: str) -> SurroundingsError:
    """The failure of a printer that broke off while it was being used."""
    return SurroundingsError(
        "printer_failed", f"打印机“{name}”没有完成打印：{why}", safe=_SAFE, todo="处理后重打，或改用另一台"
    )
