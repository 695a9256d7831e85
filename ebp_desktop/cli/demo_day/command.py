"""``ebp day``: the counter's whole day on sample papers, with the real windows drawn offscreen."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context
from ebp_desktop.cli.demo_day.hands import DayHands, Photograph
from ebp_desktop.cli.demo_day.script import Day, prepared


def played(photograph: Photograph) -> Callable[[Namespace, Context], Answer]:
    """The command with the way to take pictures of the windows."""

    def day(args: Namespace, _context: Context) -> Answer:
        out = prepared(Path(args.out))
        report = Day(DayHands(out, photograph), Path(args.papers) if args.papers else None).play()
        done = sum(1 for step in report.steps if step["ok"])
        words = f"{done}/{len(report.steps)} 步，文书 {len(report.documents)} 份，画面 {len(report.screens)} 张：{out}"
        failed = next((step for step in report.steps if not step["ok"]), None)
        words += f"\n未通过：{failed['name']}：{failed['detail']}" if failed else ""
        data = {
            "ok": report.ok,
            "steps": report.steps,
            "documents": report.documents,
            "screens": report.screens,
            "project_code": report.project_code,
            "registration_no": report.registration_no,
        }
        return Answer(data=data, words=words, exit_code=0 if report.ok else 5)

    return day
