"""The JSON files that case commands read; ``ebp case schema`` prints their shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ebp_desktop.domain.facts import Channel, Consent, FieldChange, ReturnedPaper
from ebp_desktop.domain.material import Counts, Verdict
from ebp_desktop.domain.project import Handler, Party, Works


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    """The project as typed: area in m², investment in 10,000 yuan; numbers may be texts."""

    name: str
    site: str
    region: str = "150300"
    national_code: str | None = None
    project_code: str | None = None
    floor_area_m2: Decimal | None = None
    investment_10k_yuan: Decimal | None = None
    works: Works | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFile:
    """One checklist line: what lies on the desk, the verdict, and the files with its pages (relative to the file)."""

    material: str
    received: Counts = Counts()
    verdict: Verdict = Verdict.NONE
    problem: str = ""
    pages: tuple[str, ...] = ()
    scan_owed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFile:
    """One registration: the same ``ref`` with the same body is one case."""

    ref: UUID
    stage: str
    project_type: str
    project: ProjectFile
    parties: tuple[Party, ...]
    handler: Handler
    declared_not_secret: bool
    answers: dict[str, str] = field(default_factory=dict)
    matters: tuple[str, ...] = ()
    lines: tuple[LineFile, ...] = ()
    consent: Consent = Consent()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementFile:
    """A hand-in against one or several supplement notices of one case."""

    notices: tuple[str, ...]
    lines: tuple[LineFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFile:
    """当场更正: ``signature`` is a picture of the applicant's signature, or the word "paper" for ink on the record."""

    code: str
    changes: tuple[FieldChange, ...]
    reason: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFile:
    """退件: which papers go back, for which matters, and why."""

    code: str
    matters: tuple[str, ...]
    reason: str
    papers: tuple[ReturnedPaper, ...]
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingFile:
    """How the applicant was told of a notice; a call or message needs its whole content."""

    channel: Channel
    recipient: str
    at: datetime | None = None
    content: str = ""
    signature: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyFile:
    """One attempt to tell the applicant that licences are ready."""

    matters: tuple[str, ...]
    channel: Channel
    address: str
    reached: bool
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencePagesFile:
    """Scanned pages of a paper licence."""

    licence: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFile:
    """Paper copies of a licence that arrive at this window."""

    licence: str
    place: str
    slip_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFile:
    """Copies of a licence that leave this window for another holder."""

    code: str
    licence: str
    to: str
    place: str
    slip_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFile:
    """领证: the scanned notice, who collects, and which copies (none named: all that may go)."""

    qr: str
    recipient: str
    id_number: str
    phone: str
    recipient_role: str = "agent"
    id_type: str = "居民身份证"
    signature: str = ""
    items: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFile:
    """遗失: both proofs, and the collection that follows at once, if any."""

    notice: str
    stated_unit: str
    seal_legible: bool
    statement: tuple[str, ...]
    id_copy: tuple[str, ...]
    collector: str
    collection: CollectionFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFile:
    """投诉: the same ``ref`` with the same words is one complaint; an anonymous one keeps no name and no phone."""

    ref: UUID
    about: str
    text: str
    complainant: str = ""
    phone: str = ""
    anonymous: bool = False


FILES: dict[str, type] = {
    "register": RegistrationFile,
    "supplement": SupplementFile,
    "correct": CorrectionFile,
    "return": ReturnFile,
    "deliver": TellingFile,
    "notify": NotifyFile,
    "licence_scan": LicencePagesFile,
    "licence_receive": ReceiveFile,
    "custody_move": MoveFile,
    "handover": CollectionFile,
    "lost": LossFile,
    "complaint": ComplaintFile,
}
