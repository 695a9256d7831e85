"""A store of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ebp_desktop.store.database_store import CounterStore
from tests.fixtures.counter_home import opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[CounterStore]:
    with opened(home) as store:
        yield store
