"""The interactive demo: a home under a folder of its own, an embedded central whose departments answer by themselves,
and demo people with their one-time codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ebp_desktop.bootstrap.demo_central import DemoCentral
from ebp_desktop.bootstrap.enrolling import enrol_home
from ebp_desktop.bootstrap.home import Identity, read_identity, write_identity
from ebp_desktop.crypto.otp import otp_at

WINDOW_PEOPLE = ("surina", "wanglei", "chenjing")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One demo person: the words that open the door, and the code of this half minute."""

    user: str
    password: str
    totp_secret: str

    def code(self, at: datetime) -> str:
        """The one-time code of a moment."""
        return otp_at(self.totp_secret, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running demo."""

    home: Path
    identity: Identity
    central: str
    people: tuple[DemoPerson, ...]


@contextmanager
def demonstrated(folder: Path) -> Iterator[Demo]:
    """Prepares the demo the first time, starts its central, and stops it at the end of the block."""
    central = DemoCentral(folder / "central", folder / "people")
    if not any(central.credentials.glob("*.json")):
        central.prepare(autopilot=True)
    url = central.serve()
    try:
        identity = _counter(folder / "home", central, url)
        yield Demo(home=folder / "home", identity=identity, central=url, people=_people(central.credentials))
    finally:
        central.stop()


def _counter(home: Path, central: DemoCentral, url: str) -> Identity:
    known = read_identity(home)
    if known is None:
        code = str(central.command("counter", "add", "3号窗口")["code"])
        return enrol_home(home, url, code, None)
    moved = Identity(
        device=known.device,
        central=url,
        counter=known.counter,
        region=known.region,
        name=known.name,
        demo=known.demo,
    )
    # The embedded central takes a free port each time it starts.
    write_identity(home, moved)
    return moved


def _people(folder: Path) -> tuple[DemoPerson, ...]:
    people: list[DemoPerson] = []
    for user in WINDOW_PEOPLE:
        path = folder / f"{user}.json"
        if path.is_file():
            kept = json.loads(path.read_text("utf-8"))
            people.append(DemoPerson(user=kept["user"], password=kept["password"], totp_secret=kept["totp_secret"]))
    return tuple(people)
