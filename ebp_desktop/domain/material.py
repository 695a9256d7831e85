"""Checklist lines: what is due, what was received, what the clerk found, and the scanned pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Keep(StrEnum):
    """收 keeps the original and passes it on; 验 compares it and hands it back at once."""

    NONE = "none"
    KEEP = "keep"
    SIGHT = "sight"

    @property
    def label(self) -> str:
        """收, 验 or a dash."""
        return {"none": "–", "keep": "收", "sight": "验"}[self.value]


class Verdict(StrEnum):
    """What the clerk found on a line; every line needs one before registration (Art. 5)."""

    NONE = "none"
    QUALIFIED = "qualified"
    MISSING = "missing"
    DEFECTIVE = "defective"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """The word on the screen and the slip."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {
    Verdict.NONE: "未核",
    Verdict.QUALIFIED: "合格",
    Verdict.MISSING: "缺件",
    Verdict.DEFECTIVE: "不合格",
    Verdict.EXEMPT: "免交",
}


class ShareState(StrEnum):
    """How a shareable material stands (Art. 13); none of them blocks a registration."""

    NOT_SHAREABLE = "not_shareable"
    SHARED = "shared"
    PENDING = "pending"
    FAILED = "failed"
    DUE_FROM_STAGE = "due_from_stage"

    @property
    def label(self) -> str:
        """The word on the line."""
        return _SHARE_LABELS[self]


_SHARE_LABELS = {
    ShareState.NOT_SHAREABLE: "",
    ShareState.SHARED: "已共享取得",
    ShareState.PENDING: "待共享（离线）",
    ShareState.FAILED: "共享失败，可临时上传",
    ShareState.DUE_FROM_STAGE: "本阶段产生",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """份数 of originals, copies and electronic files."""

    original: int = 0
    copy: int = 0
    electronic: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One scanned or imported page; ``sha256`` names its untouched bytes, the rest are numbers applied in the view."""

    sha256: str
    size: int
    mime: str
    width: int = 0
    height: int = 0
    dpi: int = 0
    rotation: int = 0
    skew_degrees: str = "0"
    origin: str = "scan"
    operator: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOwed:
    """A lead's leave to scan later, by close of business and before any handover."""

    reason: str
    allowed_by: str
    allowed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Where a shared material came from, or why it did not."""

    state: ShareState = ShareState.NOT_SHAREABLE
    source: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """材料项: one checklist line of one filing, used by the matters named in ``matters``."""

    material: str
    name: str
    due: Counts
    received: Counts
    matters: tuple[str, ...]
    keep: Keep = Keep.NONE
    verdict: Verdict = Verdict.NONE
    problem: str = ""
    pages: tuple[Page, ...] = ()
    files: tuple[Page, ...] = ()
    share: Share = Share()
    scan_owed: ScanOwed | None = None
    native_required: bool = False
    keeper: str = ""

    @property
    def is_paper_received(self) -> bool:
        """Any original or copy lies on the desk."""
        return self.received.original > 0 or self.received.copy > 0

    @property
    def lacks_scan(self) -> bool:
        """Paper without its scan and without a lead's leave (Art. 5)."""
        return self.is_paper_received and not self.pages and self.scan_owed is None

    @property
    def is_lacking(self) -> bool:
        """To be named on the slip as missing or defective; a shareable line never is (Art. 13)."""
        return self.share.state is ShareState.NOT_SHAREABLE and self.verdict in {Verdict.MISSING, Verdict.DEFECTIVE}
