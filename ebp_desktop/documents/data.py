"""The one gate for a paper's data: JSON in, checked values out, and plain data for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

import msgspec

from ebp_desktop.documents.kinds import DocumentKind, kind_of
from ebp_desktop.documents.parts import Paper
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"


def fields(code: str) -> Mapping[str, object]:
    """JSON Schema of a kind's data; every field carries its Chinese name as ``title``."""
    schema: Mapping[str, object] = msgspec.json.schema(kind_of(code).data)
    return schema


def parse_data(code: str, raw: bytes) -> Paper:
    """A kind's data from JSON; ``BadInputError`` names the place of the first fault."""
    kind = kind_of(code)
    try:
        paper = msgspec.json.decode(raw, type=kind.data)
    except msgspec.ValidationError as fault:
        raise _unusable(kind, str(fault)) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadInputError(
            "document_data_unreadable", f"《{kind.title}》的数据不是有效的 JSON：{fault}", safe="没有产生任何文书"
        ) from fault
    require_complete(kind, paper)
    return paper


def require_complete(kind: DocumentKind, paper: Paper) -> None:
    """Refuse a paper with a blank where the law wants words, or one that says what it may not say.

    Values built in code pass through the same checks as values from JSON. Raises ``BadInputError``.
    """
    if type(paper) is not kind.data:
        raise BadInputError("document_data_foreign", f"《{kind.title}》收到了另一种文书的数据：{type(paper).__name__}")
    try:
        msgspec.convert(msgspec.to_builtins(paper), kind.data)
    except msgspec.ValidationError as fault:
        raise _unusable(kind, str(fault)) from fault
    lacking = paper.lacking()
    if lacking:
        said = "；".join(f"{missing.line}：{missing.what}" for missing in lacking)
        raise BadInputError(
            "document_incomplete",
            f"《{kind.title_for(paper)}》不能出具：{said}",
            article=lacking[0].article,
            safe="没有产生任何文书",
            todo="补全或改正上述内容后再出具",
            missing=lacking,
        )


def to_plain(value: object) -> Plain:
    """What a template reads: dates as ISO, moments in China time to the minute, enums by value."""
    if isinstance(value, Enum):
        return to_plain(value.value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclass_fields(value)}
    raise TypeError(f"no way to print a {type(value).__name__}")


def texts(value: Plain) -> list[str]:
    """Every piece of text in plain data, for the glyph check."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def _unusable(kind: DocumentKind, fault: str) -> BadInputError:
    reason, _, place = fault.partition(" - at ")
    place = place.strip("`")
    label = _label(kind, place) or place
    return BadInputError(
        "document_incomplete",
        f"《{kind.title}》不能出具：“{label}”未填写或不合要求（{reason}）",
        place=place,
        safe="没有产生任何文书",
        todo="补全或改正后再出具；各字段的要求见 ebp document render --fields",
    )


def _label(kind: DocumentKind, place: str) -> str:
    """The Chinese name of the field that a path such as ``$.remedy.court`` or ``$.rows[...].name`` points at."""
    schema = msgspec.json.schema(kind.data)
    definitions = schema.get("$defs", {})
    node: Mapping[str, object] = schema
    for step in place.lstrip("$.").replace("[...]", ".[]").replace("[", ".[").split("."):
        node = _resolved(node, definitions)
        inner = node.get("items") if step.startswith("[") else _member(node, step)
        if not isinstance(inner, dict):
            return ""
        node = inner
    return str(node.get("title", ""))


def _member(node: Mapping[str, object], name: str) -> object:
    properties = node.get("properties")
    return properties.get(name) if isinstance(properties, dict) else None


def _resolved(node: Mapping[str, object], definitions: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    options = node.get("anyOf", [node])
    for option in options if isinstance(options, list) else []:
        if isinstance(option, dict) and "$ref" in option:
            return definitions[str(option["$ref"]).rsplit("/", 1)[-1]]
    return node
