"""Project type and answers choose matters and materials: each once, with its reasons, and nothing shareable due."""

from __future__ import annotations

from itertools import product

import pytest

from ebp_desktop.domain.clocks import Limit, Unit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.guide import Guide, Selection, checklist, matter_terms, parse_guide, select
from ebp_desktop.domain.material import Counts, Keep, ShareState
from resources import locate


def draft(stage: int) -> Guide:
    return parse_guide(locate("guides", f"stage{stage}.json").read_text(encoding="utf-8"), f"stage{stage}.json")


LAND = draft(1)
WORKS = draft(2)
CONSTRUCTION = draft(3)
COMPLETION = draft(4)

SMALL_LAND = {
    "agent": "no",
    "approval_catalogue": "not_listed",
    "land_source": "existing",
    "energy_review": "no",
    "eia": "none",
    "soil_water": "none",
    "forest_grass": "no",
    "major_risk": "no",
    "geology": "no",
}


def codes(selection: Selection) -> list[str]:
    return [chosen.matter.code for chosen in selection.matters]


def ids(selection: Selection) -> list[str]:
    return [requirement.material.id for requirement in selection.materials]


def need(selection: Selection, material: str):
    return next(each for each in selection.materials if each.material.id == material)


def test_a_filed_private_project_needs_the_filing_and_not_the_approval():
    filed = select(LAND, "S", SMALL_LAND)
    assert codes(filed) == ["1-03", "1-05"]
    assert filed.complete
    approved = select(LAND, "S", SMALL_LAND | {"approval_catalogue": "listed"})
    assert codes(approved) == ["1-02", "1-05"]
    assert "M107" in ids(approved)
    assert "M107" not in ids(filed)


def test_a_government_project_needs_the_feasibility_study():
    selection = select(LAND, "G", SMALL_LAND | {"land_source": "allocated"})
    assert codes(selection) == ["1-01", "1-04", "1-05", "1-06"]
    assert {"M105", "M106", "M120"} <= set(ids(selection))


def test_land_sold_with_its_scheme_skips_what_was_settled_before_the_sale():
    land = select(LAND, "D", SMALL_LAND)
    assert codes(land) == ["1-03", "1-05"]
    assert "approval_catalogue" not in {question.id for question in land.questions}
    assert "2-01" not in codes(select(WORKS, "D", {}))


def test_a_linear_project_has_no_building_matters():
    works = codes(select(WORKS, "L", {}))
    assert "2-04" not in works
    completion = select(COMPLETION, "L", {"agent": "no", "lightning": "no", "utilities": "no"})
    assert "4-05" in codes(completion)
    assert not {"4-04", "4-06"} & set(codes(completion))
    assert completion.complete


def test_a_small_low_risk_project_has_no_drawing_review():
    assert "3-01" not in codes(select(CONSTRUCTION, "X", {}))
    assert "M309" not in ids(select(CONSTRUCTION, "X", {"above_threshold": "yes"}))


def test_a_material_used_by_six_matters_is_asked_once_and_names_them():
    answers = SMALL_LAND | {
        "land_source": "allocated",
        "energy_review": "yes",
        "eia": "report",
        "soil_water": "report",
        "forest_grass": "yes",
    }
    selection = select(LAND, "G", answers)
    assert len(ids(selection)) == len(set(ids(selection)))
    assert need(selection, "M101").needed_by == tuple(codes(selection))
    assert need(selection, "M110").needed_by == ("1-04", "1-05", "1-06", "1-10")
    assert len(need(selection, "M101").needed_by) >= 6


def test_a_selection_tells_why_in_the_words_of_the_question():
    selection = select(LAND, "G", SMALL_LAND | {"land_source": "allocated", "agent": "yes"})
    chosen = next(each for each in selection.matters if each.matter.code == "1-06")
    assert chosen.reasons == ("项目用地以何种方式取得？划拨",)
    assert need(selection, "M104").reasons == ("是否委托代理人办理？是",)
    assert need(selection, "M101").reasons == ()


def test_before_any_answer_the_open_questions_are_listed_and_nothing_is_guessed():
    selection = select(LAND, "S", {})
    assert [question.id for question in selection.unanswered] == [
        "agent",
        "approval_catalogue",
        "energy_review",
        "eia",
        "soil_water",
        "forest_grass",
        "major_risk",
        "geology",
    ]
    assert codes(selection) == ["1-05"]
    assert {"1-02", "1-03", "1-08", "M104"} <= set(selection.undecided)
    assert not selection.complete
    assert selection.problems == ()


def test_a_question_appears_only_when_the_one_before_it_calls_for_it():
    asked = [question.id for question in select(LAND, "S", SMALL_LAND | {"geology": "yes"}).questions]
    assert "geology_region" in asked
    assert "geology_region" not in [question.id for question in select(LAND, "S", SMALL_LAND).questions]


def test_an_answer_to_a_question_that_is_no_longer_shown_does_not_count():
    stale = SMALL_LAND | {"geology": "no", "geology_region": "yes"}
    assert "M119" not in ids(select(LAND, "S", stale))
    other_type = SMALL_LAND | {"approval_catalogue": "listed"}
    assert codes(select(LAND, "D", other_type)) == ["1-03", "1-05"]


