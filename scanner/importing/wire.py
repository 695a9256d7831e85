"""What the counter and the import child say to each other: JSON lines, one message each, pixels never among them."""

from __future__ import annotations

import re

import msgspec

from scanner.limits import Limits
from scanner.manifest import Kept, Page

OWN_NAME = re.compile(r"(?:\d{4,}|kept-\d{3,})\.[a-z0-9]{2,4}")


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """The first line to the child: who started it, the folder to write to, and its limits."""

    parent: int
    into: str
    limits: Limits


class Task(msgspec.Struct, frozen=True, tag="task"):
    """One file to take in: its path, the name it has in the manifest, and the next free numbers."""

    path: str
    label: str
    next_page: int
    next_kept: int


class PageDone(msgspec.Struct, frozen=True, tag="page"):
    """One page lies in the folder."""

    page: Page


class KeptDone(msgspec.Struct, frozen=True, tag="kept"):
    """One whole file lies in the folder."""

    kept: Kept


class TaskDone(msgspec.Struct, frozen=True, tag="done"):
    """The file is finished."""


class TaskRefused(msgspec.Struct, frozen=True, tag="refused"):
    """The file is turned down; what was already written of it is void."""

    reason: str


class NoSpace(msgspec.Struct, frozen=True, tag="no_space"):
    """The disk is full; nothing more can be taken in."""


FromChild = PageDone | KeptDone | TaskDone | TaskRefused | NoSpace
