"""What 收件 shows: the draft on the desk, how far it has come, and what still stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.project import Party, Project
from ebp_desktop.domain.registration import Draft
from ui.shown import Badge, Choice, PageImage


class Phase(StrEnum):
    """The four steps, and the end that leaves no trace."""

    PROJECT = "project"
    SITUATION = "situation"
    MATERIALS = "materials"
    REGISTERED = "registered"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """One question with its answers by number key; ``picked`` is the chosen value."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    note: str = ""
    picked: str = ""


@dataclass(frozen=True, slots=True)
class ProjectHit:
    """A project that is known already, with its applicant."""

    key: str
    project: Project
    parties: tuple[Party, ...] = ()
    note: str = ""
    state: Badge | None = None


@dataclass(frozen=True, slots=True)
class DraftHit:
    """A half-done case that may be taken up."""

    id: UUID
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class MatterShown:
    """One matter that the situation selects."""

    code: str
    name: str
    department: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft under a guide: the questions it asks, the matters and lines that follow from the answers."""

    draft: Draft
    questions: tuple[ChoiceGroup, ...] = ()
    matters: tuple[MatterShown, ...] = ()
    guide_label: str = ""
    guide_is_draft: bool = False
    stage_name: str = ""
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft after files were taken in, and what was refused with the reason."""

    draft: Draft
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredShown:
    """What a registration made."""

    registration_no: str
    number: str
    received: str
    answer_by: str
    pages: tuple[PageImage, ...] = ()
    matters: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    printed: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class IntakeState:
    """The whole desk; ``texts`` are the form's fields as typed, ``touched`` those that were left once."""

    phase: Phase = Phase.PROJECT
    draft: Draft | None = None
    not_secret: bool = False
    stages: tuple[Choice, ...] = ()
    types: tuple[Choice, ...] = ()
    hits: tuple[ProjectHit, ...] = ()
    drafts: tuple[DraftHit, ...] = ()
    looked_for: str = ""
    prepared: Prepared | None = None
    group: str = ""
    line: str = ""
    page: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()
    obstacles: tuple[Missing, ...] = ()
    notice: str = ""
    registered: RegisteredShown | None = None
    sending: bool = False
