"""Form fields: label left, one line right, what validation has to say below it, never in a dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ui.shown import FieldShown, FormPart, Mark
from ui.theme import active
from ui.tokens import SIZE, SPACE, Type
from ui.widgets.brush import Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.sheet import Head

_LABEL, _PAD, _GAP = 76, 16, 3
_TELLING = frozenset({Mark.OK, Mark.FIX, Mark.WARN, Mark.BAD, Mark.MISSING, Mark.CLOCK})


class FieldGlyph(QWidget):
    """The state of a field at its right end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.mark = Mark.NONE
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One glyph."""
        if self.mark not in _TELLING:
            return
        painter = QPainter(self)
        brush = Brush(painter)
        glyph, tone = GLYPHS[self.mark]
        size = brush.theme.px(SIZE.glyph)
        brush.icon(glyph, (self.width() - size) / 2, (self.height() - size) / 2, size, tone, 2.0)
        painter.end()


class FormField(QWidget):
    """One field; reports what was typed, shows what a presenter says of it."""

    edited = Signal(str, str)
    finished = Signal(str)
    _tints = ("", "")

    def __init__(
        self, shown: FieldShown, *, label_width: int = _LABEL, height: int = SIZE.field, secret: bool = False
    ) -> None:
        super().__init__()
        self._shown, self._label_width, self._field_height = shown, label_width, height
        theme = active()
        self.label = QLabel(shown.label, self)
        self.label.setFont(theme.font(Type.SMALL))
        self.edit = QLineEdit(shown.value, self)
        self.edit.setFont(theme.font())
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.label.setBuddy(self.edit)
        self.note = QLabel("", self)
        self.note.setFont(theme.font(Type.NOTE, strong=True))
        self.note.setWordWrap(True)
        self._glyph = FieldGlyph(self)
        self.edit.textEdited.connect(lambda text: self.edited.emit(self._shown.name, text))
        self.edit.editingFinished.connect(lambda: self.finished.emit(self._shown.name))
        self.show_field(shown)

    @property
    def name(self) -> str:
        """The field's name."""
        return self._shown.name

    def show_field(self, shown: FieldShown) -> None:
        """Take value and state; what is being typed is never overwritten by the same text."""
        self._shown = shown
        if self.edit.text() != shown.value:
            self.edit.setText(shown.value)
            self.edit.setCursorPosition(0)
        self.edit.setReadOnly(shown.readonly)
        if self.edit.property("mark") != str(shown.mark):
            self.edit.setProperty("mark", str(shown.mark))
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
        theme = active()
        self.edit.setTextMargins(0, 0, theme.px(22) if shown.mark in _TELLING else 0, 0)
        required = self.tr("必填") if shown.required else ""
        self.edit.setAccessibleName(" ".join(filter(None, (shown.label, required))))
        self.edit.setAccessibleDescription(shown.note)
        self.note.setText(shown.note)
        self.note.setVisible(bool(shown.note))
        self._tint(GLYPHS[shown.mark][1] if shown.mark in _TELLING else "text2")
        self._glyph.mark = shown.mark
        self._glyph.update()
        self.set_field_height(self._field_height)

    def _tint(self, tone: str) -> None:
        """Colour label and note; stylesheets are dear, so only when something changed."""
        theme = active()
        wanted = (theme.colour("text2").name(), theme.colour(tone).name())
        if wanted != self._tints:
            self._tints = wanted
            self.label.setStyleSheet(f"color: {wanted[0]}")
            self.note.setStyleSheet(f"color: {wanted[1]}")

    def changeEvent(self, event: QEvent) -> None:
        """Another look tints anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._tints[0]:
            self._tint(GLYPHS[self._shown.mark][1] if self._shown.mark in _TELLING else "text2")

    def set_field_height(self, at_100: int) -> None:
        """Another height of the line, for low screens."""
        self._field_height = at_100
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label and line keep their columns."""
        self._place()

    def _place(self) -> None:
        theme = active()
        pad, gap = theme.px(_PAD), theme.px(_GAP)
        left, height = pad + theme.px(self._label_width), theme.px(self._field_height)
        width = self.width() - left - pad
        self.label.setGeometry(pad, gap, left - pad - theme.px(4), height)
        self.edit.setGeometry(left, gap, width, height)
        self._glyph.setGeometry(left + width - theme.px(27), gap, theme.px(24), height)
        self._glyph.raise_()
        lines = self._note_lines(width)
        self.note.setGeometry(left, gap + height + 1, width, theme.px(18 * lines))
        whole = theme.px(self._field_height + 2 * _GAP) + (theme.px(2 + 18 * lines) if lines else 0)
        if whole != self.height():
            self.setFixedHeight(whole)

    def _note_lines(self, width: int) -> int:
        """How many lines the note takes, up to three."""
        if not self._shown.note or width <= 0:
            return 1 if self._shown.note else 0
        taken = active().width(self._shown.note, Type.NOTE, strong=True)
        return min(3, -(-taken * 21 // (20 * width)))


class FormView(QScrollArea):
    """All parts of a form below each other; scrolls to the field that holds the keyboard."""

    edited = Signal(str, str)
    finished = Signal(str)

    def __init__(self, name: str, *, label_width: int = _LABEL) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label_width, self._field_height = label_width, SIZE.field
        self._parts: tuple[FormPart, ...] = ()
        self._fields: dict[str, FormField] = {}
        self._heads: list[Head] = []
        self._inner = QWidget()
        self._inner.setObjectName("pane")
        self._box = QVBoxLayout(self._inner)
        self._box.setContentsMargins(0, 0, 0, active().px(SPACE.s))
        self._box.setSpacing(0)
        self.setWidget(self._inner)

    def show_parts(self, parts: tuple[FormPart, ...]) -> None:
        """Take values; widgets are built anew only when other fields are asked for."""
        if _shape(parts) != _shape(self._parts):
            self._build(parts)
        self._parts = parts
        for head, part in zip(self._heads, parts, strict=True):
            head.say(part.title, "", part.hint)
        for part in parts:
            for shown in part.fields:
                self._fields[shown.name].show_field(shown)

    def _build(self, parts: tuple[FormPart, ...]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields, self._heads = {}, []
        for part in parts:
            head = Head(
                part.title, "", part.hint, rule=False, height=34 if self._field_height < SIZE.field else SIZE.head
            )
            self._heads.append(head)
            self._box.addWidget(head)
            for shown in part.fields:
                field = FormField(shown, label_width=self._label_width, height=self._field_height)
                field.edited.connect(self.edited)
                field.finished.connect(self.finished)
                self._fields[shown.name] = field
                self._box.addWidget(field)
        self._box.addStretch(1)

    def set_compact(self, compact: bool) -> None:
        """Lower lines on low screens."""
        height = SIZE.field_compact if compact else SIZE.field
        if height != self._field_height:
            self._field_height = height
            for field in self._fields.values():
                field.set_field_height(height)
            for head in self._heads:
                head.setFixedHeight(active().px(34 if compact else SIZE.head))

    def field(self, name: str) -> FormField | None:
        """A field's widget."""
        return self._fields.get(name)

    def fields(self) -> tuple[FormField, ...]:
        """All fields in order."""
        return tuple(self._fields.values())

    def go_to(self, name: str) -> None:
        """Put the keyboard into a field."""
        field = self._fields.get(name)
        if field is not None:
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            field.edit.selectAll()
            self.ensureWidgetVisible(field)

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: field.edit.text() for name, field in self._fields.items()}


def _shape(parts: tuple[FormPart, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((part.title, *(shown.name for shown in part.fields)) for part in parts)


class FactLines(QWidget):
    """Quiet label and value lines; a glyph at the right where something was checked."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, str, Mark], ...] = ()

    def show_lines(self, lines: tuple[tuple[str, str, Mark], ...]) -> None:
        """Label, value, state of each line; a long value takes two."""
        self._lines = lines
        self.setAccessibleName("；".join(f"{label} {value}" for label, value, _ in lines))
        self._fit()

    def _room(self) -> int:
        theme = active()
        return max(1, self.width() - theme.px(2 * _PAD + 96))

    def _height_of(self, value: str) -> int:
        theme = active()
        return theme.px(30 if theme.width(value) <= self._room() else 48)

    def _fit(self) -> None:
        height = sum(self._height_of(value) for _, value, _ in self._lines) + active().px(8)
        if height != self.height():
            self.setFixedHeight(height)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Every line."""
        painter = QPainter(self)
        brush = Brush(painter)
        theme, pad, y = brush.theme, brush.theme.px(_PAD), brush.theme.px(4)
        for label, value, mark in self._lines:
            height, line = self._height_of(value), theme.px(30)
            brush.text(QRectF(pad, y, theme.px(64), line), label, Type.SMALL, "text2")
            if height == line:
                brush.text(QRectF(pad + theme.px(68), y, self._room(), line), value)
            else:
                brush.paragraph(QRect(pad + theme.px(68), y + theme.px(4), self._room(), height - theme.px(4)), value)
            if mark in _TELLING:
                glyph, tone = GLYPHS[mark]
                size = theme.px(SIZE.glyph)
                brush.icon(glyph, self.width() - pad - size - 2, y + (line - size) / 2, size, tone, 2.0)
            y += height
        painter.end()
