"""Reads the product's JSON data files and collects every fault with its file, its place and the rule it breaks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from ebp_desktop.domain.errors import BadInputError, Missing

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
_Enum = TypeVar("_Enum", bound=StrEnum)


class Level(StrEnum):
    """How grave a finding is: an error forbids the file, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of a data file: ``source`` names the file, ``place`` is a JSON path, ``rule`` a stable English code."""

    source: str
    place: str
    rule: str
    message: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.source} {self.place}：{self.message}（{self.rule}）"


class Findings:
    """Gathers the findings of one file while it is read, so that its author sees all of them at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._found: list[Finding] = []

    def error(self, place: str, rule: str, message: str) -> None:
        """Note a fault that forbids the file."""
        self._add(place, rule, message, Level.ERROR)

    def warn(self, place: str, rule: str, message: str) -> None:
        """Note something that a person should look at."""
        self._add(place, rule, message, Level.WARNING)

    def _add(self, place: str, rule: str, message: str, level: Level) -> None:
        self._found.append(Finding(source=self.source, place=place, rule=rule, message=message, level=level))

    def all(self) -> tuple[Finding, ...]:
        """Every finding, in reading order."""
        return tuple(self._found)

    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid the file."""
        return tuple(finding for finding in self._found if finding.level is Level.ERROR)

    def refuse_errors(self, code: str, what: str) -> None:
        """Raise BadInputError ``code`` naming every error; ``what`` is the Chinese name of the kind of file."""
        errors = self.errors()
        if not errors:
            return
        first = errors[0]
        raise BadInputError(
            code,
            f"{what}有 {len(errors)} 处错误，第一处：{first.message}",
            place=f"{first.source} {first.place}",
            safe="未载入该文件，原有数据不变。",
            todo="按所列位置逐处更正后重新载入。",
            missing=tuple(Missing(line=finding.place, what=finding.message) for finding in errors),
        )


class Node:
    """One place in a JSON document; every accessor notes a fault and goes on with a harmless default."""

    def __init__(self, value: Json, place: str, findings: Findings) -> None:
        self.value = value
        self.place = place
        self.findings = findings

    @classmethod
    def document(cls, text: str, findings: Findings) -> Node:
        """The root of a JSON text; text that is no JSON gives one finding and an empty object."""
        try:
            value: Json = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        except json.JSONDecodeError as fault:
            place = f"第{fault.lineno}行第{fault.colno}列"
            findings.error(place, "json", "不是有效的 JSON 文件")
            value = {}
        except _NotAllowedError as fault:
            findings.error("$", "json", str(fault))
            value = {}
        except (ValueError, RecursionError):
            findings.error("$", "json", "数值过长或嵌套过深")
            value = {}
        return cls(value, "$", findings)

    def fault(self, rule: str, message: str) -> None:
        """Note an error at this place."""
        self.findings.error(self.place, rule, message)

    def keys(self, *known: str) -> Node:
        """Require an object with no other keys than ``known``; a misspelt key is an error, not silence."""
        if not isinstance(self.value, dict):
            self.fault("type", "此处应为对象")
            return self
        for key in self.value:
            if key not in known:
                self.findings.error(f"{self.place}.{key}", "unknown_key", f"不认识的字段“{key}”")
        return self

    def has(self, key: str) -> bool:
        """Whether the object has ``key`` with something other than null."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def child(self, key: str) -> Node:
        """The place under ``key``; absent keys read as null."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, f"{self.place}.{key}", self.findings)

    def items(self, key: str) -> Iterator[Node]:
        """The elements of the list under ``key``; an absent list is empty."""
        child = self.child(key)
        if child.value is None:
            return
        if not isinstance(child.value, list):
            child.fault("type", "此处应为列表")
            return
        for index, element in enumerate(child.value):
            yield Node(element, f"{child.place}[{index}]", self.findings)

    def as_text(self, *, empty_ok: bool = False) -> str:
        """This value as text without surrounding blanks."""
        if not isinstance(self.value, str):
            self.fault("type", "此处应为文字")
            return ""
        if not empty_ok and not self.value.strip():
            self.fault("empty", "此处不得为空")
        return self.value.strip()

    def text(self, key: str, default: str | None = None) -> str:
        """The text under ``key``; required and not empty unless ``default`` is given."""
        child = self.child(key)
        if child.value is None and default is not None:
            return default
        if child.value is None:
            child.fault("required", f"缺少字段“{key}”")
            return ""
        return child.as_text(empty_ok=default is not None)

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under ``key``; the same text twice is an error."""
        found: list[str] = []
        for node in self.items(key):
            text = node.as_text()
            if text in found:
                node.fault("repeated", f"“{text}”重复")
            else:
                found.append(text)
        return tuple(found)

    def whole(self, key: str, *, default: int | None = None, least: int = 0, most: int = 9999) -> int:
        """The whole number under ``key`` within ``least``..``most``; required unless ``default`` is given."""
        child = self.child(key)
        if child.value is None and default is not None:
            return default
        if child.value is None:
            child.fault("required", f"缺少字段“{key}”")
            return least
        if isinstance(child.value, bool) or not isinstance(child.value, int):
            child.fault("type", "此处应为整数")
            return least
        if not least <= child.value <= most:
            child.fault("range", f"应在 {least} 至 {most} 之间")
            return least
        return child.value

    def flag(self, key: str, default: bool) -> bool:
        """The yes or no under ``key``."""
        child = self.child(key)
        if child.value is None:
            return default
        if not isinstance(child.value, bool):
            child.fault("type", "此处应为 true 或 false")
            return default
        return child.value

    def choice(self, key: str, kind: type[_Enum], default: _Enum | None = None) -> _Enum:
        """The member of ``kind`` under ``key``; required unless ``default`` is given."""
        child = self.child(key)
        if child.value is None and default is not None:
            return default
        for member in kind:
            if member.value == child.value:
                return member
        child.fault("choice", f"应为其中之一：{_joined(kind)}")
        return default if default is not None else next(iter(kind))

    def day(self, key: str, default: date | None = None) -> date:
        """The ISO date under ``key``; required unless ``default`` is given."""
        child = self.child(key)
        if child.value is None and default is not None:
            return default
        return child.as_day()

    def as_day(self) -> date:
        """This value as an ISO date (YYYY-MM-DD)."""
        try:
            if isinstance(self.value, str) and len(self.value) == len("YYYY-MM-DD"):
                return date.fromisoformat(self.value)
        except ValueError:
            pass
        self.fault("date", "此处应为日期，形如 2026-01-01")
        return date.min


class _NotAllowedError(ValueError):
    """JSON that Python would read but the product's files may not hold."""


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Refuse an object that has a key twice: JSON would silently keep the last one."""
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise _NotAllowedError(f"字段“{key}”在同一对象中出现两次")
        found[key] = value
    return found


def _no_constant(name: str) -> Json:
    raise _NotAllowedError(f"不允许的数值 {name}")


def _joined(members: Iterable[StrEnum]) -> str:
    return "、".join(member.value for member in members)
