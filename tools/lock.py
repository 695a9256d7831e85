"""Write the hashed locks from pyproject.toml, and tell without a network whether they still belong to it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
MARK = "# dependency tables: sha256:"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file: its name, what it is for, and the extras that it adds to the product's own dependencies."""

    name: str
    purpose: str
    extras: tuple[str, ...]
    base: bool = True

    @property
    def path(self) -> Path:
        """Where the lock stands."""
        return ROOT / "requirements" / self.name


LOCKS = (
    Lock("run.txt", "what a counter or a central server runs on", ()),
    Lock("dev.txt", "run.txt, and what checks, tests, measures and freezes", ("dev", "s3")),
    Lock("sane.txt", "the scanner binding, built on the machine against libsane", ("sane",), base=False),
)


def project_table() -> dict[str, object]:
    """The [project] table of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def requirements_of(lock: Lock, project: dict[str, object]) -> list[str]:
    """The direct requirements that a lock must satisfy, as pyproject.toml words them."""
    extras = project["optional-dependencies"]
    base = project["dependencies"]
    assert isinstance(extras, dict)
    assert isinstance(base, list)
    return [*(base if lock.base else []), *(row for extra in lock.extras for row in extras[extra])]


def digest(lock: Lock, project: dict[str, object]) -> str:
    """The digest over everything in pyproject.toml that decides the lock's content."""
    tables = {"python": project["requires-python"], "requirements": sorted(requirements_of(lock, project))}
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


def faults(lock: Lock, project: dict[str, object]) -> list[str]:
    """What is wrong with a lock: stale, without hashes, or short of a requirement."""
    if not lock.path.exists():
        return [f"{lock.name} is not there"]
    text = lock.path.read_text("utf-8")
    found = [] if MARK + digest(lock, project) in text else [f"{lock.name} is older than the tables of pyproject.toml"]
    pins: dict[str, list[str]] = {}
    for name, version in PIN.findall(text):
        pins.setdefault(canonicalize_name(name), []).append(version)
    for row in requirements_of(lock, project):
        wanted = Requirement(row)
        versions = pins.get(canonicalize_name(wanted.name), [])
        if not versions or not all(wanted.specifier.contains(version, prereleases=True) for version in versions):
            found.append(f"{lock.name} has no version for {row}")
    found += [
        f"{lock.name} has no hash for {block.split()[0]}" for block in blocks(text) if "--hash=sha256:" not in block
    ]
    return found


def blocks(text: str) -> list[str]:
    """The lock's entries, each with its hashes."""
    starts = [match.start() for match in PIN.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def installed_uv() -> Path:
    """The resolver, in an environment of its own under build/, installed when it is not there yet."""
    home = ROOT / "build" / "uv"
    uv = home / "bin" / "uv"
    if not uv.exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return uv


def write(lock: Lock, project: dict[str, object], uv: Path) -> None:
    """Resolve one lock for every platform, keeping the versions that the present lock names."""
    command = [
        *(uv, "pip", "compile", "-", "--universal", "--generate-hashes", "--no-header", "--no-emit-index-url"),
        *("--no-annotate", "--python-version", "3.11", "--quiet", "--output-file", str(lock.path)),
        *(() if lock.base else ("--no-deps",)),
    ]
    subprocess.run(command, input="\n".join(requirements_of(lock, project)), text=True, cwd=ROOT, check=True)
    body = lock.path.read_text("utf-8")
    lock.path.write_text(f"# {lock.purpose}; made by `make lock`\n{MARK}{digest(lock, project)}\n{body}", "utf-8")


def main(arguments: list[str]) -> int:
    """Check or write every lock; exit 1 where a check finds a fault."""
    project = project_table()
    if arguments == ["write"]:
        uv = installed_uv()
        for lock in LOCKS:
            write(lock, project, uv)
    elif arguments != ["check"]:
        print("usage: tools/lock.py check|write", file=sys.stderr)
        return 2
    found = [fault for lock in LOCKS for fault in faults(lock, project)]
    for fault in found:
        print(f"lock: {fault}; run `make lock`", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
