"""The command line: words in, an answer and an exit code out; never a traceback, never a prompt."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import NoReturn, TextIO

from ebp_desktop.bootstrap.home import chosen_home
from ebp_desktop.cli import cases, desk, files, reckon, scanning, system
from ebp_desktop.cli.answer import Answer, show, show_error
from ebp_desktop.cli.context import Context
from ebp_desktop.domain.errors import EbpError, SurroundingsError, UsageError

Command = Callable[[Namespace, Context], Answer]


class Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that ``--json`` holds for wrong usage too."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError ``usage``."""
        raise UsageError("usage", f"命令用法不正确：{message}", todo="用 --help 查看用法。")


def _common() -> Parser:
    common = Parser(add_help=False)
    common.add_argument("--home", default=argparse.SUPPRESS, help="data folder, else EBP_HOME")
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object on stdout")
    return common


class Commands:
    """Collects the commands of the parser, grouped by their first word."""

    def __init__(self) -> None:
        self._common = _common()
        self.parser = Parser(prog="ebp", description="工程建设项目综合窗口", parents=[self._common])
        self._top = self.parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
        self._groups: dict[str, argparse._SubParsersAction[Parser]] = {}

    def add(self, words: str, run: Command, summary: str, *arguments: tuple[str, dict[str, object]]) -> None:
        """Adds a command of one or two words."""
        first, _, second = words.partition(" ")
        target = self._group(first) if second else self._top
        parser = target.add_parser(second or first, help=summary, parents=[self._common], description=summary)
        for name, options in arguments:
            parser.add_argument(name, **options)  # type: ignore[arg-type]
        parser.set_defaults(run=run)

    def _group(self, word: str) -> argparse._SubParsersAction[Parser]:
        if word not in self._groups:
            parser = self._top.add_parser(word, help=f"{word} …", parents=[self._common])
            self._groups[word] = parser.add_subparsers(
                dest="action", metavar="ACTION", required=True, parser_class=Parser
            )
        return self._groups[word]


def _plain(run: Callable[[Namespace], Answer]) -> Command:
    return lambda args, _context: run(args)


def option(name: str, **options: object) -> tuple[str, dict[str, object]]:
    """One argument of a command."""
    return name, dict(options)


OUT = option("--out", help="folder for the PDFs")


def _add_reckoning(commands: Commands) -> None:
    commands.add(
        "clock review",
        _plain(reckon.clock_review),
        "审查时限",
        option("--received", required=True),
        option("--online", action="store_true"),
        option("--told"),
    )
    commands.add(
        "clock promised",
        _plain(reckon.clock_promised),
        "承诺时限",
        option("--accepted", required=True),
        option("--days", required=True, type=int),
        option("--unit", choices=["work", "calendar"], default="work"),
        option("--pause", action="append"),
        option("--today"),
    )
    for what in reckon.CHECKS:
        commands.add(f"check {what}", _check(what), "核对编号", option("value"))
    commands.add("guide lint", _plain(reckon.guide_lint), "检查办事指南", option("file"))
    commands.add("guide list", _plain(reckon.guide_list), "随产品的办事指南")


def _check(what: str) -> Command:
    def run(args: Namespace, _context: Context) -> Answer:
        args.what = what
        return reckon.check(args)

    return run


def _add_files(commands: Commands) -> None:
    commands.add("import", files.import_files, "导入文件", option("files", nargs="+"), option("--into", required=True))
    commands.add(
        "scan",
        scanning.scan_pages,
        "扫描",
        option("--device", required=True),
        option("--source", required=True, choices=("adf", "flatbed")),
        option("--dpi", type=int, default=300),
        option("--into", required=True),
    )
    commands.add("pages pdf", files.pages_pdf, "页面合成 PDF", option("folder"), option("out"))
    commands.add("document kinds", files.document_list, "文书种类")
    commands.add(
        "document render",
        files.document_render,
        "排版文书",
        option("kind"),
        option("data", nargs="?"),
        option("out", nargs="?"),
        option("--fields", action="store_true"),
        option("--token", default=""),
    )
    commands.add("document verify", files.document_verify, "验二维码", option("text"))


