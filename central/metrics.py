"""Metrics in Prometheus text: requests of this process, and how the store stands."""

from __future__ import annotations

from collections import Counter
from typing import Final

import sqlalchemy as sa

from central.runtime import Central
from central.store import schema as t
from central.store.feed import head

_COUNTED: Final = (
    ("ebp_facts", "Facts in the ledger", sa.select(sa.func.count()).select_from(t.facts)),
    ("ebp_facts_waiting", "Facts kept without effect", sa.select(sa.func.count()).where(t.facts.c.applied.is_(False))),
    ("ebp_cases_open", "Applications that are open", sa.select(sa.func.count()).where(t.cases.c.is_open.is_(True))),
    ("ebp_devices", "Enrolled workstations", sa.select(sa.func.count()).select_from(t.devices)),
    (
        "ebp_devices_quarantined",
        "Workstations stopped",
        sa.select(sa.func.count()).where(t.devices.c.quarantined != ""),
    ),
    ("ebp_blobs_unfinished", "Scans not whole yet", sa.select(sa.func.count()).where(t.blobs.c.done.is_(False))),
)


class Metrics:
    """Counts and seconds by route, not by address, so that no number of a case becomes a label."""

    __slots__ = ("_requests", "_seconds")

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[tuple[str, str]] = Counter()

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests[method, route, status] += 1
        # Counter holds any number; microseconds keep it a whole one.
        self._seconds[method, route] += round(seconds * 1_000_000)

    def lines(self) -> list[str]:
        """The metrics of this process."""
        lines = ["# HELP ebp_requests_total Answered requests", "# TYPE ebp_requests_total counter"]
        for (method, route, status), count in sorted(self._requests.items()):
            lines.append(f'ebp_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        lines += ["# HELP ebp_request_seconds_total Time spent", "# TYPE ebp_request_seconds_total counter"]
        for (method, route), micros in sorted(self._seconds.items()):
            lines.append(f'ebp_request_seconds_total{{method="{method}",route="{route}"}} {micros / 1_000_000:.6f}')
        return lines


def render_metrics(central: Central, metrics: Metrics) -> str:
    """The whole page."""
    lines = metrics.lines()
    with central.store.read() as connection:
        lines += _gauge("ebp_feed_seq", "Last row of the feed", head(connection))
        for name, words, wanted in _COUNTED:
            lines += _gauge(name, words, int(connection.scalar(wanted) or 0))
    return "\n".join(lines) + "\n"


def _gauge(name: str, words: str, value: int) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} gauge", f"{name} {value}"]
