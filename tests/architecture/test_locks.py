"""The hashed locks: fresh, complete, and silent about where packages come from."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.source_tree import ROOT

LOCKS = ("run.txt", "dev.txt", "sane.txt")
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The few files that decide about freshness, in a place where they may be spoilt."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "lock.py", tmp_path / "tools")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def checked(root: Path) -> tuple[int, str]:
    """How `tools/lock.py check` ends in a folder, and what it says."""
    done = subprocess.run(
        [sys.executable, root / "tools" / "lock.py", "check"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_locks_belong_to_the_tables_of_pyproject() -> None:
    assert checked(ROOT) == (0, "")


def test_a_changed_dependency_is_noticed_without_a_network(copy: Path) -> None:
    replaced(copy / "pyproject.toml", '"httpx>=0.28"', '"httpx>=0.27"')

    code, words = checked(copy)

    assert code == 1
    assert "run.txt is older than the tables" in words
    assert "dev.txt is older than the tables" in words
    assert "sane.txt" not in words


def test_a_changed_tool_setting_is_no_reason_to_lock_again(copy: Path) -> None:
    replaced(copy / "pyproject.toml", "line-length = 120", "line-length = 121")

    assert checked(copy) == (0, "")


def test_a_version_outside_the_asked_range_is_noticed(copy: Path) -> None:
    lock = copy / "requirements" / "run.txt"
    lock.write_text(
        re.sub(r"^pyside6-essentials==\S+", "pyside6-essentials==6.12.0", lock.read_text(), flags=re.MULTILINE)
    )

    code, words = checked(copy)

    assert code == 1
    assert "run.txt has no version for PySide6-Essentials" in words


def test_a_package_without_a_hash_is_noticed(copy: Path) -> None:
    with (copy / "requirements" / "sane.txt").open("a") as lock:
        lock.write("cupboard==1.0\n")

    code, words = checked(copy)

    assert code == 1
    assert "sane.txt has no hash for cupboard==1.0" in words


def test_a_lost_lock_is_noticed(copy: Path) -> None:
    (copy / "requirements" / "run.txt").unlink()

    code, words = checked(copy)

    assert code == 1
    assert "run.txt is not there" in words


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")

    assert "://" not in text
    assert not re.search(
        r"^\s*-", re.sub(r"^\s+--hash=sha256:[0-9a-f]{64}( \\)?$", "", text, flags=re.MULTILINE), re.MULTILINE
    )


def test_what_is_tested_is_what_runs() -> None:
    running = dict(PIN.findall((ROOT / "requirements" / "run.txt").read_text("utf-8")))
    tested = dict(PIN.findall((ROOT / "requirements" / "dev.txt").read_text("utf-8")))

    assert {name: tested.get(name) for name in running} == running
