"""The one tree of errors: what happened, what is safe, what to do, and how a command exits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that stands in the way: the material line or field, what is wrong, and the article."""

    line: str
    what: str
    article: str = ""


class EbpError(Exception):
    """A failure in the clerk's words.

    ``code`` is stable and for machines; ``message`` says what happened, ``safe`` what is not lost, ``todo`` what to do
    now; ``article`` names the rule and ``place`` the file and position where there is one. Never raised itself.
    """

    exit_code: ClassVar[int] = 5

    def __init__(
        self,
        code: str,
        message: str,
        *,
        article: str = "",
        place: str = "",
        safe: str = "",
        todo: str = "",
        missing: tuple[Missing, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.article = article
        self.place = place
        self.safe = safe
        self.todo = todo
        self.missing = missing


class UsageError(EbpError):
    """The command's words are off (exit 2)."""

    exit_code = 2


class RefusedError(EbpError):
    """The regulation, a state or a missing right refuses the act (exit 3)."""

    exit_code = 3


class BadInputError(EbpError):
    """What was typed, scanned or handed in cannot be used (exit 4)."""

    exit_code = 4


class SurroundingsError(EbpError):
    """Disk, printer, scanner, network, key store or calendar fail; the act may be repeated (exit 5)."""

    exit_code = 5
