"""The filing of the demo day: a school's construction stage with its papers, one missing and one defective."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import resources
from ebp_desktop.domain.guide import Guide, checklist, parse_guide, select
from ebp_desktop.domain.material import MaterialLine
from scanner.samples import WUHAI_SCHOOL, write_samples

REF = UUID("019cab00-0000-7000-8000-000000000001")
STAGE, TYPE = "construction", "G"
HANDLER = {"name": WUHAI_SCHOOL.agent, "person_id": "15030219900101001X", "phone": "13847306021", "is_agent": True}
OWNER = {
    "name": WUHAI_SCHOOL.owner,
    "kind": "unit",
    "code": "91150302MA0QDEM0X7",
    "legal_representative": WUHAI_SCHOOL.legal_person,
    "phone": "0473-2010318",
    "address": "乌海市海勃湾区滨河新区学府街 6 号",
}
PROJECT = {
    "name": WUHAI_SCHOOL.project,
    "site": WUHAI_SCHOOL.place,
    "region": "150302",
    "national_code": "2611-150302-89-01-123456",
    "floor_area_m2": "12460.00",
    "investment_10k_yuan": "4386.20",
}
MATTERS = ("3-01", "3-03", "3-07")
DEFECTIVE, MISSING = "M312", "M315"


def guide() -> Guide:
    """The draft guide of the construction stage."""
    path = resources.locate("guides", "stage3.json")
    return parse_guide(path.read_text("utf-8"), path.name)


def answers(of: Guide) -> dict[str, str]:
    """An answer to every question, chosen so that the three matters of the day apply."""
    chosen: dict[str, str] = {}
    while True:
        selection = select(of, TYPE, chosen)
        if not selection.unanswered:
            return chosen
        for question in selection.unanswered:
            chosen[question.id] = _best(of, chosen, question.id, tuple(c.code for c in question.choices))


def _best(of: Guide, known: Mapping[str, str], question: str, choices: tuple[str, ...]) -> str:
    """The choice under which the most wanted and the fewest other matters apply."""

    def worth(choice: str) -> tuple[int, int]:
        applied = {each.matter.code for each in select(of, TYPE, {**known, question: choice}).matters}
        return len(applied & set(MATTERS)), -len(applied - set(MATTERS))

    return max(choices, key=worth)


def lines(of: Guide, given: Mapping[str, str]) -> tuple[MaterialLine, ...]:
    """The checklist of the day's matters."""
    return checklist(select(of, TYPE, dict(given), only=MATTERS))


def write_filing(folder: Path, papers: Path | None) -> Path:
    """Writes the sample papers (or takes those of ``papers``, named by material) and ``register.json`` beside them."""
    of = guide()
    given = answers(of)
    owed = [line for line in lines(of, given) if line.due.original or line.due.copy or line.due.electronic]
    brought = _papers(folder, papers, owed)
    filed = {
        "ref": str(REF),
        "stage": STAGE,
        "project_type": TYPE,
        "project": PROJECT,
        "parties": [OWNER],
        "handler": HANDLER,
        "declared_not_secret": True,
        "answers": given,
        "matters": list(MATTERS),
        "lines": [_line(line, brought.get(line.material, [])) for line in owed],
        "consent": {"given": True, "address": "wangjianguo@example.invalid"},
    }
    path = folder / "register.json"
    path.write_text(json.dumps(filed, ensure_ascii=False, indent=2), "utf-8")
    return path


def _papers(folder: Path, papers: Path | None, owed: list[MaterialLine]) -> dict[str, list[str]]:
    if papers is None:
        made = write_samples([(line.material, line.name) for line in owed], folder)
        return {sample.material: [file.name for file in sample.files] for sample in made}
    found: dict[str, list[str]] = {}
    for path in sorted(papers.resolve().iterdir()):
        material = next((line.material for line in owed if path.name.startswith(line.material)), None)
        if material is not None and path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
            found.setdefault(material, []).append(path.name)
    return found


def _line(line: MaterialLine, files: list[str]) -> dict[str, object]:
    if line.material == MISSING or not files:
        return {"material": line.material, "verdict": "missing", "problem": "未提交"}
    received = {"original": line.due.original, "copy": line.due.copy, "electronic": line.due.electronic}
    verdict = (
        {"verdict": "defective", "problem": "承诺书未加盖单位公章"}
        if line.material == DEFECTIVE
        else {"verdict": "qualified"}
    )
    return {"material": line.material, "received": received, "pages": files, **verdict}
