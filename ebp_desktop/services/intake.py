"""收件: the half-done case from the secret gate to the verdicts, saved at every step (Art. 3, 5, 12, 13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import msgspec

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.facts import Answer, Consent
from ebp_desktop.domain.guide import Guide, Selection
from ebp_desktop.domain.material import Counts, MaterialLine, Page, ScanOwed, Share, ShareState, Verdict
from ebp_desktop.domain.project import Handler, Party, Project
from ebp_desktop.domain.registration import Draft, obstacles
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.guides import GuideShelf
from ebp_desktop.services.ports import AuditEntry, Session, StoredDraft
from ebp_desktop.services.window import Operator

MIME_NATIVE = frozenset({"image/vnd.dwg", "application/ofd", "application/zip", "text/plain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A page or file on disk that goes to a line: where it lies and what import measured of it."""

    path: Path
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict on a line with what was received; ``problem`` is required for a defective one."""

    received: Counts
    verdict: Verdict
    problem: str = ""


class IntakeDesk:
    """Opens, changes and keeps drafts; every change is on disk before it returns."""

    def __init__(self, desk: Desk, guides: GuideShelf) -> None:
        self._desk = desk
        self._guides = guides

    def open(self, operator: Operator, *, declared_not_secret: bool, draft_id: UUID | None = None) -> Draft:
        """Opens a draft after the secret gate; a secret project leaves no trace but an anonymous count (Art. 3).

        Raises RefusedError ``secret_project`` with the words that lead the applicant to the right channel.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        if not declared_not_secret:
            with self._desk.store.begin() as tx:
                tx.audit.append(AuditEntry(act="secret.guided", actor=operator.user, object="-", at=now))
            raise RefusedError(
                "secret_project",
                "涉密项目和涉密事项不在本系统办理。",
                article="第三条",
                safe="系统没有留下任何项目信息。",
                todo="请申请人按保密规定，持纸质材料到各审批部门线下办理。",
            )
        draft = Draft(
            id=draft_id or self._desk.ids.new(), opened_at=now, operator=operator.user, declared_not_secret=True
        )
        return self._saved(draft)

    def drafts(self) -> tuple[StoredDraft, ...]:
        """Every half-done case at this counter, newest first; any clerk may take one over."""
        with self._desk.store.read() as tx:
            return tx.drafts.list()

    def load(self, draft_id: UUID) -> Draft:
        """A draft as it was left; raises BadInputError ``draft_unknown``."""
        with self._desk.store.read() as tx:
            stored = tx.drafts.get(draft_id)
        if stored is None:
            raise BadInputError("draft_unknown", "没有这份未完成的登记。", todo="在收件页重新开始。")
        return msgspec.json.decode(stored.body, type=Draft)

    def discard(self, operator: Operator, draft_id: UUID) -> None:
        """Gives a draft up; its pages are swept with the spool."""
        operator.require(Act.REGISTER)
        with self._desk.store.begin() as tx:
            tx.drafts.delete(draft_id)

    def choose_guide(
        self,
        draft: Draft,
        stage: str,
        project_type: str,
        answers: tuple[Answer, ...],
        matters: tuple[str, ...] = (),
    ) -> tuple[Draft, Selection]:
        """Binds the guide of today to the draft and lays out its checklist; lines already judged keep their state."""
        guide = self._guides.binding(stage, self._desk.clock.now().astimezone(CHINA).date())
        chosen = replace(
            draft,
            stage=guide.stage.code,
            guide=guide.id,
            guide_version=guide.version,
            answers=answers,
            matters=matters,
            project=replace(draft.project, project_type=project_type),
        )
        selection = self._guides.choose(guide, chosen)
        wanted = matters or tuple(each.matter.code for each in selection.matters)
        kept = {line.material: line for line in draft.lines}
        lines = tuple(_kept(line, kept.get(line.material)) for line in self._guides.blank_lines(selection))
        return self._saved(replace(chosen, matters=wanted if selection.complete else matters, lines=lines)), selection

    def fill(
        self,
        draft: Draft,
        *,
        project: Project | None = None,
        parties: tuple[Party, ...] | None = None,
        handler: Handler | None = None,
        consent: Consent | None = None,
    ) -> Draft:
        """Takes over what was typed, valid or not yet; faults are shown, never lost."""
        typed = project or draft.project
        return self._saved(
            replace(
                draft,
                project=replace(typed, project_type=draft.project.project_type or typed.project_type),
                parties=draft.parties if parties is None else parties,
                handler=handler or draft.handler,
                consent=consent or draft.consent,
            )
        )

    def look_up_shared(self, draft: Draft) -> Draft:
        """Asks the share port for every shareable line; failure and being offline are states, no obstacle."""
        if not draft.parties:
            return draft
        lines = tuple(
            self._shared(draft, line) if line.share.state in {ShareState.PENDING, ShareState.FAILED} else line
            for line in draft.lines
        )
        return self._saved(replace(draft, lines=lines))

    def _shared(self, draft: Draft, line: MaterialLine) -> MaterialLine:
        found = self._desk.shares.look_up(line.material, line.share.source, draft.project, draft.parties[0])
        return replace(line, share=replace(found, source=found.source or line.share.source))

    def attach(self, draft: Draft, material: str, files: tuple[PageFile, ...]) -> Draft:
        """Seals pages and native files durably and puts them on a line.

        Raises BadInputError ``material_unknown``, SurroundingsError when the disk is full; pages before it stay.
        """
        line = _line(draft, material)
        pages, natives = list(line.pages), list(line.files)
        for file in files:
            self._desk.blobs.put(draft.id, file.path, file.page.mime)
            target = natives if file.page.mime in MIME_NATIVE else pages
            if file.page.sha256 not in {page.sha256 for page in target}:
                target.append(file.page)
        received = replace(
            line.received, electronic=max(line.received.electronic, line.due.electronic) if pages or natives else 0
        )
        return self._with_line(draft, replace(line, pages=tuple(pages), files=tuple(natives), received=received))

    def move_pages(self, draft: Draft, digests: tuple[str, ...], to: str) -> Draft:
        """Moves pages to another line, in the order they have there."""
        target = _line(draft, to)
        moved = [page for line in draft.lines for page in line.pages if page.sha256 in digests]
        lines = tuple(
            replace(line, pages=tuple(page for page in line.pages if page.sha256 not in digests))
            for line in draft.lines
        )
        emptied = replace(draft, lines=lines)
        kept = _line(emptied, to).pages
        return self._with_line(emptied, replace(target, pages=(*kept, *moved)))

    def judge(self, draft: Draft, material: str, judged: Judged) -> Draft:
        """The clerk's verdict on a line, with what lies on the desk (Art. 5)."""
        line = _line(draft, material)
        if line.share.state in {ShareState.SHARED, ShareState.PENDING, ShareState.DUE_FROM_STAGE} and (
            judged.received.original or judged.received.copy
        ):
            raise RefusedError(
                "shared_on_paper",
                f"《{line.name}》可共享取得，不得收取纸件。",
                article="第十三条",
                safe="已录入的内容未变。",
                todo="把纸件退给申请人。",
            )
        if min(judged.received.original, judged.received.copy, judged.received.electronic) < 0:
            raise BadInputError("count_negative", "份数不能为负数。", place=material, todo="重新填写份数。")
        changed = replace(line, received=judged.received, verdict=judged.verdict, problem=judged.problem.strip())
        return self._with_line(draft, changed)

    def owe_scan(self, operator: Operator, draft: Draft, material: str, reason: str) -> Draft:
        """The lead's leave to scan later today: on the slip, seen by departments, cleared before any handover."""
        operator.require(Act.ALLOW_SCAN_OWED)
        owed = ScanOwed(reason=reason, allowed_by=operator.user, allowed_at=self._desk.clock.now().astimezone(CHINA))
        return self._with_line(draft, replace(_line(draft, material), scan_owed=owed))

    def missing(self, draft: Draft) -> tuple[Missing, ...]:
        """Everything that stands between the draft and its registration, all at once."""
        found = list(obstacles(draft))
        if draft.guide:
            found.extend(self._guides.faults(self._guides.get(draft.guide, draft.guide_version), draft))
        return tuple(dict.fromkeys(found))

    def guide_of(self, draft: Draft) -> Guide:
        """The guide that the draft is bound to."""
        return self._guides.get(draft.guide, draft.guide_version)

    def _with_line(self, draft: Draft, line: MaterialLine) -> Draft:
        lines = tuple(line if each.material == line.material else each for each in draft.lines)
        return self._saved(replace(draft, lines=lines))

    def _saved(self, draft: Draft) -> Draft:
        with self._desk.store.begin() as tx:
            self._save(tx, draft)
        return draft

    def _save(self, tx: Session, draft: Draft) -> None:
        tx.drafts.save(
            StoredDraft(
                id=draft.id,
                title=draft.title,
                body=msgspec.json.encode(draft),
                operator=draft.operator,
                updated_at=self._desk.clock.now(),
            )
        )


def _line(draft: Draft, material: str) -> MaterialLine:
    line = draft.line(material)
    if line is None:
        raise BadInputError(
            "material_unknown",
            f"办事指南没有要求材料 {material}，不得收取。",
            article="第十三条",
            place=material,
            safe="已录入的内容未变。",
        )
    return line


def _kept(blank: MaterialLine, known: MaterialLine | None) -> MaterialLine:
    """The line as the guide now wants it, with what was already received and judged on it."""
    if known is None:
        return blank
    share = known.share if blank.share.state is not ShareState.NOT_SHAREABLE else Share()
    return replace(
        blank,
        received=known.received,
        verdict=known.verdict,
        problem=known.problem,
        pages=known.pages,
        files=known.files,
        share=share if share.state is not ShareState.NOT_SHAREABLE else blank.share,
        scan_owed=known.scan_owed,
    )
