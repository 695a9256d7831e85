"""Turns a guide file into a Guide and notes every place whose form is wrong; the sense is for ``lint`` to judge."""

from __future__ import annotations

import re
from datetime import date

from ebp_desktop.domain.clocks import Limit, Unit
from ebp_desktop.domain.data_files import Findings, Node
from ebp_desktop.domain.facts import ResultForm
from ebp_desktop.domain.guide.model import (
    Choice,
    Clause,
    Condition,
    Confirmation,
    Department,
    ExactlyOne,
    Guide,
    GuideMaterial,
    GuideMatter,
    GuideStage,
    GuideStatus,
    LimitVariant,
    NumberKind,
    ProjectType,
    Question,
    Statutory,
)
from ebp_desktop.domain.material import Counts, Keep
from ebp_desktop.domain.states import Nature

GUIDE_FORMAT = "ebp-guide/1"
EVERY_MATTER = "all"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_MOST_DAYS = 365
_MOST_COPIES = 99


def read_guide(text: str, findings: Findings) -> Guide:
    """The guide in ``text``, with a harmless default wherever ``findings`` has an error."""
    root = Node.document(text, findings).keys(
        "format",
        "id",
        "version",
        "status",
        "title",
        "effective_from",
        "effective_until",
        "stage",
        "departments",
        "project_types",
        "questions",
        "matters",
        "exactly_one",
        "materials",
        "confirmations",
    )
    if root.text("format") != GUIDE_FORMAT:
        root.child("format").fault("format", f"应为“{GUIDE_FORMAT}”")
    types = tuple(_project_type(node) for node in root.items("project_types"))
    every_type = tuple(each.code for each in types)
    return Guide(
        id=_code(root, "id"),
        version=root.text("version"),
        status=root.choice("status", GuideStatus),
        title=root.text("title"),
        effective_from=_optional_day(root, "effective_from"),
        effective_until=_optional_day(root, "effective_until"),
        stage=_stage(root.child("stage")),
        departments=tuple(_department(node) for node in root.items("departments")),
        project_types=types,
        questions=tuple(_question(node, every_type) for node in root.items("questions")),
        matters=tuple(_matter(node, every_type) for node in root.items("matters")),
        exactly_one=tuple(_exactly_one(node, every_type) for node in root.items("exactly_one")),
        materials=tuple(_material(node, every_type) for node in root.items("materials")),
        confirmations=tuple(_confirmation(node) for node in root.items("confirmations")),
    )


def _code(node: Node, key: str) -> str:
    code = node.text(key)
    if code and not _CODE.fullmatch(code):
        node.child(key).fault("code", f"“{code}”不是代码：只用字母、数字、下划线、点和连字符，不超过 40 位")
    return code


def _optional_day(node: Node, key: str) -> date | None:
    return node.day(key) if node.has(key) else None


def _types(node: Node, every_type: tuple[str, ...]) -> tuple[str, ...]:
    return node.texts("types") if node.has("types") else every_type


def _stage(node: Node) -> GuideStage:
    node.keys("code", "number", "name", "lead", "days", "joint_review")
    return GuideStage(
        code=_code(node, "code"),
        number=node.whole("number", least=1, most=4),
        name=node.text("name"),
        lead=node.text("lead"),
        days=node.whole("days", least=1, most=_MOST_DAYS),
        joint_review=node.text("joint_review", ""),
    )


def _department(node: Node) -> Department:
    node.keys("code", "name", "short")
    return Department(code=_code(node, "code"), name=node.text("name"), short=node.text("short", ""))


def _project_type(node: Node) -> ProjectType:
    node.keys("code", "name", "national")
    return ProjectType(
        code=_code(node, "code"), name=node.text("name"), national=node.whole("national", least=1, most=10)
    )


def _confirmation(node: Node) -> Confirmation:
    node.keys("department", "by", "on")
    return Confirmation(department=node.text("department"), by=node.text("by"), on=node.day("on"))


def _exactly_one(node: Node, every_type: tuple[str, ...]) -> ExactlyOne:
    node.keys("matters", "types", "note")
    return ExactlyOne(matters=node.texts("matters"), types=_types(node, every_type), note=node.text("note", ""))


def _condition(node: Node, key: str) -> Condition:
    clauses: list[Clause] = []
    for clause in node.items(key):
        clause.keys("question", "answers")
        answers = clause.texts("answers")
        if not answers:
            clause.child("answers").fault("empty", "至少列出一个答案")
        clauses.append(Clause(question=clause.text("question"), answers=answers))
    return tuple(clauses)


