"""What an 80 mm receipt says, line by line, whoever composes it and whatever printer prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph; ``large`` doubles the characters."""

    text: str
    bold: bool = False
    large: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A label at the left edge and its value at the right."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code with the number beneath in plain text."""

    token: str
    number: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


ReceiptLine: TypeAlias = Words | Pair | Code | Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A whole receipt from top to cut."""

    lines: tuple[ReceiptLine, ...]
