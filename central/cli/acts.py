"""Commands of departments and leads: opinions, licences, joint reviews, extensions."""

from __future__ import annotations

import argparse
from typing import Final

import msgspec

from central.acts import deemed, lead, licences
from central.acts.files import keep_file
from central.acts.opinion_rules import GROUNDS, OpinionRequest
from central.acts.opinions import give_opinion
from central.cli.commands import Command, Result, day, no_arguments, read_text
from central.runtime import Central
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import LicenceStatus, ResultForm, SupplementItem
from ebp_desktop.domain.states import MatterState, Opinion

_WITHDRAWN_AS: Final = {"recall": MatterState.RECALLED, "revoke": MatterState.REVOKED}


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="REGISTRATION_NO/MATTER, or any number of the case")
    parser.add_argument("--as", dest="user", required=True, metavar="USER")


def _opinion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="REGISTRATION_NO/MATTER, or any number of the case")
    parser.add_argument("opinion", choices=[each.value for each in Opinion])
    parser.add_argument("--as", dest="user", required=True, metavar="USER")
    parser.add_argument("--items", metavar="FILE", help='JSON: [{"material","problem","demand"}]')
    parser.add_argument("--until", metavar="D", help="YYYY-MM-DD, the applicant's deadline")
    parser.add_argument("--reason", default="")
    parser.add_argument("--ground", default="", choices=["", *GROUNDS])
    parser.add_argument("--authority", default="", help="who is competent instead")
    parser.add_argument("--incomplete", action="store_true", help="with verify: the list is not whole yet")
    parser.add_argument("--lead", default="", metavar="USER", help="who decided a supplement in review")


def _opinion(central: Central, args: argparse.Namespace) -> Result:
    request = OpinionRequest(
        opinion=Opinion(args.opinion),
        items=_items(args.items) if args.items else (),
        until=day(args.until),
        reason=args.reason,
        ground=args.ground,
        authority=args.authority,
        complete=not args.incomplete,
        lead=args.lead,
    )
    given = give_opinion(central, args.case, args.user, request)
    return {
        "registration_no": given.registration_no,
        "matter": given.matter,
        "state": int(given.state),
        "state_name": given.state.label,
        "document_no": given.document_no,
    }


class _Item(msgspec.Struct):
    material: str
    problem: str
    name: str = ""
    demand: str = ""


def _items(file: str) -> tuple[SupplementItem, ...]:
    try:
        items = msgspec.json.decode(read_text(file), type=list[_Item])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError("bad_items", f"补正清单格式不正确：{error}", place=file) from error
    return tuple(
        SupplementItem(material=each.material, name=each.name, problem=each.problem, demand=each.demand)
        for each in items
    )


def _licence_issue_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--number", required=True)
    parser.add_argument("--form", choices=[each.value for each in ResultForm])
    parser.add_argument("--name", default="")
    parser.add_argument("--holder", default="")
    parser.add_argument("--holder-code", default="")
    parser.add_argument("--issued-on", metavar="D")
    parser.add_argument("--valid-until", metavar="D")
    parser.add_argument("--originals", type=int, default=1)
    parser.add_argument("--duplicates", type=int, default=0)
    parser.add_argument("--file", metavar="FILE", help="the electronic licence, kept whole")
    parser.add_argument(
        "--scan", metavar="FILE", action="append", default=[], help="the department's scan of the paper"
    )


def _licence_issue(central: Central, args: argparse.Namespace) -> Result:
    request = licences.LicenceRequest(
        number=args.number,
        form=ResultForm(args.form) if args.form else None,
        name=args.name,
        holder=args.holder,
        holder_code=args.holder_code,
        issued_on=day(args.issued_on),
        valid_until=day(args.valid_until),
        originals=args.originals,
        duplicates=args.duplicates,
        file=keep_file(central, args.case, args.file) if args.file else None,
        scan=tuple(keep_file(central, args.case, each) for each in args.scan),
    )
    return _licence(licences.issue_licence(central, args.case, args.user, request))


