"""Files that an applicant brings, as pages: read by a port in a child process, refused files with their reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ebp_desktop.services.intake import PageFile


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that is no use, and why in the clerk's words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFiles:
    """The pages and whole files that came out, in order, and what was refused."""

    pages: tuple[PageFile, ...]
    refused: tuple[RefusedFile, ...]


class Importer(Protocol):
    """Turns files into pages."""

    def read(self, files: tuple[Path, ...], into: Path) -> ImportedFiles:
        """Reads files into a new or empty folder; a broken file is refused, never raised."""
        ...
