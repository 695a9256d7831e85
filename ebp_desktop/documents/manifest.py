"""Which fonts the papers are set with, where they come from, and whether this machine has exactly those."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec

import resources
from ebp_desktop.documents.fonts import default_folders


class FontState(StrEnum):
    """How a font of the manifest stands on this machine."""

    EXACT = "exact"
    OTHER_VERSION = "other_version"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFont:
    """A font file that set-up installs: ``package`` says from where, ``licence`` in words, ``sha256`` which bytes."""

    file: str
    family: str
    use: str
    licence: str
    package: str
    sha256: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FontReport:
    """A font of the manifest with what was found here; ``path`` is ``None`` when nothing was."""

    font: ManifestFont
    state: FontState
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    fonts: tuple[ManifestFont, ...]


def manifest_fonts() -> tuple[ManifestFont, ...]:
    """Every font of ``resources/fonts/manifest.json``."""
    raw = resources.locate("fonts", "manifest.json").read_bytes()
    return msgspec.json.decode(raw, type=_Manifest).fonts


def report_fonts(folders: tuple[Path, ...] | None = None) -> tuple[FontReport, ...]:
    """How each font of the manifest stands below ``folders``; another version still prints, with other bytes."""
    places = default_folders() if folders is None else folders
    return tuple(_report(font, places) for font in manifest_fonts())


def _report(font: ManifestFont, folders: tuple[Path, ...]) -> FontReport:
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob(font.file))]
    for path in found:
        if sha256(path.read_bytes()).hexdigest() == font.sha256:
            return FontReport(font=font, state=FontState.EXACT, path=path)
    if found:
        return FontReport(font=font, state=FontState.OTHER_VERSION, path=found[0])
    return FontReport(font=font, state=FontState.MISSING)