def _licence(result: licences.LicenceResult) -> Result:
    return {
        "licence": str(result.licence),
        "number": result.number,
        "matter": result.matter,
        "form": result.form.value,
        "status": result.status.value,
        "state": int(result.state),
    }


def _status_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--number", required=True)
    parser.add_argument("--reason", required=True)


def _change(central: Central, args: argparse.Namespace) -> Result:
    changed = licences.change_status(central, args.case, args.user, args.number, LicenceStatus.CHANGED, args.reason)
    return _licence(changed)


def _revoke_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--number", default="", help="the licence; or --decision for the whole matter")
    parser.add_argument("--decision", choices=list(_WITHDRAWN_AS))
    parser.add_argument("--reason", required=True)


def _revoke(central: Central, args: argparse.Namespace) -> Result:
    if bool(args.number) == bool(args.decision):
        raise BadInputError("which_licence", "请在 --number 和 --decision 中选择一个。")
    if args.decision:
        wanted = _WITHDRAWN_AS[args.decision]
        state = licences.withdraw_decision(central, args.case, args.user, wanted, args.reason)
        return {"case": args.case, "state": int(state), "state_name": state.label}
    revoked = licences.change_status(central, args.case, args.user, args.number, LicenceStatus.REVOKED, args.reason)
    return _licence(revoked)


def _confirm_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--number", required=True)


def _confirm(central: Central, args: argparse.Namespace) -> Result:
    return _licence(licences.confirm_scan(central, args.case, args.user, args.number))


def _review_open_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--name", default="")
    parser.add_argument("--department", action="append", default=[])


def _review_open(central: Central, args: argparse.Namespace) -> Result:
    return _review(lead.open_review(central, args.case, args.user, args.name, tuple(args.department)))


def _review_answer_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--text", default="")
    parser.add_argument("--no-opinion", action="store_true")


def _review_answer(central: Central, args: argparse.Namespace) -> Result:
    return _review(lead.answer_review(central, args.case, args.user, args.text, no_opinion=args.no_opinion))


def _review_close_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--text", required=True)


def _review_close(central: Central, args: argparse.Namespace) -> Result:
    return _review(lead.close_review(central, args.case, args.user, args.text))


def _review(state: lead.ReviewState) -> Result:
    return {
        "review": str(state.review),
        "name": state.name,
        "departments": list(state.departments),
        "silent": list(state.silent),
        "closed": state.closed,
    }


def _extend_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)
    parser.add_argument("--days", type=int, required=True, help="working days")
    parser.add_argument("--reason", required=True)


def _extend(central: Central, args: argparse.Namespace) -> Result:
    extension = lead.extend(central, args.case, args.user, args.days, args.reason)
    return {"matter": extension.matter, "days": extension.days, "document_no": extension.document_no}


def _deemed(central: Central, _args: argparse.Namespace) -> Result:
    return {"document_nos": list(deemed.issue_deemed(central))}


COMMANDS: Final = (
    Command(path=("opinion", "give"), help="a department's opinion", add_arguments=_opinion_arguments, run=_opinion),
    Command(
        path=("licence", "issue"), help="record a result", add_arguments=_licence_issue_arguments, run=_licence_issue
    ),
    Command(path=("licence", "change"), help="mark as changed", add_arguments=_status_arguments, run=_change),
    Command(
        path=("licence", "revoke"), help="revoke a licence or decision", add_arguments=_revoke_arguments, run=_revoke
    ),
    Command(
        path=("licence", "confirm"), help="confirm the counter's scan", add_arguments=_confirm_arguments, run=_confirm
    ),
    Command(
        path=("review", "open"), help="open a joint review", add_arguments=_review_open_arguments, run=_review_open
    ),
    Command(path=("review", "answer"), help="answer it", add_arguments=_review_answer_arguments, run=_review_answer),
    Command(path=("review", "close"), help="close it", add_arguments=_review_close_arguments, run=_review_close),
    Command(path=("extend",), help="extend a limit by the lead", add_arguments=_extend_arguments, run=_extend),
    Command(path=("deemed",), help="issue what silence has accepted", add_arguments=no_arguments, run=_deemed),
)
