"""ebp-central: parses the words, opens central where a command needs it, prints, and returns the exit code."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from sqlalchemy.exc import DBAPIError

from central.cli.acts import COMMANDS as ACTS
from central.cli.administration import COMMANDS as ADMINISTRATION
from central.cli.checking import COMMANDS as CHECKING
from central.cli.commands import Command
from central.cli.demo import COMMANDS as DEMO
from central.cli.output import DONE, print_failure, print_result
from central.cli.parser import Parser, common_options
from central.cli.serving import add_serve, run_serve
from central.cli.upkeep import COMMANDS as UPKEEP
from central.home import find_home
from central.runtime import open_central
from ebp_desktop.domain.errors import EbpError, SurroundingsError

COMMANDS: Final[tuple[Command, ...]] = (*ADMINISTRATION, *ACTS, *CHECKING, *UPKEEP, *DEMO)


def main(words: list[str] | None = None) -> int:
    """Run one command; 0, 2, 3, 4 or 5, as the contract says."""
    typed = sys.argv[1:] if words is None else words
    as_json = "--json" in typed
    try:
        args = build_parser().parse_args(typed)
        return _run(args, as_json=as_json)
    except EbpError as error:
        return print_failure(error, as_json=as_json)
    except DBAPIError as error:
        failure = SurroundingsError(
            "database_failed", "数据库不可用。", place=type(error.orig).__name__, todo="检查数据库后重试。"
        )
        return print_failure(failure, as_json=as_json)
    except OSError as error:
        failure = SurroundingsError("system_failed", f"系统调用失败：{error.strerror}", place=error.filename or "")
        return print_failure(failure, as_json=as_json)


def _run(args: argparse.Namespace, *, as_json: bool) -> int:
    home = find_home(getattr(args, "home", None))
    if args.command is None:
        return run_serve(home, args, as_json=as_json)
    command: Command = args.command
    command.prepare(home, args)
    central = open_central(home, database=getattr(args, "database", ""), blobs=getattr(args, "blobs", ""))
    try:
        result = command.run(central, args)
    finally:
        central.close()
    print_result(result, as_json=as_json)
    return command.exit_of(result) or DONE


def build_parser() -> Parser:
    """Every command of the contract."""
    common = common_options()
    parser = Parser(prog="ebp-central", description="Central server of the counters", parents=[common])
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    serve = commands.add_parser("serve", help="answer counters until stopped", parents=[common])
    add_serve(serve)
    serve.set_defaults(command=None)
    groups: dict[str, argparse._SubParsersAction[Parser]] = {}
    for command in COMMANDS:
        place = commands
        if len(command.path) > 1:
            first = command.path[0]
            if first not in groups:
                group = commands.add_parser(first, help=f"{first} …")
                groups[first] = group.add_subparsers(required=True, metavar="ACT", parser_class=Parser)
            place = groups[first]
        words = place.add_parser(command.path[-1], help=command.help, parents=[common])
        command.add_arguments(words)
        words.set_defaults(command=command)
    return parser
