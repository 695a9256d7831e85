"""The command ``check``."""

from __future__ import annotations

import argparse
from typing import Final

from central.checks import check_store
from central.cli.commands import Command, Result, no_arguments
from central.runtime import Central

_BREACHED: Final = 4


def _check(central: Central, _args: argparse.Namespace) -> Result:
    breaches = check_store(central)
    return {
        "sound": not breaches,
        "breaches": [{"rule": each.rule, "place": each.place, "words": each.words} for each in breaches],
    }


def _exit_of(result: Result) -> int:
    return 0 if result["sound"] else _BREACHED


COMMANDS: Final = (
    Command(
        path=("check",),
        help="prove every invariant of the store",
        add_arguments=no_arguments,
        run=_check,
        exit_of=_exit_of,
    ),
)
