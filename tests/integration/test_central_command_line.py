"""ebp-central as scripts use it: one JSON object, exit codes, nothing asked, no traceback."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from central.cli.main import main
from central.home import CentralHome
from central.people.directory import Unit, add_unit
from central.runtime import Central, open_central
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.material import ShareState
from ebp_desktop.domain.roles import Role
from resources import locate
from sync.protocol.messages import Outcome
from tests.fixtures.central_counter import START, HandClock, TestCounter, make_person, serving


class CommandLine:
    """Runs commands on one home and reads what they print."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys

    def run(self, *words: str) -> tuple[int, dict[str, object]]:
        code = main(["--home", str(self.home), *words, "--json"])
        printed = self._capsys.readouterr().out
        assert printed.count("\n") == 1, printed
        return code, json.loads(printed)

    def done(self, *words: str) -> dict[str, object]:
        code, result = self.run(*words)
        assert code == 0, result
        return result

    def refused(self, *words: str) -> tuple[int, str]:
        code, result = self.run(*words)
        assert result["error"]["message"]
        return code, result["error"]["code"]


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "home", capsys)


@pytest.fixture
def demo(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A demo home whose clock stands at the start of the demonstration day."""
    monkeypatch.setenv("EBP_NOW", START.isoformat())
    line.done("demo-data", "--credentials", str(tmp_path / "credentials"))
    return line


class TestRealHomes:
    def test_a_new_home_has_nobody_and_is_sound(self, line: CommandLine) -> None:
        assert line.done("check") == {"sound": True, "breaches": []}
        opened = open_central(CentralHome(line.home))
        with opened.store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM people").scalar() == 0
        opened.close()

    def test_a_counter_gets_its_number_and_a_code(self, line: CommandLine) -> None:
        first, second = line.done("counter", "add", "一号窗口"), line.done("counter", "add", "二号窗口")
        assert (first["counter"], second["counter"]) == ("001", "002")
        assert first["code"] != second["code"]

    def test_a_draft_guide_is_refused(self, line: CommandLine) -> None:
        assert line.refused("guide", "publish", str(locate("guides", "stage1.json"))) == (3, "guide_draft")

    def test_the_clock_cannot_be_set(self, line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EBP_NOW", "2020-01-01T00:00:00+08:00")
        assert not line.done("counter", "add", "窗口")["expires"].startswith("2020")

    def test_demo_data_does_not_enter_a_home_in_use(self, line: CommandLine, tmp_path: Path) -> None:
        path = locate("calendars", "2026.json")
        assert line.done("calendar", "load", str(path))["repeated"] is False
        assert line.done("calendar", "load", str(path))["repeated"] is True
        opened = open_central(CentralHome(line.home))

        opened.transact(lambda work: add_unit(work.connection, Unit(unit="CK", name="窗口", kind="window")))
        make_person(opened, "real", "CK", Role.CLERK)
        opened.close()
        assert line.refused("demo-data", "--credentials", str(tmp_path / "c")) == (3, "not_a_demo")
        assert not (tmp_path / "c").exists()


class TestWords:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (("opinion", "give"), (2, "usage")),
            (("nonsense",), (2, "usage")),
            (("opinion", "give", "x", "maybe", "--as", "y"), (2, "usage")),
            (("opinion", "give", "x", "accept", "--as", "nobody"), (3, "user_unknown")),
            (("opinion", "give", "x", "supplement", "--as", "y", "--until", "soon"), (2, "bad_date")),
            (("guide", "publish", "/no/such/file"), (4, "file_unreadable")),
            (("calendar", "load", __file__), (4, "calendar_invalid")),
            (("user", "add", "x", "--unit", "??", "--role", "clerk"), (4, "unit_unknown")),
            (("counter", "add", "x", "--region", "12"), (4, "bad_region")),
            (("serve", "--host", "0.0.0.0"), (2, "plain_http")),
            (("serve", "--tls-cert", "x"), (2, "tls_pair")),
        ],
    )
    def test_a_failure_has_its_exit_code_and_says_what_happened(
        self, line: CommandLine, words: tuple[str, ...], expected: tuple[int, str]
    ) -> None:
        assert line.refused(*words) == expected

    def test_home_and_json_stand_before_or_after(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        home = str(tmp_path / "h")
        assert main(["--json", "check", "--home", home]) == 0
        assert json.loads(capsys.readouterr().out)["sound"]

    def test_without_json_the_result_is_words(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--home", str(tmp_path / "h")]) == 0
        assert "sound" in capsys.readouterr().out

    def test_a_database_that_cannot_be_reached_is_exit_5(self, line: CommandLine) -> None:
        assert line.refused("check", "--database", "postgresql://127.0.0.1:1/none") == (5, "database_failed")


class TestDemo:
    def test_people_of_window_and_departments_get_private_files(self, demo: CommandLine, tmp_path: Path) -> None:
        files = sorted((tmp_path / "credentials").iterdir())
        assert {"surina.json", "wanglei.json", "chenjing.json"} <= {each.name for each in files}
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert set(json.loads(file.read_text("utf-8"))) == {"user", "password", "totp_secret"}

    def test_a_second_time_keeps_secrets_and_renews_lost_ones(self, demo: CommandLine, tmp_path: Path) -> None:
        kept, lost = tmp_path / "credentials" / "surina.json", tmp_path / "credentials" / "wanglei.json"
        before, gone = kept.read_text("utf-8"), lost.read_text("utf-8")
        lost.unlink()
        demo.done("demo-data", "--credentials", str(tmp_path / "credentials"))
        assert kept.read_text("utf-8") == before
        assert lost.read_text("utf-8") != gone

    def test_the_clock_follows_the_file(self, demo: CommandLine) -> None:
        (demo.home / "demo-clock").write_text("2026-03-05T10:00:00+08:00")
        assert demo.done("counter", "add", "窗口")["expires"].startswith("2026-03-12T10:00:00")


class TestTheDepartmentsDay:
    @pytest.fixture
    def case(self, demo: CommandLine) -> tuple[Central, f.CaseRegistered]:
        """A case that a counter registered over HTTP, while the commands work on the same home."""
        code = demo.done("counter", "add", "一号窗口")["code"]
        opened = open_central(CentralHome(demo.home))
        with serving(opened) as url:
            counter = TestCounter(url, HandClock(), actor="surina")
            counter.enrol(code)
            body = counter.registration(matters=2)
            (result,) = counter.push(counter.envelope(body))
            assert result.outcome is Outcome.APPLIED, result
            counter.client.close()
        yield opened, body
        opened.close()

    def reviewer(self, terms: f.MatterTerms) -> str:
        return f"{terms.department.lower()}.reviewer"

    def test_from_acceptance_to_both_kinds_of_licence(
        self, demo: CommandLine, case: tuple[Central, f.CaseRegistered], tmp_path: Path
    ) -> None:
        _, body = case
        one, two = body.matters
        place = f"{body.registration_no}/{one.code}"
        accepted = demo.done("opinion", "give", place, "accept", "--as", self.reviewer(one))
        assert (accepted["state"], accepted["state_name"]) == (3, "受理")
        assert "〔2026〕1号" in accepted["document_no"]
        demo.done("opinion", "give", place, "approve", "--as", self.reviewer(one))
        pdf = tmp_path / "licence.pdf"
        pdf.write_bytes(b"%PDF-1.7 demo")
        issue = ("licence", "issue", place, "--as", self.reviewer(one), "--number", "建字第1号", "--name", "许可证")
        issued = demo.done(*issue, "--form", "electronic", "--file", str(pdf))
        assert (issued["state"], issued["status"]) == (11, "valid")
        lead = f"{body.lead_department.lower()}.reviewer"
        assert demo.done("review", "open", body.registration_no, "--as", lead)["closed"] is False
        silent = demo.refused("review", "close", body.registration_no, "--as", lead, "--text", "同意")
        assert silent == (3, "review_silent")
        other = f"{body.registration_no}/{two.code}"
        demo.done("opinion", "give", other, "accept", "--as", self.reviewer(two))
        demo.done("extend", other, "--as", lead, "--days", "5", "--reason", "补件")
        revoked = demo.done(
            "licence", "revoke", place, "--as", self.reviewer(one), "--number", "建字第1号", "--reason", "虚假材料"
        )
        assert revoked["status"] == "revoked"
        assert demo.done("check")["sound"] is True

    def test_a_supplement_names_its_items_from_a_file(
        self, demo: CommandLine, case: tuple[Central, f.CaseRegistered], tmp_path: Path
    ) -> None:
        _, body = case
        terms = body.matters[0]
        line = next(
            each for each in body.lines if terms.code in each.matters and each.share.state is ShareState.NOT_SHAREABLE
        )
        items = tmp_path / "items.json"
        items.write_text(json.dumps([{"material": line.material, "problem": "缺页", "demand": "补齐"}]), "utf-8")
        give = ("opinion", "give", f"{body.registration_no}/{terms.code}", "supplement", "--as", self.reviewer(terms))
        assert demo.refused(*give, "--items", str(items)) == (4, "until_missing")
        asked = demo.done(*give, "--items", str(items), "--until", "2026-03-20")
        assert asked["state"] == 6
        items.write_text('[{"material": 3}]', "utf-8")
        assert demo.refused(*give, "--items", str(items), "--until", "2026-03-20") == (4, "bad_items")

    def test_a_damaged_store_is_found_and_named(
        self, demo: CommandLine, case: tuple[Central, f.CaseRegistered]
    ) -> None:
        opened, _ = case
        with opened.store.write() as connection:
            connection.exec_driver_sql("UPDATE audit SET detail = 'changed' WHERE seq = 2")
            connection.exec_driver_sql("DELETE FROM matters WHERE matter = (SELECT min(matter) FROM matters)")
            connection.exec_driver_sql("DELETE FROM feed WHERE seq = (SELECT max(seq) FROM feed)")
            connection.exec_driver_sql("UPDATE projects SET serial = 999999")
        code, result = demo.run("check")
        assert code == 4
        rules = {each["rule"] for each in result["breaches"]}
        assert rules >= {"audit_chain", "reached_every_department", "fact_in_feed_once", "code_without_lease"}
