"""Scans allowed for later, and papers of online filings that a department wants to see: one by one (Art. 5, 26)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.services.papers_owed import OwedPapers
from tests.fixtures.desk import AUDITOR, CLERK, LEAD, PERMIT, WASTE, Counter


@pytest.fixture
def owed(counter: Counter) -> OwedPapers:
    return OwedPapers(counter.desk)


def with_scan_owed(counter: Counter) -> str:
    draft = counter.draft((WASTE,))
    lines = tuple(replace(line, pages=()) if line.material == "M301" else line for line in draft.lines)
    draft = counter.intake.owe_scan(LEAD, replace(draft, lines=lines), "M301", "扫描仪故障")
    return counter.registration.register(CLERK, draft).case.registered.registration_no


class TestOwedScans:
    def test_are_listed_until_they_are_made(self, counter: Counter, owed: OwedPapers) -> None:
        code = with_scan_owed(counter)
        (row,) = owed.scans()
        assert (row.line.material, row.line.scan_owed is not None) == ("M301", True)
        page = counter.page(row.case.id)
        counter.later(hours=2)
        after = owed.settle_scan(CLERK, code, "M301", (page,))
        line = after.line("M301")
        assert line is not None
        assert (line.scan_owed, line.pages) == (None, (page,))
        assert owed.scans() == ()
        assert counter.acts(row.case.id)[-1] == "scan.settled"
        with counter.store.read() as tx:
            assert page.sha256 in {file.sha256 for file in tx.files.waiting(100)}

    def test_need_a_page_that_is_here(self, counter: Counter, owed: OwedPapers) -> None:
        code = with_scan_owed(counter)
        with pytest.raises(BadInputError) as empty:
            owed.settle_scan(CLERK, code, "M301", ())
        with pytest.raises(BadInputError) as stranger:
            owed.settle_scan(CLERK, code, "M301", (counter.page(),))
        assert (empty.value.code, stranger.value.code) == ("scan_empty", "page_missing")

    def test_are_settled_once_and_only_where_owed(self, counter: Counter, owed: OwedPapers) -> None:
        code = with_scan_owed(counter)
        page = counter.page(owed.scans()[0].case.id)
        owed.settle_scan(CLERK, code, "M301", (page,))
        for material in ("M301", "M999"):
            with pytest.raises(RefusedError) as caught:
                owed.settle_scan(CLERK, code, material, (page,))
            assert caught.value.code == "no_scan_owed"

    def test_only_by_those_who_may(self, counter: Counter, owed: OwedPapers) -> None:
        with pytest.raises(RefusedError) as caught:
            owed.settle_scan(AUDITOR, with_scan_owed(counter), "M301", ())
        assert caught.value.code == "not_allowed"


class TestFlaggedPapers:
    @pytest.fixture
    def code(self, counter: Counter) -> str:
        case = counter.registered((PERMIT,)).case
        for material, keep in (("M311", False), ("M312", True)):
            flag = f.PaperFlagged(matter=PERMIT, material=material, keep=keep, at=counter.later(minutes=1))
            counter.central(case.id, flag)
        counter.later(minutes=1)
        return case.registered.registration_no

    def test_are_looked_at_or_kept_one_by_one(self, counter: Counter, owed: OwedPapers, code: str) -> None:
        assert [row.flag.material for row in owed.papers()] == ["M311", "M312"]
        case = owed.check_paper(CLERK, code, PERMIT, "M311", agrees=True)
        assert [row.flag.material for row in owed.papers()] == ["M312"]
        after = owed.check_paper(CLERK, code, PERMIT, "M312", agrees=True, pages=(counter.page(case.id),))
        assert [(check.material, check.kept) for check in after.papers_checked] == [("M311", False), ("M312", True)]
        assert owed.papers() == ()

    def test_that_do_not_agree_stay_owed(self, owed: OwedPapers, code: str) -> None:
        owed.check_paper(CLERK, code, PERMIT, "M311", agrees=False)
        assert [row.flag.material for row in owed.papers()] == ["M311", "M312"]

    def test_that_are_kept_need_their_scan(self, owed: OwedPapers, code: str) -> None:
        with pytest.raises(BadInputError) as caught:
            owed.check_paper(CLERK, code, PERMIT, "M312", agrees=True)
        assert caught.value.code == "scan_empty"

    def test_what_nobody_flagged_is_not_taken(self, owed: OwedPapers, code: str) -> None:
        with pytest.raises(RefusedError) as caught:
            owed.check_paper(CLERK, code, PERMIT, "M301", agrees=True)
        assert (caught.value.code, caught.value.article) == ("paper_not_flagged", "第二十六条")
