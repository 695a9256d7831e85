"""Commands that keep central in order: stopped workstations, waiting facts, people who left, units, complaints."""

from __future__ import annotations

import argparse
from typing import Final
from uuid import UUID

import msgspec

from central.acts.administration import release_counter, revoke_counter, revoke_user, set_unit
from central.acts.complaints import answer_complaint, list_complaints
from central.cli.commands import Command, Result, no_arguments, read_text
from central.intake.waiting import confirm, list_waiting
from central.people.directory import Unit
from central.runtime import Central
from central.store.devices import all_devices
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import Remedies


def _counter_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("counter", type=int, help="the counter's number")


def _counters(central: Central, _args: argparse.Namespace) -> Result:
    with central.store.read() as connection:
        found = all_devices(connection)
    return {
        "devices": [
            {
                "counter": each.counter_no,
                "device": each.device,
                "last_contact": each.last_contact.isoformat(),
                "seq_high": each.seq_high,
                "revoked": each.revoked,
                "quarantined": each.quarantined,
            }
            for each in found
        ]
    }


def _release(central: Central, args: argparse.Namespace) -> Result:
    return {"released": release_counter(central, args.counter)}


def _revoke_counter(central: Central, args: argparse.Namespace) -> Result:
    return {"revoked": revoke_counter(central, args.counter)}


def _user_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")


def _revoke_user(central: Central, args: argparse.Namespace) -> Result:
    revoke_user(central, args.name)
    return {"user": args.name, "revoked": True}


def _unit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("unit", help="code of the unit")
    parser.add_argument("--name", required=True)
    parser.add_argument("--kind", default="department", choices=["department", "window", "bureau", "overseer"])
    parser.add_argument("--agency", default="", help="机关代字")
    parser.add_argument("--remedies", metavar="FILE", help="JSON of the ways to appeal")


def _unit_set(central: Central, args: argparse.Namespace) -> Result:
    remedies = Remedies()
    if args.remedies:
        try:
            remedies = msgspec.json.decode(read_text(args.remedies), type=Remedies)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise BadInputError("bad_remedies", f"救济途径格式不正确：{error}", place=args.remedies) from error
    set_unit(central, Unit(unit=args.unit, name=args.name, kind=args.kind, agency=args.agency, remedies=remedies))
    return {"unit": args.unit}


def _waiting(central: Central, _args: argparse.Namespace) -> Result:
    return {"waiting": [msgspec.to_builtins(each) for each in list_waiting(central)]}


def _confirm_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fact", help="id of the waiting fact")
    parser.add_argument("--as", dest="user", required=True, metavar="USER")


def _confirm(central: Central, args: argparse.Namespace) -> Result:
    try:
        fact_id = UUID(args.fact)
    except ValueError as error:
        raise BadInputError("bad_fact_id", f"不是记录编号：{args.fact}") from error
    result = confirm(central, fact_id, args.user)
    return {"fact": str(fact_id), "outcome": result.outcome.value, "code": result.code, "message": result.message}


def _complaints(central: Central, _args: argparse.Namespace) -> Result:
    return {"complaints": [msgspec.to_builtins(each) for each in list_complaints(central)]}


def _answer_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number")
    parser.add_argument("--as", dest="user", required=True, metavar="USER")


def _answer(central: Central, args: argparse.Namespace) -> Result:
    return {"complaint_no": args.number, "answered_at": answer_complaint(central, args.number, args.user)}


COMMANDS: Final = (
    Command(path=("counter", "list"), help="workstations", add_arguments=no_arguments, run=_counters),
    Command(path=("counter", "release"), help="let it work again", add_arguments=_counter_argument, run=_release),
    Command(path=("counter", "revoke"), help="end its enrolment", add_arguments=_counter_argument, run=_revoke_counter),
    Command(path=("user", "revoke"), help="stop an account", add_arguments=_user_argument, run=_revoke_user),
    Command(path=("unit", "set"), help="name, 机关代字, remedies", add_arguments=_unit_arguments, run=_unit_set),
    Command(path=("waiting", "list"), help="facts without effect", add_arguments=no_arguments, run=_waiting),
    Command(path=("waiting", "confirm"), help="vouch for one", add_arguments=_confirm_arguments, run=_confirm),
    Command(path=("complaint", "list"), help="the register", add_arguments=no_arguments, run=_complaints),
    Command(path=("complaint", "answer"), help="mark as answered", add_arguments=_answer_arguments, run=_answer),
)
