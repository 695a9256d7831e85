"""The case: a projection of its facts, and the views that screens, commands and papers read."""

from ebp_desktop.domain.case.fold import legal_order, project_case
from ebp_desktop.domain.case.paper_steps import licence_item
from ebp_desktop.domain.case.views import (
    CaseView,
    Conflict,
    CopyView,
    LicenceView,
    MatterCase,
    NoticeView,
    StateChange,
    Suspension,
)

__all__ = [
    "CaseView",
    "Conflict",
    "CopyView",
    "LicenceView",
    "MatterCase",
    "NoticeView",
    "StateChange",
    "Suspension",
    "legal_order",
    "licence_item",
    "project_case",
]
