"""The README's own words, tried out: a newcomer types what stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.source_tree import ROOT

PAGES = ("README.md", "README.zh.md")
PROGRAMS = Path(sys.executable).parent
CALL = re.compile(r"(?:^|`|/)(ebp(?:-central)?) ([^`\n#]+(?:\\\n[^`\n#]+)?)", re.MULTILINE)


def named_commands(page: str) -> set[tuple[str, ...]]:
    """Program and subcommands of every call that a page shows."""
    found = set()
    for program, rest in CALL.findall((ROOT / page).read_text("utf-8")):
        words = re.sub(r"--(?:home|database|blobs) \S+|[…\\]", " ", rest).split()
        path = []
        for word in words:
            if not re.fullmatch(r"[a-z]+", word):
                break
            path.append(word)
        found.add((program, *path[:2]))
    return found


ALL_COMMANDS = sorted({command for page in PAGES for command in named_commands(page)})


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAMS / command[0], *command[1:]], capture_output=True, text=True, check=False)


def test_both_languages_show_the_same_commands() -> None:
    assert named_commands("README.md") == named_commands("README.zh.md")
    assert len(ALL_COMMANDS) > 10


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=" ".join)
def test_every_command_of_the_readme_exists(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")

    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower() or "用法" in done.stdout


def test_the_readmes_first_example_gives_the_day_that_the_law_gives() -> None:
    done = run("ebp", "clock", "review", "--received", "2026-02-13", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["due"] == "2026-02-24"


@pytest.mark.parametrize("page", PAGES)
def test_the_two_commands_stand_in_the_readme(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")

    assert re.search(r"^make run\b", text, re.MULTILINE)
    assert re.search(r"^make test\b", text, re.MULTILINE)
