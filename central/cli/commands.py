"""One command of ebp-central: its words, and what it does to an opened central."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from central.cli.output import Json
from central.home import CentralHome
from central.runtime import Central
from ebp_desktop.domain.errors import BadInputError, UsageError

Result: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``path`` is what is typed; ``exit_of`` may turn a result into another exit code than 0,
    ``prepare`` runs before central is opened."""

    path: tuple[str, ...]
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Central, argparse.Namespace], Result]
    exit_of: Callable[[Result], int] = lambda _result: 0
    prepare: Callable[[CentralHome, argparse.Namespace], None] = lambda _home, _args: None


def read_text(name: str) -> str:
    """A UTF-8 file named in the call; raises BadInputError ``file_unreadable``."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError("file_unreadable", f"无法读取文件：{name}", place=name) from error


def day(text: str | None) -> date | None:
    """A date of the command line; raises UsageError ``bad_date``."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("bad_date", f"不是 YYYY-MM-DD 日期：{text}") from error


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """For a command whose words are all there is."""
