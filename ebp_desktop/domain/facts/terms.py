"""The small values inside facts: kinds and channels, what the guide says of a matter, items, copies, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.states import Nature


class NoticeKind(StrEnum):
    """Papers that central numbers and a department answers for."""

    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement_notice"
    REFUSAL = "refusal"
    NOT_NEEDED = "not_needed"
    SPECIAL = "special"
    EXTENSION = "extension"
    DENIAL = "denial"
    APPROVAL = "approval"


class Channel(StrEnum):
    """How an applicant was reached."""

    SIGNED = "signed"
    ELECTRONIC = "electronic"
    CALL = "call"
    MESSAGE = "message"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return {"signed": "当面签收", "electronic": "电子送达", "call": "电话告知", "message": "短信告知"}[self.value]


class ResultForm(StrEnum):
    """结果形式: what a matter gives out."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    BOTH = "both"


class LicenceStatus(StrEnum):
    """证照状态 (Art. 19)."""

    VALID = "valid"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTerms:
    """What the guide in force on the received day says of one matter; it binds to the end (rule 13)."""

    code: str
    name: str
    department: str
    department_name: str
    nature: Nature
    promised: Limit | None = None
    statutory: Limit | None = None
    after: tuple[str, ...] = ()
    counts_from_prerequisite: bool = False
    result_form: ResultForm = ResultForm.ELECTRONIC
    result_name: str = ""
    deemed_acceptance: bool = True
    higher_authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one situation question."""

    question: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """电子送达 consent and address, confirmed on the slip."""

    given: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementItem:
    """补正 item: the line, what is wrong with it and what is asked."""

    material: str
    name: str
    problem: str
    demand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPaper:
    """One returned original or copy with its count."""

    material: str
    name: str
    original: int
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceCopy:
    """One 正本 or 副本 of a licence."""

    licence: UUID
    copy_no: int
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckCopy:
    """A copy that was not handed over, and why (rule 8)."""

    licence: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """救济途径 of a department, as dated data; a blank one means that the document cannot be issued."""

    review_body: str = ""
    review_term: str = ""
    court: str = ""
    suit_term: str = ""
    phone: str = ""
    complaint_phone: str = ""
    address: str = ""
