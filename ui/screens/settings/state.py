"""What 设置 shows."""

from __future__ import annotations

from dataclasses import dataclass

from ui.shown import Act, Badge, Mark


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the settings: facts with their states, and what may be done there."""

    key: str
    title: str
    note: str
    icon: str
    state: Badge
    lines: tuple[tuple[str, str, Mark], ...] = ()
    acts: tuple[Act, ...] = ()
    explained: str = ""


@dataclass(frozen=True, slots=True)
class SettingsState:
    """All parts, the one in view, the look in force."""

    sections: tuple[Section, ...] = ()
    chosen: str = ""
    theme: str = "light"
    large_text: bool = False
    outcome: str = ""
    loaded: bool = False

    @property
    def section(self) -> Section | None:
        """The part in view."""
        return next((section for section in self.sections if section.key == self.chosen), None)
