"""The set-up behind `make run` and `make test`: what it installs, what it says, what the targets are called."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.source_tree import ROOT

PROMISED_TARGETS = {"run", "test", "check", "bench", "soak", "dist"}


def wanted_packages() -> list[tuple[str, str, str]]:
    """Profile, name and reason of every system package."""
    rows = (ROOT / "tools" / "packages.txt").read_text("utf-8").splitlines()
    parts = [row.split(maxsplit=2) for row in rows if row and not row.startswith("#")]
    return [(profile, name, reason) for profile, name, reason in parts]


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


class FakeMachine:
    """A machine whose package tools are stand-ins that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.calls = folder / "calls"
        self.calls.touch()
        for name in ("bash", "dirname", "sed", "comm", "sort", "env", "cat"):
            (self.programs / name).symlink_to(f"/usr/bin/{name}")
        self.program("apt-get", f'echo "apt-get $*" >> {self.calls}')

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/usr/bin/bash\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def has(self, *packages: str) -> None:
        rows = "".join(f"{name} installed\\n" for name in packages)
        self.program("dpkg-query", f"printf '{rows}'; exit 1")

    def is_run_by(self, uid: int) -> None:
        self.program("id", f"echo {uid}")

    def set_up(self, profile: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/usr/bin/bash", ROOT / "tools" / "setup_system.sh", profile],
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=True,
        )


def names(*profiles: str) -> list[str]:
    return [name for profile, name, _ in wanted_packages() if profile in profiles]


def test_every_system_package_is_named_once_with_its_reason() -> None:
    rows = wanted_packages()

    assert {profile for profile, _, _ in rows} == {"run", "test"}
    assert len({name for _, name, _ in rows}) == len(rows)
    assert all(reason for _, _, reason in rows)


def test_a_machine_that_has_everything_is_left_alone(machine: FakeMachine) -> None:
    machine.has(*names("run", "test"))
    machine.is_run_by(0)

    said = machine.set_up("test")

    assert (said.stdout, said.stderr) == ("", "")
    assert machine.calls.read_text() == ""


def test_the_administrator_gets_exactly_what_is_missing(machine: FakeMachine) -> None:
    machine.has(*[name for name in names("run") if name not in {"libegl1", "fonts-noto-cjk"}])
    machine.is_run_by(0)

    said = machine.set_up("run")

    assert "installing 2 system packages: fonts-noto-cjk libegl1" in said.stdout
    update, install = machine.calls.read_text().splitlines()
    assert update.startswith("apt-get update")
    assert install.endswith("--no-install-recommends fonts-noto-cjk libegl1")


def test_running_the_counter_asks_for_no_test_service(machine: FakeMachine) -> None:
    machine.has(*names("run"))
    machine.is_run_by(0)

    machine.set_up("run")

    assert machine.calls.read_text() == ""


def test_somebody_without_rights_reads_what_to_ask_for_and_goes_on(machine: FakeMachine) -> None:
    machine.has(*[name for name in names("run", "test") if name != "postgresql"])
    machine.is_run_by(1000)

    said = machine.set_up("test")

    assert "apt-get install --no-install-recommends postgresql\n" in said.stderr
    assert machine.calls.read_text() == ""


def test_another_system_than_debian_is_told_where_the_list_stands(machine: FakeMachine) -> None:
    machine.is_run_by(0)

    said = machine.set_up("run")

    assert "tools/packages.txt" in said.stderr


@pytest.mark.parametrize("target", sorted(PROMISED_TARGETS))
def test_the_promised_targets_exist(target: str) -> None:
    planned = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "tools/setup_python.sh" in planned.stdout


def test_continuous_integration_checks_and_then_tests_with_the_readmes_own_commands() -> None:
    script = ROOT / ".ci" / "run"

    lines = [line for line in script.read_text("utf-8").splitlines() if line.startswith("make")]

    assert lines == ["make check", "make test"]
    assert os.access(script, os.X_OK)
