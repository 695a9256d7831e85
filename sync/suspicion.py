"""Finding the fact that makes central fail: three failures, a control, then halves until one is left.

A failing server is no proof against a fact. So before any fact is suspected, a greeting must pass while the batch
fails; and a fact is named only after it failed alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sync.events import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """How far the search is: ``limit`` facts at most per batch (0 = no limit) until number ``until`` has passed."""

    failures: int = 0
    limit: int = 0
    until: int = 0
    needs_control: bool = False
    is_controlled: bool = False
    culprit: UUID | None = None

    def batch(self, full: int) -> int:
        """The size of the next batch."""
        return min(full, self.limit) if self.limit else full


CLEAR = Suspicion()


def after_breakage(suspicion: Suspicion, sent: tuple[Sent, ...], at_most: int) -> Suspicion:
    """One more failure of central over these facts; ``at_most`` failures are put up with before the search begins."""
    if suspicion.culprit is not None or not sent:
        return CLEAR
    if not suspicion.is_controlled:
        failures = suspicion.failures + 1
        return replace(suspicion, failures=failures, needs_control=failures >= at_most)
    last = max(suspicion.until, sent[-1].seq)
    if len(sent) > 1:
        return replace(suspicion, limit=len(sent) // 2, until=last)
    return replace(suspicion, limit=1, until=last, culprit=sent[0].case_id)


def after_greeting(suspicion: Suspicion) -> Suspicion:
    """Central is well: what fails must lie in the batch."""
    if not suspicion.needs_control:
        return suspicion
    return replace(suspicion, needs_control=False, is_controlled=True)


def after_progress(suspicion: Suspicion, last_seq: int) -> Suspicion:
    """Facts up to ``last_seq`` got through; past the suspected range the search is over."""
    if last_seq >= suspicion.until:
        return CLEAR
    return replace(suspicion, culprit=None)
