"""Structured logs: one JSON object a line, with codes and opaque ids and never a name, number or text of a person."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from typing import Final

from ebp_desktop.domain.calendar import CHINA

_LOGGER: Final = logging.getLogger("central")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; an exception shows its type and place, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, CHINA).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line |= fields
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["trace"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_qualname if sys.version_info >= (3, 11) else code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places


def log_event(event: str, **fields: str | int | float) -> None:
    """Write one event; ``fields`` are codes, counts, paths and opaque ids."""
    _LOGGER.info(event, extra={"fields": fields})


def configure_logs() -> None:
    """Send everything to stderr in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("alembic").setLevel(logging.WARNING)
