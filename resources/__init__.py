"""The only place that knows where the product's data files lie, from a checkout and from the frozen app alike."""

from __future__ import annotations

import sys
from pathlib import Path


def locate(*parts: str) -> Path:
    """Path of a shipped file or folder, as ``locate("guides", "stage3.json")``; the caller checks that it exists."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) / "resources" if frozen else Path(__file__).resolve().parent
    return root.joinpath(*parts)
