"""Scanning from the command line: the feeder or the glass into a folder, needing no home."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ebp_desktop.bootstrap.children import child_command
from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context
from scanner import api as scanner

FAILED = 5


def scan_pages(args: Namespace, _context: Context) -> Answer:
    """Pages into a folder with the manifest of the contract; whatever stops the scanner, the pages so far stay."""
    outcome = scanner.scan(
        args.device, scanner.PaperSource(args.source), args.dpi, Path(args.into), child_command=child_command
    )
    words = "\n".join((f"{outcome.words}：{len(outcome.manifest.pages)} 页", *outcome.doubts))
    return Answer(data=outcome.manifest.as_data(), words=words, exit_code=0 if outcome.satisfied else FAILED)
