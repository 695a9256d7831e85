"""A home of the counter: which folder, what it was enrolled as, and its clock."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from ebp_desktop.clock import SetClock, SystemClock
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.services.ports import Clock
from ebp_desktop.services.window import Window
from ebp_desktop.store.platform_files import private_folder, write_durably

IDENTITY_NAME = "counter.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What enrolment made of this home; nothing in it is secret."""

    device: str
    central: str
    counter: str
    region: str
    name: str
    ca: str = ""
    demo: bool = False
    phone: str = ""
    address: str = ""
    hours: str = ""
    enquiry: str = ""

    @property
    def window(self) -> Window:
        """The counter as papers name it."""
        return Window(
            number=self.counter,
            region=self.region,
            phone=self.phone,
            address=self.address,
            hours=self.hours,
            enquiry=self.enquiry,
            demo=self.demo,
        )


def default_home() -> Path:
    """The platform's data folder for this product."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "ebp"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "ebp"


def chosen_home(option: str | None) -> Path:
    """``--home``, else ``EBP_HOME``, else the platform's data folder."""
    return Path(option or os.environ.get("EBP_HOME") or default_home()).expanduser().resolve()


def read_identity(home: Path) -> Identity | None:
    """What this home was enrolled as, or None; raises BadInputError ``identity_damaged``."""
    path = home / IDENTITY_NAME
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Identity)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError(
            "identity_damaged", "本机的窗口登记文件损坏。", place=str(path), todo="请系统管理员重新登记本机。"
        ) from error


def enrolled(home: Path) -> Identity:
    """The identity of an enrolled home; raises RefusedError ``not_enrolled``."""
    identity = read_identity(home)
    if identity is None:
        raise RefusedError(
            "not_enrolled",
            "本机还没有登记为窗口。",
            article="第三十一条",
            place=str(home),
            safe="未做任何改动。",
            todo="用管理员给的登记码执行 ebp enrol。",
        )
    return identity


def write_identity(home: Path, identity: Identity) -> None:
    """Writes the identity durably."""
    write_durably(private_folder(home) / IDENTITY_NAME, msgspec.json.encode(identity))


def clock_of(identity: Identity | None) -> Clock:
    """The system's clock; in demo homes ``EBP_NOW`` may set it."""
    wanted = os.environ.get("EBP_NOW", "")
    if not wanted or identity is None or not identity.demo:
        return SystemClock()
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError as error:
        raise BadInputError("time_unreadable", f"EBP_NOW 不是时间：{wanted}", place="EBP_NOW") from error
    return SetClock(moment if moment.tzinfo else moment.replace(tzinfo=CHINA))
