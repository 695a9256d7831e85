"""What every test stands on: the order of the suite, repeatable property tests, no traces of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.printers",
    "tests.fixtures.central",
    "tests.fixtures.cli_home",
]

TESTS = Path(__file__).parent
# Quick tests first: whoever broke a rule of the domain hears of it before a browser or a print queue has started.
TIERS = ("unit", "property", "architecture", "contract", "integration", "ui", "journeys", "faults")

settings.register_profile(
    "ebp",
    deadline=None,  # a busy machine is no failure
    derandomize=True,  # the same code gives the same answer
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ebp")

# No test depends on who runs it, where, or with what settings.
for name in ("EBP_HOME", "EBP_NOW", "DISPLAY", "WAYLAND_DISPLAY"):
    os.environ.pop(name, None)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tiers in order and leave the random order inside each."""
    items.sort(key=tier)


def tier(item: pytest.Item) -> int:
    """The place of a test's folder in the order of the suite."""
    folder = item.path.relative_to(TESTS).parts[0]
    return TIERS.index(folder) if folder in TIERS else len(TIERS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this machine did not let us test."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED on this machine", sep="!", red=True, bold=True)
        reasons = sorted(
            {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
        )
        for reason in reasons:
            terminalreporter.line(reason)
