"""Every command of the product in one place, those of the window and the demo day included."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ebp_desktop.cli.app import run


def main(arguments: Sequence[str]) -> int:
    """Runs one command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    return run(arguments)
