"""收件登记: the one act that makes a case, its numbers and its slip, or nothing at all (Art. 5, 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA, CalendarYearMissing
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.clocks import review_deadline
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.guide import Guide
from ebp_desktop.domain.identifiers import (
    check_national_code,
    check_person_id,
    check_uscc,
    make_project_code,
    make_registration_no,
    make_temporary_no,
)
from ebp_desktop.domain.material import MaterialLine, Page, Share, ShareState
from ebp_desktop.domain.project import Party, PartyKind, Project
from ebp_desktop.domain.registration import Draft, obstacles
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.guides import GuideShelf
from ebp_desktop.services.issuing import issue, reprint_bytes
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import Session
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator

_EPOCH = datetime(2000, 1, 1, tzinfo=CHINA)

RESTORED_AT = "restored_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered case with its slip; ``repeated`` when the same ref was registered before."""

    case: CaseView
    slip: MadePaper
    repeated: bool


class Registration:
    """Registers drafts; the same draft twice is one registration with the same answer."""

    def __init__(self, desk: Desk, guides: GuideShelf) -> None:
        self._desk = desk
        self._guides = guides

    def register(self, operator: Operator, draft: Draft) -> Registered:
        """Registers a draft and makes its slip in one transaction.

        Raises RefusedError ``registration_refused`` with everything that stands in the way at once, and BadInputError
        ``ref_reused`` when the ref was registered with other contents.
        """
        operator.require(Act.REGISTER)
        with self._desk.store.read() as tx:
            repeated = self._registered_before(tx, draft)
        if repeated is not None:
            return repeated
        self._refuse(draft)
        existing = self._existing_code(draft)
        with self._desk.store.begin() as tx:
            before = self._registered_before(tx, draft)
            if before is not None:
                return before
            _refuse_restored(tx)
            received_at = self._desk.clock.now().astimezone(CHINA)
            body = self._body(tx, draft, existing, received_at)
            pages = tuple(page for line in body.lines for page in (*line.pages, *line.files))
            record(
                self._desk,
                tx,
                operator,
                draft.id,
                body,
                legal_at=received_at,
                detail=body.registration_no,
                pages=pages,
            )
            case = _must(project_case(tx.ledger.of_case(draft.id)))
            paper = self._desk.papers.slip(case, self._desk.window, operator, self._answer_by(received_at))
            slip = issue(self._desk, tx, paper, draft.id, received_at)
            tx.drafts.delete(draft.id)
        return Registered(case=case, slip=slip, repeated=False)

    def _refuse(self, draft: Draft) -> None:
        guide = self._guides.get(draft.guide, draft.guide_version) if draft.guide else None
        missing = list(obstacles(draft))
        if guide is not None:
            missing.extend(self._guides.faults(guide, draft))
            missing.extend(self._superseded(guide))
            if guide.is_draft and not self._desk.window.demo:
                missing.append(
                    Missing(line="办事指南", what="草案指南未经各部门确认，不得用于收件", article="第十三条")
                )
        for line in draft.lines:
            missing.extend(
                Missing(line=line.material, what=f"《{line.name}》有一页扫描件不在本机，请重扫", article="第五条")
                for page in line.pages
                if not self._desk.blobs.has(page.sha256)
            )
        if missing:
            raise RefusedError(
                "registration_refused",
                f"还差 {len(missing)} 项才能登记。",
                article="第五条",
                safe="已录入的内容和扫描页都已保存。",
                todo="按所列各项办理后再登记；缺件、不合格不影响登记。",
                missing=tuple(missing),
            )

    def _superseded(self, guide: Guide) -> tuple[Missing, ...]:
        """The guide in force today binds, also what was begun under an older one (rule 13)."""
        today = self._desk.clock.now().astimezone(CHINA).date()
        try:
            binding = self._guides.binding(guide.stage.code, today)
        except RefusedError as refused:
            # A draft guide outside the demo is named as such by the caller.
            return () if guide.is_draft else (Missing(line="办事指南", what=refused.message, article="第十三条"),)
        if (binding.id, binding.version) == (guide.id, guide.version):
            return ()
        what = f"办事指南已更新为 {binding.version}，请按新指南重新核对材料清单"
        return (Missing(line="办事指南", what=what, article="第十三条"),)

    def _existing_code(self, draft: Draft) -> str | None:
        project = _normal_project(draft.project)
        if project.project_code:
            return project.project_code
        party = _normal_party(draft.parties[0])
        return self._desk.directory.find(project.national_code or "", project.name, party.code)

    def _registered_before(self, tx: Session, draft: Draft) -> Registered | None:
        case = project_case(tx.ledger.of_case(draft.id))
        if case is None:
            return None
        if _fingerprint(case.registered) != _fingerprint(self._plain_body(draft)):
            raise BadInputError(
                "ref_reused",
                "同一登记标识已用于另一份内容不同的登记。",
                place="ref",
                safe=f"原登记 {case.registered.registration_no} 未改动。",
                todo="请换用新的登记标识，或办理当场更正。",
            )
        stored = tx.documents.get(case.registered.registration_no, "slip")
        if stored is None:
            raise BadInputError("slip_missing", "原登记的凭单数据缺失。", todo="请系统管理员执行 store verify。")
        return Registered(case=case, slip=reprint_bytes(self._desk, stored), repeated=True)

    def _body(self, tx: Session, draft: Draft, existing: str | None, at: datetime) -> f.CaseRegistered:
        day, window = at.date(), self._desk.window
        serial = tx.numbers.next_registration(day)
        number = make_registration_no(window.region, int(window.number), day, serial)
        project = self._numbered(tx, draft.project, existing, day)
        return replace(self._plain_body(draft), registration_no=number, project=project, received_at=at)

    def _plain_body(self, draft: Draft) -> f.CaseRegistered:
        """The registration without its numbers and time: what the draft itself says."""
        guide = self._guides.get(draft.guide, draft.guide_version)
        return f.CaseRegistered(
            ref=draft.id,
            registration_no="",
            counter=self._desk.window.number,
            project=_normal_project(draft.project),
            parties=tuple(_normal_party(party) for party in draft.parties),
            handler=replace(draft.handler, person_id=check_person_id(draft.handler.person_id).normal),
            stage=draft.stage,
            stage_name=guide.stage.name,
            guide=draft.guide,
            guide_version=draft.guide_version,
            guide_is_draft=guide.is_draft,
            lead_department=guide.stage.lead,
            stage_days=guide.stage.days,
            answers=draft.answers,
            matters=self._guides.terms(guide, draft),
            lines=draft.lines,
            received_at=draft.opened_at,
            online=draft.online,
            consent=draft.consent,
            pickup=draft.pickup,
            project_type_name=guide.project_type(draft.project.project_type).name,
        )

    def _numbered(self, tx: Session, project: Project, existing: str | None, day: date) -> Project:
        known = existing or self._local_code(tx, project)
        if known:
            return replace(_normal_project(project), project_code=known)
        kept = self._kept_temporary(tx, project)
        if kept is not None:
            return kept
        leased = tx.numbers.take_leased(day.year, day)
        if leased is not None:
            code = make_project_code(self._desk.window.region, day.year, leased)
            return replace(_normal_project(project), project_code=code)
        temporary = make_temporary_no(int(self._desk.window.number), day, tx.numbers.next_temporary())
        return replace(_normal_project(project), temporary_no=temporary)

    def _kept_temporary(self, tx: Session, project: Project) -> Project | None:
        """A project known here by its temporary number keeps it, or takes the code that central gave it since."""
        case_id = tx.cases.find_number(project.temporary_no) if project.temporary_no else None
        case = project_case(tx.ledger.of_case(case_id)) if case_id else None
        if case is None:
            return None
        code, temporary = case.project.project_code, case.registered.project.temporary_no
        return replace(_normal_project(project), project_code=code, temporary_no=temporary)

    def _local_code(self, tx: Session, project: Project) -> str | None:
        """The code under which this counter already knows the national code, so that two stages share it."""
        if not project.national_code:
            return None
        case_id = tx.cases.find_number(check_national_code(project.national_code).normal)
        case = project_case(tx.ledger.of_case(case_id)) if case_id else None
        same_works = case is not None and case.project.works == project.works
        return case.project.project_code if case is not None and same_works else None

    def _answer_by(self, received_at: datetime) -> date | None:
        try:
            return review_deadline(received_at, self._desk.calendar, self._desk.readings)
        except CalendarYearMissing:
            return None


