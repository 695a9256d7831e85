"""Paper through a real print service: CUPS with its PDF printer, stopped queues, unplugged printers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp

import resources
from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.renderer import Renderer
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.printing.cups import CupsPrinter, cups_queues
from ebp_desktop.printing.protocol import JobState, PrinterState, PrintRequest
from tests.fixtures.printers import CUPS_PDF, Listener, PrintService

TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5
WAIT_SECONDS = 60


def settled(printer: CupsPrinter, job: str, *states: JobState) -> JobState:
    """The state of a job once it is one of ``states``."""
    give_up = time.monotonic() + WAIT_SECONDS
    while (state := printer.follow(job).state) not in states and time.monotonic() < give_up:
        threading.Event().wait(0.1)
    return state


@pytest.fixture(scope="module")
def slip() -> bytes:
    samples = json.loads(resources.locate("templates", "samples.json").read_bytes())
    return Renderer().render("slip", parse_data("slip", json.dumps(samples["slip"]).encode()), TOKEN)


@pytest.fixture
def pdf_queue(print_service: PrintService) -> CupsPrinter:
    if not CUPS_PDF.exists():
        pytest.skip("printer-driver-cups-pdf is not installed: CUPS with its PDF printer was not tested")
    print_service.add_queue("ebp-pdf", "-v", "cups-pdf:/", "-P", str(CUPS_PDF))
    return CupsPrinter("ebp-pdf", print_service.server)


@pytest.fixture
def title() -> Iterator[str]:
    """A title that nothing else has; what cups-pdf writes under it into the user's folder goes away again."""
    name = f"ebp-{uuid4().hex}"
    folder = Path.home() / "PDF"
    was_there = folder.exists()
    yield name
    for written in folder.glob(f"{name}*"):
        written.unlink()
    if not was_there and folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def test_the_slip_comes_out_of_a_real_print_service_and_its_code_still_reads(pdf_queue, slip, title) -> None:
    job = pdf_queue.send(PrintRequest(title=title, pdf=slip))

    assert settled(pdf_queue, job, JobState.DONE, JobState.FAILED) is JobState.DONE
    (written,) = (Path.home() / "PDF").glob(f"{title}*")
    with pypdfium2.PdfDocument(written) as printed:
        width, height = printed[0].get_size()
        picture = printed[0].render(scale=200 / 72).to_pil()
    assert (round(width), round(height)) == (595, 842)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TOKEN]


def test_the_bytes_of_the_pdf_reach_a_network_printer_unchanged(print_service, listener, slip) -> None:
    print_service.add_queue("raw-a", "-v", f"socket://127.0.0.1:{listener.port}", "-m", "raw")
    printer = CupsPrinter("raw-a", print_service.server)

    job = printer.send(PrintRequest(title="登记凭单", pdf=slip))

    assert listener.received() == [slip]
    assert settled(printer, job, JobState.DONE) is JobState.DONE


def test_a_stopped_queue_takes_nothing_that_would_come_out_later_by_surprise(print_service, listener, slip) -> None:
    print_service.add_queue("raw-b", "-v", f"socket://127.0.0.1:{listener.port}", "-m", "raw")
    print_service.run("cupsdisable", "-r", "卡纸", "raw-b")
    printer = CupsPrinter("raw-b", print_service.server)

    with pytest.raises(SurroundingsError) as stopped:
        printer.send(PrintRequest(title="登记凭单", pdf=slip))

    assert stopped.value.code == "printer_stopped"
    assert printer.status().state is PrinterState.STOPPED
    assert "卡纸" in stopped.value.message
    assert print_service.run("lpstat", "-o", "raw-b").stdout == b""


def test_an_unplugged_printer_keeps_the_job_waiting_and_says_why(print_service, slip) -> None:
    gone = Listener()
    gone.close()
    print_service.add_queue("raw-c", "-v", f"socket://127.0.0.1:{gone.port}", "-m", "raw")
    printer = CupsPrinter("raw-c", print_service.server)

    job = printer.send(PrintRequest(title="登记凭单", pdf=slip))

    give_up = time.monotonic() + WAIT_SECONDS
    while not (status := printer.follow(job)).reason and time.monotonic() < give_up:
        threading.Event().wait(0.1)
    print_service.run("cancel", "-a", "raw-c")
    assert status.state is JobState.WAITING
    assert "没有应答" in status.reason


def test_a_cancelled_job_counts_as_failed(print_service, slip) -> None:
    gone = Listener()
    gone.close()
    print_service.add_queue("raw-d", "-v", f"socket://127.0.0.1:{gone.port}", "-m", "raw")
    printer = CupsPrinter("raw-d", print_service.server)
    job = printer.send(PrintRequest(title="登记凭单", pdf=slip))

    print_service.run("cancel", job)

    assert settled(printer, job, JobState.FAILED) is JobState.FAILED


def test_the_queues_of_the_service_are_listed(print_service, listener) -> None:
    print_service.add_queue("raw-e", "-v", f"socket://127.0.0.1:{listener.port}", "-m", "raw")

    assert "raw-e" in cups_queues(print_service.server)


def test_a_service_that_is_not_running_has_no_printers(print_service) -> None:
    gone = Listener()
    gone.close()

    printer = CupsPrinter("any", f"127.0.0.1:{gone.port}")

    assert cups_queues(f"127.0.0.1:{gone.port}") == ()
    assert printer.status().state is PrinterState.MISSING
