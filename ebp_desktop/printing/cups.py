"""Printers of the system's print service: the PDF goes to CUPS as it is, through ``lp`` and ``lpstat``."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Final

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

_TIMEOUT_SECONDS = 15
_ALERT_WORDS = (
    ("media-empty", PrinterState.OUT_OF_PAPER, "缺纸"),
    ("media-needed", PrinterState.OUT_OF_PAPER, "需要放纸"),
    ("media-jam", PrinterState.ATTENTION, "卡纸"),
    ("cover-open", PrinterState.ATTENTION, "盖子没有关好"),
    ("door-open", PrinterState.ATTENTION, "门没有关好"),
    ("toner-empty", PrinterState.ATTENTION, "碳粉用完"),
    ("marker-supply-empty", PrinterState.ATTENTION, "耗材用完"),
    ("offline", PrinterState.MISSING, "打印机没有联机"),
)
# Jobs that ended otherwise than on paper; IPP job-state-reasons (RFC 8011, 5.3.8).
_BROKEN_OFF: Final = ("aborted", "canceled", "cancelled", "errors", "unprintable")
_NO_ANSWER: Final = "may not exist or is unavailable"


class CupsPrinter:
    """One CUPS queue; ``server`` is ``host:port`` or a socket path, blank for the system's own."""

    def __init__(self, queue: str, server: str = "") -> None:
        self._queue = queue
        self._server = server

    @property
    def name(self) -> str:
        """The queue's name."""
        return self._queue

    def status(self) -> PrinterStatus:
        """As ``lpstat -l -p`` tells it; alarms that only inform do not stop a job."""
        said = self._ask("lpstat", "-l", "-p", self._queue)
        if said.returncode:
            service_down = "Invalid destination" not in said.stderr
            reason = "打印服务没有响应" if service_down else "系统里没有这个打印队列"
            return PrinterStatus(name=self._queue, state=PrinterState.MISSING, reason=reason)
        head, _, rest = said.stdout.partition("\n")
        if " disabled since " in head:
            why = rest.split("\n", 1)[0].strip()
            return PrinterStatus(name=self._queue, state=PrinterState.STOPPED, reason="" if why == "Paused" else why)
        alerts = next((line for line in rest.splitlines() if line.strip().startswith("Alerts:")), "")
        for word, state, reason in _ALERT_WORDS:
            if re.search(rf"\b{word}(?!\S*-report)", alerts):
                return PrinterStatus(name=self._queue, state=state, reason=reason)
        busy = "now printing" in head
        return PrinterStatus(name=self._queue, state=PrinterState.BUSY if busy else PrinterState.READY)

    def send(self, request: PrintRequest) -> str:
        """The bytes of the PDF reach the queue unchanged; the print service turns them into what the printer speaks."""
        require_printable(request)
        require_ready(self.status())
        options = ["-d", self._queue, "-n", str(request.copies), "-t", request.title]
        options += ["-o", "sides=two-sided-long-edge" if request.duplex else "sides=one-sided"]
        if request.media:
            options += ["-o", f"media={request.media}"]
        if request.tray:
            options += ["-o", f"InputSlot={request.tray}"]
        said = self._ask("lp", *options, "--", "-", given=request.pdf)
        named = re.search(r"request id is (\S+)", said.stdout)
        if said.returncode or named is None:
            raise printer_failed(self._queue, said.stderr.strip() or "打印服务没有接收")
        return named.group(1)

    def follow(self, job: str) -> JobStatus:
        """Waiting, on paper, or broken off; a job that the service no longer remembers cannot be vouched for."""
        open_jobs = self._jobs("not-completed")
        if job in open_jobs:
            status = self.status()
            if not status.state.takes_jobs:
                return JobStatus(state=JobState.WAITING, reason=status.reason or status.state.label)
            if _NO_ANSWER in open_jobs[job]:
                return JobStatus(state=JobState.WAITING, reason="打印机没有应答，作业在排队")
            printing = "job-printing" in open_jobs[job] or status.state is PrinterState.BUSY
            return JobStatus(state=JobState.PRINTING if printing else JobState.WAITING)
        alerts = self._jobs("completed").get(job)
        if alerts is None:
            return JobStatus(state=JobState.FAILED, reason="打印服务里已没有这个作业，请看纸面后决定是否重打")
        if any(word in alerts for word in _BROKEN_OFF):
            return JobStatus(state=JobState.FAILED, reason="作业被取消或中断")
        return JobStatus(state=JobState.DONE)

    def _jobs(self, which: str) -> dict[str, str]:
        """The queue's jobs with what ``lpstat`` says below each."""
        said = self._ask("lpstat", "-l", "-W", which, "-o", self._queue)
        jobs: dict[str, str] = {}
        current = ""
        for line in said.stdout.splitlines():
            if line and not line[0].isspace():
                current = line.split()[0]
                jobs[current] = ""
            elif current:
                jobs[current] += line.strip() + "\n"
        return jobs

    def _ask(self, *command: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LC_ALL": "C"}
        if self._server:
            environment["CUPS_SERVER"] = self._server
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, env=environment, timeout=_TIMEOUT_SECONDS, check=False
            )
        except FileNotFoundError as fault:
            raise SurroundingsError(
                "print_service_missing",
                "这台电脑没有安装打印服务（cups-client）",
                safe="文书已经生成并保存，可随时补打",
                todo="安装 cups-client，或改用其他打印方式",
            ) from fault
        except subprocess.TimeoutExpired as fault:
            raise printer_failed(self._queue, f"打印服务 {_TIMEOUT_SECONDS} 秒没有响应") from fault
        return subprocess.CompletedProcess(
            command, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )


def cups_queues(server: str = "") -> tuple[str, ...]:
    """The queues that the print service knows, in its order; none when there is no service."""
    environment = {**os.environ, "LC_ALL": "C", **({"CUPS_SERVER": server} if server else {})}
    try:
        said = subprocess.run(
            ["lpstat", "-a"], capture_output=True, env=environment, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ()
    return tuple(line.split()[0] for line in said.stdout.decode(errors="replace").splitlines() if line.strip())
