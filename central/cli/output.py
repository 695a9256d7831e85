"""What a command prints: one JSON object or words, and failures with their exit codes; never a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from ebp_desktop.domain.errors import EbpError

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"
DONE: Final = 0
SURROUNDINGS: Final = 5


def print_result(result: Mapping[str, Json], *, as_json: bool) -> None:
    """The result of a command; without ``--json`` one line for each field."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False), flush=True)
        return
    for name, value in result.items():
        shown = value if isinstance(value, (str, int)) else json.dumps(value, ensure_ascii=False)
        print(f"{name}: {shown}", flush=True)


def print_failure(error: EbpError, *, as_json: bool) -> int:
    """Say what happened, what is safe and what to do; returns the exit code."""
    if as_json:
        fields = {name: getattr(error, name) for name in ("code", "message", "article", "place", "safe", "todo")}
        missing = [{"line": each.line, "what": each.what, "article": each.article} for each in error.missing]
        print(json.dumps({"error": fields, "missing": missing}, ensure_ascii=False), flush=True)
    words = [error.message, error.article, error.place, error.safe, error.todo]
    print("\n".join(word for word in words if word), file=sys.stderr)
    for each in error.missing:
        print(f"  {each.line}：{each.what}", file=sys.stderr)
    return error.exit_code
