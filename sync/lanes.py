"""Lanes: everything of one case is one lane, first in first out, and lanes take turns.

Facts themselves travel in the gapless order of their chain, whatever lane they belong to: a refused fact uses up its
number, so nothing behind it waits. Lanes decide what is left to decide: whose scan is sent next, whose deferred facts
are asked about next, and which later facts must be kept raw because an earlier one of their case could not be applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sync.ports import BlobTask


def next_lane(lanes: Iterable[UUID], last: UUID | None) -> UUID | None:
    """The lane whose turn it is after ``last``, in the order of ids and around again; None when there is none."""
    ordered = sorted(set(lanes))
    if not ordered:
        return None
    return next((lane for lane in ordered if last is not None and lane > last), ordered[0])


def next_blob(pending: tuple[BlobTask, ...], last: UUID | None) -> BlobTask | None:
    """The oldest scan of the lane whose turn it is, so that one thick file does not keep the other cases waiting."""
    lane = next_lane((task.case_id for task in pending), last)
    return next((task for task in pending if task.case_id == lane), None)
