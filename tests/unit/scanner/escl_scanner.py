"""A network scanner on loopback that speaks eSCL as office devices do, faults and oddities included."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
CAPABILITIES = f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {NAMES}>
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Counter MFP</pwg:MakeAndModel><pwg:SerialNumber>1</pwg:SerialNumber>
<scan:Platen><scan:PlatenInputCaps>{{caps}}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{{caps}}</scan:AdfSimplexInputCaps><scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf>
</scan:ScannerCapabilities>"""
CAPS = """<scan:MinWidth>100</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>100</scan:MinHeight>
<scan:MaxHeight>3508</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>150</scan:XResolution><scan:YResolution>150</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution></scan:DiscreteResolution>
</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"""


@dataclass
class Scanner:
    """What lies in the device and how it behaves.

    ``fault`` is the AdfState once the pages are through; ``end`` how "no more" is said: 404, 409, an empty page, or
    half a page. ``busy`` answers 503 so often before the next page; ``gate`` holds every page until it is opened.
    """

    pages: list[bytes] = field(default_factory=list)
    fault: str = ""
    end: str = "404"
    busy: int = 0
    busy_jobs: bool = False
    absolute_location: bool = False
    gate: threading.Event | None = None
    asked: list[str] = field(default_factory=list)
    settings: str = ""
    deleted: bool = False
    job_state: str = "Processing"

    @property
    def adf_state(self) -> str:
        if self.pages:
            return "ScannerAdfLoaded"
        return self.fault or "ScannerAdfEmpty"

    def status(self) -> bytes:
        job = (
            f"<scan:Jobs><scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/7</pwg:JobUri><pwg:JobState>{self.job_state}"
            "</pwg:JobState></scan:JobInfo></scan:Jobs>"
        )
        state = f"<pwg:State>Idle</pwg:State><scan:AdfState>{self.adf_state}</scan:AdfState>"
        return f'<?xml version="1.0"?><scan:ScannerStatus {NAMES}>{state}{job}</scan:ScannerStatus>'.encode()


class _Handler(BaseHTTPRequestHandler):
    scanner: Scanner
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.scanner.asked.append(self.path)
        if self.path.endswith("/ScannerCapabilities"):
            self._answer(200, CAPABILITIES.format(caps=CAPS).encode(), "text/xml")
        elif self.path.endswith("/ScannerStatus"):
            self._answer(200, self.scanner.status(), "text/xml")
        elif self.path.endswith("/NextDocument"):
            self._next()
        else:
            self._answer(404)

    def do_POST(self):
        self.scanner.settings = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.scanner.busy_jobs:
            self._answer(503)
            return
        path = "/eSCL/ScanJobs/7"
        where = f"http://scanner.invalid{path}" if self.scanner.absolute_location else path
        self._answer(201, headers={"Location": where})

    def do_DELETE(self):
        self.scanner.deleted = True
        self.scanner.job_state = "Canceled"
        if self.scanner.gate is not None:
            self.scanner.gate.set()
        self._answer(200)

    def _next(self):
        scanner = self.scanner
        if scanner.gate is not None:
            scanner.gate.wait(20)
        if scanner.deleted:
            self._answer(404)
        elif scanner.busy:
            scanner.busy -= 1
            self._answer(503)
        elif scanner.pages:
            self._answer(200, scanner.pages.pop(0), "image/jpeg")
        else:
            scanner.job_state = "Aborted" if scanner.fault else "Completed"
            ends = {
                "404": (404, b""),
                "409": (409, b""),
                "empty": (200, b""),
                "half": (200, b"\xff\xd8\xff" + bytes(500)),
            }
            self._answer(*ends[scanner.end], "image/jpeg")

    def _answer(self, code, body=b"", kind="text/plain", headers=None):
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet: the test reads what was asked."""


@contextmanager
def serving(scanner: Scanner) -> Iterator[str]:
    """The scanner's address while it is switched on."""
    handler = type("Handler", (_Handler,), {"scanner": scanner})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/eSCL"
    finally:
        if scanner.gate is not None:
            scanner.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
