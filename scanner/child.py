"""Entry of every child process of the scanner, dispatched by the hidden first argument before anything else loads."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence

KINDS = {"import": "scanner.importing.worker", "scan": "scanner.scanning.worker"}
USAGE = 2


def main(argv: Sequence[str]) -> int:
    """Run the child of the kind ``argv[0]`` (``import`` or ``scan``) over the standard streams; gives the exit code.

    A frozen application calls this for its own hidden argument; a checkout starts ``python -m scanner.child KIND``.
    """
    if len(argv) != 1 or argv[0] not in KINDS:
        sys.stderr.write(f"usage: scanner.child {'|'.join(KINDS)}\n")
        return USAGE
    # One thread per library: the counter's machine has other work, and every thread reserves address space.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    serve: Callable[[], int] = importlib.import_module(KINDS[argv[0]]).main
    return serve()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
