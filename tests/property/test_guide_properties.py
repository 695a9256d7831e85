"""Whatever is answered, a guide's selection holds together, and whatever is broken in a file is said, not raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.guide import Guide, Level, lint_guide, parse_guide, select
from resources import locate

TEXTS = {stage: locate("guides", f"stage{stage}.json").read_text(encoding="utf-8") for stage in (1, 2, 3, 4)}
GUIDES = [parse_guide(text, f"stage{stage}.json") for stage, text in TEXTS.items()]


@st.composite
def situations(draw) -> tuple[Guide, str, dict[str, str]]:
    guide = draw(st.sampled_from(GUIDES))
    answers: dict[str, str] = {}
    for question in guide.questions:
        answer = draw(st.sampled_from(["", *(choice.code for choice in question.choices)]))
        if answer:
            answers[question.id] = answer
    return guide, draw(st.sampled_from([each.code for each in guide.project_types])), answers


@given(situations())
def test_every_material_is_asked_once_and_only_for_chosen_matters(situation):
    selection = select(*situation)
    chosen = {each.matter.code for each in selection.matters}
    materials = [each.material.id for each in selection.materials]
    assert len(materials) == len(set(materials))
    for requirement in selection.materials:
        assert requirement.needed_by
        assert chosen.issuperset(requirement.needed_by)
        if requirement.shareable or requirement.due_from_stage:
            assert requirement.due.original == requirement.due.copy == 0


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_is_nothing(situation, chance):
    guide, project_type, answers = situation
    pairs = list(answers.items())
    chance.shuffle(pairs)
    assert select(guide, project_type, dict(pairs)) == select(guide, project_type, answers)


@given(situations())
def test_one_more_answer_never_takes_back_what_was_decided(situation):
    guide, project_type, answers = situation
    before = select(guide, project_type, answers)
    decided = {each.matter.code for each in before.matters}
    for question in before.unanswered:
        for choice in question.choices:
            after = select(guide, project_type, answers | {question.id: choice.code})
            assert decided <= {each.matter.code for each in after.matters}
            assert set(after.undecided) - set(before.undecided) <= {each.id for each in guide.materials}


@given(situations())
def test_a_prerequisite_comes_from_the_same_filing(situation):
    selection = select(*situation)
    chosen = {each.matter.code for each in selection.matters}
    for matter in selection.matters:
        assert chosen.issuperset(matter.after)
        assert matter.matter.code not in matter.after


def every_path(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, child in value.items():
            found += every_path(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found += every_path(child, (*path, index))
    return found


PATHS = every_path(json.loads(TEXTS[3]))
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just(["x", "x"]),
    st.just([{}]),
    st.just({"days": 1, "extra": 2}),
)


@given(st.sampled_from(PATHS), junk)
def test_junk_at_any_place_of_a_guide_is_a_finding_or_harmless_but_never_a_crash(path, value):
    document = json.loads(TEXTS[3])
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    text = json.dumps(document)
    errors = [finding for finding in lint_guide(text, "x.json") if finding.level is Level.ERROR]
    if errors:
        with pytest.raises(BadInputError):
            parse_guide(text, "x.json")
    else:
        assert parse_guide(text, "x.json").matters


@given(st.text(max_size=200))
def test_any_text_at_all_is_judged_without_a_crash(text):
    findings = lint_guide(text, "x.json")
    assert any(finding.level is Level.ERROR for finding in findings)