def _add_cases(commands: Commands) -> None:
    commands.add("case schema", cases.schema, "登记文件格式")
    commands.add("case register", cases.register, "收件登记", option("file"), OUT)
    commands.add("case show", cases.show, "查看办件", option("code"))
    commands.add(
        "case find",
        cases.find,
        "查找办件",
        option("text"),
        option("--after"),
        option("--limit", type=int, default=50),
    )
    commands.add("case supplement", cases.supplement, "补正登记", option("file"), OUT)
    commands.add("case correct", cases.correct, "当场更正", option("file"), OUT)
    commands.add("case return", cases.give_back, "退件", option("file"), OUT)
    commands.add("case withdraw", cases.withdraw, "撤件", option("code"), option("--reason", required=True), OUT)
    commands.add("case purge", cases.purge, "涉密清除", option("code"))


def _add_desk(commands: Commands) -> None:
    commands.add("notice list", desk.notice_list, "待告知文书")
    commands.add("notice print", desk.notice_print, "打印文书", option("number"), OUT)
    commands.add("notice deliver", desk.notice_deliver, "告知申请人", option("number"), option("file"), OUT)
    commands.add("notify log", desk.notify_log, "通知领证记录", option("code"), option("file"))
    commands.add("licence list", desk.licence_list, "待发证照")
    commands.add("licence receive", desk.licence_receive, "接收纸质证照", option("code"), option("file"))
    commands.add("licence scan", desk.licence_scan, "代扫纸质证照", option("code"), option("file"))
    commands.add("licence close", desk.licence_close, "办结", option("case"))
    commands.add("custody list", desk.custody_list, "保管清单")
    commands.add("custody move", desk.custody_move, "移交保管", option("file"))
    commands.add("handover check", desk.handover_check, "核验受理通知书", option("qr"))
    commands.add("handover do", desk.handover_do, "发证", option("file"), OUT)
    commands.add("handover lost", desk.handover_lost, "通知书遗失", option("file"), OUT)
    commands.add("complaint register", desk.complaint_register, "投诉登记", option("file"), OUT)


def _add_system(commands: Commands) -> None:
    commands.add(
        "session open",
        system.session_open,
        "登录",
        option("--credentials", required=True),
        option("--no-idle", action="store_true"),
    )
    commands.add("session show", system.session_show, "谁在登录")
    commands.add("session close", system.session_close, "退出登录")
    commands.add(
        "enrol",
        system.enrol,
        "登记本机为窗口",
        option("--central", required=True),
        option("--code", required=True),
        option("--ca"),
    )
    commands.add("sync once", system.sync_once, "同步一次")
    commands.add("sync status", system.sync_status, "待发情况")
    commands.add("store verify", system.store_verify, "核验本机数据")
    key = option("--recovery-key", required=True)
    commands.add("store backup", system.store_backup, "备份", option("file"), key)
    commands.add("store restore", system.store_restore, "恢复", option("file"), key)
    commands.add("doctor", system.doctor, "自检")


def build(extra: Callable[[Commands], None] | None = None) -> Parser:
    """The whole parser; ``extra`` adds the commands that need the windows or a central of their own."""
    commands = Commands()
    for add in (_add_reckoning, _add_files, _add_cases, _add_desk, _add_system):
        add(commands)
    if extra is not None:
        extra(commands)
    return commands.parser


def run(
    arguments: Sequence[str],
    *,
    extra: Callable[[Commands], None] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Runs one command and gives its exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    as_json = "--json" in arguments
    try:
        args = build(extra).parse_args(arguments)
        as_json = bool(getattr(args, "json", False))
        context = Context(chosen_home(getattr(args, "home", None)))
        answer: Answer = args.run(args, context)
    except EbpError as error:
        received = getattr(error, "received", None)
        shown = {"due": None, "deemed_accepted_from": received} if received is not None else None
        return show_error(error, as_json=as_json, out=out, err=err, extra=shown)
    except KeyboardInterrupt:
        return show_error(
            SurroundingsError("interrupted", "已中断。", safe="已完成的步骤都已保存。", todo="可重新执行。"),
            as_json=as_json,
            out=out,
            err=err,
        )
    except OSError as error:
        failed = SurroundingsError(
            "system_failed",
            f"系统操作失败：{error.strerror or error}",
            place=str(error.filename or ""),
            safe="未完成的步骤没有生效。",
        )
        return show_error(failed, as_json=as_json, out=out, err=err)
    return show(answer, as_json=as_json, out=out, err=err)
