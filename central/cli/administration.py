"""Commands of the bureau: counters, people, guides, calendar."""

from __future__ import annotations

import argparse
from typing import Final

from central.acts.administration import add_counter, add_user, load_calendar, publish_guide
from central.cli.commands import Command, Result, read_text
from central.runtime import Central
from ebp_desktop.domain.roles import Role


def _counter_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="what the window is called")
    parser.add_argument("--region", default="", help="six-digit region whose codes it hands out")


def _counter_add(central: Central, args: argparse.Namespace) -> Result:
    added = add_counter(central, args.name, args.region)
    return {"counter": added.counter, "code": added.code, "expires": added.expires}


def _user_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="user name")
    parser.add_argument("--unit", required=True)
    parser.add_argument("--role", required=True, action="append", choices=[role.value for role in Role])
    parser.add_argument("--display-name", default="")
    parser.add_argument("--staff-no", default="")


def _user_add(central: Central, args: argparse.Namespace) -> Result:
    roles = frozenset(Role(role) for role in args.role)
    secrets = add_user(central, args.name, args.unit, roles, display_name=args.display_name, staff_no=args.staff_no)
    return {"user": secrets.user, "initial_password": secrets.initial_password, "totp_secret": secrets.totp_secret}


def _file_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")


def _guide_publish(central: Central, args: argparse.Namespace) -> Result:
    guide, fresh = publish_guide(central, read_text(args.file), args.file)
    return {"guide": guide.id, "version": guide.version, "status": guide.status.value, "repeated": not fresh}


def _calendar_load(central: Central, args: argparse.Namespace) -> Result:
    year, fresh = load_calendar(central, read_text(args.file), args.file)
    return {"year": year.year, "version": year.version, "announced": year.announced, "repeated": not fresh}


COMMANDS: Final = (
    Command(
        path=("counter", "add"),
        help="make a counter and its one-time code",
        add_arguments=_counter_arguments,
        run=_counter_add,
    ),
    Command(
        path=("user", "add"), help="make a person with first secrets", add_arguments=_user_arguments, run=_user_add
    ),
    Command(
        path=("guide", "publish"), help="publish a guide version", add_arguments=_file_argument, run=_guide_publish
    ),
    Command(path=("calendar", "load"), help="load a year's calendar", add_arguments=_file_argument, run=_calendar_load),
)
