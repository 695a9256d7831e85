"""补正 without Qt: a hand-in against one notice, line by line; nothing outside the notice can be taken (Art. 8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ebp_desktop.domain.material import Counts, MaterialLine, Verdict
from ui.presenting import Presenter, Tasks
from ui.screens.supplement.state import HandInShown, OwedNotice, OwedRow, SupplementState
from ui.shown import Act, ActionBar, Mark, PageImage


class SupplementGateway(Protocol):
    """Notices whose papers are owed, and the hand-in."""

    def owed(self) -> tuple[OwedRow, ...]:
        """Every notice with something owed, the shortest time left first."""
        ...

    def notice(self, key: str) -> OwedNotice:
        """One notice with its lines, nothing received yet on those still owed."""
        ...

    def take_files(
        self, notice: str, line: MaterialLine, files: tuple[str, ...]
    ) -> tuple[MaterialLine, tuple[str, ...]]:
        """Take files in as pages of a line; gives the line and what was refused with the reason."""
        ...

    def page(self, key: str) -> bytes:
        """The picture of a page."""
        ...

    def hand_in(self, key: str, lines: tuple[MaterialLine, ...]) -> HandInShown:
        """Register what was handed in; RefusedError names everything that stands in the way."""
        ...


class SupplementPresenter(Presenter[SupplementState]):
    """One notice on the desk."""

    def __init__(self, gateway: SupplementGateway, tasks: Tasks) -> None:
        super().__init__(SupplementState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load the list anew."""
        self.ask("owed", self._gateway.owed, self._loaded)

    def find(self, text: str) -> None:
        """Show the notice of a number or a case, when it is on the list."""
        self._state = replace(self.state, chosen=text)
        self.enter()

    def _loaded(self, rows: tuple[OwedRow, ...]) -> None:
        wanted = self.state.chosen
        keys = [row.key for row in rows]
        chosen = wanted if wanted in keys else next(iter(keys), "")
        notice = self.state.notice if self.state.notice and self.state.notice.key == chosen else None
        self.show(replace(self.state, rows=rows, chosen=chosen, notice=notice, loaded=True))
        if chosen and notice is None:
            self.ask("notice", lambda: self._gateway.notice(chosen), self._opened)

    def choose(self, key: str) -> None:
        """Another notice; what was begun on this one is put aside."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key, notice=None, line="", page="", outcome=""))
            self.ask("notice", lambda: self._gateway.notice(key), self._opened)

    def _opened(self, notice: OwedNotice) -> None:
        if notice.key == self.state.chosen:
            self.show(replace(self.state, notice=notice, line=_next(notice, "")))

    def choose_line(self, material: str) -> None:
        """Another line."""
        if material != self.state.line:
            owed = next((o for o in self._lines() if o.material == material), None)
            page = owed.pages[0].sha256 if owed and owed.pages else self.state.page
            self.show(replace(self.state, line=material, page=page))

    def _lines(self) -> tuple[MaterialLine, ...]:
        return tuple(owed.line for owed in self.state.notice.lines) if self.state.notice else ()

    def judge(self, verdict: Verdict) -> None:
        """Handed in and good, or still missing."""
        owed = self.state.owed
        if owed is None or owed.satisfied:
            return
        line = owed.line
        received = line.due if verdict is Verdict.QUALIFIED else Counts()
        if verdict is Verdict.QUALIFIED and not (line.pages or line.files):
            received = replace(received, electronic=0)
        self._put(replace(line, verdict=verdict, received=received))
        notice = self.state.notice
        following = _next(notice, self.state.line) if notice else ""
        if following:
            self.show(replace(self.state, line=following))

    def _put(self, line: MaterialLine) -> None:
        notice = self.state.notice
        if notice is None:
            return
        lines = tuple(
            replace(owed, line=line) if owed.line.material == line.material else owed for owed in notice.lines
        )
        self.show(replace(self.state, notice=replace(notice, lines=lines)))

    def take_files(self, files: tuple[str, ...]) -> None:
        """Take files in as pages of the chosen line."""
        owed, key = self.state.owed, self.state.chosen
        if owed is not None and files and not owed.satisfied:
            self.ask("files", lambda: self._gateway.take_files(key, owed.line, files), self._taken)

    def _taken(self, taken: tuple[MaterialLine, tuple[str, ...]]) -> None:
        line, refused = taken
        page = line.pages[-1].sha256 if line.pages else self.state.page
        self._state = replace(self.state, refused="；".join(refused), page=page)
        self._put(line)

    def pages(self) -> tuple[PageImage, ...]:
        """Pages handed in, labelled by their line."""
        return tuple(
            PageImage(page.sha256, f"{line.material.removeprefix('M')}-{at}", "")
            for line in self._lines()
            for at, page in enumerate(line.pages, 1)
        )

    def handed(self) -> tuple[MaterialLine, ...]:
        """Lines that are handed in now."""
        notice = self.state.notice
        lines = notice.lines if notice else ()
        return tuple(owed.line for owed in lines if not owed.satisfied and owed.line.verdict is Verdict.QUALIFIED)

    def why_not(self) -> str:
        """What stands between the desk and the receipt."""
        handed = self.handed()
        if not handed:
            return self.tr("还没有一项交来")
        unscanned = [line.name for line in handed if line.lacks_scan]
        if unscanned:
            return self.tr("收了纸件未扫描：{names}").format(names="、".join(unscanned[:2]))
        return ""

    def act(self, name: str) -> None:
        """The acts of the bar that need no widget."""
        match name:
            case "ok":
                self.judge(Verdict.QUALIFIED)
            case "missing":
                self.judge(Verdict.MISSING)
            case "case":
                notice = self.state.notice
                if notice is not None:
                    self.go("cases", notice.case)
            case "hand_in":
                key, lines = self.state.chosen, self.handed()
                if not self.why_not():
                    self.ask("hand_in", lambda: self._gateway.hand_in(key, lines), self._done)

    def _done(self, done: HandInShown) -> None:
        self._state = SupplementState(outcome=f"{done.receipt_no}　{done.words}", loaded=True)
        self.enter()

    def bar(self) -> ActionBar:
        """How much is handed in of how much."""
        state, notice = self.state, self.state.notice
        if notice is None:
            words = self.tr("没有待补正的通知") if state.loaded and not state.rows else self.tr("选一份补正通知")
            return ActionBar(Mark.OK if not state.rows else Mark.NONE, words, state.outcome)
        owed = [each for each in notice.lines if not each.satisfied]
        why, chosen = self.why_not(), state.owed
        on_line = chosen is not None and not chosen.satisfied
        reason = self.tr("这一项已经交过")
        acts = (
            Act("case", "F4", self.tr("看办件")),
            Act("import", "F5", self.tr("导入"), enabled=on_line, why=reason),
            Act("ok", "F6", self.tr("交来合格"), enabled=on_line, why=reason),
            Act("missing", "F8", self.tr("仍缺"), enabled=on_line, why=reason),
            Act("hand_in", "F9", self.tr("登记并出接收凭证"), primary=True, enabled=not why, why=why),
        )
        count = len(self.handed())
        head = self.tr("交来 {n} 项，还欠 {m} 项").format(n=count, m=len(owed) - count)
        mark = Mark.OK if count == len(owed) else Mark.WARN
        return ActionBar(mark, head, state.refused or why or notice.consequence, acts)


def _next(notice: OwedNotice, after: str) -> str:
    """The next line without a verdict, going round; the first one when all have one."""
    codes = [owed.line.material for owed in notice.lines]
    start = codes.index(after) + 1 if after in codes else 0
    open_ones = {o.line.material for o in notice.lines if not o.satisfied and o.line.verdict is Verdict.NONE}
    following = next((code for code in codes[start:] + codes[:start] if code in open_ones), "")
    return following or after or next(iter(codes), "")
