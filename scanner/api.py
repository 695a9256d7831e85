"""The doors of the scanner for the rest of the product; nothing outside imports from behind them.

Import:  ``import_files(paths, into, limits, child_command, on_page) -> Manifest``
Scan:    ``scan(device, source, dpi, into, …) -> ScanOutcome``, ``list_devices(known) -> tuple[Device, …]``
PDF:     ``pages_to_pdf(pages, out, open_page=…, created=…, title=…) -> WrittenPdf``
Screen:  ``thumbnail(file, longest_side, rotation=…, skew=…) -> bytes``
"""

from __future__ import annotations

from scanner.children import ChildCommand, checkout_child_command
from scanner.imaging.thumbnail import thumbnail
from scanner.importing.parent import import_files
from scanner.limits import STANDARD_LIMITS, Limits
from scanner.manifest import (
    MANIFEST_NAME,
    Code,
    Ended,
    FlagCode,
    Kept,
    Kind,
    Manifest,
    Page,
    Refused,
    Source,
    read_manifest,
    write_manifest,
)
from scanner.pdf.pages import OpenPage, WrittenPdf, folder_pages, pages_to_pdf
from scanner.protocol import Colour, Device, PaperSource
from scanner.scanning.parent import ScanOutcome, ScanWatch, list_devices, scan

__all__ = [
    "MANIFEST_NAME",
    "STANDARD_LIMITS",
    "ChildCommand",
    "Code",
    "Colour",
    "Device",
    "Ended",
    "FlagCode",
    "Kept",
    "Kind",
    "Limits",
    "Manifest",
    "OpenPage",
    "Page",
    "PaperSource",
    "Refused",
    "ScanOutcome",
    "ScanWatch",
    "Source",
    "WrittenPdf",
    "checkout_child_command",
    "folder_pages",
    "import_files",
    "list_devices",
    "pages_to_pdf",
    "read_manifest",
    "scan",
    "thumbnail",
    "write_manifest",
]
