"""What every scanner driver offers, whatever the device speaks: a list of devices, and a session that gives frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from PIL import Image

from scanner.manifest import Ended


class PaperSource(StrEnum):
    """Where the paper lies."""

    ADF = "adf"
    FLATBED = "flatbed"


class Colour(StrEnum):
    """What is kept of colour; red stamps need ``COLOUR``, which is why it is the default (DA/T 31-2017)."""

    COLOUR = "colour"
    GREY = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanJob:
    """One job of scanning; ``options`` are the device's own, by name, and win over everything else."""

    source: PaperSource
    dpi: int = 300
    colour: Colour = Colour.COLOUR
    duplex: bool = False
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A scanner that was found: the address to scan with, and what to call it; ``verified`` is false for drivers
    that nobody has tried on real hardware yet."""

    address: str
    name: str
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One side of one sheet as the device gave it: a ``picture``, or ``data`` that the device encoded itself."""

    dpi: tuple[float, float]
    picture: Image.Image | None = None
    data: bytes | None = None
    suffix: str = ".jpg"


class ScanFault(Exception):  # noqa: N818 - how a scan ends is an answer, not a defect
    """The device stopped before it was done; ``detail`` is what it said itself, for the log."""

    def __init__(self, ended: Ended, detail: str = "") -> None:
        super().__init__(f"{ended}: {detail}" if detail else str(ended))
        self.ended = ended
        self.detail = detail


class Session(Protocol):
    """One job under way on one device."""

    def frames(self) -> Iterator[Frame]:
        """Whole frames in the order of the feeder; ends when the feeder is empty or the flatbed is read.

        Raises ScanFault for everything else, also for ``NO_DOCS`` before the first frame. A frame that was cut short
        is never given.
        """
        ...

    def cancel(self) -> None:
        """Stop as soon as the device can; called from another thread."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


class Driver(Protocol):
    """One way of talking to scanners."""

    @property
    def scheme(self) -> str:
        """The word before the colon in the addresses of this driver."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """The scanners that answer now."""
        ...

    def open(self, address: str, job: ScanJob, alive: Callable[[], None]) -> Session:
        """Start a job on the device at the address (without the scheme); ``alive`` is called while data comes in.

        Raises ScanFault where the device cannot be had.
        """
        ...