def _question(node: Node, every_type: tuple[str, ...]) -> Question:
    node.keys("id", "text", "choices", "types", "shown_when", "implied", "note")
    return Question(
        id=_code(node, "id"),
        text=node.text("text"),
        choices=tuple(_choice(choice) for choice in node.items("choices")),
        types=_types(node, every_type),
        shown_when=_condition(node, "shown_when"),
        implied=node.text("implied", ""),
        note=node.text("note", ""),
    )


def _choice(node: Node) -> Choice:
    node.keys("code", "text")
    return Choice(code=_code(node, "code"), text=node.text("text"))


def _limit(node: Node) -> Limit:
    return Limit(node.whole("days", most=_MOST_DAYS), node.choice("unit", Unit, Unit.WORK))


def _promised(node: Node) -> Limit | None:
    if not node.has("promised"):
        return None
    return _limit(node.child("promised").keys("days", "unit"))


def _statutory(node: Node) -> Statutory | None:
    if not node.has("statutory"):
        return None
    child = node.child("statutory").keys("days", "unit", "extension_days", "note")
    extension = child.whole("extension_days", default=0, most=_MOST_DAYS)
    return Statutory(limit=_limit(child), extension_days=extension, note=child.text("note", ""))


def _variant(node: Node) -> LimitVariant:
    node.keys("when", "statutory", "promised")
    return LimitVariant(when=_condition(node, "when"), statutory=_statutory(node), promised=_promised(node))


def _matter(node: Node, every_type: tuple[str, ...]) -> GuideMatter:
    node.keys(
        *("code", "name", "department", "nature", "types", "when", "statutory", "statutory_note", "promised"),
        *("variants", "after", "counts_from_prerequisite", "result", "higher_authority", "deemed_acceptance", "note"),
    )
    result = node.child("result").keys("form", "name", "number")
    nature = node.choice("nature", Nature)
    return GuideMatter(
        code=_code(node, "code"),
        name=node.text("name"),
        department=node.text("department"),
        nature=nature,
        types=_types(node, every_type),
        when=_condition(node, "when"),
        statutory=_statutory(node),
        statutory_note=node.text("statutory_note", ""),
        promised=_promised(node),
        variants=tuple(_variant(variant) for variant in node.items("variants")),
        after=node.texts("after"),
        counts_from_prerequisite=node.flag("counts_from_prerequisite", default=False),
        result_form=result.choice("form", ResultForm),
        result_name=result.text("name"),
        result_number=result.choice("number", NumberKind, NumberKind.FREE),
        higher_authority=node.text("higher_authority", ""),
        deemed_acceptance=node.flag("deemed_acceptance", default=nature is not Nature.SERVICE),
        note=node.text("note", ""),
    )


def _material(node: Node, every_type: tuple[str, ...]) -> GuideMaterial:
    node.keys(
        *("id", "name", "originals", "keep", "copies", "electronic", "native_formats", "used_by", "types", "when"),
        *("shareable", "paper_waived_when", "produced_by", "same_as", "keeper", "note"),
    )
    shareable = node.child("shareable")
    if node.has("shareable"):
        shareable.keys("from", "when")
    return GuideMaterial(
        id=_code(node, "id"),
        name=node.text("name"),
        due=Counts(
            original=node.whole("originals", default=0, most=_MOST_COPIES),
            copy=node.whole("copies", default=0, most=_MOST_COPIES),
            electronic=node.whole("electronic", default=0, most=_MOST_COPIES),
        ),
        keep=node.choice("keep", Keep, Keep.NONE),
        native_formats=tuple(each.lower() for each in node.texts("native_formats")),
        used_by=_used_by(node),
        types=_types(node, every_type),
        when=_condition(node, "when"),
        share_source=shareable.text("from") if node.has("shareable") else "",
        shareable_when=_condition(shareable, "when") if node.has("shareable") else (),
        paper_waived_when=_condition(node, "paper_waived_when"),
        produced_by=node.texts("produced_by"),
        same_as=node.text("same_as", ""),
        keeper=node.text("keeper", ""),
        note=node.text("note", ""),
    )


def _used_by(node: Node) -> tuple[str, ...] | None:
    child = node.child("used_by")
    if child.value == EVERY_MATTER:
        return None
    if child.value is None:
        child.fault("required", "缺少字段“used_by”：列出事项代码，或写 all")
        return None
    return node.texts("used_by")
