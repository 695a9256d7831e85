"""``ebp import``, ``ebp scan`` and ``ebp pages pdf`` as other programs call them: JSON on stdout, words beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.scanner.brought import type_pdf
from tests.unit.scanner.papers import small_jpeg

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ebp(tmp_path, monkeypatch):
    """The command in a process of its own, with SANE's test device and nothing else; gives exit code and JSON."""
    folder = tmp_path / "sane.d"
    folder.mkdir()
    (folder / "dll.conf").write_text("test\n")
    (folder / "test.conf").write_text('number_of_devices 1\nmode "Color"\ntest-picture "Color pattern"\n')
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))

    def run(*words: str | Path) -> tuple[int, dict]:
        done = subprocess.run(
            [sys.executable, "-m", "ebp_desktop", *map(str, words), "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def test_an_import_prints_the_manifest_it_wrote(ebp, tmp_path):
    (tmp_path / "1.jpg").write_bytes(small_jpeg())
    code, said = ebp("import", tmp_path / "1.jpg", type_pdf(tmp_path / "2.pdf"), "--into", tmp_path / "in")
    assert code == 0
    assert said == json.loads((tmp_path / "in" / "manifest.json").read_text("utf-8"))
    assert list(said) == ["pages", "kept", "refused"]
    assert [page["source"]["page"] for page in said["pages"]] == [1, 1, 2]


def test_a_refused_file_makes_exit_4_and_the_rest_stays(ebp, tmp_path):
    (tmp_path / "1.jpg").write_bytes(small_jpeg())
    (tmp_path / "2.txt").write_text("words")
    code, said = ebp("import", tmp_path / "1.jpg", tmp_path / "2.txt", "--into", tmp_path / "in")
    assert code == 4
    assert (len(said["pages"]), len(said["refused"])) == (1, 1)
    assert (tmp_path / "in" / said["pages"][0]["file"]).is_file()


def test_an_occupied_folder_is_bad_input(ebp, tmp_path):
    code, said = ebp("import", tmp_path / "none.jpg", "--into", tmp_path)
    assert (code, said["error"]["code"]) == (4, "into_not_empty")


def test_a_scan_says_how_it_ended_and_its_pages_become_a_pdf(ebp, tmp_path):
    code, said = ebp("scan", "--device", "test:0", "--source", "adf", "--dpi", "100", "--into", tmp_path / "in")
    assert (code, said["ended"], len(said["pages"])) == (0, "done", 10)
    code, said = ebp("pages", "pdf", tmp_path / "in", tmp_path / "out.pdf")
    assert (code, said["pages"]) == (0, 10)
    assert subprocess.run(["qpdf", "--check", tmp_path / "out.pdf"], capture_output=True, check=False).returncode == 0


def test_a_scanner_that_is_not_there_is_the_surroundings_fault(ebp, tmp_path):
    code, said = ebp("scan", "--device", "test:9", "--source", "flatbed", "--dpi", "300", "--into", tmp_path / "in")
    assert (code, said["ended"], said["pages"]) == (5, "offline", [])


def test_wrong_words_are_wrong_usage(ebp, tmp_path):
    code, said = ebp("scan", "--device", "test:0", "--source", "drum", "--dpi", "300", "--into", tmp_path / "in")
    assert (code, said["error"]["code"]) == (2, "usage")


def test_a_folder_without_pages_is_bad_input(ebp, tmp_path):
    (tmp_path / "in").mkdir()
    code, said = ebp("pages", "pdf", tmp_path / "in", tmp_path / "out.pdf")
    assert (code, said["error"]["code"]) == (4, "manifest_missing")
    assert not (tmp_path / "out.pdf").exists()
