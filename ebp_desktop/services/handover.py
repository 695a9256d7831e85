"""领证: the verdict on a notice, what is ready, the act itself, and the path when the notice is lost (Art. 23, 24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView, LicenceView, NoticeView, licence_item
from ebp_desktop.domain.clocks import status_is_fresh
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.identifiers import CounterPaper, check_person_id, counter_paper_no
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.roles import Act
from ebp_desktop.domain.states import MatterState
from ebp_desktop.services.context import Desk
from ebp_desktop.services.issuing import issue
from ebp_desktop.services.lookup import case_of, find_notice
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.papers_owed import unsettled_flags
from ebp_desktop.services.ports import AuditEntry, Judgement, Session, TokenReading
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator

LAST_CONTACT = "last_contact_at"
RESIDENT_ID = "居民身份证"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCopy:
    """One copy that the notice releases, and why it may not go out now (empty: it may)."""

    licence: LicenceView
    copy_no: int
    kind: str
    place: str
    why_not: str

    @property
    def item(self) -> str:
        """The custody name of the copy."""
        return licence_item(self.licence.issued.licence, self.copy_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One field of the case beside the licence's own record (Art. 19)."""

    field: str
    in_case: str
    on_licence: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.in_case.strip() == self.on_licence.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCheck:
    """The verdict on what was scanned, and what it releases."""

    judgement: Judgement
    reason: str
    case: CaseView | None = None
    notice: NoticeView | None = None
    copies: tuple[ReadyCopy, ...] = ()
    compared: tuple[Comparison, ...] = ()
    status_checked_at: datetime | None = None
    alert: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Who collects what: ``items`` empty means every copy that may go; ``qr`` is the scanned notice."""

    qr: str
    recipient: str
    id_number: str
    phone: str
    recipient_role: str = "agent"
    id_type: str = RESIDENT_ID
    signature: str = ""
    items: tuple[str, ...] = ()
    evidence: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LossClaim:
    """遗失: the stamped statement and the collector's ID copy, both scanned, and the unit on the statement."""

    document_no: str
    stated_unit: str
    seal_legible: bool
    statement: tuple[Page, ...]
    id_copy: tuple[Page, ...]
    collector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A finished handover with its papers."""

    case: CaseView
    receipt: MadePaper
    service: MadePaper
    out: f.LicenceHandedOver


class HandoverDesk:
    """Verifies notices and hands licences over, once per copy, by custody (rules 6–8)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check(self, operator: Operator, text: str) -> HandoverCheck:
        """The verdict on a scanned notice and the copies that it releases; every look is audited."""
        operator.require(Act.HAND_OVER)
        reading = self._desk.tokens.read(text)
        with self._desk.store.begin() as tx:
            found = self._checked(tx, reading)
            tx.audit.append(
                AuditEntry(
                    act="handover.checked",
                    actor=operator.user,
                    object=reading.number or "-",
                    detail=found.judgement.value,
                    at=self._desk.clock.now(),
                )
            )
        return found

    def hand_over(self, operator: Operator, collection: Collection) -> HandedOver:
        """Hands the copies out against a genuine notice and makes 领证回执 and 送达回证 in the same transaction.

        Raises RefusedError ``handover_refused`` naming every obstacle, BadInputError for a bad ID number.
        """
        operator.require(Act.HAND_OVER)
        reading = self._desk.tokens.read(collection.qr)
        with self._desk.store.begin() as tx:
            checked = self._checked(tx, reading)
            if checked.judgement is not Judgement.GENUINE or checked.case is None or checked.notice is None:
                raise RefusedError(
                    f"notice_{checked.judgement.value}",
                    checked.reason,
                    article="第二十三条",
                    safe="证照仍在窗口保管。",
                    todo="核对受理通知书；遗失的按遗失办理。",
                )
            return self._hand_over(tx, operator, collection, checked, checked.case, checked.notice, None)

    def lost(self, operator: Operator, claim: LossClaim, collection: Collection | None) -> HandedOver | MadePaper:
        """Both proofs of the loss path; the old notice is void from then on (Art. 24).

        With a collection the ready copies go out in the same transaction; without one only the loss is recorded.
        """
        operator.require(Act.HAND_OVER)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            case, notice = find_notice(tx, claim.document_no)
            _refuse_loss(case, notice, claim, collects=collection is not None)
            body = f.NoticeLost(
                notice=notice.issued.notice,
                stated_unit=claim.stated_unit,
                seal_legible=claim.seal_legible,
                statement=claim.statement,
                id_copy=claim.id_copy,
                at=now,
            )
            pages = (*claim.statement, *claim.id_copy)
            fact = record(self._desk, tx, operator, case.id, body, legal_at=now, detail=claim.document_no, pages=pages)
            after = case_of(tx, case.id)
            number = self._number(tx, after, CounterPaper.LOSS)
            text = self._desk.papers.loss_record(after, number, body, claim.collector, self._desk.window, operator)
            paper = issue(self._desk, tx, text, case.id, now)
            if collection is None:
                return paper
            checked = self._released(tx, after, notice)
            return self._hand_over(tx, operator, collection, checked, after, notice, fact.id)

    def _checked(self, tx: Session, reading: TokenReading) -> HandoverCheck:
        if reading.judgement is not Judgement.GENUINE:
            return HandoverCheck(judgement=reading.judgement, reason=reading.reason)
        if reading.kind != f.NoticeKind.ACCEPTANCE.value:
            return HandoverCheck(
                judgement=Judgement.UNKNOWN, reason="这不是受理通知书的二维码，领证凭《受理通知书》办理。"
            )
        try:
            case, notice = find_notice(tx, reading.number)
        except BadInputError:
            reason = f"签名真实，但本机没有 {reading.number} 的记录，请联网同步后再验。"
            return HandoverCheck(judgement=Judgement.UNKNOWN, reason=reason)
        if notice.issued.kind is not f.NoticeKind.ACCEPTANCE:
            return HandoverCheck(judgement=Judgement.FORGED, reason="二维码与文书种类不符。")
        if notice.void:
            return self._void(case, notice)
        if notice.used:
            last = next(out for out in reversed(case.handovers) if out.notice == notice.issued.notice)
            reason = f"该通知书已于 {last.at:%Y-%m-%d %H:%M} 由{last.recipient}领取完毕。"
            return HandoverCheck(judgement=Judgement.USED, reason=reason, case=case, notice=notice)
        return self._released(tx, case, notice)

    @staticmethod
    def _void(case: CaseView, notice: NoticeView) -> HandoverCheck:
        loss = next((loss for loss in case.losses if loss.notice == notice.issued.notice), None)
        taken = next((out for out in reversed(case.handovers) if out.notice == notice.issued.notice), None)
        when = f"，{loss.at:%Y-%m-%d} 登记遗失" if loss else ""
        alert = f"证照已由{taken.recipient}于 {taken.at:%Y-%m-%d %H:%M} 凭遗失证明领取。" if taken else ""
        return HandoverCheck(
            judgement=Judgement.VOID, reason=f"该通知书已作废{when}。{alert}", case=case, notice=notice, alert=alert
        )

    def _released(self, tx: Session, case: CaseView, notice: NoticeView) -> HandoverCheck:
        code = notice.issued.matter
        mine = [view for view in case.licences if view.issued.matter == code]
        copies = [copy for view in mine for copy in self._copies(case, view)]
        compared = tuple(row for view in mine for row in compare(case, view))
        reason = "签名真实，未作废，未挂失。" if copies else "签名真实；该事项还没有可领取的证照。"
        return HandoverCheck(
            judgement=Judgement.GENUINE,
            reason=reason,
            case=case,
            notice=notice,
            copies=tuple(copies),
            compared=compared,
            status_checked_at=self._status_checked_at(tx),
        )

    def _copies(self, case: CaseView, view: LicenceView) -> list[ReadyCopy]:
        if not view.copies:
            why = self._why_not(case, view) or ("已领取，可补打" if view.electronic_out else "")
            return [ReadyCopy(licence=view, copy_no=0, kind="电子件", place="电子证照", why_not=why)]
        rows: list[ReadyCopy] = []
        for copy in view.copies:
            why = self._why_not(case, view)
            if copy.handed_over is not None:
                why = f"已于 {copy.handed_over.at:%m月%d日} 由{copy.handed_over.recipient}领取"
            elif not why and copy.holder != self._desk.window.number:
                why = f"不在本窗口（{copy.holder}）"
            place = copy.place or copy.holder
            rows.append(ReadyCopy(licence=view, copy_no=copy.copy_no, kind=copy.kind, place=place, why_not=why))
        return rows

    def _why_not(self, case: CaseView, view: LicenceView) -> str:
        if view.status is f.LicenceStatus.REVOKED:
            return f"证照已废止：{view.status_reason}"
        if view.status is f.LicenceStatus.CHANGED:
            return f"证照已变更：{view.status_reason}，退回发证部门换发"
        if case.matter(view.issued.matter).state is not MatterState.APPROVED:
            return "尚未办结"
        if view.copies and not view.has_scan:
            return "纸质证照没有扫描件"
        if not all(row.agrees for row in compare(case, view)):
            return "证照与登记信息不一致，退回发证部门"
        owed = [line.name for line in case.lines if line.scan_owed is not None]
        if owed:
            return f"欠扫描：{'、'.join(owed)}"
        unchecked = _unchecked_flags(case, view.issued.matter)
        return f"须先核对或收取纸质材料：{'、'.join(unchecked)}" if unchecked else ""

    def _status_checked_at(self, tx: Session) -> datetime | None:
        text = tx.settings.get(LAST_CONTACT)
        return datetime.fromisoformat(text) if text else None

    def _hand_over(
        self,
        tx: Session,
        operator: Operator,
        collection: Collection,
        checked: HandoverCheck,
        case: CaseView,
        notice: NoticeView,
        loss: UUID | None,
    ) -> HandedOver:
        now = self._desk.clock.now().astimezone(CHINA)
        chosen = self._chosen(collection, checked, now)
        number = self._number(tx, case, CounterPaper.HANDOVER)
        body = f.LicenceHandedOver(
            receipt_no=number,
            notice=notice.issued.notice,
            copies=tuple(_copy_fact(copy) for copy in chosen),
            recipient=collection.recipient.strip(),
            recipient_role=collection.recipient_role,
            id_type=collection.id_type,
            id_number=_id_number(collection),
            phone=collection.phone,
            at=now,
            status_checked_at=checked.status_checked_at or now,
            offline=not self._is_fresh_minute(checked.status_checked_at, now),
            loss=loss,
            signature=collection.signature,
            evidence=collection.evidence,
            struck=_struck(checked.copies),
        )
        record(self._desk, tx, operator, case.id, body, legal_at=now, detail=number, pages=collection.evidence)
        after, window = case_of(tx, case.id), self._desk.window
        receipt = issue(self._desk, tx, self._desk.papers.handover_receipt(after, body, window, operator), case.id, now)
        service_no = self._number(tx, after, CounterPaper.SERVICE)
        text = self._desk.papers.service_receipt(after, service_no, body, window, operator)
        service = issue(self._desk, tx, text, case.id, now)
        return HandedOver(case=after, receipt=receipt, service=service, out=body)

    @staticmethod
    def _is_fresh_minute(checked_at: datetime | None, now: datetime) -> bool:
        return checked_at is not None and abs((now - checked_at).total_seconds()) <= 60

    def _number(self, tx: Session, case: CaseView, paper: CounterPaper) -> str:
        registration = case.registered.registration_no
        return counter_paper_no(registration, paper, tx.numbers.next_paper(registration))

    def _chosen(self, collection: Collection, checked: HandoverCheck, now: datetime) -> tuple[ReadyCopy, ...]:
        ready = [copy for copy in checked.copies if not copy.why_not]
        chosen = [copy for copy in ready if not collection.items or copy.item in collection.items]
        missing = list(_collector_faults(collection))
        for item in collection.items:
            if item not in {copy.item for copy in ready}:
                why = next((copy.why_not for copy in checked.copies if copy.item == item), "不在该通知书范围内")
                missing.append(Missing(line=item, what=why, article="第二十三条"))
        if not chosen and not missing:
            reasons = [
                Missing(line=c.licence.issued.name, what=c.why_not, article="第二十二条") for c in checked.copies
            ]
            missing.extend(reasons or [Missing(line="证照", what="没有可以发放的证照", article="第二十二条")])
        confirmed = checked.status_checked_at
        if confirmed is None or not status_is_fresh(confirmed, now, self._desk.readings):
            what = "证照状态超过半天未与中心核对，离线不能发证"
            missing.append(Missing(line="状态核验", what=what, article="第十九条"))
        if missing:
            raise RefusedError(
                "handover_refused",
                "现在不能发证。",
                article="第二十三条",
                safe="证照仍在原保管处。",
                todo="按所列各项办理。",
                missing=tuple(missing),
            )
        return tuple(chosen)


