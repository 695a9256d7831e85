"""Network scanners without a vendor's driver: eSCL (AirScan) over HTTP, the same on Linux and Windows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx

from scanner.manifest import Ended
from scanner.protocol import Colour, Device, Frame, PaperSource, ScanFault, ScanJob

SCAN = "{http://schemas.hp.com/imaging/escl/2011/05/03}"
PWG = "{http://www.pwg.org/schemas/2010/12/sm}"
LARGEST_XML = 1 << 20
LARGEST_PAGE = 256 << 20
LONGEST_WAIT = 60.0
BUSY_RETRIES, BUSY_SECONDS = 10, 1.0
A4 = (2480, 3508)  # eSCL counts in 1/300 inch
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
SOURCES = {PaperSource.ADF: "Feeder", PaperSource.FLATBED: "Platen"}
MODES = {Colour.COLOUR: "RGB24", Colour.GREY: "Grayscale8"}
FEEDER_STATES = {
    "ScannerAdfJam": Ended.JAM,
    "ScannerAdfHatchOpen": Ended.COVER_OPEN,
    "ScannerAdfMultipickDetected": Ended.DOUBLE_FEED,
    "ScannerAdfMispick": Ended.JAM,
    "ScannerAdfEmpty": Ended.NO_DOCS,
}
REASONS = {
    "JobCompletedSuccessfully": Ended.DONE,
    "ScannerJam": Ended.JAM,
    "AdfJam": Ended.JAM,
    "MediaJam": Ended.JAM,
    "CoverOpen": Ended.COVER_OPEN,
    "DoorOpen": Ended.COVER_OPEN,
    "JobCanceledByUser": Ended.CANCELLED,
    "JobTimedOut": Ended.HUNG,
}

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
 xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.0</pwg:Version><scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion><pwg:Height>{height}</pwg:Height><pwg:Width>{width}</pwg:Width>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt><scan:ColorMode>{mode}</scan:ColorMode>
<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>
<scan:Duplex>{duplex}</scan:Duplex></scan:ScanSettings>"""


class EsclDriver:
    """Scanners at addresses that the hall has noted, such as ``http://192.0.2.7/eSCL``."""

    scheme = "escl"

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._known = tuple(known)

    def devices(self) -> tuple[Device, ...]:
        """Those of the noted addresses that answer."""
        found = []
        for address in self._known:
            with _Scanner(address) as scanner:
                try:
                    name = scanner.model()
                except ScanFault:
                    continue
            found.append(Device(address=f"escl:{address.removeprefix('escl:')}", name=name))
        return tuple(found)

    def open(self, address: str, job: ScanJob, alive: Callable[[], None]) -> EsclSession:
        """Start a job; ScanFault ``OFFLINE`` or ``BUSY`` where the scanner does not take it."""
        scanner = _Scanner(address)
        try:
            return EsclSession(scanner, scanner.start(job), job, alive)
        except ScanFault:
            scanner.close()
            raise


@dataclass(frozen=True, slots=True)
class _Status:
    """What a scanner says of itself: the state of its feeder, and the job's state with its reasons."""

    feeder: str
    job: str
    reasons: tuple[str, ...]


class EsclSession:
    """One job on a network scanner; its JPEG pages are kept byte for byte."""

    def __init__(self, scanner: _Scanner, job_url: str, job: ScanJob, alive: Callable[[], None]) -> None:
        self._scanner, self._job_url, self._job, self._alive = scanner, job_url, job, alive
        self._stop = threading.Event()

    def frames(self) -> Iterator[Frame]:
        """Page after page until the scanner has no next; then it is asked whether that was the end or a fault."""
        given = 0
        while True:
            data = self._scanner.next_page(self._job_url, self._alive, self._stop)
            if self._stop.is_set():
                raise ScanFault(Ended.CANCELLED)
            if data is None:
                break
            given += 1
            dpi = float(self._job.dpi)
            yield Frame(dpi=(dpi, dpi), data=data)
            if self._job.source is PaperSource.FLATBED:
                return
        ended = self._why()
        if ended is not Ended.DONE or not given:
            raise ScanFault(Ended.NO_DOCS if ended is Ended.DONE else ended)

    def cancel(self) -> None:
        """Delete the job at the scanner."""
        self._stop.set()
        with suppress(ScanFault):  # a scanner that is gone has stopped
            self._scanner.delete(self._job_url)

    def close(self) -> None:
        """Hang up."""
        self._scanner.close()

    def _why(self) -> Ended:
        """How the job ended; a job that was aborted without a word counts as a jam, for paper is still in there."""
        status = self._scanner.status(self._job_url)
        for reason in status.reasons:
            if reason in REASONS:
                return REASONS[reason]
        fault = FEEDER_STATES.get(status.feeder, Ended.DONE)
        if fault is Ended.NO_DOCS:
            return Ended.DONE
        if fault is Ended.DONE and status.job == "Aborted":
            return Ended.JAM if self._job.source is PaperSource.ADF else Ended.OFFLINE
        return Ended.CANCELLED if status.job == "Canceled" else fault


