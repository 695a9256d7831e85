"""The counter's commands against a real central: a case from its registration to the loss of its notice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from ebp_desktop.cli.demo_day import filing
from ebp_desktop.cli.demo_day.report import codes_on
from ebp_desktop.domain.calendar import CHINA
from tests.fixtures.cli_home import CliHome, Ran, ebp

LICENCE_NO = "150302202603100777"


class TestRegistering:
    def test_missing_materials_turn_nobody_away(self, cli_home: CliHome) -> None:
        done = cli_home.registered()

        assert done["repeated"] is False
        assert done["received_at"].endswith("+08:00")
        assert len(done["matters"]) == len(filing.MATTERS)
        assert all(matter["case"] == f"{done['registration_no']}/{matter['code']}" for matter in done["matters"])
        assert {"material", "name", "what"} <= set(done["lacking"][0])

    def test_the_slip_shows_its_code_on_page_one(self, cli_home: CliHome) -> None:
        slip = cli_home.registered()["slip"]

        assert slip["qr"].startswith("EBP1.")
        assert slip["qr"] in codes_on(cli_home.folder / slip["pdf"])

    def test_the_same_file_again_is_the_same_case(self, cli_home: CliHome) -> None:
        path = str(cli_home.file(cli_home.filing()))

        first = cli_home.done("case", "register", path)
        again = cli_home.done("case", "register", path)

        assert again == {**first, "repeated": True}

    def test_the_same_reference_with_another_body_is_refused(self, cli_home: CliHome) -> None:
        body = cli_home.filing()
        first = cli_home.done("case", "register", str(cli_home.file(body)))
        body["handler"] = {**body["handler"], "phone": "13900000000"}

        ran = cli_home.ebp("case", "register", str(cli_home.file(body)))

        assert ran.code == 4
        assert cli_home.done("case", "find", first["registration_no"])["cases"]

    def test_a_secret_project_leaves_nothing(self, cli_home: CliHome) -> None:
        ran = cli_home.ebp("case", "register", str(cli_home.file(cli_home.filing(declared_not_secret=False))))

        assert (ran.code, ran.error) == (3, "secret_project")

    def test_everything_that_stands_in_the_way_is_named_at_once(self, cli_home: CliHome) -> None:
        ran = cli_home.ebp("case", "register", str(cli_home.file(cli_home.filing(lines=[]))))

        assert (ran.code, ran.error) == (3, "registration_refused")
        assert len(ran.answer["missing"]) > 1
        assert all(set(each) == {"line", "what", "article"} and each["what"] for each in ran.answer["missing"])

    @pytest.mark.parametrize(
        "wrong",
        [
            {"lines": [{"material": "M312", "verdict": "perhaps"}]},
            {"lines": [{"material": "M312", "verdict": "qualified", "received": {"original": -1}}]},
            {"lines": [{"material": "M312", "verdict": "qualified", "pages": ["no-such-page.jpg"]}]},
            {"lines": [{"material": "M312", "verdict": "qualified", "pages": [str(Path("..") / "..")]}]},
            {"parties": []},
            {"stage": "moon"},
            {"ref": "not-a-uuid"},
            {"matters": ["9-99"]},
            {"project": None},
            {"project": {**filing.PROJECT, "floor_area_m2": "-1"}},
            {"project": {**filing.PROJECT, "floor_area_m2": "NaN"}},
        ],
        ids=lambda wrong: json.dumps(wrong)[:60],
    )
    def test_what_the_file_cannot_mean_is_refused_without_a_trace(self, cli_home: CliHome, wrong: dict) -> None:
        before = len(cli_home.done("case", "find", "150300", "--limit", "200")["cases"])

        ran = cli_home.ebp("case", "register", str(cli_home.file(cli_home.filing(**wrong))))

        assert ran.code in (3, 4), ran.answer
        assert ran.answer["error"]["message"]
        assert len(cli_home.done("case", "find", "150300", "--limit", "200")["cases"]) == before

    def test_full_width_digits_and_a_mark_of_order_are_read(self, cli_home: CliHome) -> None:
        handler = {**filing.HANDLER, "person_id": "１５０３０２１９９００１０１００１Ｘ"}
        path = cli_home.folder / "bom.json"
        path.write_text(json.dumps(cli_home.filing(handler=handler), ensure_ascii=False), "utf-8-sig")

        done = cli_home.done("case", "register", str(path))
        shown = cli_home.done("case", "show", done["registration_no"])

        assert shown["handler"]["person_id"].isascii()

    def test_the_schema_names_what_a_file_needs(self) -> None:
        schema = ebp("case", "schema").answer

        assert set(schema["files"]) >= {"register", "supplement", "handover", "lost", "complaint"}
        assert "ref" in json.dumps(schema["files"]["register"])


class TestFinding:
    def test_a_case_is_found_by_two_characters_initials_and_numbers(self, cli_home: CliHome) -> None:
        done = cli_home.registered(project={**filing.PROJECT, "name": "胡杨岛科普馆", "national_code": None})

        for text in ("胡杨", "hydkpg", done["registration_no"]):
            found = cli_home.done("case", "find", text)["cases"]
            assert done["registration_no"] in [row["registration_no"] for row in found]

    def test_the_next_page_goes_on_where_the_last_ended(self, cli_home: CliHome) -> None:
        for _ in range(3):
            cli_home.registered(project={**filing.PROJECT, "name": "甘德尔山驿站", "national_code": None})

        first = cli_home.done("case", "find", "甘德尔", "--limit", "2")
        second = cli_home.done("case", "find", "甘德尔", "--limit", "2", "--after", first["next"])

        numbers = [row["registration_no"] for page in (first, second) for row in page["cases"]]
        assert len(numbers) == len(set(numbers)) >= 3

    @pytest.mark.parametrize("words", [["case", "show"], ["case", "purge"], ["notice", "print"]])
    def test_an_unknown_number_is_bad_input(self, cli_home: CliHome, words: list[str]) -> None:
        assert cli_home.ebp(*words, "150300-001-20260302-9999").code == 4

    def test_id_numbers_are_masked(self, cli_home: CliHome) -> None:
        shown = cli_home.done("case", "show", cli_home.registered()["registration_no"])

        assert filing.HANDLER["person_id"] not in json.dumps(shown, ensure_ascii=False)


class TestAmending:
    def test_a_correction_is_signed_and_printed(self, cli_home: CliHome) -> None:
        done = cli_home.registered()
        body = {
            "code": done["registration_no"],
            "changes": [{"field": "site", "old": filing.PROJECT["site"], "new": f"{filing.PROJECT['site']}东侧"}],
            "reason": "地点写漏",
            "signature": "paper",
        }

        ran = cli_home.ebp("case", "correct", str(cli_home.file(body)), "--out", str(cli_home.folder))

        assert ran.code == 0, ran.answer
        assert (cli_home.folder / ran.answer["paper"]["pdf"]).is_file()

    def test_papers_are_returned_with_a_notice(self, cli_home: CliHome) -> None:
        done = cli_home.registered()
        body = {
            "code": done["registration_no"],
            "matters": [],
            "reason": "申请人取回",
            "papers": [{"material": "M999", "name": "不存在的材料", "original": 1, "copy": 0}],
        }

        ran = cli_home.ebp("case", "return", str(cli_home.file(body)))

        assert ran.code in (3, 4)
        assert ran.answer["error"]["message"]

    def test_a_withdrawal_needs_a_reason_and_has_a_receipt(self, cli_home: CliHome) -> None:
        number = cli_home.registered()["registration_no"]

        blank = cli_home.ebp("case", "withdraw", number, "--reason", " ")
        done = cli_home.done("case", "withdraw", number, "--reason", "不再建设", "--out", str(cli_home.folder))

        assert blank.code == 4
        assert done["paper"]["qr"] in codes_on(cli_home.folder / done["paper"]["pdf"])

    def test_a_purged_case_is_gone_for_good(self, cli_home: CliHome) -> None:
        number = cli_home.registered()["registration_no"]

        assert cli_home.done("case", "purge", number)["purged"]
        assert cli_home.ebp("case", "show", number).code == 4
        assert cli_home.done("sync", "once")["parked"] == []


class TestComplaints:
    def said(self, **changes: object) -> dict:
        return {
            "ref": str(uuid4()),
            "about": "窗口办理时间",
            "text": "排队超过一小时。",
            "complainant": "李强",
            "phone": "13900000000",
            **changes,
        }

    def test_a_complaint_has_a_number_and_a_receipt(self, cli_home: CliHome) -> None:
        path = str(cli_home.file(self.said()))

        done = cli_home.done("complaint", "register", path, "--out", str(cli_home.folder))
        again = cli_home.done("complaint", "register", path, "--out", str(cli_home.folder))

        assert f"-{cli_home.counter}-" in done["complaint_no"]
        assert done["receipt"]["qr"] in codes_on(cli_home.folder / done["receipt"]["pdf"])
        assert again == {**done, "repeated": True}

    def test_another_text_under_the_same_reference_is_refused(self, cli_home: CliHome) -> None:
        said = self.said()
        cli_home.done("complaint", "register", str(cli_home.file(said)))

        ran = cli_home.ebp("complaint", "register", str(cli_home.file({**said, "text": "别的事"})))

        assert (ran.code, ran.error) == (4, "ref_differs")

    def test_every_blank_is_named_at_once_unless_the_complaint_is_anonymous(self, cli_home: CliHome) -> None:
        blank = cli_home.ebp(
            "complaint", "register", str(cli_home.file(self.said(about="", complainant="", phone=" ")))
        )
        anonymous = cli_home.ebp(
            "complaint", "register", str(cli_home.file(self.said(complainant="", phone="", anonymous=True)))
        )

        assert (blank.code, len(blank.answer["missing"])) == (3, 3)
        assert anonymous.code == 0

    def test_it_reaches_central(self, cli_home: CliHome) -> None:
        cli_home.done("complaint", "register", str(cli_home.file(self.said())))

        after = cli_home.done("sync", "once")

        assert after["waiting"] == 0
        assert after["parked"] == []


@dataclass(frozen=True, slots=True)
class Walked:
    """One case on its way to the licence; what each command answered, by name."""

    home: CliHome
    number: str
    said: dict[str, Ran]

    def __getitem__(self, name: str) -> dict:
        return self.said[name].answer


def _picture(folder: Path, name: str) -> str:
    Image.new("RGB", (1240, 1754), "white").save(folder / name, dpi=(150, 150))
    return name


@pytest.fixture(scope="module")
def walked(new_home: Callable[[str], CliHome]) -> Walked:
    """Acceptance told, a supplement round, a paper licence kept, its notice lost, the copies out all the same."""
    home = new_home("walk")
    folder, out, said = home.folder, ["--out", str(home.folder)], dict[str, Ran]()
    number = home.registered()["registration_no"]
    page = _picture(folder, "page.jpg")

    def step(name: str, *words: str) -> dict:
        said[name] = home.ebp(*words)
        return said[name].answer

    def department(*words: str) -> None:
        home.central.command(*words)

    step("sync", "sync", "once")
    step("shown", "case", "show", number)
    items = home.file([{"material": "M312", "problem": "未提交", "demand": "提交承诺书"}])
    department("opinion", "give", f"{number}/3-01", "accept", "--as", "zj.reviewer")
    words = ["--items", str(items), "--until", "2026-03-09", "--reason", "材料不齐全"]
    department("opinion", "give", f"{number}/3-03", "supplement", "--as", "zj.reviewer", *words)
    home.done("sync", "once")
    rows = {row["kind"]: row for row in step("notices", "notice", "list")["notices"]}
    acceptance, supplement = rows["acceptance"]["document_no"], rows["supplement_notice"]["document_no"]
    printed = step("print", "notice", "print", acceptance, *out)
    step(
        "call without content", "notice", "deliver", supplement, str(home.file({"channel": "call", "recipient": "王"}))
    )
    signed = str(home.file({"channel": "signed", "recipient": "王建国", "signature": "paper"}))
    step("deliver", "notice", "deliver", acceptance, signed, *out)
    step("deliver supplement", "notice", "deliver", supplement, signed, *out)
    home.at(datetime(2026, 3, 4, 10, 0, tzinfo=CHINA))
    line = {"verdict": "qualified", "pages": [page], "received": {"original": 1, "copy": 1, "electronic": 1}}
    other = {"notices": [supplement], "lines": [{**line, "material": "M318"}]}
    step("not asked", "case", "supplement", str(home.file(other)), *out)
    asked = {"notices": [supplement], "lines": [{**line, "material": "M312"}]}
    step("hand in", "case", "supplement", str(home.file(asked)), *out)
    home.done("sync", "once")
    department("opinion", "give", f"{number}/3-01", "approve", "--as", "zj.reviewer")
    issue = ["--form", "paper", "--name", "建筑工程施工许可证", "--number", LICENCE_NO, "--originals", "1"]
    scan = ["--duplicates", "1", "--scan", str(folder / page)]
    department("licence", "issue", f"{number}/3-01", "--as", "zj.reviewer", *issue, *scan)
    home.done("sync", "once")
    step("licences", "licence", "list")
    step("early check", "handover", "check", printed["qr"])
    step("receive", "licence", "receive", number, str(home.file({"licence": LICENCE_NO, "place": "2-04 格"})))
    step("scan", "licence", "scan", number, str(home.file({"licence": LICENCE_NO, "pages": [page]})))
    step("close", "licence", "close", f"{number}/3-01")
    step("custody", "custody", "list")
    reached = {"matters": ["3-01"], "channel": "call", "address": "13847306021", "reached": True, "outcome": "接通"}
    step("notify", "notify", "log", number, str(home.file(reached)))
    step("check", "handover", "check", printed["qr"])
    collector = {"qr": "", "recipient": "王建国", "id_number": filing.HANDLER["person_id"], "phone": "13847306021"}
    loss = {
        "notice": acceptance,
        "stated_unit": filing.OWNER["name"],
        "seal_legible": True,
        "statement": [page],
        "id_copy": [_picture(folder, "id.jpg")],
        "collector": "王建国",
        "collection": {**collector, "signature": "paper"},
    }
    step("illegible seal", "handover", "lost", str(home.file({**loss, "seal_legible": False})), *out)
    step("lost", "handover", "lost", str(home.file(loss)), *out)
    step("void check", "handover", "check", printed["qr"])
    step("void handover", "handover", "do", str(home.file({**collector, "qr": printed["qr"]})), *out)
    step("last sync", "sync", "once")
    return Walked(home, number, said)


class TestACaseToItsEnd:
    def test_central_fans_it_out_and_nothing_is_pending(self, walked: Walked) -> None:
        assert walked["sync"]["waiting"] == 0
        assert walked["shown"]["delivered_to"]
        assert walked["shown"]["pending"] == []

    def test_notices_wait_with_their_clock(self, walked: Walked) -> None:
        assert {row["kind"] for row in walked["notices"]["notices"]} == {"acceptance", "supplement_notice"}
        assert all(row["due"] and row["words"] for row in walked["notices"]["notices"])

    def test_a_call_counts_only_with_its_whole_content(self, walked: Walked) -> None:
        assert walked.said["call without content"].code in (3, 4)

    def test_what_was_told_has_its_notice_and_its_receipt(self, walked: Walked) -> None:
        for name in ("deliver", "deliver supplement"):
            assert walked.said[name].code == 0, walked[name]
            for paper in (walked[name]["notice"], walked[name]["receipt"]):
                assert paper["qr"] in codes_on(walked.home.folder / paper["pdf"])

    def test_only_what_was_asked_for_can_be_handed_in(self, walked: Walked) -> None:
        assert (walked.said["not asked"].code, walked.said["not asked"].error) == (4, "not_asked")
        assert walked.said["hand in"].code == 0, walked["hand in"]
        assert walked["hand in"]["complete"] == ["3-03"]

    def test_nothing_is_ready_before_it_lies_here(self, walked: Walked) -> None:
        assert walked["early check"]["verdict"] == "genuine"
        assert all(copy["why_not"] for copy in walked["early check"]["ready"])

    def test_the_copies_are_kept_and_listed(self, walked: Walked) -> None:
        assert walked.said["receive"].code == 0, walked["receive"]
        held = [row for row in walked["custody"]["custody"] if row["number"] == LICENCE_NO]
        assert [row["place"] for row in held] == ["2-04 格"] * 2

    def test_a_scanned_paper_licence_closes_the_matter(self, walked: Walked) -> None:
        assert walked.said["close"].code == 0, walked["close"]

    def test_the_attempt_to_reach_is_kept(self, walked: Walked) -> None:
        assert walked["notify"]["notified"] == 1

    def test_the_notice_is_genuine_and_both_copies_may_go(self, walked: Walked) -> None:
        assert walked["check"]["verdict"] == "genuine"
        assert [copy["why_not"] for copy in walked["check"]["ready"]] == ["", ""]

    def test_an_illegible_seal_is_no_proof(self, walked: Walked) -> None:
        assert walked.said["illegible seal"].code == 3

    def test_with_both_proofs_the_licences_go_out(self, walked: Walked) -> None:
        assert walked.said["lost"].code == 0, walked["lost"]
        assert len(walked["lost"]["copies"]) == 2

    def test_the_lost_notice_raises_an_alarm_when_it_turns_up(self, walked: Walked) -> None:
        assert walked.said["void check"].code == 4
        assert walked["void check"]["verdict"] == "void"
        assert walked["void check"]["alert"]

    def test_nothing_is_handed_over_against_it(self, walked: Walked) -> None:
        assert walked.said["void handover"].code in (3, 4)

    def test_central_took_everything(self, walked: Walked) -> None:
        assert walked["last sync"]["waiting"] == 0
        assert walked["last sync"]["parked"] == []

    def test_no_command_left_a_traceback(self, walked: Walked) -> None:
        assert all("Traceback" not in ran.words for ran in walked.said.values())
