"""The look in force: palette, short stylesheet, fonts and measures, all made from the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ebp_desktop.domain.errors import SurroundingsError
from ui.tokens import HEAVY, SANS, SERIF, THEMES, TYPE_SIZE, Colours, ThemeName, Type

_WORN: Final = "counter_theme"
"""Where the look hangs on the application object; Qt's own properties are a thousand times slower to read."""
LARGE_TEXT: Final = 1.25


@dataclass(frozen=True, slots=True)
class Theme:
    """One look: its colours and the factor of large-text mode."""

    name: ThemeName = ThemeName.LIGHT
    scale: float = 1.0

    @property
    def colours(self) -> Colours:
        """The colour tokens of this look."""
        return THEMES[self.name]

    def colour(self, token: str) -> QColor:
        """A token as Qt wants it."""
        return QColor(cast(str, getattr(self.colours, token)))

    def px(self, at_100: float) -> int:
        """A measure of the tokens at this look's scale."""
        return round(at_100 * self.scale)

    def font(self, role: Type = Type.BODY, *, strong: bool | None = None, serif: bool = False) -> QFont:
        """The font of a role; ``strong`` overrides the role's own weight."""
        heavy = role in HEAVY if strong is None else strong
        return _font(SERIF if serif else SANS, self.px(TYPE_SIZE[role]), heavy)

    def width(self, text: str, role: Type = Type.BODY, *, strong: bool | None = None, serif: bool = False) -> int:
        """How many px a line of text takes."""
        return QFontMetrics(self.font(role, strong=strong, serif=serif)).horizontalAdvance(text)


_PLAIN: Final = Theme()


@lru_cache(maxsize=1)
def _emphasis() -> QFont.Weight:
    """Medium where the family has it, else bold: a missing medium would silently be drawn as regular."""
    return QFont.Weight.Medium if "Medium" in QFontDatabase.styles(SANS) else QFont.Weight.Bold


@lru_cache(maxsize=128)
def _font(family: str, size: int, heavy: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    heavy_weight = QFont.Weight.Bold if family == SERIF else _emphasis()
    font.setWeight(heavy_weight if heavy else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def active() -> Theme:
    """The look that the application wears now; the light one before any was chosen."""
    app = QCoreApplication.instance()
    worn = vars(app).get(_WORN) if app is not None else None
    return worn if isinstance(worn, Theme) else _PLAIN


def wear(app: QApplication, theme: Theme) -> None:
    """Put a look on the application: Fusion, palette, stylesheet and base font."""
    missing = {SANS, SERIF} - set(QFontDatabase.families())
    if missing:
        raise SurroundingsError(
            "fonts_missing",
            f"缺少字体：{'、'.join(sorted(missing))}",
            safe="没有数据受影响。",
            todo="请安装软件包 fonts-noto-cjk 后重新打开。",
        )
    vars(app)[_WORN] = theme
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setFont(theme.font())
    app.setStyleSheet(_stylesheet(theme))


def preferred(app: QGuiApplication) -> ThemeName:
    """The look that the desktop asks for: high contrast before dark before light."""
    hints = app.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is not None and accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return ThemeName.CONTRAST
    return ThemeName.DARK if hints.colorScheme() == Qt.ColorScheme.Dark else ThemeName.LIGHT


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, token in (
        (role.Window, "page"),
        (role.Base, "surface"),
        (role.AlternateBase, "page"),
        (role.Text, "text"),
        (role.WindowText, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.PlaceholderText, "text3"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.Link, "primary"),
    ):
        palette.setColor(which, theme.colour(token))
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.colour("text3"))
    return palette


def _stylesheet(theme: Theme) -> str:
    values = {field: getattr(theme.colours, field) for field in Colours.__dataclass_fields__}
    return _SHEET.format(
        **values,
        radius=theme.px(4),
        sheet_radius=theme.px(6),
        pad=theme.px(9),
        bar=theme.px(8),
    )


_SHEET: Final = """
QWidget#window, QWidget#page {{ background: {page}; }}
QWidget#pane {{ background: {surface}; }}
QFrame#sheet {{ background: {surface}; border: 1px solid {sheet_edge}; border-radius: {sheet_radius}px; }}
QLineEdit, QPlainTextEdit, QComboBox {{
  background: {surface}; color: {text}; border: 1px solid {line_strong}; border-radius: {radius}px; padding: 0 {pad}px;
  placeholder-text-color: {text3}; selection-background-color: {primary}; selection-color: {on_primary};
}}
QPlainTextEdit {{ padding: 4px; }}
QLineEdit[readOnly="true"] {{ border-color: {line}; background: {page}; color: {text2}; }}
QLineEdit[mark="fix"], QLineEdit[mark="warn"] {{ border: 2px solid {warn}; background: {warn_soft}; }}
QLineEdit[mark="bad"], QLineEdit[mark="missing"] {{ border: 2px solid {danger}; background: {danger_soft}; }}
QLineEdit#onefield {{ border: none; background: transparent; padding: 0; }}
QAbstractItemView {{ background: {surface}; color: {text}; border: none; outline: none; }}
QGraphicsView {{ background: {sunken}; border: none; outline: none; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 2px 1px; }}
QScrollBar:horizontal {{ background: transparent; height: {bar}px; margin: 1px 2px; }}
QScrollBar::handle {{ background: {line_strong}; border-radius: 2px; min-height: 28px; min-width: 28px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; border: none; width: 0; height: 0;
}}
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {line_strong}; padding: 4px; }}
QSplitter::handle {{ background: {line}; }}
"""
