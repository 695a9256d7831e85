"""The job list: by profile, with a second printer, failures in words, repeatable, and never a page kept for nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.printing.folder import FolderPrinter
from ebp_desktop.printing.jobs import Printable, PrintDesk
from ebp_desktop.printing.profiles import Profile, Profiles, parse_profiles
from ebp_desktop.printing.protocol import JobState, PrinterState

NINE = datetime(2026, 3, 2, 9, tzinfo=CHINA)
SLIP = Printable(kind="slip", number="150300-W03-20260302-0001", title="登记凭单", pdf=b"%PDF-1.7 slip")
NOTICE = Printable(kind="acceptance", number="乌住建受〔2026〕12号", title="受理通知书", pdf=b"%PDF-1.7 notice")


class Hall:
    """Two folder printers at a counter, one of which can be taken away and brought back."""

    def __init__(self, root: Path) -> None:
        self.front, self.back = root / "front", root / "back"
        self.front.mkdir()
        self.back.mkdir()
        self.minutes = 0
        self.printers = {"前台": FolderPrinter("前台", self.front), "后台": FolderPrinter("后台", self.back)}

    def desk(self, **profiles: Profile) -> PrintDesk:
        usual = profiles.pop("usual", Profile(printer="前台"))
        return PrintDesk(self.printers, Profiles(usual=usual, by_kind=profiles), self.now)

    def now(self) -> datetime:
        self.minutes += 1
        return NINE + timedelta(minutes=self.minutes)

    def unplug(self) -> None:
        self.front.rename(self.front.with_name("unplugged"))

    def plug_in(self) -> None:
        self.front.with_name("unplugged").rename(self.front)


@pytest.fixture
def hall(tmp_path) -> Hall:
    return Hall(tmp_path)


def test_a_document_goes_to_the_printer_of_its_kind_with_its_copies(hall) -> None:
    desk = hall.desk(acceptance=Profile(printer="后台", copies=2))

    desk.print_document(SLIP)
    desk.print_document(NOTICE)

    assert [path.read_bytes() for path in hall.front.iterdir()] == [SLIP.pdf]
    assert [path.read_bytes() for path in hall.back.iterdir()] == [NOTICE.pdf, NOTICE.pdf]


def test_the_clerk_may_ask_for_another_number_of_copies(hall) -> None:
    job = hall.desk().print_document(SLIP, copies=3)

    assert job.copies == 3
    assert len(list(hall.front.iterdir())) == 3


def test_the_second_printer_steps_in(hall) -> None:
    desk = hall.desk(usual=Profile(printer="前台", instead="后台"))
    hall.unplug()

    job = desk.print_document(SLIP)

    assert (job.printer, job.status.state) == ("后台", JobState.DONE)


def test_a_printer_that_died_leaves_a_job_in_words_and_no_exception(hall) -> None:
    desk = hall.desk()
    hall.unplug()

    job = desk.print_document(SLIP)

    assert job.status.state is JobState.FAILED
    assert "前台" in job.status.reason
    assert "重打" in job.status.reason


def test_both_reasons_are_told_when_both_printers_fail(hall) -> None:
    desk = hall.desk(usual=Profile(printer="前台", instead="三号"))
    hall.unplug()

    job = desk.print_document(SLIP)

    assert "前台" in job.status.reason
    assert "三号" in job.status.reason


def test_a_failed_job_is_repeated_once_the_printer_is_back(hall) -> None:
    desk = hall.desk()
    hall.unplug()
    failed = desk.print_document(SLIP, copies=2)
    hall.plug_in()

    again = desk.repeat(failed.id)

    assert again.status.state is JobState.DONE
    assert again.repeats == failed.id
    assert (again.copies, again.number) == (2, SLIP.number)
    assert len(list(hall.front.iterdir())) == 2


def test_a_printed_job_is_not_repeated_behind_the_back_of_the_reprint_count(hall) -> None:
    desk = hall.desk()
    done = desk.print_document(SLIP)

    with pytest.raises(BadInputError) as refused:
        desk.repeat(done.id)

    assert refused.value.code == "print_job_not_failed"
    assert "补打" in refused.value.todo


def test_a_job_that_never_was_cannot_be_repeated(hall) -> None:
    with pytest.raises(BadInputError) as refused:
        hall.desk().repeat(7)

    assert refused.value.code == "print_job_unknown"


def test_the_list_shows_every_job_newest_first_with_its_outcome(hall) -> None:
    desk = hall.desk()
    desk.print_document(SLIP)
    hall.unplug()
    desk.print_document(NOTICE)

    jobs = desk.jobs()

    assert [(job.title, job.status.state) for job in jobs] == [
        ("受理通知书", JobState.FAILED),
        ("登记凭单", JobState.DONE),
    ]
    assert jobs[0].sent_at > jobs[1].sent_at


def test_the_printers_are_listed_with_their_state(hall) -> None:
    desk = hall.desk()
    hall.unplug()

    assert {status.name: status.state for status in desk.printers()} == {
        "前台": PrinterState.MISSING,
        "后台": PrinterState.READY,
    }


def test_an_act_gets_an_outcome_and_never_an_exception(hall) -> None:
    desk = hall.desk()

    fine = desk.print_pdf(SLIP.pdf, SLIP.title)
    hall.unplug()
    broken = desk.print_pdf(SLIP.pdf, SLIP.title)

    assert (fine.ok, fine.job) == (True, "0001-登记凭单.pdf")
    assert (broken.ok, broken.job) == (False, "")
    assert broken.reason


def test_what_is_no_document_fails_in_words_too(hall) -> None:
    outcome = hall.desk().print_pdf(b"<html>", "网页")

    assert not outcome.ok
    assert "不是可以打印的 PDF 文书" in outcome.reason


def test_profiles_are_read_from_the_halls_settings() -> None:
    raw = {"usual": {"printer": "前台"}, "by_kind": {"slip": {"printer": "小票", "copies": 2, "media": "80mm"}}}

    profiles = parse_profiles(json.dumps(raw).encode())

    assert profiles.for_kind("slip") == Profile(printer="小票", copies=2, media="80mm")
    assert profiles.for_kind("denial") == Profile(printer="前台")


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"{", ""),
        (b"{}", ""),
        (b'{"usual": {"printer": ""}}', "$.usual.printer"),
        (b'{"usual": {"printer": "a", "copies": 0}}', "$.usual.copies"),
    ],
)
def test_a_fault_in_the_settings_is_named_with_its_place(raw, place) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_profiles(raw)

    assert refused.value.code == "print_profile"
    assert refused.value.place == place


def test_files_of_the_folder_printer_are_numbered_and_named_safely(hall) -> None:
    desk = hall.desk()

    desk.print_pdf(b"%PDF-1", "../../etc/passwd")
    desk.print_pdf(b"%PDF-2", "受理/不予:受理")

    assert sorted(path.name for path in hall.front.iterdir()) == [
        "0001-_.._etc_passwd.pdf",
        "0002-受理_不予_受理.pdf",
    ]