def test_a_regional_assessment_makes_the_material_shareable_and_only_then():
    own = need(select(LAND, "S", SMALL_LAND | {"geology": "yes", "geology_region": "no"}), "M119")
    assert (own.shareable, own.due, own.keep) == (False, Counts(original=1, electronic=1), Keep.KEEP)
    region = need(select(LAND, "S", SMALL_LAND | {"geology": "yes", "geology_region": "yes"}), "M119")
    assert (region.shareable, region.due, region.keep) == (True, Counts(), Keep.NONE)
    still_open = select(LAND, "S", SMALL_LAND | {"geology": "yes"})
    assert "M119" in still_open.undecided
    assert "M119" not in ids(still_open)


def test_digital_review_waives_the_paper_and_keeps_the_files():
    answers = {"scale": "small", "digital_review": "yes"}
    waived = need(select(CONSTRUCTION, "S", answers), "M308")
    assert (waived.due, waived.keep) == (Counts(electronic=1), Keep.NONE)
    on_paper = need(select(CONSTRUCTION, "S", answers | {"digital_review": "no"}), "M308")
    assert (on_paper.due.original, on_paper.keep) == (1, Keep.KEEP)


def test_limits_follow_the_situation():
    def limits(answer: str):
        selection = select(LAND, "S", SMALL_LAND | {"eia": answer})
        chosen = next(each for each in selection.matters if each.matter.code == "1-08")
        assert chosen.statutory is not None
        return chosen.statutory.limit, chosen.promised

    assert limits("report") == (Limit(60, Unit.CALENDAR), Limit(20))
    assert limits("form") == (Limit(30, Unit.CALENDAR), Limit(10))
    assert "1-08" not in codes(select(LAND, "S", SMALL_LAND | {"eia": "registration"}))


def test_only_prerequisites_that_are_filed_too_are_waited_for():
    filed = next(each for each in select(LAND, "S", SMALL_LAND).matters if each.matter.code == "1-05")
    assert filed.after == ("1-03",)
    fixed_scheme = next(each for each in select(WORKS, "D", {}).matters if each.matter.code == "2-02")
    assert fixed_scheme.after == ()


def test_what_another_matter_of_the_filing_produces_is_due_from_the_stage_itself():
    answers = {"scale": "small", "digital_review": "yes", "above_threshold": "yes"}
    together = need(select(CONSTRUCTION, "S", answers), "M309")
    assert (together.due_from_stage, together.due) == (True, Counts())
    alone = need(select(CONSTRUCTION, "S", answers, only=["3-03"]), "M309")
    assert (alone.due_from_stage, alone.shareable) == (False, True)


def test_an_applicant_may_file_fewer_matters_than_the_stage_has():
    selection = select(LAND, "S", SMALL_LAND, only=["1-05"])
    assert codes(selection) == ["1-05"]
    assert selection.problems == ()
    assert all(requirement.needed_by == ("1-05",) for requirement in selection.materials)
    assert codes(select(LAND, "S", SMALL_LAND, only=["1-02"])) == []


def test_a_partial_filing_is_complete_without_answers_that_do_not_touch_it():
    answers = {"agent": "no", "approval_catalogue": "not_listed", "geology": "yes"}
    selection = select(LAND, "S", answers, only=["1-05"])
    assert [question.id for question in selection.unanswered] == ["geology_region"]
    assert "eia" in {question.id for question in selection.questions}
    assert select(LAND, "S", answers | {"geology_region": "no"}, only=["1-05"]).complete
    with_review = select(LAND, "S", answers | {"geology_region": "no"}, only=["1-05", "1-08"])
    assert [question.id for question in with_review.unanswered] == ["eia"]


def test_the_question_that_leads_to_a_needed_one_is_needed_too():
    selection = select(LAND, "S", {"agent": "no", "approval_catalogue": "not_listed"}, only=["1-05"])
    assert [question.id for question in selection.unanswered] == ["geology"]


def test_fire_acceptance_and_its_filing_exclude_each_other():
    answers = {"agent": "no", "civil_defence": "no", "lightning": "no", "dwelling": "no", "utilities": "no"}
    for answer, wanted, other in (("yes", "4-04", "4-05"), ("no", "4-05", "4-04")):
        selection = select(COMPLETION, "G", answers | {"special_fire": answer})
        assert wanted in codes(selection)
        assert other not in codes(selection)
        assert selection.problems == ()


def doubled() -> Guide:
    """A guide whose conditions contradict its own group: filing and approval both for whoever says listed."""
    text = locate("guides", "stage1.json").read_text(encoding="utf-8")
    return parse_guide(text.replace('"answers": ["not_listed"]', '"answers": ["listed"]'), "doubled.json")


