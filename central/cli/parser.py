"""The words of ebp-central's command line; errors in usage are exit 2 and said like any other failure."""

from __future__ import annotations

import argparse
from typing import NoReturn

from ebp_desktop.domain.errors import UsageError


class Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that ``--json`` holds for wrong usage too."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError ``usage``."""
        raise UsageError("usage", f"命令用法不正确：{message}", todo="用 --help 查看用法。")


def common_options() -> Parser:
    """``--home`` and ``--json``, taken before and after the command alike."""
    common = Parser(add_help=False)
    common.add_argument("--home", default=argparse.SUPPRESS, help="data folder, else EBP_CENTRAL_HOME")
    common.add_argument("--database", default=argparse.SUPPRESS, help="SQLAlchemy URL; default: SQLite in the home")
    common.add_argument("--blobs", default=argparse.SUPPRESS, help="folder of scans; default: in the home")
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object on stdout")
    return common
