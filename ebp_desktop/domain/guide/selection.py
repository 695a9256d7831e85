"""Which matters and materials a filing needs, given its project type and the answers to the situation questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.guide.model import Condition, Guide, GuideMaterial, GuideMatter, Question, Statutory
from ebp_desktop.domain.material import Counts, Keep


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenMatter:
    """A matter that applies, with the limits of this situation, its prerequisites among the chosen, and the reasons."""

    matter: GuideMatter
    statutory: Statutory | None
    promised: Limit | None
    after: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A material that is due, once, with every chosen matter that needs it and the reasons beside the matters.

    ``shareable`` and ``due_from_stage`` lines ask for nothing at the counter: their ``due`` is all zero.
    """

    material: GuideMaterial
    due: Counts
    keep: Keep
    native_formats: tuple[str, ...]
    shareable: bool
    due_from_stage: bool
    keeper: str
    needed_by: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The guide's answer: what applies, what to ask, and what is still open.

    ``questions`` are all to show now, in order; ``unanswered`` those of them without an answer, in a partial filing
    only those that its matters turn on; ``undecided`` the codes of matters and materials that wait for one;
    ``problems`` Chinese sentences about a choice that cannot stand.
    """

    matters: tuple[ChosenMatter, ...]
    materials: tuple[Requirement, ...]
    questions: tuple[Question, ...]
    unanswered: tuple[Question, ...]
    undecided: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every question is answered and nothing contradicts."""
        return not self.unanswered and not self.problems


class _Truth(Enum):
    YES = "yes"
    NO = "no"
    OPEN = "open"


class _Situation:
    """The answers of one filing; hidden questions carry their implied answer and stale answers do not count."""

    def __init__(self, guide: Guide, project_type: str, answers: Mapping[str, str]) -> None:
        self.project_type = project_type
        self.shown: list[Question] = []
        self._known: dict[str, Question] = {question.id: question for question in guide.questions}
        self._answers: dict[str, str] = {}
        self._open: set[str] = set()
        for question in guide.questions:
            self._take(question, answers.get(question.id, ""))

    def _take(self, question: Question, answer: str) -> None:
        asked = self.holds(question.shown_when) if self.project_type in question.types else _Truth.NO
        if asked is _Truth.NO:
            self._answers[question.id] = question.implied
            return
        if asked is _Truth.YES:
            self.shown.append(question)
        if asked is _Truth.YES and answer:
            self._answers[question.id] = answer
        else:
            self._open.add(question.id)

    def holds(self, condition: Condition) -> _Truth:
        """No if any clause fails, open if any waits for an answer, else yes."""
        truth = _Truth.YES
        for clause in condition:
            if clause.question in self._open:
                truth = _Truth.OPEN
            elif self._answers.get(clause.question, "") not in clause.answers:
                return _Truth.NO
        return truth

    def applies(self, types: tuple[str, ...], condition: Condition) -> _Truth:
        return self.holds(condition) if self.project_type in types else _Truth.NO

    def reasons(self, condition: Condition) -> tuple[str, ...]:
        """The answers that decided, in the guide's words."""
        told: list[str] = []
        for clause in condition:
            question = self._known[clause.question]
            choice = question.choice(self._answers.get(question.id, ""))
            if choice is not None:
                told.append(f"{question.text}{choice.text}")
        return tuple(told)

    def unanswered(self) -> tuple[Question, ...]:
        return tuple(question for question in self.shown if question.id in self._open)


def select(
    guide: Guide, project_type: str, answers: Mapping[str, str], *, only: Collection[str] | None = None
) -> Selection:
    """The matters and materials of a filing of ``project_type`` with ``answers`` (question id to choice code).

    ``only`` limits the filing to these matters where they apply: an applicant need not file all at once. Raises
    BadInputError ``project_type_unknown``, ``answer_unknown`` or ``matter_unknown``.
    """
    _refuse_strangers(guide, project_type, answers, only)
    situation = _Situation(guide, project_type, answers)
    truths = {matter.code: situation.applies(matter.types, matter.when) for matter in guide.matters}
    offered = [matter for matter in guide.matters if truths[matter.code] is _Truth.YES]
    taken = [matter for matter in offered if only is None or matter.code in only]
    codes = tuple(matter.code for matter in taken)
    touching = None if only is None else _touching(guide, only)
    materials: list[Requirement] = []
    undecided = [code for code, truth in truths.items() if truth is _Truth.OPEN]
    for material in guide.materials:
        needed_by = tuple(code for code in codes if material.serves(code))
        truth = situation.applies(material.types, material.when)
        form = (situation.holds(material.shareable_when), situation.holds(material.paper_waived_when))
        if needed_by and truth is not _Truth.NO and _Truth.OPEN in (truth, *form):
            undecided.append(material.id)
        elif needed_by and truth is _Truth.YES:
            materials.append(_requirement(guide, situation, material, needed_by, codes))
    return Selection(
        matters=tuple(_chosen(situation, matter, codes) for matter in taken),
        materials=tuple(materials),
        questions=tuple(situation.shown),
        unanswered=tuple(each for each in situation.unanswered() if touching is None or each.id in touching),
        undecided=tuple(undecided),
        problems=_problems(guide, project_type, truths, None if only is None else set(codes)),
    )


