"""Presenters run without a window: gateways of the sample counter, tasks that run at once, states as they come."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "ui"))

from ui.presenting import ImmediateTasks


@pytest.fixture
def tasks() -> ImmediateTasks:
    return ImmediateTasks()
