"""All clocks of a case on one calendar: used solid, pauses hatched, weekends thin, due a tick, today a red line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QPen

from ui.shown import ClockBoard, ClockRow, Mark, PauseKind
from ui.theme import active
from ui.tokens import Type
from ui.widgets.brush import CENTER, Brush
from ui.widgets.painted import Painted

_NAMES, _VERDICTS, _HEAD, _ROW, _FOOT, _LEGEND = 250, 190, 34, 44, 6, 30
_LEAST_DAYS, _LEAD_DAYS, _TRAIL_DAYS = 21, 0, 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days shown and where they lie, px."""

    first: date
    days: int
    left: float
    right: float

    @property
    def step(self) -> float:
        """Width of a day."""
        return (self.right - self.left) / self.days

    def x(self, day: date, edge: float = 1.0) -> float:
        """Where a day lies; edge 0 is its morning, 1 its close of business; held inside the calendar."""
        at = self.left + ((day - self.first).days + edge) * self.step
        return min(max(at, self.left), self.right)


def days_shown(board: ClockBoard) -> tuple[date, int]:
    """First day and number of days that hold every clock and today, with some room after."""
    days = [board.today]
    for clock in board.rows:
        days += [day for day in (clock.start, clock.due, clock.ended) if day is not None]
        days += [day for pause in clock.pauses for day in (pause.first, pause.last)]
    first = min(days) - _LEAD_DAYS * _DAY
    count = (max(days) - first).days + 1 + _TRAIL_DAYS
    return first, max(count, _LEAST_DAYS)


def described(board: ClockBoard) -> str:
    """The clocks in words, for a screen reader."""
    return "；".join("，".join(filter(None, (row.name, row.detail, row.badge.word, row.note))) for row in board.rows)


