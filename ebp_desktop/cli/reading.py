"""What people type on the command line: dates, times, JSON files, each refused in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError

T = TypeVar("T")
LARGEST_INPUT = 8 * 1024 * 1024


def read_moment(text: str) -> datetime | date:
    """A date, or a time; a time without an offset is Asia/Shanghai. Raises BadInputError ``time_unreadable``."""
    cleaned = text.strip()
    try:
        if len(cleaned) == 10:
            return date.fromisoformat(cleaned)
        moment = datetime.fromisoformat(cleaned)
    except ValueError as error:
        raise BadInputError(
            "time_unreadable", f"“{text}”不是日期或时间。", place=text, todo="写成 2026-03-02 或 2026-03-02T09:00。"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def read_day(text: str) -> date:
    """A date, or the Shanghai day of a time."""
    moment = read_moment(text)
    return moment.astimezone(CHINA).date() if isinstance(moment, datetime) else moment


def read_text(path: Path) -> str:
    """A text file in UTF-8; raises BadInputError ``file_unreadable``."""
    try:
        if path.stat().st_size > LARGEST_INPUT:
            raise BadInputError("file_too_large", f"文件 {path.name} 过大。", place=str(path))
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            "file_unreadable", f"读不了文件 {path.name}。", place=str(path), todo="核对路径，文件须为 UTF-8 编码。"
        ) from error


def read_json(path: Path, wanted: type[T]) -> T:
    """The value that a JSON file holds; raises BadInputError ``json_invalid`` with the place of the fault."""
    text = read_text(path)
    try:
        return msgspec.json.decode(text.encode(), type=wanted, strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(
            "json_invalid", f"{path.name} 的内容不符合格式：{error}", place=_place(str(error)), todo="按格式说明改正。"
        ) from error
    except msgspec.DecodeError as error:
        raise BadInputError("json_invalid", f"{path.name} 不是有效的 JSON：{error}", place=str(path)) from error


def _place(message: str) -> str:
    return message.split("`")[-2] if message.count("`") >= 2 and "$" in message else message
