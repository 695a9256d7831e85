"""领证 without Qt: the verdict on a notice, the evidence, and the one act of handing over (Art. 19, 23, 24)."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ebp_desktop.domain.identifiers import check_person_id, check_phone
from ui.presenting import Presenter, Tasks
from ui.screens.pickup.state import Answer, Collector, NoticeCheck, PickupState, ReadyRow
from ui.shown import Act, ActionBar, FieldShown, Mark


class PickupGateway(Protocol):
    """Notices, licences and their custody."""

    def ready(self) -> tuple[ReadyRow, ...]:
        """Licences that wait for applicants."""
        ...

    def check(self, code: str) -> NoticeCheck:
        """The verdict on a scanned code or a typed 文号; the look is recorded."""
        ...

    def hand_over(self, collector: Collector) -> str:
        """Hand the copies out and print the receipt; gives the outcome in words."""
        ...


class PickupPresenter(Presenter[PickupState]):
    """One notice, one collector."""

    def __init__(self, gateway: PickupGateway, tasks: Tasks) -> None:
        super().__init__(PickupState(), tasks)
        self._gateway = gateway

    def enter(self) -> None:
        """Load what waits."""
        self.ask("ready", self._gateway.ready, self._loaded)

    def _loaded(self, ready: tuple[ReadyRow, ...]) -> None:
        self.show(replace(self.state, ready=ready, loaded=True))

    def find(self, text: str) -> None:
        """A notice was scanned."""
        if text:
            self._state = PickupState(ready=self.state.ready, code=text, loaded=self.state.loaded)
            self.ask("check", lambda: self._gateway.check(text), self._checked)

    def _checked(self, check: NoticeCheck) -> None:
        self.show(
            replace(
                self.state,
                check=check,
                copy=next((copy.key for copy in check.copies), ""),
                recipient=check.recipient,
                id_number=check.id_number,
                phone=check.phone,
            )
        )

    def choose_copy(self, key: str) -> None:
        """Another copy is looked at."""
        if key != self.state.copy:
            self.show(replace(self.state, copy=key))

    def type_into(self, name: str, text: str) -> None:
        """Who collects."""
        match name:
            case "recipient":
                self.show(replace(self.state, recipient=text))
            case "id_number":
                self.show(replace(self.state, id_number=text))
            case "phone":
                self.show(replace(self.state, phone=text))

    def signed(self, is_signed: bool) -> None:
        """The pad was signed or emptied."""
        if is_signed != self.state.signed:
            self.show(replace(self.state, signed=is_signed))

    def fields(self) -> tuple[FieldShown, ...]:
        """The collector's fields as validated."""
        state = self.state
        person, phone = check_person_id(state.id_number), check_phone(state.phone)
        return (
            FieldShown("recipient", self.tr("领取人"), state.recipient, required=True),
            FieldShown(
                "id_number",
                self.tr("证件号码"),
                state.id_number,
                _mark(state.id_number, person.valid, 18),
                "；".join(person.reasons) if len(person.normal) >= 18 and not person.valid else "",
                required=True,
            ),
            FieldShown("phone", self.tr("手机"), state.phone, _mark(state.phone, phone.valid, 11), required=True),
        )

    def evidence(self) -> tuple[tuple[str, str, Mark, str], ...]:
        """The checklist: what, how, state and its word."""
        state, check = self.state, self.state.check
        genuine = check is not None and check.answer is Answer.GENUINE
        person = check_person_id(state.id_number).valid and bool(state.recipient.strip())
        return (
            (
                self.tr("受理通知书原件"),
                self.tr("扫码核验，发完收回存档"),
                Mark.OK if genuine else Mark.MISSING,
                self.tr("真实") if genuine else self.tr("未核验"),
            ),
            (
                self.tr("领取人身份证"),
                self.tr("核对人证一致"),
                Mark.OK if person else Mark.MISSING,
                self.tr("已核对") if person else self.tr("未填"),
            ),
            (self.tr("授权委托书"), self.tr("本办法不要求，可留存"), Mark.NONE, self.tr("可选")),
            (
                self.tr("领取人签名"),
                self.tr("签名后回执和送达回证一同打印"),
                Mark.OK if state.signed else Mark.OPEN,
                self.tr("已签名") if state.signed else self.tr("待签名"),
            ),
        )

    def why_not(self) -> str:
        """What stands between this notice and the handover."""
        state, check = self.state, self.state.check
        if check is None or check.answer is not Answer.GENUINE:
            return self.tr("还没有核验真实有效的受理通知书")
        if not state.going:
            return self.tr("没有现在可以发的证照")
        if any(not pair.agrees for pair in check.pairs):
            return self.tr("证照内容与办件不一致，不得发放")
        if not state.recipient.strip():
            return self.tr("还没有填领取人")
        if not check_person_id(state.id_number).valid:
            return self.tr("领取人证件号码不正确")
        return "" if state.signed else self.tr("请领取人签名")

    def hand_over(self, signature: bytes) -> None:
        """Hand over what may go."""
        if self.why_not():
            return
        state = self.state
        collector = Collector(
            code=state.code,
            recipient=state.recipient.strip(),
            id_number=check_person_id(state.id_number).normal,
            phone=check_phone(state.phone).normal,
            copies=tuple(copy.key for copy in state.going),
            signature=signature,
        )
        self.ask("hand_over", lambda: self._gateway.hand_over(collector), self._done)

    def _done(self, outcome: str) -> None:
        self._state = PickupState(outcome=outcome, loaded=True)
        self.enter()

    def act(self, name: str) -> None:
        """Put the notice aside."""
        if name == "aside":
            self.show(PickupState(ready=self.state.ready, loaded=True))

    def bar(self) -> ActionBar:
        """How many may go, and what is still owed for it."""
        state, check = self.state, self.state.check
        if check is None:
            if state.outcome:
                return ActionBar(Mark.OK, state.outcome, self.tr("接下一位：扫描受理通知书"))
            return ActionBar(Mark.NOW, self.tr("扫描受理通知书二维码"), self.tr("或按 F2 输入通知书文号"))
        why = self.why_not()
        acts = (
            Act("aside", "F4", self.tr("换一份")),
            Act("sign_again", "F8", self.tr("重签"), enabled=state.signed, why=self.tr("还没有签名")),
            Act("hand_over", "F9", self.tr("发证并打印回执"), primary=True, enabled=not why, why=why),
        )
        if check.answer is not Answer.GENUINE:
            return ActionBar(Mark.PARK, check.head, check.detail, acts)
        staying = len(check.copies) - len(state.going)
        head = self.tr("可以发 {n} 本").format(n=len(state.going))
        if staying:
            head += self.tr("；{m} 本这次不发").format(m=staying)
        return ActionBar(Mark.OK if not why else Mark.NOW, head, why or self._final(), acts)

    def _final(self) -> str:
        return self.tr("发出后记为已领，任何窗口不能再发；误发须由主管冲回")


def _mark(text: str, valid: bool, full: int) -> Mark:
    if valid and text:
        return Mark.OK
    return Mark.BAD if len(text.strip()) >= full else Mark.NONE
