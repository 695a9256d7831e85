"""Commands that need no home, and how every command refuses what it cannot use."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from ebp_desktop.cli.app import run
from tests.fixtures.cli_home import ebp

TEXT_OF_A_CODE = "EBP1." + "A" * 60


class TestClocks:
    def test_two_working_days_run_from_the_next_day(self) -> None:
        ran = ebp("clock", "review", "--received", "2026-03-02T09:00")

        assert ran.code == 0
        assert ran.answer["due"] == "2026-03-04"
        assert ran.answer["deemed_accepted_from"] == "2026-03-02"

    @pytest.mark.parametrize("hour", ["00:00", "08:59", "17:31", "23:59"])
    def test_the_hour_never_moves_the_day(self, hour: str) -> None:
        assert ebp("clock", "review", "--received", f"2026-03-02T{hour}").answer["due"] == "2026-03-04"

    def test_a_time_of_another_zone_counts_on_its_day_in_shanghai(self) -> None:
        ran = ebp("clock", "review", "--received", "2026-03-02T20:00+00:00")

        assert ran.answer["received"] == "2026-03-03"

    @pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="TZ is read by the C library of POSIX systems")
    def test_the_zone_of_the_machine_moves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", "America/Los_Angeles")

        assert ebp("clock", "review", "--received", "2026-03-02T09:00").answer["due"] == "2026-03-04"

    def test_a_pause_is_left_out_and_an_open_one_leaves_no_due_day(self) -> None:
        whole = ebp("clock", "promised", "--accepted", "2026-03-02", "--days", "5")
        paused = ebp(
            "clock", "promised", "--accepted", "2026-03-02", "--days", "5", "--pause", "2026-03-04..2026-03-06"
        )
        still_open = ebp("clock", "promised", "--accepted", "2026-03-02", "--days", "5", "--pause", "2026-03-04..")

        assert whole.answer["due"] == "2026-03-09"
        assert paused.answer["due"] > "2026-03-09"
        assert still_open.answer["due"] is None

    def test_overlapping_pauses_count_as_their_union(self) -> None:
        words = ["clock", "promised", "--accepted", "2026-03-02", "--days", "9"]
        twice = ebp(*words, "--pause", "2026-03-04..2026-03-10", "--pause", "2026-03-06..2026-03-12")
        once = ebp(*words, "--pause", "2026-03-04..2026-03-12")

        assert twice.answer == once.answer

    def test_the_remaining_days_may_be_negative(self) -> None:
        ran = ebp("clock", "promised", "--accepted", "2026-03-02", "--days", "3", "--today", "2026-03-12")

        assert ran.answer["remaining_today"] == 3 - ran.answer["used_today"] < 0

    def test_calendar_days_include_the_weekend(self) -> None:
        ran = ebp("clock", "promised", "--accepted", "2026-03-02", "--days", "7", "--unit", "calendar")

        assert ran.answer["due"] == "2026-03-09"

    def test_a_year_that_is_not_announced_is_said_loudly(self) -> None:
        ran = ebp("clock", "review", "--received", "2026-12-30")

        assert (ran.code, ran.error) == (5, "calendar_year_missing")
        assert ran.answer["due"] is None
        assert ran.answer["deemed_accepted_from"] == "2026-12-30"

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            (["review", "--received", "2026-02-30"], "time_unreadable"),
            (["review", "--received", "二月"], "time_unreadable"),
            (["promised", "--accepted", "2026-03-02", "--days", "-1"], "limit_negative"),
            (["promised", "--accepted", "2026-03-02", "--days", "3", "--pause", "2026-03-06..2026-03-04"], ""),
            (["promised", "--accepted", "2026-03-02", "--days", "3", "--pause", "soon"], "pause_unreadable"),
        ],
    )
    def test_what_is_no_date_is_bad_input(self, words: list[str], error: str) -> None:
        ran = ebp("clock", *words)

        assert ran.code == 4
        assert ran.error == error or not error
        assert ran.answer["error"]["message"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("what", "value"),
        [
            ("uscc", "91150302MA0QDEM0X7"),
            ("person-id", "15030219900101001X"),
            ("person-id", "１５０３０２１９９００１０１００１Ｘ"),
            ("project-code", "150300-2026-000001-5"),
        ],
    )
    def test_a_good_number_is_valid_and_normal(self, what: str, value: str) -> None:
        ran = ebp("check", what, value)

        assert (ran.code, ran.answer["valid"]) == (0, True)
        assert ran.answer["normal"].isascii()

    @pytest.mark.parametrize(
        ("what", "value"),
        [
            ("uscc", "91150302MA0QDEM0X8"),
            ("person-id", "150302199001010011"),
            ("project-code", "150300-2026-000001-6"),
            ("national-code", "not a code"),
            ("document-no", ""),
        ],
    )
    def test_a_bad_one_says_why(self, what: str, value: str) -> None:
        ran = ebp("check", what, value)

        assert (ran.code, ran.answer["valid"]) == (4, False)
        assert ran.answer["reasons"]

    def test_a_document_number_gets_the_right_brackets(self) -> None:
        assert ebp("check", "document-no", "乌自然资受[2026]12号").answer["normal"] == "乌自然资受〔2026〕12号"


class TestGuides:
    def test_the_shipped_ones_are_named_as_drafts(self) -> None:
        rows = ebp("guide", "list").answer["guides"]

        assert len(rows) == 4
        assert all(row["draft"] for row in rows)

    def test_a_broken_guide_names_file_place_and_rule(self, tmp_path: Path) -> None:
        path = tmp_path / "guide.json"
        path.write_text('{"id": "x"}', "utf-8")

        ran = ebp("guide", "lint", str(path))

        assert ran.code == 4
        assert ran.answer["errors"] > 0
        assert all(row["file"] == "guide.json" and row["rule"] for row in ran.answer["findings"])


def picture(path: Path) -> Path:
    Image.new("RGB", (600, 800), "white").save(path, dpi=(300, 300))
    return path


class TestFiles:
    def test_pages_come_in_and_go_out_as_one_pdf(self, tmp_path: Path) -> None:
        into, out = tmp_path / "pages", tmp_path / "all.pdf"

        came = ebp("import", str(picture(tmp_path / "a.jpg")), str(picture(tmp_path / "b.png")), "--into", str(into))
        went = ebp("pages", "pdf", str(into), str(out))

        assert came.code == went.code == 0
        assert len(came.answer["pages"]) == 2
        assert came.answer == json.loads((into / "manifest.json").read_text("utf-8"))
        assert out.read_bytes().startswith(b"%PDF")
        assert went.answer["pdf"] == "all.pdf"

    def test_a_refused_file_says_why_and_the_rest_stays(self, tmp_path: Path) -> None:
        bad = tmp_path / "broken.pdf"
        bad.write_bytes(b"%PDF-1.7\nnothing more")

        ran = ebp("import", str(bad), str(picture(tmp_path / "a.jpg")), "--into", str(tmp_path / "pages"))

        assert ran.code == 4
        assert [each["file"] for each in ran.answer["refused"]] == ["../broken.pdf"]
        assert ran.answer["refused"][0]["reason"]
        assert len(ran.answer["pages"]) == 1

    def test_a_folder_without_a_manifest_has_no_pages(self, tmp_path: Path) -> None:
        ran = ebp("pages", "pdf", str(tmp_path), str(tmp_path / "out.pdf"))

        assert ran.code == 4
        assert not (tmp_path / "out.pdf").exists()

    def test_an_occupied_folder_is_not_written_into(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine", "utf-8")

        ran = ebp("import", str(picture(tmp_path / "a.jpg")), "--into", str(tmp_path))

        assert ran.code == 4
        assert not (tmp_path / "manifest.json").exists()


class TestDocuments:
    def test_every_kind_has_its_schema(self) -> None:
        kinds = ebp("document", "kinds").answer["kinds"]

        assert len(kinds) >= 15
        for kind in kinds:
            fields = ebp("document", "render", kind["kind"], "--fields")
            assert fields.code == 0
            assert fields.answer

    def test_an_unknown_kind_and_empty_data_are_refused(self, tmp_path: Path) -> None:
        data = tmp_path / "data.json"
        data.write_text("{}", "utf-8")

        assert ebp("document", "render", "poem", str(data), str(tmp_path / "out.pdf")).error == "document_kind_unknown"
        assert ebp("document", "render", "slip", str(data), str(tmp_path / "out.pdf")).code == 4
        assert not (tmp_path / "out.pdf").exists()

    def test_without_data_the_usage_is_wrong(self) -> None:
        assert ebp("document", "render", "slip").code == 2

    @pytest.mark.parametrize("text", [TEXT_OF_A_CODE, "https://example.invalid", "", "EBP1."])
    def test_a_code_without_keys_is_never_genuine(self, text: str, tmp_path: Path) -> None:
        ran = ebp("document", "verify", text, "--home", str(tmp_path))

        assert (ran.code, ran.answer["verdict"]) == (4, "unknown")
        assert ran.answer["reason"]


class TestUsage:
    @pytest.mark.parametrize(
        "words",
        [[], ["case"], ["nonsense"], ["clock", "review"], ["case", "register"], ["check", "uscc"], ["import", "x"]],
    )
    def test_wrong_usage_is_exit_two_with_the_error_as_json(self, words: list[str]) -> None:
        ran = ebp(*words)

        assert (ran.code, ran.error) == (2, "usage")
        assert set(ran.answer["error"]) == {"code", "message", "article", "place", "safe", "todo"}
        assert ran.answer["missing"] == []

    def test_home_and_json_stand_before_and_after_the_command(self, tmp_path: Path) -> None:
        answers = []
        for words in (
            ["--json", "--home", str(tmp_path), "session", "show"],
            ["session", "--home", str(tmp_path), "show", "--json"],
            ["session", "show", "--json", "--home", str(tmp_path)],
        ):
            out = io.StringIO()
            assert run(words, out=out, err=io.StringIO()) == 0
            answers.append(json.loads(out.getvalue()))

        assert answers == [{"session": None}] * 3

    def test_without_json_the_words_are_for_people(self) -> None:
        out, err = io.StringIO(), io.StringIO()

        assert run(["clock", "review", "--received", "2026-03-02"], out=out, err=err) == 0
        assert out.getvalue().startswith("2026-03-02 收到")

    def test_the_doctor_names_every_part(self, tmp_path: Path) -> None:
        ran = ebp("doctor", "--home", str(tmp_path))

        parts = {part["name"]: part for part in ran.answer["parts"]}
        assert ran.code == 0
        assert {"database", "key_store", "fonts", "scanner", "printer", "calendar", "home", "central"} <= set(parts)
        assert "2026" in parts["calendar"]["detail"]


SIGNED_COMMANDS = [
    ["case", "show", "x"],
    ["case", "find", "学校"],
    ["case", "withdraw", "x", "--reason", "不办了"],
    ["case", "purge", "x"],
    ["notice", "list"],
    ["notice", "print", "x"],
    ["licence", "list"],
    ["licence", "close", "x/3-01"],
    ["custody", "list"],
    ["handover", "check", "x"],
    ["sync", "once"],
    ["sync", "status"],
    ["store", "verify"],
    ["store", "backup", "x", "--recovery-key", "y"],
    ["session", "open", "--credentials", "x"],
]


@pytest.mark.parametrize("words", SIGNED_COMMANDS, ids=" ".join)
def test_a_home_that_is_no_counter_refuses(words: list[str], tmp_path: Path) -> None:
    ran = ebp(*words, "--home", str(tmp_path / "nothing"))

    assert (ran.code, ran.error) == (3, "not_enrolled")
    assert ran.answer["error"]["todo"]
    assert not (tmp_path / "nothing").exists()


FILE_COMMANDS = [
    ["case", "register"],
    ["case", "supplement"],
    ["case", "correct"],
    ["case", "return"],
    ["notice", "deliver", "文号"],
    ["notify", "log", "CODE"],
    ["licence", "receive", "CODE"],
    ["licence", "scan", "CODE"],
    ["custody", "move"],
    ["handover", "do"],
    ["handover", "lost"],
    ["complaint", "register"],
]


def cut_off(path: Path) -> None:
    path.write_text('{"ref": "019cab00-0000-7000-8000-0000', "utf-8")


def folder(path: Path) -> None:
    path.mkdir()


def missing(path: Path) -> None:
    assert not path.exists()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_encoding(path: Path) -> None:
    path.write_bytes('{"reason": "材料"}'.encode("gb18030"))


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)


def a_list(path: Path) -> None:
    path.write_text("[1, 2]", "utf-8")


def deep(path: Path) -> None:
    path.write_text("[" * 100_000, "utf-8")


@pytest.mark.parametrize("spoil", [cut_off, folder, missing, empty, other_encoding, huge, a_list, deep])
@pytest.mark.parametrize("words", FILE_COMMANDS, ids=" ".join)
def test_a_file_that_cannot_be_read_is_bad_input(words: list[str], spoil: object, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    spoil(path)

    ran = ebp(*words, str(path), "--home", str(tmp_path / "home"))

    assert ran.code == 4
    assert ran.answer["error"]["message"]
    assert "Traceback" not in ran.words
