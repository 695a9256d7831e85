"""What the counter and the scan child say to each other: JSON lines; pixels go to the disk, never through the pipe."""

from __future__ import annotations

import msgspec

from scanner.manifest import Ended, Page
from scanner.protocol import Device, ScanJob


class SpoolKey(msgspec.Struct, frozen=True):
    """The key under which pages are sealed as they come; it travels through the inherited pipe only."""

    key_id: str
    secret: bytes


class BeginScan(msgspec.Struct, frozen=True, tag="begin"):
    """The first line to the child.

    ``device`` empty: only list the devices. ``adopt``: only measure these files, which an earlier child left behind.
    ``wait_seconds``: how long an empty feeder is waited for.
    """

    parent: int
    into: str
    device: str
    job: ScanJob
    next_page: int
    wait_seconds: float = 0.0
    known: tuple[str, ...] = ()
    adopt: tuple[str, ...] = ()
    seal: SpoolKey | None = None


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """The clerk wants it to stop."""


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """Data is coming in; nothing is finished."""


class Waiting(msgspec.Struct, frozen=True, tag="waiting"):
    """The feeder is empty and waited for."""


class Scanned(msgspec.Struct, frozen=True, tag="page"):
    """One page lies in the folder, flushed to the disk."""

    page: Page


class Found(msgspec.Struct, frozen=True, tag="found"):
    """The devices that answered."""

    devices: tuple[Device, ...]


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The child is done; ``detail`` is what the device said."""

    ended: Ended
    detail: str = ""


class SpoolFull(msgspec.Struct, frozen=True, tag="no_space"):
    """The disk is full."""


FromScan = Alive | Waiting | Scanned | Found | Finished | SpoolFull
