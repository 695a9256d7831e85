"""办件 without Qt: searches as one types, pages on by key, shows the case that is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.cases.state import CaseDetail, CasesState, Hits
from ui.shown import Act, ActionBar, Mark


class CasesGateway(Protocol):
    """Where cases come from."""

    def search(self, text: str, after: str) -> Hits:
        """A page of cases for any words or numbers, the newest when the text is empty."""
        ...

    def case(self, key: str) -> CaseDetail:
        """One case; the look at it is recorded."""
        ...

    def print_paper(self, case: str, paper: str) -> str:
        """Print a paper again, counted and marked; gives the outcome in words."""
        ...

    def do(self, case: str, act: str) -> str:
        """An act that the case offered; gives the outcome in words."""
        ...


class CasesPresenter(Presenter[CasesState]):
    """Results left, the chosen case right."""

    def __init__(self, gateway: CasesGateway, tasks: Tasks) -> None:
        super().__init__(CasesState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Search anew for what was looked for; what changed since is shown."""
        self.find(self.state.looked_for)

    def find(self, text: str) -> None:
        """Look for words, a number, initials."""
        self._state = replace(self.state, looked_for=text)
        self.ask("search", lambda: self._gateway.search(text, ""), self._found)

    def _found(self, hits: Hits) -> None:
        keys = [hit.key for hit in hits.rows]
        chosen = self.state.chosen if self.state.chosen in keys else next(iter(keys), "")
        detail = self.state.detail if self.state.detail and self.state.detail.key == chosen else None
        self.show(
            replace(
                self.state, hits=hits.rows, more=hits.more, total=hits.total, chosen=chosen, detail=detail, loaded=True
            )
        )
        if chosen:
            self.ask("case", lambda: self._gateway.case(chosen), self._opened)

    def load_more(self) -> None:
        """The next page, when the list was scrolled to its end."""
        after, text = self.state.more, self.state.looked_for
        if after:
            self._state = replace(self.state, more="")
            self.ask("search", lambda: self._gateway.search(text, after), self._further)

    def _further(self, hits: Hits) -> None:
        self.show(replace(self.state, hits=self.state.hits + hits.rows, more=hits.more))

    def choose(self, key: str) -> None:
        """Another case."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key, paper="", outcome=""))
            self.ask("case", lambda: self._gateway.case(key), self._opened)

    def _opened(self, detail: CaseDetail) -> None:
        if detail.key == self.state.chosen:
            keys = [paper.key for paper in detail.papers]
            paper = self.state.paper if self.state.paper in keys else next(iter(keys), "")
            self.show(replace(self.state, detail=detail, paper=paper))

    def choose_paper(self, key: str) -> None:
        """Another paper of the case."""
        self.show(replace(self.state, paper=key))

    def act(self, name: str) -> None:
        """Print a paper, or what the case offers."""
        case, paper = self.state.chosen, self.state.paper
        detail = self.state.detail
        if name == "print" and case and paper:
            self.ask("print", lambda: self._gateway.print_paper(case, paper), self._done)
        elif name == "open_notices":
            self.go("notices", case)
        elif name == "open_supplement":
            self.go("supplement", case)
        elif name == "open_pickup":
            self.go("pickup", case)
        elif detail is not None and any(act.name == name for act in detail.acts):
            self.ask("do", lambda: self._gateway.do(case, name), self._done)

    def _done(self, outcome: str) -> None:
        case = self.state.chosen
        self.show(replace(self.state, outcome=outcome))
        self.ask("case", lambda: self._gateway.case(case), self._opened)

    def bar(self) -> ActionBar:
        """What the case needs next."""
        detail = self.state.detail
        if detail is None:
            found = self.tr("没有找到办件") if self.state.loaded and not self.state.hits else self.tr("查办件")
            return ActionBar(Mark.NONE, found, self.tr("按 F2 输入编号、名称、姓名或拼音首字母，两个字就够"))
        paper = next((paper for paper in detail.papers if paper.key == self.state.paper), None)
        reprint = Act(
            "print",
            "F6",
            self.tr("打印文书"),
            enabled=paper is not None,
            why=self.tr("先在右边选一份文书"),
        )
        acts = (reprint, *detail.acts)
        if not any(act.primary for act in acts):
            acts = (*detail.acts, replace(reprint, primary=True))
        return ActionBar(detail.mark, detail.head, self.state.outcome or detail.consequence, acts)
