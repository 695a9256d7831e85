"""Let a frozen app examine itself: moved to another folder, without the checkout, without this machine's settings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

# What must answer in the frozen app: the arguments, and the exit codes that are right on a bare machine.
QUESTIONS: tuple[tuple[tuple[str, ...], frozenset[int]], ...] = (
    (("doctor", "--json"), frozenset({0, 5})),
    (("clock", "review", "--received", "2026-02-13", "--json"), frozenset({0})),
    (("check", "uscc", "91150300MA0N000000", "--json"), frozenset({0, 4})),
    (("guide", "list", "--json"), frozenset({0})),
    (("document", "kinds", "--json"), frozenset({0})),
    (("document", "render", "slip", "slip.json", "slip.pdf", "--json"), frozenset({0})),
    (("import", "slip.pdf", "--into", "pages", "--json"), frozenset({0})),
)
SAMPLES = "_internal/resources/templates/samples.json"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen app in a folder of its own, and the little it is told about its surroundings."""

    app: Path
    elsewhere: Path

    def surroundings(self) -> dict[str, str]:
        """The environment of a fresh account."""
        home = self.elsewhere / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}

    def ask(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of its programs; whoever takes five minutes is stuck."""
        return subprocess.run(
            [self.app / program, *arguments],
            cwd=self.elsewhere,
            env=self.surroundings(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def complaints(frozen: Frozen) -> list[str]:
    """What the frozen app gets wrong, in words."""
    found = []
    for arguments, right in QUESTIONS:
        done = frozen.ask("ebp", *arguments)
        words = f"ebp {' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        if done.returncode not in right or "Traceback" in done.stderr:
            found.append(words)
            continue
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            found.append(f"no JSON: {words}")
            continue
        if arguments[0] == "doctor":
            print(json.dumps(answer, ensure_ascii=False, indent=1))
    return found + served(frozen)


def served(frozen: Frozen) -> list[str]:
    """Whether the frozen central makes its database and answers on loopback; it is stopped again."""
    command = [str(frozen.app / "ebp-central"), "--home", "central", "serve", "--port", "0", "--json"]
    with (frozen.elsewhere / "central.log").open("w+") as log:
        server = subprocess.Popen(
            command, cwd=frozen.elsewhere, env=frozen.surroundings(), stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert server.stdout is not None
        try:
            ready = server.stdout.readline()
            with urllib.request.urlopen(json.loads(ready)["url"] + "/v1/health/ready", timeout=30) as answer:
                return [] if answer.status == HTTPStatus.OK else [f"central is not ready: {answer.status}"]
        except (ValueError, OSError) as error:
            log.seek(0)
            return [f"ebp-central serve: {error}\n{log.read()[-1500:]}"]
        finally:
            server.terminate()
            server.wait(timeout=30)


def main(arguments: list[str]) -> int:
    """Copy the frozen folder away, question it, and say how large it is."""
    made = Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(prefix="ebp-frozen-") as folder:
        elsewhere = Path(folder)
        app = elsewhere / "app"
        shutil.copytree(made, app, symlinks=True)
        slip = json.loads((app / SAMPLES).read_text("utf-8"))["slip"]
        (elsewhere / "slip.json").write_text(json.dumps(slip), "utf-8")
        found = complaints(Frozen(app, elsewhere))
        size = sum(path.stat().st_size for path in app.rglob("*") if path.is_file() and not path.is_symlink())
    for words in found:
        print(f"smoke: {words}", file=sys.stderr)
    asked = len(QUESTIONS) + 1  # and whether central serves
    print(f"{made.name}: {size / 1e6:.0f} MB, {asked - len(found)} of {asked} questions answered")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