def compare(case: CaseView, view: LicenceView) -> tuple[Comparison, ...]:
    """Holder, code and project code of a licence beside the case (R18.2); a former project number still holds."""
    issued, registered = view.issued, case.registered
    holder = next((party for party in registered.parties if party.code == issued.holder_code), registered.applicant)
    then = registered.project
    numbers = {case.project.number, then.number, then.project_code, then.temporary_no}
    number = issued.project_code if issued.project_code in numbers else case.project.number
    return (
        Comparison(field="申请单位", in_case=holder.name, on_licence=issued.holder),
        Comparison(field="信用代码", in_case=holder.code, on_licence=issued.holder_code),
        Comparison(field="项目编号", in_case=number, on_licence=issued.project_code),
    )


def _unchecked_flags(case: CaseView, matter: str) -> list[str]:
    return [flag.material for flag in unsettled_flags(case) if flag.matter == matter]


def _copy_fact(copy: ReadyCopy) -> f.LicenceCopy:
    issued = copy.licence.issued
    return f.LicenceCopy(licence=issued.licence, copy_no=copy.copy_no, number=issued.number, name=issued.name)


def _struck(copies: tuple[ReadyCopy, ...]) -> tuple[f.StruckCopy, ...]:
    revoked = {c.licence.issued.licence: c.why_not for c in copies if c.licence.status is f.LicenceStatus.REVOKED}
    return tuple(f.StruckCopy(licence=licence, reason=reason) for licence, reason in revoked.items())


