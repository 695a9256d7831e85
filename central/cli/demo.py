"""The command ``demo-data``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from central.cli.commands import Command, Result
from central.demo.data import load_demo, mark_demo
from central.home import CentralHome
from central.runtime import Central


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--credentials", required=True, metavar="DIR", help="where the 0600 files of secrets go")
    parser.add_argument("--autopilot", action="store_true", help="the departments answer by themselves")


def _prepare(home: CentralHome, args: argparse.Namespace) -> None:
    mark_demo(home, getattr(args, "database", ""))


def _run(central: Central, args: argparse.Namespace) -> Result:
    people = load_demo(central, Path(args.credentials), autopilot=args.autopilot)
    return {
        "people": [
            {
                "user": each.person.user,
                "display_name": each.person.display_name,
                "staff_no": each.person.staff_no,
                "unit": each.person.unit,
                "roles": sorted(each.person.roles),
                "credentials": each.file,
            }
            for each in people
        ],
        "autopilot": bool(args.autopilot),
    }


COMMANDS: Final = (
    Command(path=("demo-data",), help="fill a demo home", add_arguments=_arguments, run=_run, prepare=_prepare),
)
