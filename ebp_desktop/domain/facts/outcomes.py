"""Facts of central about results: licences and their status, withdrawals, codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ebp_desktop.domain.facts.terms import LicenceStatus, ResultForm
from ebp_desktop.domain.material import Page
from ebp_desktop.domain.states import MatterState


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceIssued:
    """证照 (Art. 18): electronic record, paper, or both; ``file`` is the electronic file kept whole."""

    licence: UUID
    matter: str
    form: ResultForm
    name: str
    number: str
    holder: str
    holder_code: str
    project_code: str
    issuer: str
    issued_on: date
    valid_until: date | None = None
    originals: int = 1
    duplicates: int = 0
    file: Page | None = None
    seal_verified: bool = False

    @property
    def paper_copies(self) -> int:
        """Copies that need custody; an electronic result has none (rule 6)."""
        return 0 if self.form is ResultForm.ELECTRONIC else self.originals + self.duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceStatusChanged:
    """Only the issuer changes or revokes (Art. 19)."""

    licence: UUID
    status: LicenceStatus
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRecorded:
    """Central recorded the applicant's withdrawal, before any decision."""

    matters: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerWithdrew:
    """撤回/撤销 by the issuer after 11; the licence is revoked at once."""

    matter: str
    state: MatterState
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAssigned:
    """The project's code where the counter had only a temporary number, or the canonical one of an alias."""

    project_code: str
    instead_of: str
    at: datetime
