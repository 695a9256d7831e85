"""The verdict on one pushed fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sync.protocol.messages import FactResult, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What central decides on a fact, before it has its receipt."""

    outcome: Outcome
    code: str = ""
    message: str = ""
    article: str = ""
    todo: str = ""
    waiting: tuple[str, ...] = ()

    def result(self, fact_id: UUID) -> FactResult:
        """The verdict as an answer, its receipt still to come."""
        return FactResult(
            fact_id=fact_id,
            outcome=self.outcome,
            code=self.code,
            message=self.message,
            article=self.article,
            todo=self.todo,
            waiting=self.waiting,
        )


APPLIED: Final = Verdict(Outcome.APPLIED)


def rejected(code: str, message: str, *, article: str = "", todo: str = "") -> Verdict:
    """The fact breaks a rule; it is kept, consumed its number and takes no effect."""
    return Verdict(Outcome.REJECTED, code, message, article, todo)


def conflict(code: str, message: str, *, article: str = "", todo: str = "") -> Verdict:
    """The fact is in order, but what it builds on has changed."""
    return Verdict(Outcome.CONFLICT, code, message, article, todo)


def deferred(code: str, message: str, *waiting: str) -> Verdict:
    """The fact is kept as it came and takes effect once what it waits for is there."""
    return Verdict(Outcome.DEFERRED, code, message, waiting=waiting)
