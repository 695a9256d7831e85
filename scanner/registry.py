"""Which driver speaks to which address, in the order in which they are asked for devices."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from scanner.backends.escl import EsclDriver
from scanner.backends.sane import SaneDriver
from scanner.manifest import Ended
from scanner.protocol import Device, Driver, ScanFault


def standard_drivers(known: Sequence[str] = ()) -> tuple[Driver, ...]:
    """The drivers of this platform; ``known`` are addresses of network scanners that the hall has noted."""
    network = EsclDriver(known)
    return (network,) if sys.platform == "win32" else (SaneDriver(), network)


def driver_for(device: str, drivers: Sequence[Driver]) -> tuple[Driver, str]:
    """The driver and the address it understands; ScanFault ``OFFLINE`` where there is none.

    ``escl:http://…``, a bare ``http://…`` and ``sane:test:0`` name their driver; anything else is what the first
    driver calls a device, such as ``test:0``.
    """
    scheme, _, rest = device.partition(":")
    for driver in drivers:
        if scheme == driver.scheme:
            return driver, rest
    if scheme in {"http", "https"}:
        scheme = "escl"
    named = next((driver for driver in drivers if driver.scheme == scheme), None)
    if named is None and (not drivers or not device):
        raise ScanFault(Ended.OFFLINE, f"no driver for {device!r}")
    return (named or drivers[0]), device


def probe(drivers: Sequence[Driver]) -> tuple[Device, ...]:
    """Every device that any driver finds; a driver that fails is passed over."""
    found: list[Device] = []
    for driver in drivers:
        try:
            found.extend(driver.devices())
        except ScanFault:
            continue
    return tuple(found)
