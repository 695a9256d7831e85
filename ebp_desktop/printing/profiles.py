"""Which printer, tray, paper and number of copies each kind of document goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from ebp_desktop.domain.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Where a document goes; ``instead`` is tried when the first printer cannot print."""

    printer: Annotated[str, Meta(min_length=1)]
    instead: str = ""
    copies: Annotated[int, Meta(ge=1, le=99)] = 1
    tray: str = ""
    media: str = "A4"
    duplex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The hall's choice: ``usual`` for every kind that has no profile of its own in ``by_kind``."""

    usual: Profile
    by_kind: Mapping[str, Profile] = field(default_factory=dict)

    def for_kind(self, kind: str) -> Profile:
        """The profile of a document kind."""
        return self.by_kind.get(kind, self.usual)


def parse_profiles(raw: bytes) -> Profiles:
    """Profiles from JSON; ``BadInputError`` names the place of the first fault."""
    try:
        return msgspec.json.decode(raw, type=Profiles)
    except msgspec.ValidationError as fault:
        _, _, place = str(fault).partition(" - at ")
        raise BadInputError("print_profile", f"打印设置不合要求：{fault}", place=place.strip("`")) from fault
    except msgspec.DecodeError as fault:
        raise BadInputError("print_profile", f"打印设置不是有效的 JSON：{fault}") from fault
