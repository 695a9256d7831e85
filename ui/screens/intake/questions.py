"""The questions of 收件 in their order: secrecy, stage, type, situations, secrecy of the matters (Art. 3)."""

from __future__ import annotations

from dataclasses import replace

from ebp_desktop.domain.facts import Answer
from ebp_desktop.domain.registration import Draft
from ui.screens.intake.state import ChoiceGroup, IntakeState, Phase
from ui.shown import Choice

SECRECY, STAGE, TYPE, MATTERS_SECRECY = "secrecy", "stage", "type", "matters_secrecy"
OPEN, SECRET = "open", "secret"


def groups_of(state: IntakeState) -> tuple[ChoiceGroup, ...]:
    """The questions of the step that is shown, with what was picked."""
    draft = state.draft
    if draft is None:
        return ()
    if state.phase is Phase.PROJECT:
        return (
            ChoiceGroup(
                SECRECY,
                "项目是否涉及国家秘密",
                (Choice(OPEN, "不涉密"), Choice(SECRET, "涉密", "本机不留任何记录")),
                "请申请人当面确认",
                OPEN if state.not_secret else "",
            ),
            ChoiceGroup(STAGE, "办理阶段", state.stages, "", draft.stage),
            ChoiceGroup(TYPE, "项目类型", state.types, "", draft.project.project_type),
        )
    prepared = state.prepared
    if state.phase is not Phase.SITUATION or prepared is None:
        return ()
    count = len(prepared.matters)
    confirm = ChoiceGroup(
        MATTERS_SECRECY,
        f"所选 {count} 个事项是否涉及国家秘密",
        (Choice(OPEN, "均不涉密"), Choice(SECRET, "有涉密事项", "本机不留任何记录")),
        "逐项确认",
        OPEN if draft.declared_not_secret else "",
    )
    return (*prepared.questions, confirm) if count else prepared.questions


def current_group(groups: tuple[ChoiceGroup, ...], wanted: str) -> str:
    """The question that number keys answer: the one gone back to, else the first without an answer, else the last."""
    if any(group.key == wanted for group in groups):
        return wanted
    unanswered = (group.key for group in groups if not group.picked)
    return next(unanswered, groups[-1].key if groups else "")


def answered(draft: Draft, question: str, choice: str) -> Draft:
    """The draft with an answer; another answer takes back the declaration on the matters."""
    others = tuple(answer for answer in draft.answers if answer.question != question)
    return replace(draft, answers=(*others, Answer(question=question, choice=choice)), declared_not_secret=False)


def with_stage(draft: Draft, stage: str) -> Draft:
    """The draft for another stage: its guide, answers and matters begin anew."""
    if draft.stage == stage:
        return draft
    return replace(draft, stage=stage, answers=(), matters=(), declared_not_secret=False)


def with_type(draft: Draft, project_type: str) -> Draft:
    """The draft for another type of project."""
    if draft.project.project_type == project_type:
        return draft
    project = replace(draft.project, project_type=project_type)
    return replace(draft, project=project, answers=(), matters=(), declared_not_secret=False)