class ClockBoardView(Painted):
    """Draws a board of clocks; its height follows the number of clocks."""

    def __init__(self) -> None:
        super().__init__()
        self._board = ClockBoard(today=date(2000, 1, 1))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_board(self, board: ClockBoard) -> None:
        """Take other clocks."""
        self._board = board
        self.setAccessibleName(self.tr("时限：{clocks}").format(clocks=described(board)))
        self.measure()
        self.update()

    def measure(self) -> None:
        """Head, a row for each clock, legend."""
        board = getattr(self, "_board", None)
        if board is not None:
            self.setFixedHeight(active().px(_HEAD + _ROW * len(board.rows) + _FOOT + _LEGEND))

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Calendar, rows, today, legend."""
        theme = brush.theme
        first, days = days_shown(self._board)
        span = Span(first, days, theme.px(_NAMES), width - theme.px(_VERDICTS))
        foot = height - theme.px(_LEGEND)
        self._calendar(brush, span, width, foot)
        for at, clock in enumerate(self._board.rows):
            self._row(brush, span, clock, theme.px(_HEAD + _ROW * at), width)
            if at + 1 < len(self._board.rows):
                brush.hairline(theme.px(16), width - theme.px(16), theme.px(_HEAD + _ROW * (at + 1)) - 1)
        _today(brush, span, self._board.today, foot - theme.px(_FOOT))
        _legend(brush, foot, theme.px(_LEGEND))

    def _calendar(self, brush: Brush, span: Span, width: int, foot: float) -> None:
        theme, step = brush.theme, span.step
        last_label = -1000.0
        today_x = span.x(self._board.today, 0.5)
        for at in range(span.days):
            day = span.first + at * _DAY
            x = span.left + at * step
            if self._off(day):
                brush.fill(QRectF(x, theme.px(30), step, foot - theme.px(30 + _FOOT)), "page")
            words = f"{day.month}月{day.day}日"
            taken = theme.width(words, Type.NOTE) + theme.px(8)
            clear_of_today = x + taken < today_x - theme.px(30) or x > today_x + theme.px(30)
            if (day.weekday() == 0 or at == 0) and x >= last_label and clear_of_today and x + taken < span.right + 40:
                brush.text(QRectF(x, theme.px(6), taken, theme.px(20)), words, Type.NOTE, "text3")
                last_label = x + taken
        brush.hairline(0, width, theme.px(29))

    def _off(self, day: date) -> bool:
        known = any(off.year == day.year for off in self._board.days_off)
        return day in self._board.days_off if known else day.weekday() >= 5

    def _row(self, brush: Brush, span: Span, clock: ClockRow, top: float, width: int) -> None:
        theme, pad = brush.theme, brush.theme.px(16)
        names = theme.px(_NAMES) - theme.px(24)
        brush.text(QRectF(pad, top + theme.px(2), names, theme.px(20)), clock.name)
        brush.text(QRectF(pad, top + theme.px(22), names, theme.px(17)), clock.detail, Type.NOTE, "text3")
        middle = top + theme.px(21.5)
        if clock.start is not None:
            self._bar(brush, span, clock, middle)
        else:
            brush.painter.setPen(QPen(theme.colour("line_strong"), 1.3, Qt.PenStyle.DotLine))
            brush.painter.drawLine(QLineF(span.x(self._board.today, 0.5) + 8, middle, span.right, middle))
        x = span.right + theme.px(14)
        lift = theme.px(9.5) if clock.note else 0
        brush.badge(
            QRectF(x, middle - lift - theme.px(12), width - x - 4, theme.px(24)), clock.badge.mark, clock.badge.word
        )
        if clock.note:
            note = QRectF(x + theme.px(24), middle + 0.5, width - x - theme.px(30), theme.px(17))
            brush.text(note, clock.note, Type.NOTE, "text3")

    def _bar(self, brush: Brush, span: Span, clock: ClockRow, middle: float) -> None:
        start, today, theme = clock.start, self._board.today, brush.theme
        if start is None:
            return
        end = clock.ended or today
        stop = span.x(end, 1.0 if clock.ended else 0.5)
        begin = span.x(start)
        due = span.x(clock.due) if clock.due else None
        right = max(stop, due or stop)
        half = theme.px(6)
        brush.frame(QRectF(begin, middle - half, max(2.0, right - begin), 2 * half), "line_strong", "surface")
        tone = "text3" if clock.ended else _TONES.get(clock.badge.mark, "primary")
        day = start + _DAY
        while span.x(day, 0) < stop and day <= end:
            thick = theme.px(4 if self._off(day) else 12)
            piece = min(span.x(day), stop) - span.x(day, 0)
            brush.fill(QRectF(span.x(day, 0), middle - thick / 2, piece + 0.6, thick), tone)
            day += _DAY
        for pause in clock.pauses:
            left, last = span.x(pause.first), span.x(pause.last)
            if last > left:
                brush.hatch(QRectF(left, middle - theme.px(8), last - left, theme.px(16)), pause.kind)
        if due is not None:
            brush.fill(QRectF(due - 1, middle - theme.px(10), 2, theme.px(20)), "text")


_TONES = {Mark.WARN: "warn", Mark.FIX: "warn", Mark.DANGER: "danger"}


def _today(brush: Brush, span: Span, today: date, foot: float) -> None:
    theme = brush.theme
    x, words = span.x(today, 0.5), QCoreApplication.translate("ClockBoardView", "今天")
    brush.fill(QRectF(x - 0.75, theme.px(26), 1.5, foot - theme.px(26)), "danger")
    width = theme.px(56)
    where = QRectF(x - width / 2, theme.px(6), width, theme.px(20))
    brush.panel(where, theme.colour("danger"), None, 3)
    brush.text(where, words, Type.NOTE, "surface", CENTER, strong=True)


def _legend(brush: Brush, top: float, height: float) -> None:
    theme, x = brush.theme, float(brush.theme.px(16))
    for kind, words in (
        ("used", QCoreApplication.translate("ClockBoardView", "已用")),
        ("left", QCoreApplication.translate("ClockBoardView", "剩余")),
        ("supplement", QCoreApplication.translate("ClockBoardView", "补正暂停")),
        ("special", QCoreApplication.translate("ClockBoardView", "特别程序暂停")),
        ("due", QCoreApplication.translate("ClockBoardView", "到期")),
        ("off", QCoreApplication.translate("ClockBoardView", "周末与节假日不计")),
    ):
        where = QRectF(round(x), round(top + height / 2 - 5), 24, 10)
        match kind:
            case "used":
                brush.fill(where, "text3")
            case "left":
                brush.frame(where, "line_strong", "surface")
            case "due":
                brush.fill(QRectF(where.x() + 14, where.y() - 3, 2, 16), "text")
            case "off":
                brush.fill(where.adjusted(0, -3, 0, 3), "page")
                brush.fill(QRectF(where.x(), where.center().y() - 2, 24, 4), "text3")
            case _:
                brush.hatch(where, PauseKind(kind))
        x += theme.px(30)
        x += brush.text(QRectF(x, top, theme.px(200), height), words, Type.NOTE, "text3") + theme.px(18)
