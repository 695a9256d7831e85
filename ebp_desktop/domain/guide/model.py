"""What a guide says, as frozen values: stage, departments, questions, matters, materials and their conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.facts import ResultForm
from ebp_desktop.domain.material import Counts, Keep
from ebp_desktop.domain.states import Nature


class GuideStatus(StrEnum):
    """How far a guide is: only a published one may be used outside the demo (rule 13, Art. 13)."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on screen and paper."""
        return {"draft": "草案", "confirmed": "已确认", "published": "已发布", "withdrawn": "已废止"}[self.value]


class NumberKind(StrEnum):
    """Which shape the number on a result has."""

    DOCUMENT_NO = "document_no"
    PLANNING_PERMIT = "planning_permit"
    CONSTRUCTION_PERMIT = "construction_permit"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """审批部门: ``short`` is its 机关代字, empty for a body that issues no numbered documents."""

    code: str
    name: str
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectType:
    """项目类型 with the integer of the national exchange vocabulary."""

    code: str
    name: str
    national: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One demand on the situation: the question has one of these answers."""

    question: str
    answers: tuple[str, ...]


Condition = tuple[Clause, ...]
"""All clauses must hold; the empty condition always does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One possible answer."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """情形问题: asked for ``types`` while ``shown_when`` holds; a hidden one has the answer ``implied``, if any."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    types: tuple[str, ...]
    shown_when: Condition = ()
    implied: str = ""
    note: str = ""

    def choice(self, code: str) -> Choice | None:
        """The choice with this code."""
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statutory:
    """法定时限 with the extension that a special law allows (days of the same unit)."""

    limit: Limit
    extension_days: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitVariant:
    """Limits that replace a matter's own in a situation; the first variant whose condition holds decides."""

    when: Condition
    statutory: Statutory | None = None
    promised: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideMatter:
    """审批事项: who decides it, in what time, for whom, after which others, with which result."""

    code: str
    name: str
    department: str
    nature: Nature
    types: tuple[str, ...]
    when: Condition
    statutory: Statutory | None
    statutory_note: str
    promised: Limit | None
    variants: tuple[LimitVariant, ...]
    after: tuple[str, ...]
    counts_from_prerequisite: bool
    result_form: ResultForm
    result_name: str
    result_number: NumberKind
    higher_authority: str
    deemed_acceptance: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideMaterial:
    """材料: what is due, for which matters and when; ``used_by`` None means every matter of the stage.

    ``share_source`` names where it can be shared from (Art. 13); with ``shareable_when`` only in that situation.
    ``produced_by`` are the matters whose result it is: applied for together, it is due from the stage itself.
    """

    id: str
    name: str
    due: Counts
    keep: Keep
    native_formats: tuple[str, ...]
    used_by: tuple[str, ...] | None
    types: tuple[str, ...]
    when: Condition
    share_source: str
    shareable_when: Condition
    paper_waived_when: Condition
    produced_by: tuple[str, ...]
    same_as: str
    keeper: str
    note: str

    def serves(self, matter: str) -> bool:
        """Whether this material belongs to the matter."""
        return self.used_by is None or matter in self.used_by


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactlyOne:
    """Matters of which a project of these types needs exactly one."""

    matters: tuple[str, ...]
    types: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A department's confirmation of the guide (Art. 13)."""

    department: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideStage:
    """审批阶段 with its lead department, promised working days and joint technical review (Art. 14, 16)."""

    code: str
    number: int
    name: str
    lead: str
    days: int
    joint_review: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """办事指南 of one stage: one guide, one form, one set of materials (Art. 13)."""

    id: str
    version: str
    status: GuideStatus
    title: str
    effective_from: date | None
    effective_until: date | None
    stage: GuideStage
    departments: tuple[Department, ...]
    project_types: tuple[ProjectType, ...]
    questions: tuple[Question, ...]
    matters: tuple[GuideMatter, ...]
    exactly_one: tuple[ExactlyOne, ...]
    materials: tuple[GuideMaterial, ...]
    confirmations: tuple[Confirmation, ...]

    @property
    def is_draft(self) -> bool:
        """Anything but published: unusable outside the demo, 样张 on every paper inside it."""
        return self.status is not GuideStatus.PUBLISHED

    def in_force(self, day: date) -> bool:
        """Whether this published version binds what is received on ``day`` (rule 13)."""
        begun = self.effective_from is not None and self.effective_from <= day
        return not self.is_draft and begun and (self.effective_until is None or day <= self.effective_until)

    def department(self, code: str) -> Department:
        """The department with this code; KeyError if the guide does not name it."""
        return _named(self.departments, code)

    def project_type(self, code: str) -> ProjectType:
        """The project type with this code; KeyError if the guide does not name it."""
        return _named(self.project_types, code)

    def matter(self, code: str) -> GuideMatter:
        """The matter with this code; KeyError if the guide does not name it."""
        return _named(self.matters, code)

    def material(self, material: str) -> GuideMaterial:
        """The material with this id; KeyError if the guide does not name it."""
        for each in self.materials:
            if each.id == material:
                return each
        raise KeyError(material)

    def question(self, question: str) -> Question:
        """The situation question with this id; KeyError if the guide does not name it."""
        for each in self.questions:
            if each.id == question:
                return each
        raise KeyError(question)

    def participating(self) -> tuple[str, ...]:
        """The departments of its matters and the lead, each once, in the guide's order."""
        taking_part = {matter.department for matter in self.matters} | {self.stage.lead}
        return tuple(department.code for department in self.departments if department.code in taking_part)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_CodedValue = TypeVar("_CodedValue", bound=_Coded)


def _named(values: tuple[_CodedValue, ...], code: str) -> _CodedValue:
    for each in values:
        if each.code == code:
            return each
    raise KeyError(code)
