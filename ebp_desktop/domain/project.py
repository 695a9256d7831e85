"""A construction project, its works and the parties that apply."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class PartyKind(StrEnum):
    """A unit has a USCC, a person an ID number."""

    UNIT = "unit"
    PERSON = "person"


class PartyRole(StrEnum):
    """What a party is to the project."""

    OWNER = "owner"
    AGENT_BUILDER = "agent_builder"
    CONSORTIUM_MEMBER = "consortium_member"
    CONTRACTOR = "contractor"
    SURVEYOR = "surveyor"
    DESIGNER = "designer"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """申请人或参建单位: ``code`` is the USCC of a unit or the ID number of a person, normalised."""

    name: str
    kind: PartyKind
    code: str
    role: PartyRole = PartyRole.OWNER
    legal_representative: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """经办人: the person at the window."""

    name: str
    person_id: str
    phone: str
    is_agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """工程/标段 of a project; ``gcdm`` is the national 工程代码 where it exists."""

    name: str
    gcdm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """项目: ``project_code`` is final once it is there; ``temporary_no`` stands in while there is none (Art. 6)."""

    name: str
    project_type: str
    region: str
    site: str
    project_code: str | None = None
    temporary_no: str | None = None
    national_code: str | None = None
    floor_area_m2: Decimal | None = None
    investment_10k_yuan: Decimal | None = None
    works: Works | None = None

    @property
    def number(self) -> str:
        """The number to show: the project code, else the temporary one."""
        return self.project_code or self.temporary_no or ""