class _Scanner:
    """The HTTP side of one eSCL device."""

    def __init__(self, address: str) -> None:
        address = address.removeprefix("escl:").rstrip("/")
        self._root = address + "/"
        self._client = httpx.Client(timeout=httpx.Timeout(LONGEST_WAIT, connect=5.0), trust_env=False)

    def __enter__(self) -> _Scanner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def model(self) -> str:
        """What the scanner calls itself."""
        capabilities = self._xml("ScannerCapabilities")
        return capabilities.findtext(PWG + "MakeAndModel") or "eSCL"

    def start(self, job: ScanJob) -> str:
        """Create a job and give its address; an empty feeder is told before the scanner starts."""
        if job.source is PaperSource.ADF:
            state = self.status("").feeder
            if state in FEEDER_STATES:
                raise ScanFault(FEEDER_STATES[state], state)
        settings = _SETTINGS.format(
            width=A4[0],
            height=A4[1],
            source=SOURCES[job.source],
            mode=MODES[job.colour],
            dpi=job.dpi,
            duplex=str(job.duplex).lower(),
        )
        answer = self._send("POST", "ScanJobs", content=settings, headers={"Content-Type": "text/xml"})
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise ScanFault(Ended.BUSY, "the scanner works on another job")
        if answer.status_code == httpx.codes.CONFLICT:
            raise ScanFault(Ended.NO_DOCS, "the scanner refuses the job")
        location = answer.headers.get("Location", "")
        if answer.status_code != httpx.codes.CREATED or not location:
            raise ScanFault(Ended.OFFLINE, f"status {answer.status_code}")
        # Some scanners name the job by a path only, and others by a host name that this hall cannot resolve.
        return urljoin(self._root, httpx.URL(location).path)

    def next_page(self, job_url: str, alive: Callable[[], None], stop: threading.Event) -> bytes | None:
        """The next page whole, or ``None`` where there is none; ScanFault for one that was cut short."""
        for _ in range(BUSY_RETRIES):
            data = self._download(job_url + "/NextDocument", alive, stop)
            if data is not None or stop.is_set():
                return data or None
            if stop.wait(BUSY_SECONDS):
                return None
        raise ScanFault(Ended.BUSY, "the scanner keeps saying that it is busy")

    def _download(self, url: str, alive: Callable[[], None], stop: threading.Event) -> bytes | None:
        """The page; empty for the end of the job, ``None`` where it shall be asked again."""
        body = bytearray()
        try:
            with self._client.stream("GET", url) as answer:
                if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                    return None
                if answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.CONFLICT, httpx.codes.GONE}:
                    return b""
                if answer.status_code != httpx.codes.OK:
                    raise ScanFault(Ended.OFFLINE, f"status {answer.status_code}")
                for chunk in answer.iter_bytes():
                    body += chunk
                    alive()
                    if len(body) > LARGEST_PAGE:
                        raise ScanFault(Ended.OFFLINE, "the page does not end")
        except httpx.HTTPError as error:
            raise ScanFault(Ended.CANCELLED if stop.is_set() else Ended.OFFLINE, str(error)) from error
        if not body.startswith(JPEG_START) or JPEG_END not in body[-64:]:
            # A scanner that jams answers "200 OK" with nothing, or with half a page: its state says why.
            return b""
        return bytes(body)

    def status(self, job_url: str) -> _Status:
        """The state of the feeder and of one job."""
        root = self._xml("ScannerStatus")
        jobs = root.iter(SCAN + "JobInfo") if job_url else ()
        job = next((entry for entry in jobs if job_url.endswith(_text(entry, PWG + "JobUri") or "?")), None)
        reasons = [] if job is None else [reason.text or "" for reason in job.iter(PWG + "JobStateReason")]
        state = "" if job is None else _text(job, PWG + "JobState")
        return _Status(root.findtext(SCAN + "AdfState") or "", state, tuple(reasons))

    def delete(self, job_url: str) -> None:
        """Cancel a job; a scanner that has forgotten it already is right too."""
        self._send("DELETE", job_url)

    def _xml(self, path: str) -> ElementTree.Element:
        answer = self._send("GET", path)
        text = answer.content
        if answer.status_code != httpx.codes.OK or len(text) > LARGEST_XML or b"<!DOCTYPE" in text:
            raise ScanFault(Ended.OFFLINE, f"{path}: status {answer.status_code}")
        try:
            return ElementTree.fromstring(text)  # noqa: S314 - size capped, document types refused above
        except ElementTree.ParseError as error:
            raise ScanFault(Ended.OFFLINE, f"{path}: no XML") from error

    def _send(self, method: str, path: str, **more: object) -> httpx.Response:
        try:
            return self._client.request(method, urljoin(self._root, path), **more)  # type: ignore[arg-type]
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ScanFault(Ended.OFFLINE, str(error)) from error


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
