"""Guides (办事指南) as data: read and checked on load, then asked which matters and materials a filing needs."""

from __future__ import annotations

from ebp_desktop.domain.data_files import Finding, Level
from ebp_desktop.domain.guide.lint import lint_guide, lint_guide_set, parse_guide
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
from ebp_desktop.domain.guide.selection import ChosenMatter, Requirement, Selection, select
from ebp_desktop.domain.guide.terms import checklist, matter_terms

__all__ = [
    "Choice",
    "ChosenMatter",
    "Clause",
    "Condition",
    "Confirmation",
    "Department",
    "ExactlyOne",
    "Finding",
    "Guide",
    "GuideMaterial",
    "GuideMatter",
    "GuideStage",
    "GuideStatus",
    "Level",
    "LimitVariant",
    "NumberKind",
    "ProjectType",
    "Question",
    "Requirement",
    "Selection",
    "Statutory",
    "checklist",
    "lint_guide",
    "lint_guide_set",
    "matter_terms",
    "parse_guide",
    "select",
]
