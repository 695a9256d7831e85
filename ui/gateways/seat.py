"""The seat at the counter: the open counter and the person who serves at it, as the gateways see them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ebp_desktop.services.context import Desk
from ebp_desktop.services.guides import GuideShelf
from ebp_desktop.services.handover import HandoverDesk
from ebp_desktop.services.importing import ImportedFiles
from ebp_desktop.services.intake import IntakeDesk
from ebp_desktop.services.ports import PrintOutcome
from ebp_desktop.services.queries import Queries
from ebp_desktop.services.registration import Registration
from ebp_desktop.services.results import ResultDesk
from ebp_desktop.services.sign_in import SignedIn
from ebp_desktop.services.supplement import SupplementDesk
from ebp_desktop.services.telling import NoticeDesk, Reprints
from ebp_desktop.services.window import Operator
from ui.shown import Mark


class UseCases(Protocol):
    """The use cases that the screens need."""

    @property
    def intake(self) -> IntakeDesk: ...
    @property
    def guides(self) -> GuideShelf: ...
    @property
    def registration(self) -> Registration: ...
    @property
    def notices(self) -> NoticeDesk: ...
    @property
    def reprints(self) -> Reprints: ...
    @property
    def supplements(self) -> SupplementDesk: ...
    @property
    def results(self) -> ResultDesk: ...
    @property
    def handover(self) -> HandoverDesk: ...
    @property
    def queries(self) -> Queries: ...


class WaitingShown(Protocol):
    """One thing on its way to central, in words."""

    @property
    def fact_id(self) -> UUID | None: ...
    @property
    def case_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def todo(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def legal_at(self) -> datetime: ...
    @property
    def can_mend(self) -> bool: ...


class SyncShown(Protocol):
    """Where sync stands."""

    @property
    def waiting(self) -> int: ...
    @property
    def parked(self) -> tuple[WaitingShown, ...]: ...
    @property
    def items(self) -> tuple[WaitingShown, ...]: ...
    @property
    def last_contact(self) -> datetime | None: ...
    @property
    def outage_since(self) -> datetime | None: ...
    @property
    def words(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


class Seat(Protocol):
    """The seat; everything but ``sign_in`` raises RefusedError ``sign_in_required`` while nobody sits there."""

    @property
    def desk(self) -> Desk:
        """Ports, calendar and window in force."""
        ...

    @property
    def services(self) -> UseCases:
        """The use cases."""
        ...

    @property
    def operator(self) -> Operator:
        """Who serves."""
        ...

    @property
    def taken(self) -> bool:
        """Whether somebody sits here."""
        ...

    def now(self) -> datetime:
        """The counter's time, also while nobody sits here."""
        ...

    def sign_in(self, user: str, password: str, otp: str) -> SignedIn:
        """Seat a person."""
        ...

    def sign_out(self) -> None:
        """The person leaves."""
        ...

    def read_files(self, files: tuple[Path, ...], into: Path) -> ImportedFiles:
        """Applicants' files as pages."""
        ...

    def sync_status(self) -> SyncShown:
        """What waits."""
        ...

    def sync_now(self) -> SyncShown:
        """Send and receive at once."""
        ...

    def printers(self) -> tuple[tuple[str, str, Mark], ...]:
        """Every printer with its state in words."""
        ...

    def print_pdf(self, pdf: bytes, title: str) -> PrintOutcome:
        """Print; a failure is an outcome."""
        ...
