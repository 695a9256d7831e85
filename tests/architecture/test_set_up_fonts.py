"""仿宋 for notices at set-up: fetched once, only the manifest's bytes, and never a reason to stop."""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.fixtures.source_tree import ROOT

FONT = "FandolFang-Regular.otf"
BYTES = b"OTTO a font of the test"

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no dpkg-deb: fetching 仿宋 was not tested")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree that wants the test's font, on a machine whose apt-get hands out a package with it."""
    root = tmp_path / "tree"
    (root / "tools").mkdir(parents=True)
    (root / "resources" / "fonts").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "setup_fonts.sh", root / "tools")
    manifest = json.loads((ROOT / "resources" / "fonts" / "manifest.json").read_text("utf-8"))
    for font in manifest["fonts"]:
        font["sha256"] = sha256(BYTES).hexdigest() if font["file"] == FONT else "0" * 64
    (root / "resources" / "fonts" / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    return root


def package(tmp_path: Path, content: bytes) -> Path:
    """A Debian package with one font in it."""
    inside = tmp_path / "package"
    (inside / "DEBIAN").mkdir(parents=True)
    (inside / "usr" / "share" / "fandol").mkdir(parents=True)
    (inside / "usr" / "share" / "fandol" / FONT).write_bytes(content)
    (inside / "DEBIAN" / "control").write_text(
        "Package: fandol\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n"
    )
    made = tmp_path / "fandol.deb"
    subprocess.run(["dpkg-deb", "--build", str(inside), str(made)], check=True, capture_output=True)
    return made


def set_up(tree: Path, apt: str, fonts: str = "DejaVu Sans") -> subprocess.CompletedProcess[str]:
    """Runs the script where apt-get and fc-list are stand-ins."""
    programs = tree.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name, script in (("apt-get", apt), ("fc-list", f"echo '{fonts}'")):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return subprocess.run(
        [str(tree / "tools" / "setup_fonts.sh")],
        env={"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )


def installed(tree: Path) -> Path:
    return tree / "resources" / "fonts" / FONT


def test_the_font_of_the_manifest_is_put_in_its_place(tree, tmp_path) -> None:
    set_up(tree, f"cp {package(tmp_path, BYTES)} .")

    assert installed(tree).read_bytes() == BYTES


def test_other_bytes_than_the_manifests_are_not_taken(tree, tmp_path) -> None:
    said = set_up(tree, f"cp {package(tmp_path, b'OTTO another')} .")

    assert not installed(tree).exists()
    assert "Noto Serif" in said.stderr


def test_a_machine_without_the_network_goes_on_in_noto_serif(tree) -> None:
    said = set_up(tree, "exit 100")

    assert not installed(tree).exists()
    assert "Noto Serif" in said.stderr


@pytest.mark.parametrize("family", ["FangSong,仿宋", "FandolFang R"])
def test_a_system_that_has_its_own_is_left_alone(tree, family) -> None:
    said = set_up(tree, "exit 100", fonts=family)

    assert said.stderr == said.stdout == ""


def test_the_second_time_is_silent(tree, tmp_path) -> None:
    installed(tree).write_bytes(BYTES)

    said = set_up(tree, "exit 100")

    assert said.stderr == said.stdout == ""