def _touching(guide: Guide, only: Collection[str]) -> set[str]:
    """The questions on which these matters, their limits and their materials turn, with those that lead to them."""
    conditions: list[Condition] = []
    for matter in guide.matters:
        if matter.code in only:
            conditions += [matter.when, *(variant.when for variant in matter.variants)]
    for material in guide.materials:
        if any(material.serves(code) for code in only):
            conditions += [material.when, material.shareable_when, material.paper_waived_when]
    touching = {clause.question for condition in conditions for clause in condition}
    for question in reversed(guide.questions):
        if question.id in touching:
            touching.update(clause.question for clause in question.shown_when)
    return touching


def _refuse_strangers(
    guide: Guide, project_type: str, answers: Mapping[str, str], only: Collection[str] | None
) -> None:
    if all(each.code != project_type for each in guide.project_types):
        raise BadInputError("project_type_unknown", f"办事指南没有项目类型“{project_type}”", todo="重新选择项目类型。")
    questions = {question.id: question for question in guide.questions}
    for name, answer in answers.items():
        if name not in questions or (answer and questions[name].choice(answer) is None):
            raise BadInputError("answer_unknown", f"办事指南没有情形“{name}：{answer}”", todo="重新回答情形问题。")
    known = {matter.code for matter in guide.matters}
    for code in only or ():
        if code not in known:
            raise BadInputError("matter_unknown", f"办事指南没有事项“{code}”", article="第十三条")


def _chosen(situation: _Situation, matter: GuideMatter, codes: tuple[str, ...]) -> ChosenMatter:
    statutory, promised, decided_by = matter.statutory, matter.promised, matter.when
    for variant in matter.variants:
        if situation.holds(variant.when) is _Truth.YES:
            statutory, promised = variant.statutory or statutory, variant.promised or promised
            decided_by = (*matter.when, *(clause for clause in variant.when if clause not in matter.when))
            break
    return ChosenMatter(
        matter=matter,
        statutory=statutory,
        promised=promised,
        after=tuple(code for code in matter.after if code in codes),
        reasons=tuple(dict.fromkeys(situation.reasons(decided_by))),
    )


def _requirement(
    guide: Guide,
    situation: _Situation,
    material: GuideMaterial,
    needed_by: tuple[str, ...],
    chosen: tuple[str, ...],
) -> Requirement:
    shareable = bool(material.share_source) and situation.holds(material.shareable_when) is _Truth.YES
    from_stage = not set(material.produced_by).isdisjoint(chosen)
    waived = bool(material.paper_waived_when) and situation.holds(material.paper_waived_when) is _Truth.YES
    nothing_due = shareable or from_stage
    if nothing_due:
        due = Counts()
    elif waived:
        due = Counts(electronic=material.due.electronic)
    else:
        due = material.due
    return Requirement(
        material=material,
        due=due,
        keep=material.keep if due.original else Keep.NONE,
        native_formats=() if nothing_due else material.native_formats,
        shareable=shareable,
        due_from_stage=from_stage,
        keeper=material.keeper or guide.stage.lead,
        needed_by=needed_by,
        reasons=situation.reasons(material.when),
    )


def _problems(guide: Guide, project_type: str, truths: Mapping[str, _Truth], taken: set[str] | None) -> tuple[str, ...]:
    """Groups of which exactly one matter must apply and another number does."""
    found: list[str] = []
    for group in guide.exactly_one:
        states = [truths[code] for code in group.matters]
        if project_type not in group.types or _Truth.OPEN in states:
            continue
        chosen = [code for code in group.matters if truths[code] is _Truth.YES and (taken is None or code in taken)]
        if len(chosen) > 1 or (not chosen and taken is None):
            names = "、".join(f"{code} {guide.matter(code).name}" for code in group.matters)
            found.append(f"以下事项应当且只能办理一项：{names}")
    return tuple(found)
