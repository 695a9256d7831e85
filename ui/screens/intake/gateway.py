"""What 收件 asks of the rest of the product."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from ebp_desktop.domain.registration import Draft
from ui.screens.intake.state import DraftHit, Prepared, ProjectHit, RegisteredShown, Taken
from ui.shown import Choice


class IntakeGateway(Protocol):
    """Drafts, guides, pages and the one act of registration."""

    def stages(self) -> tuple[Choice, ...]:
        """The stages that have a guide."""
        ...

    def project_types(self) -> tuple[Choice, ...]:
        """Types of projects that guides know."""
        ...

    def begin(self) -> Draft:
        """An empty draft of the person who serves, not yet kept."""
        ...

    def drafts(self) -> tuple[DraftHit, ...]:
        """Half-done cases, newest first."""
        ...

    def resume(self, draft: UUID) -> Draft:
        """A half-done case as it was left."""
        ...

    def projects(self, text: str) -> tuple[ProjectHit, ...]:
        """Projects that a code, a name or a USCC leads to."""
        ...

    def prepare(self, draft: Draft) -> Prepared:
        """The draft under the guide of its stage and type, by its answers so far; verdicts given stay."""
        ...

    def save(self, draft: Draft) -> None:
        """Keep the draft; it survives anything."""
        ...

    def discard(self, draft: UUID) -> None:
        """Give a draft up with everything taken in for it."""
        ...

    def take_files(self, draft: Draft, material: str, files: tuple[str, ...]) -> Taken:
        """Take files in as pages of a line."""
        ...

    def page(self, sha256: str) -> bytes:
        """The encoded picture of a page."""
        ...

    def register(self, draft: Draft) -> RegisteredShown:
        """Register and make the slip; RefusedError names everything that stands in the way."""
        ...

    def print_slip(self, registration_no: str) -> str:
        """Print the slip; gives the outcome in words."""
        ...
