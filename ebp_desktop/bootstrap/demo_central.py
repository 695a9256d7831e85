"""A central server of the demo's own: a child process on loopback, its people, and its clock."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ebp_desktop.bootstrap.children import child_command
from ebp_desktop.domain.errors import SurroundingsError

CLOCK_NAME = "demo-clock"
_SECONDS = 60


@dataclass(slots=True)
class DemoCentral:
    """Starts, steers and stops the demo's central; ``home`` is its own folder."""

    home: Path
    credentials: Path
    start: datetime | None = None
    _process: subprocess.Popen[str] | None = None
    url: str = ""

    def prepare(self, *, autopilot: bool = False) -> dict[str, object]:
        """Makes demo units, people, guides and calendar."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.set_clock(self.start)
        words = ["demo-data", "--credentials", str(self.credentials)]
        return self.command(*words, *(["--autopilot"] if autopilot else []))

    def serve(self) -> str:
        """Starts serving and gives the address; an embedded central that runs already is used as it is."""
        with (self.home / "serve.log").open("a") as log:
            child = subprocess.Popen(  # our own executable
                [*child_command("central"), "--home", str(self.home), "serve", "--json", "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment(),
            )
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            child.wait(_SECONDS)
            raise SurroundingsError(
                "central_failed", "演示用的中心服务没有启动。", place=str(self.home / "serve.log"), todo="请看该日志。"
            )
        self._process = child
        self.url = str(json.loads(line)["url"])
        return self.url

    def stop(self) -> None:
        """Ends the server gracefully."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def set_clock(self, moment: datetime | None) -> None:
        """Moves central's demo clock; None leaves it to the machine."""
        if moment is not None:
            (self.home / CLOCK_NAME).write_text(moment.isoformat(), "ascii")

    def command(self, *words: str) -> dict[str, object]:
        """Runs an ``ebp-central`` command; raises SurroundingsError with central's own words."""
        done = subprocess.run(  # our own executable
            [*child_command("central"), "--home", str(self.home), *words, "--json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env=self._environment(),
        )
        try:
            answer: dict[str, object] = json.loads(done.stdout)
        except ValueError as error:
            raise SurroundingsError("central_failed", f"中心命令失败：{done.stderr[-500:]}") from error
        if done.returncode != 0:
            said = answer.get("error")
            words_of = said if isinstance(said, Mapping) else {}
            raise SurroundingsError(
                "central_refused", f"中心：{words_of.get('message', done.stderr)}", todo=str(words_of.get("todo", ""))
            )
        return answer

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        environment.pop("EBP_NOW", None)
        if self.start is not None:
            environment["EBP_NOW"] = self.start.isoformat()
        return environment
