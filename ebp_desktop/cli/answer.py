"""How a command answers: words or one JSON object, and an exit code that scripts can rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TextIO
from uuid import UUID

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import EbpError

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command found or did: ``data`` for machines, ``words`` for people."""

    data: Json = field(default_factory=dict)
    words: str = ""
    exit_code: int = 0


def plain(value: object) -> object:
    """A value as JSON shows it: times with +08:00, dates as ISO, numbers and words as they are."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(each) for each in value]
    return value


def show(answer: Answer, *, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints the answer and gives its exit code; with JSON the words go to stderr."""
    if as_json:
        out.write(json.dumps(plain(answer.data), ensure_ascii=False) + "\n")
        if answer.words:
            err.write(answer.words + "\n")
    else:
        out.write((answer.words or json.dumps(plain(answer.data), ensure_ascii=False, indent=2)) + "\n")
    return answer.exit_code


def show_error(error: EbpError, *, as_json: bool, out: TextIO, err: TextIO, extra: Json | None = None) -> int:
    """Prints a failure: what happened, what is safe, what to do now."""
    missing = [{"line": m.line, "what": m.what, "article": m.article} for m in error.missing]
    if as_json:
        body = {
            "code": error.code,
            "message": error.message,
            "article": error.article,
            "place": error.place,
            "safe": error.safe,
            "todo": error.todo,
        }
        shown = {"error": body, "missing": missing, **{key: plain(value) for key, value in (extra or {}).items()}}
        out.write(json.dumps(shown, ensure_ascii=False) + "\n")
    lines = [error.message]
    lines += [f"  · {m['line']}：{m['what']}{'（' + m['article'] + '）' if m['article'] else ''}" for m in missing]
    lines += [f"依据：{error.article}"] if error.article else []
    lines += [f"位置：{error.place}"] if error.place else []
    lines += [f"现状：{error.safe}"] if error.safe else []
    lines += [f"处理：{error.todo}"] if error.todo else []
    err.write("\n".join(lines) + "\n")
    return error.exit_code
