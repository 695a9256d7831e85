"""证照: issuing, changing and revoking; whoever issued is answerable (Art. 18–21, 29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from central.acts.desk import DECIDES, Desk, MatterPath, at_desk
from central.runtime import Central, new_id
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import china_day
from ebp_desktop.domain.case import LicenceView, MatterCase
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.readings import RevocationStates
from ebp_desktop.domain.states import MatterState, Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRequest:
    """A result as the department describes it; empty fields are taken from the case and the guide."""

    number: str
    form: f.ResultForm | None = None
    name: str = ""
    holder: str = ""
    holder_code: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    originals: int = 1
    duplicates: int = 0
    file: Page | None = None
    scan: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceResult:
    """The licence and how its matter stands."""

    licence: UUID
    number: str
    matter: str
    form: f.ResultForm
    status: f.LicenceStatus
    state: MatterState


def issue_licence(central: Central, case: str, user: str, request: LicenceRequest) -> LicenceResult:
    """Record the result of an approved matter: an electronic one closes it on arrival (Art. 29), paper waits for the
    window and its scan (Art. 21). Raises RefusedError ``undecided``, BadInputError ``licence_fields``."""
    path = MatterPath.parse(case)
    return at_desk(central, path.case, user, lambda desk: _issue(desk, path.matter, request))


def _issue(desk: Desk, wanted: str, request: LicenceRequest) -> LicenceResult:
    desk.require(DECIDES)
    matter = desk.own_matter(wanted)
    if matter.decision is not Opinion.APPROVE:
        raise RefusedError("undecided", "尚未作出准予决定，不能制发证照。", article="第十八条")
    if matter.state.is_final and matter.state is not MatterState.APPROVED:
        raise RefusedError(
            "state", f"“{matter.terms.name}”当前为“{matter.state.label}”，不能制发证照。", article="第十九条"
        )
    body = _body(desk, matter, request)
    desk.add(body)
    desk.work.note(desk.person.user, "licence.issued", str(body.licence), matter.terms.code)
    if request.scan:
        scanned = f.LicenceScanned(
            licence=body.licence, pages=request.scan, by_department=True, confirmed=True, at=desk.now
        )
        desk.add(scanned)
    if body.form is f.ResultForm.ELECTRONIC and matter.state is not MatterState.APPROVED:
        desk.add(f.MatterClosed(matter=matter.terms.code, state=MatterState.APPROVED, at=desk.now), origin="central")
    return _result(desk, body.licence)


def _body(desk: Desk, matter: MatterCase, request: LicenceRequest) -> f.LicenceIssued:
    case, form = desk.case, request.form or matter.terms.result_form
    name = request.name or matter.terms.result_name
    if not request.number.strip() or not name.strip():
        raise BadInputError("licence_fields", "证照名称和编号不能为空。", article="第十八条")
    if form is not f.ResultForm.ELECTRONIC and (request.originals < 1 or request.duplicates < 0):
        raise BadInputError("licence_fields", "纸质证照至少有一份正本。", article="第十八条")
    if any(view.issued.number == request.number and view.issued.matter == matter.terms.code for view in case.licences):
        raise BadInputError("licence_repeated", f"编号“{request.number}”的证照已经登记。")
    issued_on = request.issued_on or china_day(desk.now)
    if request.valid_until is not None and request.valid_until < issued_on:
        raise BadInputError("licence_fields", "有效期止日早于发证日期。", article="第十八条")
    applicant = case.registered.applicant
    return f.LicenceIssued(
        licence=new_id(),
        matter=matter.terms.code,
        form=form,
        name=name,
        number=request.number.strip(),
        holder=request.holder or applicant.name,
        holder_code=request.holder_code or applicant.code,
        project_code=case.project.project_code or "",
        issuer=matter.terms.department,
        issued_on=issued_on,
        valid_until=request.valid_until,
        originals=request.originals,
        duplicates=request.duplicates,
        file=request.file,
    )


def change_status(
    central: Central, case: str, user: str, number: str, status: f.LicenceStatus, reason: str
) -> LicenceResult:
    """Change or revoke a licence; only its issuer may (Art. 19). Raises RefusedError ``foreign_matter``."""
    path = MatterPath.parse(case)

    def act(desk: Desk) -> LicenceResult:
        desk.require(DECIDES)
        view = _own_licence(desk, number)
        if not reason.strip():
            raise BadInputError("reason_missing", "应写明变更或注销的理由。", article="第十九条")
        if view.status is f.LicenceStatus.REVOKED:
            raise RefusedError("licence_revoked", "该证照已注销，不能再变更。", article="第十九条")
        body = f.LicenceStatusChanged(licence=view.issued.licence, status=status, reason=reason, at=desk.now)
        desk.add(body)
        desk.work.note(desk.person.user, f"licence.{status.value}", str(view.issued.licence))
        return _result(desk, view.issued.licence)

    return at_desk(central, path.case, user, act)


def withdraw_decision(central: Central, case: str, user: str, state: MatterState, reason: str) -> MatterState:
    """撤回 (14) or 撤销 (15) of a closed approval by its issuer; every licence of the matter is revoked with it."""
    path = MatterPath.parse(case)

    def act(desk: Desk) -> MatterState:
        desk.require(DECIDES)
        matter = desk.own_matter(path.matter)
        only_revoked = desk.readings.revocation_states is RevocationStates.REVOKED_ONLY
        if state not in {MatterState.RECALLED, MatterState.REVOKED} or (only_revoked and state is MatterState.RECALLED):
            raise RefusedError("state", "只能撤回或撤销已办结（通过）的决定。", article="第十九条")
        if not reason.strip():
            raise BadInputError("reason_missing", "应写明撤回或撤销的理由。", article="第十九条")
        desk.add(f.IssuerWithdrew(matter=matter.terms.code, state=state, reason=reason, at=desk.now))
        desk.work.note(desk.person.user, "decision.withdrawn", str(desk.case_id), matter.terms.code)
        return desk.case.matter(matter.terms.code).state

    return at_desk(central, path.case, user, act)


def confirm_scan(central: Central, case: str, user: str, number: str) -> LicenceResult:
    """The department confirms the digests of the scan that the counter made for it (Art. 21)."""
    path = MatterPath.parse(case)

    def act(desk: Desk) -> LicenceResult:
        desk.require(DECIDES)
        view = _own_licence(desk, number)
        if not view.scans:
            raise RefusedError("scan_missing", "窗口尚未代为扫描。", article="第二十一条")
        last = view.scans[-1]
        body = f.LicenceScanned(
            licence=view.issued.licence, pages=last.pages, by_department=False, confirmed=True, at=desk.now
        )
        desk.add(body)
        desk.work.note(desk.person.user, "licence.scan_confirmed", str(view.issued.licence))
        return _result(desk, view.issued.licence)

    return at_desk(central, path.case, user, act)


def _own_licence(desk: Desk, number: str) -> LicenceView:
    for view in desk.case.licences:
        if view.issued.number == number or str(view.issued.licence) == number:
            if view.issued.issuer != desk.person.unit:
                raise RefusedError("foreign_matter", "证照只能由颁发部门变更。", article="第十九条")
            return view
    raise BadInputError("licence_unknown", f"该申报没有编号为“{number}”的证照。")


def _result(desk: Desk, licence: UUID) -> LicenceResult:
    view = desk.case.licence(licence)
    if view is None:
        raise LookupError(licence)
    return LicenceResult(
        licence=licence,
        number=view.issued.number,
        matter=view.issued.matter,
        form=view.issued.form,
        status=view.status,
        state=desk.case.matter(view.issued.matter).state,
    )
