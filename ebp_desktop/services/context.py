"""The ports, the window and the rules in force: what every use case is given."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain.calendar import WorkCalendar
from ebp_desktop.domain.readings import SAFE_READINGS, Readings
from ebp_desktop.services.papers import PaperMaker
from ebp_desktop.services.ports import Blobs, Clock, EnvelopeSealer, Ids, ProjectDirectory, SharedRecords, Store, Tokens
from ebp_desktop.services.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports that the use cases share, with the calendar and readings in force."""

    store: Store
    clock: Clock
    ids: Ids
    sealer: EnvelopeSealer
    blobs: Blobs
    papers: PaperMaker
    tokens: Tokens
    shares: SharedRecords
    directory: ProjectDirectory
    window: Window
    calendar: WorkCalendar
    readings: Readings = SAFE_READINGS
