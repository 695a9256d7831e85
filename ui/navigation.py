"""Which screens there are, in the order of the rail, and where a looked-up thing lands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.frame_state import Place

TODAY: Final = "today"
INTAKE: Final = "intake"
CASES: Final = "cases"
NOTICES: Final = "notices"
SUPPLEMENT: Final = "supplement"
PICKUP: Final = "pickup"
SYNC: Final = "sync"
SETTINGS: Final = "settings"
_RAIL: Final = (
    (TODAY, QT_TRANSLATE_NOOP("Rail", "今日"), "today"),
    (INTAKE, QT_TRANSLATE_NOOP("Rail", "收件"), "intake"),
    (CASES, QT_TRANSLATE_NOOP("Rail", "办件"), "case"),
    (NOTICES, QT_TRANSLATE_NOOP("Rail", "通知"), "notice"),
    (SUPPLEMENT, QT_TRANSLATE_NOOP("Rail", "补正"), "supplement"),
    (PICKUP, QT_TRANSLATE_NOOP("Rail", "领证"), "pickup"),
    (SYNC, QT_TRANSLATE_NOOP("Rail", "同步"), "sync"),
    (SETTINGS, QT_TRANSLATE_NOOP("Rail", "设置"), "settings"),
)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where something scanned, typed or pasted belongs: the screen, and what to find there."""

    screen: str
    text: str


class LookupGateway(Protocol):
    """Tells what the one field was given."""

    def look_up(self, text: str) -> Landing:
        """Where it belongs; a text that names nothing lands in the search."""
        ...


def places(screens: tuple[str, ...]) -> tuple[Place, ...]:
    """The rail's entries for the screens that exist."""
    return tuple(
        Place(name, QCoreApplication.translate("Rail", str(label)), icon)
        for name, label, icon in _RAIL
        if name in screens
    )
