"""办事指南 at the counter: which version binds today, what it asks of a filing, and whether a draft case obeys it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.facts import Answer, MatterTerms
from ebp_desktop.domain.guide import Guide, Selection, checklist, matter_terms, parse_guide, select
from ebp_desktop.domain.material import MaterialLine
from ebp_desktop.domain.registration import Draft
from ebp_desktop.services.ports import Store

COLLECTION = "guide"


class GuideShelf:
    """The guides that central published to this counter, parsed once each."""

    def __init__(self, store: Store, *, demo: bool) -> None:
        self._store = store
        self._demo = demo

    def all(self) -> tuple[Guide, ...]:
        """Every guide that is here, by stage and version."""
        with self._store.read() as tx:
            entries = tx.reference.all(COLLECTION)
        guides = [_parsed(key, body.decode()) for key, body in entries]
        return tuple(sorted(guides, key=lambda guide: (guide.stage.number, guide.version)))

    def get(self, guide: str, version: str) -> Guide:
        """One version of a guide; raises BadInputError ``guide_unknown``."""
        for known in self.all():
            if (known.id, known.version) == (guide, version):
                return known
        raise BadInputError(
            "guide_unknown",
            f"本机没有办事指南 {guide}（{version}）。",
            article="第十三条",
            safe="已录入的内容未丢失。",
            todo="联网同步后再办。",
        )

    def binding(self, stage: str, day: date) -> Guide:
        """The version of a stage's guide that binds what is received on ``day`` (rule 13).

        In the demo a draft stands in; elsewhere RefusedError ``no_guide`` says that nothing may be taken in.
        """
        mine = [guide for guide in self.all() if stage in {guide.stage.code, guide.id, str(guide.stage.number)}]
        in_force = [guide for guide in mine if guide.in_force(day)]
        if in_force:
            return in_force[-1]
        if self._demo and mine:
            return mine[-1]
        raise RefusedError(
            "no_guide",
            f"“{stage}”阶段没有今天有效的办事指南，不能收件。",
            article="第十三条",
            safe="未做任何改动。",
            todo="请政务服务局发布办事指南，联网同步后再办。",
        )

    def choose(self, guide: Guide, draft: Draft) -> Selection:
        """What the guide asks of the draft's project type, answers and chosen matters."""
        return select(guide, draft.project.project_type, _answers(draft.answers), only=draft.matters or None)

    def blank_lines(self, selection: Selection) -> tuple[MaterialLine, ...]:
        """The checklist of a selection, nothing received yet."""
        return checklist(selection)

    def terms(self, guide: Guide, draft: Draft) -> tuple[MatterTerms, ...]:
        """What binds each chosen matter to the end."""
        return tuple(matter_terms(guide, chosen) for chosen in self.choose(guide, draft).matters)

    def faults(self, guide: Guide, draft: Draft) -> tuple[Missing, ...]:
        """Where a draft leaves the guide: open questions, wrong choices, lines it does not know or lacks (Art. 13)."""
        selection = self.choose(guide, draft)
        found = [Missing(line="情形", what=f"未回答：{q.text}", article="第十三条") for q in selection.unanswered]
        found += [Missing(line="事项", what=words, article="第十三条") for words in selection.problems]
        offered = {chosen.matter.code for chosen in selection.matters}
        found += [
            Missing(line=code, what="该事项不适用于本项目", article="第十三条")
            for code in draft.matters
            if code not in offered
        ]
        wanted = {requirement.material.id: requirement.material.name for requirement in selection.materials}
        found += [
            Missing(line=line.material, what=f"《{line.name}》不在办事指南内，不得收取", article="第十三条")
            for line in draft.lines
            if line.material not in wanted
        ]
        here = {line.material for line in draft.lines}
        found += [
            Missing(line=material, what=f"《{name}》未核对", article="第五条")
            for material, name in wanted.items()
            if material not in here
        ]
        return tuple(found)


def guide_key(guide: str, version: str) -> str:
    """The key of a guide version in the reference data."""
    return f"{guide}@{version}"


def _answers(answers: tuple[Answer, ...]) -> dict[str, str]:
    return {answer.question: answer.choice for answer in answers}


@lru_cache(maxsize=64)
def _parsed(key: str, text: str) -> Guide:
    return parse_guide(text, key)
