"""How children of the product start: from a checkout by module, from the frozen app by a hidden first argument."""

from __future__ import annotations

import sys

CHILD_FLAG = "--child"


def child_command(kind: str) -> list[str]:
    """The command line of a child of this kind: ``import``, ``scan``, ``agent`` or ``central``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, kind]
    return [sys.executable, "-m", "ebp_desktop", CHILD_FLAG, kind]