def _refuse_restored(tx: Session) -> None:
    """A restored disk does not know which numbers it gave after its backup: only central does."""
    if tx.settings.get(RESTORED_AT):
        raise RefusedError(
            "restored_home",
            "本机数据刚从备份恢复，须先与中心核对编号才能登记。",
            article="第六条",
            safe="已录入的内容和扫描页都已保存。",
            todo="恢复网络并同步一次，再登记。",
        )


def _must(case: CaseView | None) -> CaseView:
    if case is None:
        raise BadInputError("case_not_projectable", "登记内容无法形成办件。")
    return case


def _fingerprint(body: f.CaseRegistered) -> bytes:
    """What must be equal for the same ref: everything that the draft decides."""
    plain = replace(
        body.project,
        project_code=None,
        temporary_no=None,
        name=body.project.name.strip(),
        site=body.project.site.strip(),
    )
    lines = tuple(_plain_line(line) for line in body.lines)
    return f.encode_body(replace(body, registration_no="", project=plain, lines=lines, received_at=_EPOCH))


def _plain_line(line: MaterialLine) -> MaterialLine:
    """A line by what was handed in; how the share look-up went, and when a leave was given, may differ next time."""
    is_shared = line.share.state is not ShareState.NOT_SHAREABLE
    owed = line.scan_owed and replace(line.scan_owed, allowed_at=_EPOCH, allowed_by="")
    return replace(
        line,
        pages=_untimed(line.pages),
        files=_untimed(line.files),
        share=Share(state=ShareState.PENDING) if is_shared else Share(),
        scan_owed=owed,
    )


def _untimed(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """Pages by their bytes alone: the same file handed in twice is the same page."""
    return tuple(replace(page, taken_at=None, operator="") for page in pages)


def _normal_project(project: Project) -> Project:
    national = check_national_code(project.national_code).normal if project.national_code else None
    return replace(project, name=project.name.strip(), site=project.site.strip(), national_code=national)


def _normal_party(party: Party) -> Party:
    check = check_uscc if party.kind is PartyKind.UNIT else check_person_id
    return replace(party, name=party.name.strip(), code=check(party.code).normal)
