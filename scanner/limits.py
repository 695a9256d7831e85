"""How much one import may take: bytes, pages, pixels, memory and time, so that no file can hold up the counter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of one import; bytes, counts, pixels and seconds as the names say.

    The pixel cap lets an A0 drawing at 300 dpi pass (139 million); the memory cap is the child's whole address space.
    """

    file_bytes: int = 1 << 30
    pages_per_file: int = 2000
    pixels_per_page: int = 160_000_000
    archive_entries: int = 20_000
    archive_bytes: int = 2 << 30
    archive_ratio: int = 200
    memory_bytes: int = 3 << 30
    cpu_seconds_per_file: int = 900
    seconds_per_page: float = 60.0
    draw_dpi: int = 300


STANDARD_LIMITS = Limits()
