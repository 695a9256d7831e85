"""Turns a guide's selection into what a registration records: the terms of each matter and the checklist lines."""

from __future__ import annotations

from ebp_desktop.domain.facts import MatterTerms
from ebp_desktop.domain.guide.model import Guide
from ebp_desktop.domain.guide.selection import ChosenMatter, Requirement, Selection
from ebp_desktop.domain.material import Counts, MaterialLine, Share, ShareState


def matter_terms(guide: Guide, chosen: ChosenMatter) -> MatterTerms:
    """The terms that bind this matter to the end (rule 13)."""
    matter = chosen.matter
    return MatterTerms(
        code=matter.code,
        name=matter.name,
        department=matter.department,
        department_name=guide.department(matter.department).name,
        nature=matter.nature,
        promised=chosen.promised,
        statutory=None if chosen.statutory is None else chosen.statutory.limit,
        after=chosen.after,
        counts_from_prerequisite=matter.counts_from_prerequisite,
        result_form=matter.result_form,
        result_name=matter.result_name,
        deemed_acceptance=matter.deemed_acceptance,
        higher_authority=matter.higher_authority,
    )


def checklist(selection: Selection) -> tuple[MaterialLine, ...]:
    """One unjudged line per required material, shareable ones waiting for the share look-up."""
    return tuple(_line(requirement) for requirement in selection.materials)


def _line(requirement: Requirement) -> MaterialLine:
    material = requirement.material
    if requirement.due_from_stage:
        share = Share(state=ShareState.DUE_FROM_STAGE, source=material.share_source)
    elif requirement.shareable:
        share = Share(state=ShareState.PENDING, source=material.share_source)
    else:
        share = Share()
    return MaterialLine(
        material=material.id,
        name=material.name,
        due=requirement.due,
        received=Counts(),
        matters=requirement.needed_by,
        keep=requirement.keep,
        share=share,
        native_required=bool(requirement.native_formats),
        keeper=requirement.keeper,
    )
