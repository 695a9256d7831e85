"""通知 without Qt: what to tell first, how it was told, and the evidence for it (Art. 9, 10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.notices.state import NoticePaper, NoticeRow, NoticesState, Reach, Telling
from ui.shown import Act, ActionBar, Mark


class NoticesGateway(Protocol):
    """Papers that wait for applicants."""

    def due(self) -> tuple[NoticeRow, ...]:
        """Everything to tell, the most urgent first."""
        ...

    def paper(self, key: str) -> NoticePaper:
        """One paper with its pages."""
        ...

    def page(self, key: str) -> bytes:
        """The picture of a page."""
        ...

    def print_paper(self, key: str) -> str:
        """Print it; gives the outcome in words."""
        ...

    def tell(self, key: str, telling: Telling) -> str:
        """Record that the applicant was told; gives the outcome in words."""
        ...


class NoticesPresenter(Presenter[NoticesState]):
    """One paper at a time, the clock beside it."""

    def __init__(self, gateway: NoticesGateway, tasks: Tasks) -> None:
        super().__init__(NoticesState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load the list anew."""
        self.ask("due", self._gateway.due, self._loaded)

    def find(self, text: str) -> None:
        """Show the paper of a number or a case, when it is on the list."""
        self._state = replace(self.state, chosen=text)
        self.enter()

    def _loaded(self, rows: tuple[NoticeRow, ...]) -> None:
        wanted = self.state.chosen
        keys = [row.key for row in rows]
        chosen = wanted if wanted in keys else next((key for key in keys if wanted and wanted in key), "")
        chosen = chosen or next(iter(keys), "")
        paper = self.state.paper if self.state.paper and self.state.paper.key == chosen else None
        self.show(replace(self.state, rows=rows, chosen=chosen, paper=paper, loaded=True))
        if chosen and paper is None:
            self.ask("paper", lambda: self._gateway.paper(chosen), self._opened)

    def choose(self, key: str) -> None:
        """Another paper."""
        if key != self.state.chosen:
            self.show(replace(self.state, chosen=key, paper=None, outcome="", signed=False, content=""))
            self.ask("paper", lambda: self._gateway.paper(key), self._opened)

    def _opened(self, paper: NoticePaper) -> None:
        if paper.key == self.state.chosen:
            reach = Reach.ELECTRONIC if paper.consent_address else Reach.SIGNED
            self.show(replace(self.state, paper=paper, reach=reach, recipient=paper.recipient))

    def choose_reach(self, reach: Reach) -> None:
        """Another way of telling."""
        self.show(replace(self.state, reach=reach))

    def press_digit(self, digit: int) -> None:
        """1 in person, 2 electronically, 3 by call or message."""
        ways = tuple(Reach)
        if self.state.paper is not None and 1 <= digit <= len(ways):
            self.choose_reach(ways[digit - 1])

    def type_into(self, name: str, text: str) -> None:
        """Recipient or content."""
        if name == "recipient":
            self.show(replace(self.state, recipient=text))
        elif name == "content":
            self.show(replace(self.state, content=text))

    def signed(self, is_signed: bool) -> None:
        """The pad was signed or emptied."""
        if is_signed != self.state.signed:
            self.show(replace(self.state, signed=is_signed))

    def why_not(self) -> str:
        """What stands between this paper and 已告知."""
        state, paper = self.state, self.state.paper
        if paper is None:
            return self.tr("没有选文书")
        if not state.recipient.strip():
            return self.tr("还没有写收件人")
        if state.reach is Reach.SIGNED and not state.signed:
            return self.tr("请收件人在右边签名")
        if state.reach is Reach.ELECTRONIC and not paper.consent_address:
            return self.tr("申请人没有在凭单上同意电子送达")
        if state.reach is Reach.CALL and not state.content.strip():
            return self.tr("电话、短信告知要写明告知的全部内容")
        return ""

    def tell(self, signature: bytes = b"") -> None:
        """Record the telling."""
        state = self.state
        if self.why_not():
            return
        telling = Telling(state.reach, state.recipient.strip(), state.content.strip(), signature)
        self.ask("tell", lambda: self._gateway.tell(state.chosen, telling), self._told)

    def _told(self, outcome: str) -> None:
        rows = tuple(row for row in self.state.rows if row.key != self.state.chosen)
        self._state = NoticesState(rows=rows, outcome=outcome, loaded=True)
        self.enter()

    def act(self, name: str) -> None:
        """Print, or open the case."""
        key = self.state.chosen
        if name == "print" and key:
            self.ask("print", lambda: self._gateway.print_paper(key), self._printed)
        elif name == "case" and key:
            self.go("cases", key)

    def _printed(self, outcome: str) -> None:
        self.show(replace(self.state, outcome=outcome))

    def bar(self) -> ActionBar:
        """The chosen paper's consequence, and what is still owed before it counts as told."""
        state, row = self.state, self.state.row
        if row is None:
            words = self.tr("没有待告知的文书") if state.loaded else self.tr("正在取待告知的文书")
            return ActionBar(Mark.OK if state.loaded else Mark.CLOCK, words, state.outcome)
        why = self.why_not()
        label = {
            Reach.SIGNED: self.tr("签收并出送达回证"),
            Reach.ELECTRONIC: self.tr("电子送达"),
            Reach.CALL: self.tr("记为已告知"),
        }[state.reach]
        acts = (
            Act("case", "F4", self.tr("看办件")),
            Act("print", "F6", self.tr("打印文书")),
            Act("sign_again", "F8", self.tr("重签"), enabled=state.signed, why=self.tr("还没有签名")),
            Act("tell", "F9", label, primary=True, enabled=not why, why=why),
        )
        mark = Mark.DANGER if row.urgent else Mark.WARN
        detail = state.outcome or why or self.tr("告知后时限停止；送达回证随即打印")
        head = state.paper.consequence if state.paper and state.paper.consequence else row.title
        return ActionBar(mark, head, detail, acts)
