"""What the engine knows between two steps; a fresh one after every start loses nothing but patience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from sync.failures import Failure
from sync.policy import Channel, Policy
from sync.ports import BlobTask, Outage
from sync.suspicion import CLEAR, Suspicion

COLLECTIONS = ("fact", "guide", "calendar", "key", "person", "alias", "lease")


class Line(StrEnum):
    """Kinds of requests that fail and recover each on their own."""

    HELLO = "hello"
    PUSH = "push"
    PULL = "pull"
    LEASE = "lease"
    REASK = "reask"
    BLOB = "blob"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Central does not welcome this device (401, 403): everything waits, a greeting is tried now and then."""

    failure: Failure
    probe_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The scan being sent, and how much of it central holds."""

    task: BlobTask
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The engine's memory.

    ``server_next`` is the number that central expects next (0 = unknown). ``skew_ms`` says how far the local clock is
    ahead, ``noted_at`` when that was last stored. ``refused`` counts refusals of scans, ``repairs`` of collections.
    """

    policy: Policy = field(default_factory=Policy)
    channels: Mapping[Line, Channel] = field(default_factory=dict)
    greeted_at: float | None = None
    server_next: int = 0
    batch: int = 0
    batch_bytes: int = 0
    suspicion: Suspicion = CLEAR
    pull_due: float = 0.0
    reask_due: float = 0.0
    ask_now: tuple[UUID, ...] = ()
    last_asked: UUID | None = None
    lease_request: UUID | None = None
    upload: Upload | None = None
    chunk: int = 0
    last_lane: UUID | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    check_due: float | None = None
    unchecked: tuple[str, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)
    pause: Pause | None = None
    is_too_old: bool = False
    outage: Outage | None = None
    skew_ms: int = 0
    noted_at: float | None = None
    epochs: int = 0
    last_failure: Failure | None = None

    def channel(self, line: Line) -> Channel:
        """The channel of this line, calm when it never failed."""
        return self.channels.get(line, Channel())

    def with_channel(self, line: Line, channel: Channel) -> State:
        """The state with another channel."""
        return replace(self, channels={**self.channels, line: channel})

    @property
    def full_batch(self) -> int:
        """How many facts a batch may hold now."""
        return self.batch or self.policy.batch

    @property
    def full_bytes(self) -> int:
        """How many bytes a batch may hold now."""
        return self.batch_bytes or self.policy.batch_bytes

    @property
    def part(self) -> int:
        """How many bytes of a scan travel at once now."""
        return self.chunk or self.policy.chunk_first
