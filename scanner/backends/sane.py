"""Scanners through SANE: one job per process, because a backend's options and faults outlive its device."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Protocol

from PIL import Image

from scanner.manifest import Ended
from scanner.protocol import Colour, Device, Frame, PaperSource, ScanFault, ScanJob

DEPTH = 8
A4_MM = (210.0, 297.0)
MM_PER_INCH = 25.4
HAND_HELD = -1
FEEDER_WORDS = ("feeder", "adf")
FLATBED_WORDS = ("flatbed", "platen")
MODES = {Colour.COLOUR: ("Color", "color", "24bit Color"), Colour.GREY: ("Gray", "gray", "Grayscale")}
DOUBLE_FEED_OPTIONS = {"df_action": "Stop", "double_feed_detection": "1", "ultrasonic_double_feed": "1"}
# python-sane passes on the text of sane_strstatus only.
FAULTS = {
    "Document feeder jammed": Ended.JAM,
    "Scanner cover is open": Ended.COVER_OPEN,
    "Document feeder out of documents": Ended.NO_DOCS,
    "Device busy": Ended.BUSY,
    "Access to resource has been denied": Ended.BUSY,
    "Operation was cancelled": Ended.CANCELLED,
}


class _Opened(Protocol):
    """What is used of python-sane's device."""

    @property
    def opt(self) -> dict[str, object]: ...
    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...
    def get_parameters(self) -> tuple[str, int, tuple[int, int], int, int]: ...
    def snap(self, no_cancel: bool, progress: Callable[[int, int], None]) -> Image.Image: ...


class SaneDriver:
    """Everything that libsane reaches, network and USB alike."""

    scheme = "sane"

    def __init__(self) -> None:
        self._sane: ModuleType | None = None

    def devices(self) -> tuple[Device, ...]:
        """What the configured backends find."""
        sane = self._library()
        try:
            found = sane.get_devices()
        except sane._sane.error as error:
            raise _fault(error) from error
        return tuple(Device(address=name, name=f"{maker} {model}") for name, maker, model, _ in found)

    def open(self, address: str, job: ScanJob, alive: Callable[[], None]) -> SaneSession:
        """Open the device and set every option that the job speaks of."""
        sane = self._library()
        try:
            device = sane.open(address.removeprefix("sane:"))
        except sane._sane.error as error:
            raise _fault(error) from error
        session = SaneSession(device, job, alive, sane._sane.error)
        session.configure()
        return session

    def _library(self) -> ModuleType:
        """python-sane, loaded and started at first use; it is absent where no SANE is."""
        if self._sane is None:
            try:
                library = importlib.import_module("sane")
            except ImportError as error:
                raise ScanFault(Ended.OFFLINE, "python-sane is not installed") from error
            library.init()
            self._sane = library
        return self._sane


class SaneSession:
    """One job on one SANE device."""

    def __init__(self, device: _Opened, job: ScanJob, alive: Callable[[], None], error: type[Exception]) -> None:
        self._device, self._job, self._alive, self._error = device, job, alive, error
        self._stop = threading.Event()

    def configure(self) -> None:
        """Set source, mode, resolution, depth, area and the device's own options, in the order SANE wants them."""
        job = self._job
        words = FEEDER_WORDS if job.source is PaperSource.ADF else FLATBED_WORDS
        self._choose("source", lambda name: any(word in name.lower() for word in words) and self._side(name))
        self._choose("mode", lambda name: name in MODES[job.colour])
        self._set("depth", DEPTH)
        self._set("resolution", job.dpi)
        for name, value in DOUBLE_FEED_OPTIONS.items():
            self._set(name, value)
        for name, edge in (("tl_x", 0.0), ("tl_y", 0.0), ("br_x", A4_MM[0]), ("br_y", A4_MM[1])):
            self._set(name, self._inside(name, edge))
        for name, value in job.options.items():
            if not self._set(name.replace("-", "_"), value):
                raise ScanFault(Ended.OFFLINE, f"the device has no option {name}={value}")

    def frames(self) -> Iterator[Frame]:
        """Sheet after sheet from the feeder, or the one page of the flatbed."""
        while True:
            yield self._frame()
            if self._job.source is PaperSource.FLATBED:
                return

    def cancel(self) -> None:
        """Ask the backend to stop; a frame that this cuts short is dropped."""
        self._stop.set()
        self._device.cancel()

    def close(self) -> None:
        """Give the device back."""
        self._device.close()

    def _frame(self) -> Frame:
        """One whole frame; a short one is a fault, for python-sane gives it without a word."""
        try:
            self._device.start()
            _, _, (width, height), _, _ = self._device.get_parameters()
            picture = self._device.snap(True, self._progress)
        except self._error as error:
            raise _fault(error) from error
        except RuntimeError as error:
            raise ScanFault(Ended.OFFLINE, str(error)) from error
        if self._stop.is_set():
            raise ScanFault(Ended.CANCELLED)
        if picture.width != width or height not in {picture.height, HAND_HELD}:
            raise ScanFault(Ended.OFFLINE, f"frame of {picture.size}, announced as {(width, height)}")
        return Frame(dpi=(float(self._job.dpi), float(self._job.dpi)), picture=picture)

    def _progress(self, _line: int, _lines: int) -> None:
        self._alive()

    def _side(self, name: str) -> bool:
        """One-sided or two-sided sources by their names."""
        return ("duplex" in name.lower()) == self._job.duplex or not any(
            "duplex" in str(other).lower() for other in self._values("source")
        )

    def _values(self, option: str) -> list[object]:
        constraint = getattr(self._device.opt.get(option), "constraint", None)
        return constraint if isinstance(constraint, list) else []

    def _choose(self, option: str, fits: Callable[[str], bool]) -> None:
        chosen = next((value for value in self._values(option) if isinstance(value, str) and fits(value)), None)
        if chosen is not None:
            self._set(option, chosen)

    def _inside(self, option: str, value: float) -> float:
        """The value, or the nearest the device allows."""
        constraint = getattr(self._device.opt.get(option), "constraint", None)
        if isinstance(constraint, tuple) and len(constraint) == 3:
            return min(max(value, float(constraint[0])), float(constraint[1]))
        return value

    def _set(self, option: str, value: object) -> bool:
        """Set an option that the device has; false where it has none or does not take the value."""
        if option not in self._device.opt:
            return False
        current = getattr(self._device, option, None)
        if isinstance(value, str) and isinstance(current, int | float):
            value = type(current)(float(value)) if not isinstance(current, bool) else value in {"1", "yes", "true"}
        try:
            setattr(self._device, option, value)
        except (self._error, AttributeError, TypeError, ValueError):
            return False
        return True


def _fault(error: Exception) -> ScanFault:
    """How a scan ended, by the words of libsane; what it cannot name is a device that is not there."""
    words = str(error)
    return ScanFault(FAULTS.get(words, Ended.OFFLINE), words)
