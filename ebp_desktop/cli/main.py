"""Every command of the product in one place, those of the window and the demo day included."""

from __future__ import annotations

import importlib
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.app import Commands, option, run
from ebp_desktop.cli.context import Context
from ebp_desktop.cli.demo_day.command import played
from ebp_desktop.cli.demo_day.hands import Photograph


def main(arguments: Sequence[str]) -> int:
    """Runs one command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    return run(arguments, extra=_extra)


def _extra(commands: Commands) -> None:
    commands.add(
        "day",
        played(_photograph),
        "演示一整天",
        option("--out", required=True, help="folder: new, empty, or of an earlier day"),
        option("--papers", help="folder of papers named by material"),
    )
    commands.add("window", _window, "打开窗口", option("--demo", action="store_true", help="with demo people"))


def _window(args: Namespace, context: Context) -> Answer:
    """The counter's window, on this home or on a demo below it."""
    windows = importlib.import_module("ebp_desktop.bootstrap.windows")
    open_it: Callable[[Path], int] = windows.open_demo if args.demo else windows.open_window
    return Answer(exit_code=0 if open_it(context.home) == 0 else 5)


def _photograph(home: Path, moment: str) -> list[str]:
    # Loaded only now: a command without windows must not need what a screen needs.
    draw: Photograph = importlib.import_module("ebp_desktop.bootstrap.windows").photograph
    return draw(home, moment)