def _id_number(collection: Collection) -> str:
    is_resident = collection.id_type == RESIDENT_ID
    return check_person_id(collection.id_number).normal if is_resident else collection.id_number.strip()


def _collector_faults(collection: Collection) -> tuple[Missing, ...]:
    found: list[Missing] = []
    if not collection.recipient.strip():
        found.append(Missing(line="领取人", what="没有填写领取人姓名", article="第二十三条"))
    checked = check_person_id(collection.id_number)
    if not collection.id_number.strip():
        found.append(Missing(line="证件号码", what="没有填写证件号码", article="第二十三条"))
    elif collection.id_type == RESIDENT_ID and not checked.valid:
        found.append(Missing(line="证件号码", what="；".join(checked.reasons), article="第二十三条"))
    if not collection.signature:
        found.append(Missing(line="签名", what="领取人没有签名", article="第二十三条"))
    return tuple(found)


def _refuse_loss(case: CaseView, notice: NoticeView, claim: LossClaim, *, collects: bool) -> None:
    missing: list[Missing] = []
    if notice.issued.kind is not f.NoticeKind.ACCEPTANCE:
        missing.append(Missing(line="通知书", what="遗失办理只适用于《受理通知书》", article="第二十四条"))
    # Who reported the loss before the licence was ready comes back to collect, with both proofs again.
    if notice.void and not collects:
        missing.append(Missing(line="通知书", what="该通知书已经作废", article="第二十四条"))
    if notice.used:
        missing.append(Missing(line="通知书", what="该通知书的证照已经领完", article="第二十四条"))
    if not claim.statement:
        missing.append(Missing(line="遗失证明", what="加盖公章的遗失证明没有扫描", article="第二十四条"))
    if not claim.id_copy:
        missing.append(Missing(line="身份证复印件", what="领取人身份证复印件没有扫描", article="第二十四条"))
    if not claim.seal_legible:
        missing.append(Missing(line="公章", what="遗失证明上的公章不清晰", article="第二十四条"))
    if claim.stated_unit.strip() != case.registered.applicant.name:
        missing.append(Missing(line="单位", what="遗失证明的单位与申请单位不一致", article="第二十四条"))
    if missing:
        raise RefusedError(
            "loss_refused",
            "不能按遗失办理。",
            article="第二十四条",
            safe="通知书仍然有效，证照仍在窗口保管。",
            todo="补齐所列各项。",
            missing=tuple(missing),
        )
