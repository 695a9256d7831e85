"""The form of 收件: draft to fields and back, validated while typing (Art. 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from ebp_desktop.domain.facts import Consent
from ebp_desktop.domain.identifiers import Checked, check_national_code, check_person_id, check_phone, check_uscc
from ebp_desktop.domain.project import Party, PartyKind, Project
from ebp_desktop.domain.registration import Draft
from ui.shown import FieldShown, FormPart, Mark


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the form: its label, whether it is owed, how it is checked, how long it is when complete."""

    name: str
    label: str
    required: bool = False
    check: Callable[[str], Checked] | None = None
    full: int = 0


def _party_code(text: str) -> Checked:
    unit = check_uscc(text)
    if unit.valid:
        return unit
    person = check_person_id(text)
    return person if person.valid else unit


def decimal_of(text: str) -> Decimal | None:
    """A typed amount, thousands separators allowed; None when it is empty. Raises InvalidOperation."""
    bare = text.replace(",", "").replace("，", "").strip()
    if not bare:
        return None
    amount = Decimal(bare)
    if not amount.is_finite() or amount < 0:
        raise InvalidOperation
    return amount


def _amount(text: str) -> Checked:
    try:
        decimal_of(text)
    except InvalidOperation:
        return Checked(False, True, ("请填数字",), text)
    return Checked(True, True, (), text)


PROJECT: Final = (
    Line("national_code", "国家代码", check=check_national_code, full=24),
    Line("name", "项目名称", required=True),
    Line("site", "建设地点", required=True),
    Line("floor_area", "建筑面积", check=_amount),
    Line("investment", "总投资", check=_amount),
)
PARTY: Final = (
    Line("party_name", "单位名称", required=True),
    Line("party_code", "信用代码", required=True, check=_party_code, full=18),
    Line("legal_representative", "法定代表人"),
)
HANDLER: Final = (
    Line("handler_name", "姓名", required=True),
    Line("handler_id", "证件号码", required=True, check=check_person_id, full=18),
    Line("handler_phone", "手机号码", required=True, check=check_phone, full=11),
    Line("delivery", "电子送达"),
)
PARTS: Final = (("项目", PROJECT), ("申请单位", PARTY), ("经办人", HANDLER))
_AMOUNTS: Final = frozenset({"floor_area", "investment"})


def texts_of(draft: Draft) -> dict[str, str]:
    """The fields' texts for a draft."""
    project, handler = draft.project, draft.handler
    party = draft.parties[0] if draft.parties else Party(name="", kind=PartyKind.UNIT, code="")
    return {
        "national_code": project.national_code or "",
        "name": project.name,
        "site": project.site,
        "floor_area": f"{project.floor_area_m2:,}" if project.floor_area_m2 is not None else "",
        "investment": f"{project.investment_10k_yuan:,}" if project.investment_10k_yuan is not None else "",
        "party_name": party.name,
        "party_code": party.code,
        "legal_representative": party.legal_representative,
        "handler_name": handler.name,
        "handler_id": handler.person_id,
        "handler_phone": handler.phone,
        "delivery": draft.consent.address,
    }


def draft_with(draft: Draft, texts: Mapping[str, str]) -> Draft:
    """The draft with what was typed; what cannot be read yet stays as it was."""
    return replace(
        draft,
        project=_project(draft.project, texts),
        parties=_parties(draft.parties, texts),
        handler=replace(
            draft.handler,
            name=texts["handler_name"].strip(),
            person_id=check_person_id(texts["handler_id"]).normal,
            phone=check_phone(texts["handler_phone"]).normal,
        ),
        consent=Consent(given=bool(texts["delivery"].strip()), address=texts["delivery"].strip()),
    )


def _project(project: Project, texts: Mapping[str, str]) -> Project:
    national = texts["national_code"].strip()
    return replace(
        project,
        name=texts["name"].strip(),
        site=texts["site"].strip(),
        national_code=check_national_code(national).normal if national else None,
        floor_area_m2=_read(texts["floor_area"], project.floor_area_m2),
        investment_10k_yuan=_read(texts["investment"], project.investment_10k_yuan),
    )


def _read(text: str, before: Decimal | None) -> Decimal | None:
    try:
        return decimal_of(text)
    except InvalidOperation:
        return before


def _parties(parties: tuple[Party, ...], texts: Mapping[str, str]) -> tuple[Party, ...]:
    name, code = texts["party_name"].strip(), texts["party_code"].strip()
    if not (name or code):
        return parties if len(parties) > 1 else ()
    first = parties[0] if parties else Party(name="", kind=PartyKind.UNIT, code="")
    checked = _party_code(code)
    person = not check_uscc(code).valid and check_person_id(code).valid
    first = replace(
        first,
        name=name,
        code=checked.normal,
        kind=PartyKind.PERSON if person else PartyKind.UNIT,
        legal_representative=texts["legal_representative"].strip(),
    )
    return (first, *parties[1:])


def parts_of(texts: Mapping[str, str], touched: frozenset[str], findings: Mapping[str, str]) -> tuple[FormPart, ...]:
    """The form as shown; ``findings`` are words about a field that a comparison found (not an error)."""
    return tuple(
        FormPart(title, tuple(_shown(line, texts.get(line.name, ""), touched, findings) for line in lines))
        for title, lines in PARTS
    )


def _shown(line: Line, text: str, touched: frozenset[str], findings: Mapping[str, str]) -> FieldShown:
    mark, note = judged(line, text, line.name in touched)
    finding = findings.get(line.name, "")
    if finding and mark in (Mark.NONE, Mark.OK):
        mark, note = Mark.FIX, finding
    return FieldShown(line.name, line.label, text, mark, note, required=line.required)


def judged(line: Line, text: str, left_once: bool) -> tuple[Mark, str]:
    """What validation says of a text: nothing while it is still being typed, a reason once it is complete and wrong."""
    if not text.strip():
        return (Mark.MISSING, "必填") if line.required and left_once else (Mark.NONE, "")
    if line.check is None:
        return Mark.NONE, ""
    checked = line.check(text)
    complete = left_once or (line.full > 0 and len(checked.normal) >= line.full)
    if not checked.valid:
        return (Mark.BAD, "；".join(checked.reasons)) if complete or line.name in _AMOUNTS else (Mark.NONE, "")
    if not checked.certain:
        return Mark.WARN, "；".join(checked.reasons)
    return (Mark.NONE, "") if line.name in _AMOUNTS else (Mark.OK, "")


def faults(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Names of fields that would refuse the registration, in the order of the form."""
    return tuple(
        line.name
        for _, lines in PARTS
        for line in lines
        if judged(line, texts.get(line.name, ""), left_once=True)[0] in (Mark.BAD, Mark.MISSING)
    )
