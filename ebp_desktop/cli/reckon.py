"""Commands that need nothing: clocks, check digits, guides."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

import resources
from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.reading import read_day, read_moment, read_text
from ebp_desktop.domain import identifiers
from ebp_desktop.domain.calendar import CalendarYearMissing, WorkCalendar, china_day
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.clocks import Limit, NoticeTimes, Pause, ReviewState, Unit, limit_due, review_clock, used_days
from ebp_desktop.domain.data_files import Level
from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from ebp_desktop.domain.guide import lint_guide, parse_guide
from ebp_desktop.domain.identifiers import Checked

CHECKS: dict[str, Callable[[str], Checked]] = {
    "uscc": identifiers.check_uscc,
    "person-id": identifiers.check_person_id,
    "national-code": identifiers.check_national_code,
    "project-code": identifiers.check_project_code,
    "document-no": identifiers.check_document_no,
}
_PAUSE = re.compile(r"(?P<first>[^.]+)\.\.(?P<last>.*)")


class ClockYearMissingError(SurroundingsError):
    """A year without an announced calendar, with what can be said all the same."""

    def __init__(self, missing: CalendarYearMissing, received: date) -> None:
        super().__init__(missing.code, missing.message, article=missing.article, safe=missing.safe, todo=missing.todo)
        self.received = received


def shipped_calendar() -> WorkCalendar:
    """Every announced year that the product ships."""
    years = tuple(
        parse_calendar(path.read_text("utf-8"), path.name)
        for path in sorted(resources.locate("calendars").glob("*.json"))
    )
    return WorkCalendar(years)


def clock_review(args: Namespace) -> Answer:
    """The last day to tell the applicant, and from when silence accepts."""
    received = read_moment(args.received)
    notice = NoticeTimes(told=read_moment(args.told)) if args.told else None
    day = china_day(received)
    try:
        clock = review_clock(received, shipped_calendar(), notice=notice)
    except CalendarYearMissing as missing:
        raise ClockYearMissingError(missing, day) from missing
    deemed = None if notice is None else clock.state is ReviewState.DEEMED_ACCEPTED
    data = {
        "received": day,
        "online": bool(args.online),
        "due": clock.due,
        "closes_at": clock.closes_at,
        "half_time": clock.half_time,
        "deemed_accepted_from": day,
        "deemed": deemed,
    }
    words = f"{day:%Y-%m-%d} 收到，应于 {clock.closes_at:%Y-%m-%d %H:%M} 前告知；逾期自 {day:%Y-%m-%d} 起视为受理。"
    return Answer(data=data, words=words)


def clock_promised(args: Namespace) -> Answer:
    """The due day of a promised limit with its pauses."""
    accepted = read_day(args.accepted)
    if args.days < 0:
        raise BadInputError("limit_negative", "时限不能为负数。", place="--days")
    limit = Limit(args.days, Unit(args.unit))
    pauses = tuple(read_pause(text) for text in args.pause or ())
    calendar = shipped_calendar()
    due = limit_due(accepted, limit, calendar, pauses)
    used = remaining = None
    if args.today:
        used = used_days(accepted, read_day(args.today), calendar, unit=limit.unit, pauses=pauses)
        remaining = limit.days - used
    words = f"{due:%Y-%m-%d} 到期。" if due else "暂停计时中，尚无到期日。"
    return Answer(data={"due": due, "used_today": used, "remaining_today": remaining}, words=words)


def read_pause(text: str) -> Pause:
    """``D1..D2``, or ``D1..`` while it is open; raises BadInputError ``pause_unreadable`` or ``pause_backwards``."""
    parts = _PAUSE.fullmatch(text.strip())
    if parts is None:
        raise BadInputError(
            "pause_unreadable", f"“{text}”不是暂停区间。", place="--pause", todo="写成 2026-11-10..2026-11-17。"
        )
    last = parts["last"].strip()
    return Pause(read_day(parts["first"]), read_day(last) if last else None)


def check(args: Namespace) -> Answer:
    """Whether a number is what it claims to be."""
    found = CHECKS[args.what](args.value)
    data = {"valid": found.valid, "certain": found.certain, "reasons": list(found.reasons), "normal": found.normal}
    words = (
        f"{found.normal}：{'有效' if found.valid else '无效'}{'；' if found.reasons else ''}{'；'.join(found.reasons)}"
    )
    return Answer(data=data, words=words, exit_code=0 if found.valid else 4)


def guide_lint(args: Namespace) -> Answer:
    """Every finding in a guide file, with its place and rule."""
    path = Path(args.file)
    findings = lint_guide(read_text(path), path.name)
    rows = [
        {"file": f.source, "place": f.place, "rule": f.rule, "level": f.level, "message": f.message} for f in findings
    ]
    errors = sum(1 for finding in findings if finding.level is Level.ERROR)
    words = "\n".join(str(finding) for finding in findings) or f"{path.name}：没有发现问题。"
    return Answer(data={"findings": rows, "errors": errors}, words=words, exit_code=4 if errors else 0)


def guide_list(_args: Namespace) -> Answer:
    """The guides that the product ships."""
    rows: list[dict[str, object]] = []
    for path in sorted(resources.locate("guides").glob("*.json")):
        guide = parse_guide(path.read_text("utf-8"), path.name)
        rows.append(
            {
                "id": guide.id,
                "version": guide.version,
                "status": guide.status,
                "draft": guide.is_draft,
                "stage": guide.stage.code,
                "title": guide.title,
                "matters": len(guide.matters),
                "materials": len(guide.materials),
            }
        )
    words = "\n".join(f"{r['id']}  {r['version']}（{'草案' if r['draft'] else '已发布'}）  {r['title']}" for r in rows)
    return Answer(data={"guides": rows}, words=words)