@pytest.mark.parametrize("answer", ["listed", "not_listed"])
def test_two_or_none_of_a_group_of_which_one_is_needed_is_a_problem_in_words(answer):
    selection = select(doubled(), "S", SMALL_LAND | {"approval_catalogue": answer})
    assert len(selection.problems) == 1
    assert "应当且只能办理一项" in selection.problems[0]
    assert "1-02 企业投资项目核准" in selection.problems[0]
    assert not selection.complete


def test_a_group_is_no_problem_for_types_it_does_not_bind_or_for_a_partial_filing():
    assert select(doubled(), "G", SMALL_LAND).problems == ()
    assert select(doubled(), "S", SMALL_LAND, only=["1-05"]).problems == ()
    both = SMALL_LAND | {"approval_catalogue": "listed"}
    assert select(doubled(), "S", both, only=["1-02", "1-03"]).problems != ()
    assert select(doubled(), "S", both, only=["1-02"]).problems == ()


def test_a_material_and_a_question_are_found_by_their_id():
    assert LAND.material("M120").name.startswith("建设资金来源证明")
    assert LAND.question("eia").choice("form") is not None
    assert LAND.question("eia").choice("novel") is None


def test_originals_go_to_the_lead_department_unless_the_guide_names_a_keeper():
    assert need(select(LAND, "S", SMALL_LAND), "M101").keeper == "ZRZY"
    assert need(select(CONSTRUCTION, "S", {"above_threshold": "yes"}), "M312").keeper == "ZJ"


@pytest.mark.parametrize(
    ("project_type", "answers", "only", "code"),
    [
        ("Q", {}, None, "project_type_unknown"),
        ("S", {"nobody": "yes"}, None, "answer_unknown"),
        ("S", {"agent": "perhaps"}, None, "answer_unknown"),
        ("S", {}, ["9-99"], "matter_unknown"),
    ],
)
def test_what_the_guide_does_not_know_is_refused(project_type, answers, only, code):
    with pytest.raises(BadInputError) as raised:
        select(LAND, project_type, answers, only=only)
    assert raised.value.code == code


def test_an_empty_answer_is_no_answer():
    assert [each.id for each in select(LAND, "S", SMALL_LAND | {"eia": ""}).unanswered] == ["eia"]


def test_registration_records_the_terms_of_the_guide():
    selection = select(WORKS, "G", {"high_rise": "yes"})
    terms = {chosen.matter.code: matter_terms(WORKS, chosen) for chosen in selection.matters}
    assert terms["2-02"].department_name == "乌海市自然资源局"
    assert (terms["2-02"].promised, terms["2-02"].statutory) == (Limit(7), Limit(20))
    assert (terms["2-02"].after, terms["2-02"].counts_from_prerequisite) == (("2-01",), True)
    assert "自治区" in terms["2-08"].higher_authority
    assert not terms["2-08"].deemed_acceptance
    assert terms["2-09"].statutory is None


def test_the_checklist_has_one_unjudged_line_per_material():
    selection = select(CONSTRUCTION, "S", {"above_threshold": "yes", "scale": "small", "digital_review": "no"})
    lines = {line.material: line for line in checklist(selection)}
    assert list(lines) == ids(selection)
    assert lines["M302"].share.state is ShareState.PENDING
    assert "电子证照" in lines["M302"].share.source
    assert lines["M309"].share.state is ShareState.DUE_FROM_STAGE
    assert lines["M311"].share.state is ShareState.NOT_SHAREABLE
    assert (lines["M311"].keep, lines["M311"].due) == (Keep.SIGHT, Counts(original=1, copy=1, electronic=1))
    assert all(line.received == Counts() for line in lines.values())
    works = {line.material: line for line in checklist(select(WORKS, "S", {}))}
    assert works["M208"].native_required
    assert not works["M201"].native_required


@pytest.mark.parametrize("guide", [LAND, WORKS, CONSTRUCTION, COMPLETION], ids=lambda guide: guide.id)
@pytest.mark.parametrize("project_type", "GLSXD")
def test_every_project_type_finds_matters_materials_and_no_contradiction(guide, project_type):
    shown = select(guide, project_type, {}).questions
    for pick in (0, 1, -1):
        answers: dict[str, str] = {}
        for _ in range(len(guide.questions) + 1):
            for question in select(guide, project_type, answers).unanswered:
                answers[question.id] = question.choices[pick].code
        selection = select(guide, project_type, answers)
        assert selection.complete
        assert selection.undecided == ()
        assert selection.matters
        assert len(selection.questions) >= len(shown)
        for requirement in selection.materials:
            paper = requirement.due.original + requirement.due.copy
            assert requirement.needed_by
            assert not (paper and (requirement.shareable or requirement.due_from_stage))
            assert (requirement.keep is Keep.NONE) == (requirement.due.original == 0)


def test_every_answer_to_every_pair_of_questions_gives_a_selection():
    guide, project_type = LAND, "G"
    questions = select(guide, project_type, {}).questions
    for first, second in product(questions, repeat=2):
        for one, other in product(first.choices, second.choices):
            selection = select(guide, project_type, {first.id: one.code, second.id: other.code})
            assert first not in selection.unanswered
            assert second not in selection.unanswered
            assert len(set(ids(selection))) == len(ids(selection))
