"""Judges whether a guide makes sense: every reference resolves, nothing is circular, nothing shareable is on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ebp_desktop.domain.data_files import Finding, Findings
from ebp_desktop.domain.guide.model import Condition, Guide, GuideMaterial, GuideMatter, GuideStatus, Question
from ebp_desktop.domain.guide.reading import read_guide
from ebp_desktop.domain.material import Keep
from ebp_desktop.domain.states import Nature


def parse_guide(text: str, source: str) -> Guide:
    """The guide in ``text``; raises BadInputError ``guide_invalid`` naming every fault of the file ``source``."""
    findings = Findings(source)
    guide = read_guide(text, findings)
    _judge(guide, findings)
    findings.refuse_errors("guide_invalid", "办事指南文件")
    return guide


def lint_guide(text: str, source: str) -> tuple[Finding, ...]:
    """Every finding of the guide file ``source``, errors and warnings, none raised."""
    findings = Findings(source)
    _judge(read_guide(text, findings), findings)
    return findings.all()


def lint_guide_set(guides: Iterable[tuple[Guide, str]]) -> tuple[Finding, ...]:
    """Findings of guides (with their file names) used together: codes unique, references across stages resolved."""
    files = [(guide, Findings(source)) for guide, source in guides]
    matters = {matter.code for guide, _ in files for matter in guide.matters}
    materials = {material.id for guide, _ in files for material in guide.materials}
    seen: set[str] = set()
    for guide, findings in files:
        own = [(f"$.matters[{i}].code", each.code) for i, each in enumerate(guide.matters)]
        own += [(f"$.materials[{i}].id", each.id) for i, each in enumerate(guide.materials)]
        for place, code in own:
            if code in seen:
                findings.error(place, "repeated", f"“{code}”已在另一份指南中使用")
        seen.update(code for _, code in own)
        for i, material in enumerate(guide.materials):
            for code in material.produced_by:
                if code not in matters:
                    findings.error(f"$.materials[{i}].produced_by", "unknown_matter", f"没有事项“{code}”")
            if material.same_as and material.same_as not in materials:
                findings.error(f"$.materials[{i}].same_as", "unknown_material", f"没有材料“{material.same_as}”")
    return tuple(finding for _, findings in files for finding in findings.all())


def _judge(guide: Guide, findings: Findings) -> None:
    for rule in _RULES:
        rule(guide, findings)


def _codes_are_unique(guide: Guide, findings: Findings) -> None:
    lists: list[tuple[str, str, list[str]]] = [
        ("departments", "code", [each.code for each in guide.departments]),
        ("project_types", "code", [each.code for each in guide.project_types]),
        ("questions", "id", [each.id for each in guide.questions]),
        ("matters", "code", [each.code for each in guide.matters]),
        ("materials", "id", [each.id for each in guide.materials]),
    ]
    for index, question in enumerate(guide.questions):
        lists.append((f"questions[{index}].choices", "code", [choice.code for choice in question.choices]))
    for name, key, codes in lists:
        for place, code in enumerate(codes):
            if code in codes[:place]:
                findings.error(f"$.{name}[{place}].{key}", "repeated", f"代码“{code}”重复")


def _nothing_is_missing(guide: Guide, findings: Findings) -> None:
    for name, values in (
        ("departments", guide.departments),
        ("project_types", guide.project_types),
        ("matters", guide.matters),
        ("materials", guide.materials),
    ):
        if not values:
            findings.error(f"$.{name}", "empty", "不得为空")


def _departments_are_known(guide: Guide, findings: Findings) -> None:
    known = {each.code for each in guide.departments}
    named = [("$.stage.lead", guide.stage.lead)]
    named += [(f"$.matters[{i}].department", each.department) for i, each in enumerate(guide.matters)]
    named += [(f"$.materials[{i}].keeper", each.keeper) for i, each in enumerate(guide.materials) if each.keeper]
    named += [(f"$.confirmations[{i}].department", each.department) for i, each in enumerate(guide.confirmations)]
    for place, code in named:
        if code and code not in known:
            findings.error(place, "unknown_department", f"没有部门“{code}”")
    used = {code for _, code in named}
    for i, department in enumerate(guide.departments):
        if department.code not in used:
            findings.warn(f"$.departments[{i}]", "unused_department", f"部门“{department.name}”未参与任何事项")
        own = [matter for matter in guide.matters if matter.department == department.code]
        if not department.short and any(matter.nature is not Nature.SERVICE for matter in own):
            findings.error(f"$.departments[{i}].short", "no_document_prefix", "办理审批事项的部门须有机关代字")


def _types_are_known(guide: Guide, findings: Findings) -> None:
    known = {each.code for each in guide.project_types}
    named: list[tuple[str, tuple[str, ...]]] = []
    named += [(f"$.questions[{i}].types", each.types) for i, each in enumerate(guide.questions)]
    named += [(f"$.matters[{i}].types", each.types) for i, each in enumerate(guide.matters)]
    named += [(f"$.materials[{i}].types", each.types) for i, each in enumerate(guide.materials)]
    named += [(f"$.exactly_one[{i}].types", each.types) for i, each in enumerate(guide.exactly_one)]
    for place, types in named:
        if not types and known:
            findings.error(place, "empty", "至少适用一个项目类型")
        for code in types:
            if code not in known:
                findings.error(place, "unknown_project_type", f"没有项目类型“{code}”")


def _conditions(guide: Guide) -> Iterator[tuple[str, Condition, tuple[str, ...]]]:
    """Every condition with its place and the project types for which it is asked."""
    for i, matter in enumerate(guide.matters):
        yield f"$.matters[{i}].when", matter.when, matter.types
        for j, variant in enumerate(matter.variants):
            yield f"$.matters[{i}].variants[{j}].when", variant.when, matter.types
    for i, material in enumerate(guide.materials):
        yield f"$.materials[{i}].when", material.when, material.types
        yield f"$.materials[{i}].shareable.when", material.shareable_when, material.types
        yield f"$.materials[{i}].paper_waived_when", material.paper_waived_when, material.types


def _conditions_are_answerable(guide: Guide, findings: Findings) -> None:
    questions = {each.id: each for each in guide.questions}
    for place, condition, types in _conditions(guide):
        _judge_condition(place, condition, questions, findings)
        for clause in condition:
            question = questions.get(clause.question)
            if question is not None and not question.implied and types and not set(types) & set(question.types):
                findings.error(place, "never", f"问题“{question.id}”从不对这些项目类型提出，条件永远不成立")


def _judge_condition(place: str, condition: Condition, known: dict[str, Question], findings: Findings) -> None:
    for i, clause in enumerate(condition):
        question = known.get(clause.question)
        if question is None:
            findings.error(
                f"{place}[{i}].question", "unknown_question", f"没有情形问题“{clause.question}”（或它排在后面）"
            )
            continue
        for answer in clause.answers:
            if question.choice(answer) is None:
                findings.error(f"{place}[{i}].answers", "unknown_answer", f"问题“{question.id}”没有选项“{answer}”")


def _questions_are_sound(guide: Guide, findings: Findings) -> None:
    earlier: dict[str, Question] = {}
    asked = {clause.question for _, condition, _ in _conditions(guide) for clause in condition}
    asked |= {clause.question for question in guide.questions for clause in question.shown_when}
    for i, question in enumerate(guide.questions):
        place = f"$.questions[{i}]"
        if len(question.choices) < 2:
            findings.error(f"{place}.choices", "choices", "至少要有两个选项")
        if question.implied and question.choice(question.implied) is None:
            findings.error(f"{place}.implied", "unknown_answer", f"没有选项“{question.implied}”")
        _judge_condition(f"{place}.shown_when", question.shown_when, earlier, findings)
        if question.id not in asked:
            findings.warn(place, "unused_question", f"问题“{question.id}”不影响任何事项或材料")
        earlier[question.id] = question


def _matters_are_sound(guide: Guide, findings: Findings) -> None:
    for i, matter in enumerate(guide.matters):
        place = f"$.matters[{i}]"
        if matter.nature is Nature.SERVICE and matter.deemed_acceptance:
            findings.error(f"{place}.deemed_acceptance", "deemed_service", "公用服务事项不适用视为受理")
        if matter.counts_from_prerequisite and not matter.after:
            findings.error(f"{place}.counts_from_prerequisite", "no_prerequisite", "未列前置事项")
        if not any(material.serves(matter.code) for material in guide.materials):
            findings.warn(place, "no_material", f"事项“{matter.code}”没有任何材料")
        _judge_limits(guide, matter, place, findings)


def _judge_limits(guide: Guide, matter: GuideMatter, place: str, findings: Findings) -> None:
    note = findings.error if guide.status is GuideStatus.PUBLISHED else findings.warn
    if matter.promised is None:
        note(f"{place}.promised", "no_promise", f"事项“{matter.code}”没有承诺时限")
    pairs = [(place, matter.statutory, matter.promised)]
    for j, variant in enumerate(matter.variants):
        if not variant.when:
            findings.error(f"{place}.variants[{j}].when", "empty", "分档时限须有条件")
        pairs.append(
            (f"{place}.variants[{j}]", variant.statutory or matter.statutory, variant.promised or matter.promised)
        )
    for where, statutory, promised in pairs:
        if statutory is None or promised is None or statutory.limit.unit is not promised.unit:
            continue
        if promised.days > statutory.limit.days:
            note(f"{where}.promised", "promise_too_long", f"事项“{matter.code}”承诺时限长于法定时限")


def _order_is_possible(guide: Guide, findings: Findings) -> None:
    matters = {each.code: each for each in guide.matters}
    for i, matter in enumerate(guide.matters):
        for code in matter.after:
            if code not in matters:
                findings.error(f"$.matters[{i}].after", "unknown_matter", f"没有事项“{code}”")
        if _reaches(matter.code, matter.after, matters):
            findings.error(f"$.matters[{i}].after", "circular", f"事项“{matter.code}”的前置事项又以它为前置")
            continue
        longest = _promised_path(matter, matters, frozenset())
        if longest > guide.stage.days:
            place = f"$.matters[{i}].promised"
            findings.warn(place, "over_stage_days", f"连同前置事项共 {longest} 日，超过阶段时限 {guide.stage.days} 日")


def _reaches(target: str, start: Iterable[str], matters: dict[str, GuideMatter]) -> bool:
    waiting, seen = list(start), set[str]()
    while waiting:
        code = waiting.pop()
        if code == target:
            return True
        if code not in seen and code in matters:
            seen.add(code)
            waiting.extend(matters[code].after)
    return False


def _promised_path(matter: GuideMatter, matters: dict[str, GuideMatter], seen: frozenset[str]) -> int:
    """Promised days of a matter together with the slowest chain of prerequisites that it waits for."""
    own = matter.promised.days if matter.promised is not None else 0
    if not matter.counts_from_prerequisite or matter.code in seen:
        return own
    seen |= {matter.code}
    before = [_promised_path(matters[code], matters, seen) for code in matter.after if code in matters]
    return own + max(before, default=0)


def _groups_are_sound(guide: Guide, findings: Findings) -> None:
    known = {each.code for each in guide.matters}
    for i, group in enumerate(guide.exactly_one):
        if len(group.matters) < 2:
            findings.error(f"$.exactly_one[{i}].matters", "choices", "“只办其一”至少列两个事项")
        for code in group.matters:
            if code not in known:
                findings.error(f"$.exactly_one[{i}].matters", "unknown_matter", f"没有事项“{code}”")


def _materials_are_sound(guide: Guide, findings: Findings) -> None:
    known = {each.code for each in guide.matters}
    for i, material in enumerate(guide.materials):
        place = f"$.materials[{i}]"
        if material.used_by is not None and not material.used_by:
            findings.error(f"{place}.used_by", "used_by_none", f"材料“{material.id}”不用于任何事项")
        for code in material.used_by or ():
            if code not in known:
                findings.error(f"{place}.used_by", "unknown_matter", f"没有事项“{code}”")
        _judge_counts(material, place, findings)
        serving = [matter for matter in guide.matters if material.serves(matter.code)]
        if serving and not any(set(material.types) & set(matter.types) for matter in serving):
            findings.error(f"{place}.types", "never", f"材料“{material.id}”的项目类型与其事项没有交集")


def _judge_counts(material: GuideMaterial, place: str, findings: Findings) -> None:
    due = material.due
    on_paper = due.original + due.copy > 0
    if material.share_source and not material.shareable_when and on_paper:
        findings.error(f"{place}.originals", "shareable_on_paper", "可共享的材料不得要求纸件（第十三条）")
    if due.original and material.keep is Keep.NONE:
        findings.error(f"{place}.keep", "keep", "要求原件的材料须注明收（keep）或验（sight）")
    if not due.original and material.keep is not Keep.NONE:
        findings.error(f"{place}.keep", "keep", "不要求原件的材料不注明收或验")
    if not on_paper and not due.electronic and not material.share_source:
        findings.error(place, "nothing_due", f"材料“{material.id}”没有要求任何份数")
    if material.native_formats and not due.electronic:
        findings.error(f"{place}.native_formats", "native", "要求原生文件的材料须要求电子件")
    if material.paper_waived_when and not due.electronic:
        findings.error(f"{place}.paper_waived_when", "nothing_due", "免收纸件时须要求电子件")


def _publication_is_allowed(guide: Guide, findings: Findings) -> None:
    begins, ends = guide.effective_from, guide.effective_until
    if begins is not None and ends is not None and ends < begins:
        findings.error("$.effective_until", "range", "失效日期早于生效日期")
    if guide.status not in {GuideStatus.CONFIRMED, GuideStatus.PUBLISHED}:
        return
    if guide.status is GuideStatus.PUBLISHED and begins is None:
        findings.error("$.effective_from", "required", "已发布的指南须有生效日期")
    confirmed = {each.department for each in guide.confirmations}
    for code in guide.participating():
        if code not in confirmed:
            name = guide.department(code).name
            findings.error("$.confirmations", "unconfirmed", f"“{name}”尚未确认本指南（第十三条）")


_RULES: tuple[Callable[[Guide, Findings], None], ...] = (
    _nothing_is_missing,
    _codes_are_unique,
    _departments_are_known,
    _types_are_known,
    _questions_are_sound,
    _conditions_are_answerable,
    _matters_are_sound,
    _order_is_possible,
    _groups_are_sound,
    _materials_are_sound,
    _publication_is_allowed,
)
