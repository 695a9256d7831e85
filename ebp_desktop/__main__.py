"""The one door of the counter: child processes first, then commands; the window is a command too."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence

CHILD_FLAG = "--child"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a child, a command or the window; gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [CHILD_FLAG]:
        return _child(given[1:])
    # Loaded only now: a child must not pay for, nor crash on, what it does not use.
    run: Callable[[Sequence[str]], int] = importlib.import_module("ebp_desktop.cli.main").main
    return run(given)


def _child(arguments: Sequence[str]) -> int:
    kind = arguments[0] if arguments else ""
    if kind == "agent":
        agent: Callable[[], int] = importlib.import_module("ebp_desktop.bootstrap.agent").main
        return agent()
    if kind == "central":
        central: Callable[[Sequence[str]], int] = importlib.import_module("central.__main__").main
        return central(arguments[1:])
    scanner: Callable[[Sequence[str]], int] = importlib.import_module("scanner.child").main
    return scanner(arguments)


if __name__ == "__main__":
    sys.exit(main())
