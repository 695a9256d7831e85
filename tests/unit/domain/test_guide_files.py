"""Guide files: the four drafts are sound; a faulty file is refused with every file, place and rule at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ebp_desktop.domain.clocks import Limit, Unit
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import ResultForm
from ebp_desktop.domain.guide import (
    Guide,
    GuideStatus,
    Level,
    NumberKind,
    lint_guide,
    lint_guide_set,
    parse_guide,
)
from ebp_desktop.domain.material import Keep
from ebp_desktop.domain.states import Nature
from resources import locate

STAGES = (1, 2, 3, 4)


def text_of(stage: int) -> str:
    return locate("guides", f"stage{stage}.json").read_text(encoding="utf-8")


def draft(stage: int) -> Guide:
    return parse_guide(text_of(stage), f"stage{stage}.json")


# --- the four drafts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_a_shipped_draft_has_no_finding_and_says_that_it_is_a_draft(stage):
    assert lint_guide(text_of(stage), f"stage{stage}.json") == ()
    guide = draft(stage)
    assert guide.status is GuideStatus.DRAFT
    assert guide.is_draft
    assert guide.version == "2026-11-draft"
    assert "草案" in guide.title
    assert not guide.in_force(date(2026, 3, 2))


def test_the_four_drafts_hold_every_matter_and_material_once():
    guides = [draft(stage) for stage in STAGES]
    assert [len(guide.matters) for guide in guides] == [10, 9, 8, 9]
    assert [len(guide.materials) for guide in guides] == [20, 18, 22, 20]
    assert lint_guide_set([(guide, guide.id) for guide in guides]) == ()


@pytest.mark.parametrize(
    ("stage", "code", "lead", "days", "review"),
    [
        (1, "land_planning", "ZRZY", 30, "可研批复及项目建设条件联合技术审查"),
        (2, "works_planning", "ZRZY", 25, "设计方案联合技术审查"),
        (3, "construction", "ZJ", 15, "施工图联合技术审查"),
        (4, "completion", "ZJ", 15, "竣工验收联合技术审查指导服务"),
    ],
)
def test_a_stage_has_its_lead_its_days_and_its_joint_review(stage, code, lead, days, review):
    terms = draft(stage).stage
    assert (terms.code, terms.lead, terms.days, terms.joint_review) == (code, lead, days, review)


def test_limits_carry_their_unit_and_their_variants():
    eia = draft(1).matter("1-08")
    assert eia.statutory is not None
    assert (eia.statutory.limit, eia.promised) == (Limit(60, Unit.CALENDAR), Limit(20))
    variant = eia.variants[0]
    assert variant.statutory is not None
    assert (variant.statutory.limit, variant.promised) == (Limit(30, Unit.CALENDAR), Limit(10))
    assert draft(1).matter("1-03").statutory is None
    assert draft(1).matter("1-02").statutory.extension_days == 40


def test_a_matter_of_a_higher_authority_names_it_and_is_never_deemed_accepted():
    matter = draft(2).matter("2-08")
    assert "自治区" in matter.higher_authority
    assert "转报" in matter.note
    assert not matter.deemed_acceptance


def test_utility_services_are_never_deemed_accepted_and_have_no_document_prefix():
    for stage, code in ((2, "2-09"), (3, "3-08")):
        guide = draft(stage)
        assert guide.matter(code).nature is Nature.SERVICE
        assert not guide.matter(code).deemed_acceptance
        assert guide.department("GY").short == ""


def test_results_are_electronic_paper_or_both_and_their_numbers_have_a_shape():
    permit = draft(3).matter("3-03")
    assert (permit.result_form, permit.result_number) == (ResultForm.BOTH, NumberKind.CONSTRUCTION_PERMIT)
    forms = {matter.result_form for stage in STAGES for matter in draft(stage).matters}
    assert forms == set(ResultForm)


def test_only_drawings_ask_for_a_native_file():
    native = {
        each.id: each.native_formats for stage in STAGES for each in draft(stage).materials if each.native_formats
    }
    assert native == {"M110": ("dwg", "txt"), "M208": ("dwg",), "M209": ("dwg",), "M407": ("dwg",)}


def test_keeping_and_sighting_an_original_differ():
    assert draft(3).material("M311").keep is Keep.SIGHT
    assert draft(3).material("M312").keep is Keep.KEEP
    assert draft(3).material("M316").keep is Keep.NONE


@pytest.mark.parametrize("stage", STAGES)
def test_no_draft_asks_for_a_shareable_material_on_paper(stage):
    for material in draft(stage).materials:
        if material.share_source and not material.shareable_when:
            assert material.due.original == material.due.copy == 0


def test_what_a_guide_does_not_name_cannot_be_looked_up():
    guide = draft(1)
    for look_up in (guide.matter, guide.material, guide.department, guide.project_type, guide.question):
        with pytest.raises(KeyError):
            look_up("nobody")
    assert guide.project_type("S").national == 3


# --- faulty files ---------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = json.loads(text_of(1))


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    document = copy.deepcopy(GOOD)
    change(document)
    return json.dumps(document, ensure_ascii=False)


def set_to(*path_and_value: Any) -> Callable[[dict[str, Any]], object]:
    *path, last, value = path_and_value

    def change(document: Any) -> None:
        for step in path:
            document = document[step]
        document[last] = value

    return change


def removed(*path: Any) -> Callable[[dict[str, Any]], object]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return change


FAULTS = [
    (set_to("matters", 0, "department", "XX"), "$.matters[0].department", "unknown_department"),
    (set_to("stage", "lead", "XX"), "$.stage.lead", "unknown_department"),
    (set_to("materials", 0, "keeper", "XX"), "$.materials[0].keeper", "unknown_department"),
    (set_to("departments", 0, "short", ""), "$.departments[0].short", "no_document_prefix"),
    (set_to("departments", 1, "code", "FGW"), "$.departments[1].code", "repeated"),
    (set_to("matters", 1, "code", "1-01"), "$.matters[1].code", "repeated"),
    (set_to("materials", 1, "id", "M101"), "$.materials[1].id", "repeated"),
    (set_to("questions", 1, "id", "agent"), "$.questions[1].id", "repeated"),
    (set_to("questions", 0, "choices", 1, "code", "yes"), "$.questions[0].choices[1].code", "repeated"),
    (set_to("matters", 0, "types", ["Q"]), "$.matters[0].types", "unknown_project_type"),
    (set_to("matters", 0, "types", []), "$.matters[0].types", "empty"),
    (set_to("matters", 0, "nature", "执照"), "$.matters[0].nature", "choice"),
    (set_to("matters", 0, "after", ["1-05"]), "$.matters[0].after", "circular"),
    (set_to("matters", 0, "after", ["1-01"]), "$.matters[0].after", "circular"),
    (set_to("matters", 0, "after", ["9-99"]), "$.matters[0].after", "unknown_matter"),
    (set_to("matters", 0, "counts_from_prerequisite", True),
     "$.matters[0].counts_from_prerequisite", "no_prerequisite"),
    (set_to("matters", 0, "promised", "days", -1), "$.matters[0].promised.days", "range"),
    (set_to("matters", 0, "promised", "days", "10"), "$.matters[0].promised.days", "type"),
    (set_to("matters", 0, "promised", "unit", "week"), "$.matters[0].promised.unit", "choice"),
    (set_to("matters", 0, "result", "form", "digital"), "$.matters[0].result.form", "choice"),
    (set_to("matters", 0, "deadline", 3), "$.matters[0].deadline", "unknown_key"),
    (set_to("matters", 0, "name", ""), "$.matters[0].name", "empty"),
    (set_to("matters", 0, "code", "一之一"), "$.matters[0].code", "code"),
    (set_to("matters", 7, "variants", 0, "when", []), "$.matters[7].variants[0].when", "empty"),
    (set_to("matters", 1, "when", 0, "question", "xx"), "$.matters[1].when[0].question", "unknown_question"),
    (set_to("matters", 1, "when", 0, "answers", ["xx"]), "$.matters[1].when[0].answers", "unknown_answer"),
    (set_to("matters", 1, "when", 0, "answers", []), "$.matters[1].when[0].answers", "empty"),
    (set_to("questions", 0, "shown_when", [{"question": "eia", "answers": ["form"]}]),
     "$.questions[0].shown_when[0].question", "unknown_question"),
    (set_to("questions", 1, "implied", "xx"), "$.questions[1].implied", "unknown_answer"),
    (set_to("questions", 0, "choices", []), "$.questions[0].choices", "choices"),
    (set_to("questions", 2, "types", ["D"]), "$.matters[3].when", "never"),
    (set_to("materials", 1, "originals", 1), "$.materials[1].originals", "shareable_on_paper"),
    (set_to("materials", 1, "copies", 2), "$.materials[1].originals", "shareable_on_paper"),
    (removed("materials", 0, "keep"), "$.materials[0].keep", "keep"),
    (set_to("materials", 1, "keep", "sight"), "$.materials[1].keep", "keep"),
    (set_to("materials", 4, "used_by", []), "$.materials[4].used_by", "used_by_none"),
    (removed("materials", 4, "used_by"), "$.materials[4].used_by", "required"),
    (set_to("materials", 4, "used_by", ["9-99"]), "$.materials[4].used_by", "unknown_matter"),
    (set_to("materials", 4, "types", ["D"]), "$.materials[4].types", "never"),
    (set_to("materials", 9, "electronic", 0), "$.materials[9].native_formats", "native"),
    (set_to("materials", 1, {"id": "M102", "name": "空", "used_by": "all"}), "$.materials[1]", "nothing_due"),
    (set_to("matters", 0, "nature", "服务"), "$.matters[0].deemed_acceptance", "deemed_service"),
    (set_to("matters", 0, "types", ["G", "G"]), "$.matters[0].types[1]", "repeated"),
    (set_to("matters", 0, "deemed_acceptance", "no"), "$.matters[0].deemed_acceptance", "type"),
    (set_to("exactly_one", 0, "matters", ["1-02"]), "$.exactly_one[0].matters", "choices"),
    (set_to("exactly_one", 0, "matters", ["1-02", "9-99"]), "$.exactly_one[0].matters", "unknown_matter"),
    (set_to("status", "published"), "$.confirmations", "unconfirmed"),
    (set_to("status", "published"), "$.effective_from", "required"),
    (set_to("status", "final"), "$.status", "choice"),
    (set_to("format", "ebp-guide/2"), "$.format", "format"),
    (set_to("stage", "number", 5), "$.stage.number", "range"),
    (set_to("matters", []), "$.matters", "empty"),
    (set_to("matters", {}), "$.matters", "type"),
    (set_to("stage", []), "$.stage", "type"),
    (set_to("title", 7), "$.title", "type"),
    (removed("version"), "$.version", "required"),
    (lambda guide: guide.update(effective_from="2026-05-01", effective_until="2026-04-30"),
     "$.effective_until", "range"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "rule"), FAULTS, ids=[f"{rule} {place}" for _, place, rule in FAULTS])
def test_a_faulty_guide_is_refused_with_file_place_and_rule(change, place, rule):
    text = changed(change)
    errors = [finding for finding in lint_guide(text, "faulty.json") if finding.level is Level.ERROR]
    assert (place, rule) in {(finding.place, finding.rule) for finding in errors}
    assert all(finding.source == "faulty.json" and finding.message for finding in errors)
    with pytest.raises(BadInputError) as raised:
        parse_guide(text, "faulty.json")
    assert raised.value.code == "guide_invalid"
    assert raised.value.place.startswith("faulty.json $")
    assert [each.line for each in raised.value.missing] == [finding.place for finding in errors]


def test_every_rule_and_every_key_is_explained_on_the_page_of_the_format():
    page = (Path(__file__).resolve().parents[3] / "docs" / "guide-format.md").read_text(encoding="utf-8")
    rules = {rule for _, _, rule in (*FAULTS, *WARNINGS)}
    keys = {key for stage in STAGES for key in keys_of(json.loads(text_of(stage)))}
    assert {name for name in rules | keys if f"`{name}`" not in page} == set()


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_of(child) for child in value.values()))
    return set().union(*(keys_of(child) for child in value)) if isinstance(value, list) else set()


def test_paper_is_waived_only_where_a_file_takes_its_place():
    def change(document: dict[str, Any]) -> None:
        material = document["materials"][0]
        material.update(electronic=0, paper_waived_when=[{"question": "agent", "answers": ["yes"]}])

    findings = lint_guide(changed(change), "x.json")
    assert [(each.place, each.rule) for each in findings] == [("$.materials[0].paper_waived_when", "nothing_due")]


def test_a_matter_without_any_material_is_asked_about():
    def change(document: dict[str, Any]) -> None:
        for material in document["materials"]:
            if material["used_by"] == "all":
                material["used_by"] = ["1-01"]
            elif "1-07" in material["used_by"]:
                material["used_by"] = ["1-08"]

    findings = lint_guide(changed(change), "x.json")
    assert [(each.place, each.rule, each.level) for each in findings] == [
        ("$.matters[6]", "no_material", Level.WARNING)
    ]


def test_a_finding_reads_as_one_sentence():
    finding = lint_guide(changed(set_to("stage", "lead", "XX")), "x.json")[0]
    assert str(finding) == "x.json $.stage.lead：没有部门“XX”（unknown_department）"


def test_a_status_has_its_word():
    assert [status.label for status in GuideStatus] == ["草案", "已确认", "已发布", "已废止"]


def test_all_faults_are_named_at_once():
    def change(document: dict[str, Any]) -> None:
        document["matters"][0]["department"] = "XX"
        document["materials"][1]["originals"] = 1
        document["exactly_one"] = [{"matters": ["1-02"]}]
        document["surprise"] = 1

    rules = {finding.rule for finding in lint_guide(changed(change), "x.json")}
    assert {"unknown_department", "shareable_on_paper", "choices", "unknown_key"} <= rules


WARNINGS = [
    (set_to("matters", 0, "promised", "days", 21), "$.matters[0].promised", "promise_too_long"),
    (set_to("matters", 0, "promised", None), "$.matters[0].promised", "no_promise"),
    (set_to("stage", "days", 12), "$.matters[4].promised", "over_stage_days"),
    (set_to("materials", 3, "when", []), "$.questions[0]", "unused_question"),
    (lambda guide: guide["departments"].append({"code": "QX", "name": "气象局", "short": "乌气"}),
     "$.departments[5]", "unused_department"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "rule"), WARNINGS, ids=[rule for _, _, rule in WARNINGS])
def test_what_only_looks_odd_is_a_warning_and_the_guide_still_loads(change, place, rule):
    text = changed(change)
    findings = lint_guide(text, "x.json")
    assert (place, rule) in {(each.place, each.rule) for each in findings}
    assert {(each.rule, each.level) for each in findings} == {(rule, Level.WARNING)}
    assert parse_guide(text, "x.json").id == "land_planning"


def confirmed(document: dict[str, Any]) -> None:
    document.update(status="published", effective_from="2026-03-01", effective_until="2026-12-31")
    document["confirmations"] = [
        {"department": each["code"], "by": "负责人", "on": "2026-02-20"} for each in document["departments"]
    ]


def test_a_guide_that_every_department_confirmed_is_in_force_between_its_days():
    guide = parse_guide(changed(confirmed), "x.json")
    assert not guide.is_draft
    assert [guide.in_force(date(2026, *day)) for day in ((2, 28), (3, 1), (12, 31))] == [False, True, True]
    assert not guide.in_force(date(2027, 1, 1))
    assert set(guide.participating()) == {"FGW", "ZRZY", "STHJ", "SW", "LC"}


def test_one_department_that_did_not_confirm_is_named():
    def change(document: dict[str, Any]) -> None:
        confirmed(document)
        document["confirmations"].pop(0)

    messages = [each.message for each in lint_guide(changed(change), "x.json")]
    assert messages == ["“乌海市发展和改革委员会”尚未确认本指南（第十三条）"]


def test_a_published_guide_may_not_promise_more_than_the_law_allows():
    def change(document: dict[str, Any]) -> None:
        confirmed(document)
        document["matters"][0]["promised"]["days"] = 21

    assert [each.level for each in lint_guide(changed(change), "x.json")] == [Level.ERROR]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"id": 1, "id": 2}', "[" * 100_000, f'{{"a": {"1" * 9999}}}', '{"a": NaN}', "\x00"]
)
def test_what_is_no_guide_at_all_is_refused_in_words(text):
    assert lint_guide(text, "x.json")
    with pytest.raises(BadInputError) as raised:
        parse_guide(text, "x.json")
    assert raised.value.exit_code == 4


def test_guides_used_together_share_no_code_and_know_what_they_refer_to():
    first, second = draft(1), draft(2)
    assert {each.rule for each in lint_guide_set([(first, "a.json"), (first, "b.json")])} == {"repeated"}
    alone = {(each.place, each.rule) for each in lint_guide_set([(second, "b.json")])}
    assert ("$.materials[3].produced_by", "unknown_matter") in alone
    assert ("$.materials[1].same_as", "unknown_material") in alone
