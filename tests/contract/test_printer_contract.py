"""What every printer promises, whichever way it is reached: a folder, a receipt printer on the network, CUPS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ebp_desktop.documents.fonts import find_fonts
from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from ebp_desktop.printing.cups import CupsPrinter
from ebp_desktop.printing.escpos import EscPosEncoder, EscPosPrinter
from ebp_desktop.printing.folder import FolderPrinter
from ebp_desktop.printing.protocol import JobState, JobStatus, Printer, PrinterState, PrintRequest
from ebp_desktop.services.receipts import Receipt, Words
from tests.fixtures.printers import Listener, PrintService

PDF = b"%PDF-1.7\n% a document\n%%EOF\n"
REQUEST = PrintRequest(title="登记凭单 150300/W03:1", pdf=PDF, receipt=Receipt(lines=(Words(text="登记凭单"),)))


@dataclass(frozen=True)
class Bench:
    """A printer, one of its kind that is not there, and what came out of the first."""

    printer: Printer
    absent: Printer
    papers: Callable[[int], list[bytes]]
    marker: bytes


@pytest.fixture(scope="module")
def encoder() -> EscPosEncoder:
    (_, path, index), *_ = find_fonts().files
    return EscPosEncoder(path, index)


@pytest.fixture
def folder_bench(tmp_path: Path) -> Bench:
    printer = FolderPrinter("输出文件夹", tmp_path)

    def papers(count: int) -> list[bytes]:
        return [path.read_bytes() for path in sorted(tmp_path.glob("*.pdf"))]

    return Bench(printer, FolderPrinter("没有的文件夹", tmp_path / "none"), papers, PDF)


@pytest.fixture
def escpos_bench(listener: Listener, encoder: EscPosEncoder) -> Bench:
    gone = Listener()
    gone.close()
    printer = EscPosPrinter("小票机", "127.0.0.1", encoder, listener.port)
    absent = EscPosPrinter("拔掉的小票机", "127.0.0.1", encoder, gone.port)

    def papers(count: int) -> list[bytes]:
        whole = b"".join(listener.received())
        return [part for part in whole.split(b"\x1b@") if part]

    return Bench(printer, absent, papers, "登记凭单".encode("gb18030"))


@pytest.fixture
def cups_bench(print_service: PrintService, listener: Listener) -> Iterator[Bench]:
    queue = f"contract{listener.port}"
    print_service.add_queue(queue, "-v", f"socket://127.0.0.1:{listener.port}", "-m", "raw")
    yield Bench(
        CupsPrinter(queue, print_service.server),
        CupsPrinter("no-such-queue", print_service.server),
        listener.received,
        PDF,
    )
    print_service.run("lpadmin", "-x", queue)


@pytest.fixture(params=["folder", "escpos", "cups"])
def bench(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(f"{request.param}_bench")
    return found


def outcome(printer: Printer, job: str) -> JobStatus:
    """What became of a job once it is settled."""
    give_up = time.monotonic() + 30
    status = printer.follow(job)
    while status.state in {JobState.WAITING, JobState.PRINTING} and time.monotonic() < give_up:
        threading.Event().wait(0.1)
        status = printer.follow(job)
    return status


def test_a_printer_that_is_there_is_ready(bench: Bench) -> None:
    status = bench.printer.status()

    assert status.state is PrinterState.READY
    assert status.name == bench.printer.name


def test_a_document_that_was_sent_comes_out_and_its_job_is_done(bench: Bench) -> None:
    job = bench.printer.send(REQUEST)

    assert any(bench.marker in paper for paper in bench.papers(1))
    assert outcome(bench.printer, job).state is JobState.DONE


def test_several_documents_come_out_one_by_one(bench: Bench) -> None:
    first = bench.printer.send(REQUEST)
    assert outcome(bench.printer, first).state is JobState.DONE
    second = bench.printer.send(REQUEST)

    assert outcome(bench.printer, second).state is JobState.DONE
    assert len(bench.papers(2)) >= 1


def test_a_printer_that_is_not_there_says_so_without_breaking(bench: Bench) -> None:
    status = bench.absent.status()

    assert status.state is PrinterState.MISSING
    assert status.reason


def test_sending_to_a_printer_that_is_not_there_fails_in_words(bench: Bench) -> None:
    with pytest.raises(SurroundingsError) as failed:
        bench.absent.send(REQUEST)

    assert failed.value.code == "printer_missing"
    assert bench.absent.name in failed.value.message
    assert "保存" in failed.value.safe
    assert failed.value.todo


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"<html>"])
def test_what_is_no_pdf_is_never_sent(bench: Bench, raw: bytes) -> None:
    with pytest.raises(BadInputError) as refused:
        bench.printer.send(replace(REQUEST, pdf=raw))

    assert refused.value.code == "not_a_document"


@pytest.mark.parametrize("copies", [0, -1, 100])
def test_an_absurd_number_of_copies_is_refused(bench: Bench, copies: int) -> None:
    with pytest.raises(BadInputError) as refused:
        bench.printer.send(replace(REQUEST, copies=copies))

    assert refused.value.code == "copies_out_of_range"


def test_a_job_that_nobody_sent_is_not_called_printed(bench: Bench) -> None:
    status = bench.printer.follow("nobody-sent-this-0")

    assert status.state is JobState.FAILED
    assert status.reason
