"""The counter's print jobs: sent by profile, listed with their outcome, repeatable when they failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ebp_desktop.domain.errors import BadInputError, EbpError, SurroundingsError
from ebp_desktop.printing.profiles import Profile, Profiles
from ebp_desktop.printing.protocol import (
    JobState,
    JobStatus,
    Printer,
    PrinterState,
    PrinterStatus,
    PrintRequest,
    require_ready,
)
from ebp_desktop.services.ports import PrintOutcome
from ebp_desktop.services.receipts import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """A document as the print desk takes it: ``kind`` chooses the profile, ``number`` names it on the list."""

    kind: str
    number: str
    title: str
    pdf: bytes
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One line of the job list; it names the document and never holds its pages."""

    id: int
    kind: str
    number: str
    title: str
    printer: str
    copies: int
    sent_at: datetime
    status: JobStatus
    job: str = ""
    repeats: int | None = None


class PrintDesk:
    """Sends documents to the printers of their profiles and keeps the list of jobs."""

    def __init__(self, printers: Mapping[str, Printer], profiles: Profiles, now: Callable[[], datetime]) -> None:
        self._printers = printers
        self._profiles = profiles
        self._now = now
        self._jobs: dict[int, PrintJob] = {}
        self._documents: dict[int, Printable] = {}

    def printers(self) -> tuple[PrinterStatus, ...]:
        """Every printer with its state, as they are now."""
        return tuple(printer.status() for printer in self._printers.values())

    def jobs(self) -> tuple[PrintJob, ...]:
        """The list, newest first, with outcomes asked anew where they are still open."""
        for job in tuple(self._jobs.values()):
            if job.status.state in {JobState.WAITING, JobState.PRINTING}:
                self._keep(replace(job, status=self._followed(job)))
        return tuple(sorted(self._jobs.values(), key=lambda job: -job.id))

    def print_document(self, document: Printable, copies: int | None = None) -> PrintJob:
        """Prints by the kind's profile, on its second printer when the first cannot.

        A failure is a line on the list with the reason in words, never an exception: the act behind it stands.
        """
        return self._print(document, copies, repeats=None)

    def repeat(self, job_id: int) -> PrintJob:
        """Sends a failed job again; ``BadInputError`` when there is none with this id or it did not fail."""
        job = self._jobs.get(job_id)
        if job is None:
            raise BadInputError("print_job_unknown", f"没有作业 {job_id}")
        if job.status.state is not JobState.FAILED:
            raise BadInputError(
                "print_job_not_failed",
                f"作业 {job_id} {job.status.state.label}，不能当作失败的作业重打",
                todo="需要再出一份的，请用“补打”，补打会计数并加盖标记",
            )
        return self._print(self._documents[job_id], job.copies, repeats=job_id)

    def print_pdf(self, pdf: bytes, title: str, copies: int = 1) -> PrintOutcome:
        """The services' port: prints on the usual printer and tells the outcome in words."""
        job = self.print_document(Printable(kind="", number="", title=title, pdf=pdf), copies)
        return PrintOutcome(ok=job.status.state is not JobState.FAILED, job=job.job, reason=job.status.reason)

    def _print(self, document: Printable, copies: int | None, repeats: int | None) -> PrintJob:
        profile = self._profiles.for_kind(document.kind)
        number = copies or profile.copies
        printer, name, status = self._sent(document, profile, number)
        job = PrintJob(
            id=len(self._jobs) + 1,
            kind=document.kind,
            number=document.number,
            title=document.title,
            printer=printer,
            copies=number,
            sent_at=self._now(),
            status=status,
            job=name,
            repeats=repeats,
        )
        self._documents[job.id] = document
        return self._keep(job)

    def _sent(self, document: Printable, profile: Profile, copies: int) -> tuple[str, str, JobStatus]:
        request = PrintRequest(
            title=document.title,
            pdf=document.pdf,
            receipt=document.receipt,
            copies=copies,
            tray=profile.tray,
            media=profile.media,
            duplex=profile.duplex,
        )
        faults: list[EbpError] = []
        for name in filter(None, (profile.printer, profile.instead)):
            try:
                printer = self._printer(name)
                job = printer.send(request)
                return name, job, printer.follow(job)
            except (SurroundingsError, BadInputError) as fault:
                faults.append(fault)
        said = "；".join(f"{fault.message}。{fault.todo}" for fault in faults)
        return profile.printer, "", JobStatus(state=JobState.FAILED, reason=said)

    def _printer(self, name: str) -> Printer:
        if name not in self._printers:
            require_ready(PrinterStatus(name=name, state=PrinterState.MISSING, reason="打印设置里没有这台打印机"))
        return self._printers[name]

    def _followed(self, job: PrintJob) -> JobStatus:
        try:
            return self._printer(job.printer).follow(job.job)
        except SurroundingsError as fault:
            return JobStatus(state=job.status.state, reason=fault.message)

    def _keep(self, job: PrintJob) -> PrintJob:
        """Keeps the line; the pages only while they may still have to be sent again."""
        self._jobs[job.id] = job
        if job.status.state is JobState.DONE:
            self._documents.pop(job.id, None)
        return job
