"""Papers that stand between a result and the applicant: scans allowed for later, and online filings' flagged papers."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.case import CaseView
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.material import MaterialLine, Page
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.lookup import case_of, find_case, open_cases
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedScan:
    """A line whose paper was taken without its scan, by the lead's leave."""

    case: CaseView
    line: MaterialLine


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPaper:
    """A paper of an online filing that a department wants looked at, or kept (Art. 26)."""

    case: CaseView
    flag: f.PaperFlagged


class OwedPapers:
    """Settles what is owed, one paper after the other; a handover waits for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def scans(self) -> tuple[OwedScan, ...]:
        """Every scan to be made by close of business, the oldest case first."""
        with self._desk.store.read() as tx:
            return tuple(
                OwedScan(case=case, line=line)
                for case in open_cases(tx)
                for line in case.lines
                if line.scan_owed is not None
            )

    def papers(self) -> tuple[OwedPaper, ...]:
        """Every flagged paper that nobody has looked at yet."""
        with self._desk.store.read() as tx:
            return tuple(OwedPaper(case=case, flag=flag) for case in open_cases(tx) for flag in unsettled_flags(case))

    def settle_scan(self, operator: Operator, code: str, material: str, pages: tuple[Page, ...]) -> CaseView:
        """The scan that was owed is there now (Art. 5).

        Raises RefusedError ``no_scan_owed``, BadInputError ``scan_empty`` or ``page_missing``.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        self._require_here(pages, material)
        if not pages:
            raise BadInputError("scan_empty", "没有扫描页。", place=material, todo="扫描后再登记。")
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            line = case.line(material)
            if line is None or line.scan_owed is None:
                raise RefusedError("no_scan_owed", f"材料 {material} 不欠扫描。", article="第五条", place=material)
            body = f.ScanSettled(material=material, pages=pages, at=now)
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=material, pages=pages)
            return case_of(tx, case.id)

    def check_paper(
        self,
        operator: Operator,
        code: str,
        matter: str,
        material: str,
        *,
        agrees: bool,
        pages: tuple[Page, ...] = (),
    ) -> CaseView:
        """A flagged paper was looked at, or kept where the department asked for it; one act per paper (Art. 26).

        ``agrees`` says whether it is the same as what was filed online; where it is not, the licence stays here.
        Raises RefusedError ``paper_not_flagged``, BadInputError ``scan_empty`` for a kept paper without its scan.
        """
        operator.require(Act.REGISTER)
        now = self._desk.clock.now().astimezone(CHINA)
        self._require_here(pages, material)
        with self._desk.store.begin() as tx:
            case = find_case(tx, code)
            wanted = (matter, material)
            flag = next((each for each in unsettled_flags(case) if (each.matter, each.material) == wanted), None)
            if flag is None:
                raise RefusedError(
                    "paper_not_flagged",
                    f"没有部门要求核对或收取材料 {material}，不得收取纸件。",
                    article="第二十六条",
                    place=material,
                )
            if flag.keep and not pages:
                raise BadInputError("scan_empty", "收取的纸件没有扫描。", place=material, todo="扫描后再登记。")
            body = f.OnlinePaperChecked(
                matter=matter, material=material, kept=flag.keep, agrees=agrees, pages=pages, at=now
            )
            record(self._desk, tx, operator, case.id, body, legal_at=now, detail=material, pages=pages)
            return case_of(tx, case.id)

    def _require_here(self, pages: tuple[Page, ...], material: str) -> None:
        if any(not self._desk.blobs.has(page.sha256) for page in pages):
            raise BadInputError("page_missing", "有一页扫描件不在本机，请重扫。", article="第五条", place=material)


def unsettled_flags(case: CaseView) -> tuple[f.PaperFlagged, ...]:
    """Flagged papers that were not yet found to agree."""
    settled = {(check.matter, check.material) for check in case.papers_checked if check.agrees}
    return tuple(flag for flag in case.flags if (flag.matter, flag.material) not in settled)
