"""Puts facts into the envelopes of EBP-Sync/1 and chains them; the store calls this inside its transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain.facts import Fact, encode_body
from ebp_desktop.domain.material import Page
from ebp_desktop.services.ports import SealedFact, Slot
from sync.protocol.codec import from_json, sealed, to_json
from sync.protocol.messages import BlobRef, Envelope

BODY_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a court would ask about the time: boot, running clock, known clock error, and the permit acted under."""

    permit_id: str = ""
    boot_id: str = ""
    mono_ms: int = 0
    skew_ms: int = 0


@dataclass(frozen=True, slots=True)
class Sealer:
    """Implements ``services.ports.EnvelopeSealer``; ``circumstances`` is asked at each sealing."""

    circumstances: Callable[[], Circumstances] = Circumstances

    def seal(self, fact: Fact, slot: Slot, blobs: tuple[Page, ...], supersedes: UUID | None) -> SealedFact:
        """The envelope of a fact for its place in the chain."""
        seen = self.circumstances()
        envelope = sealed(
            Envelope(
                v=1,
                fact_id=fact.id,
                device=slot.device,
                epoch=slot.epoch,
                seq=slot.seq,
                prev=slot.prev,
                case_id=fact.case_id,
                kind=fact.kind,
                body_v=BODY_VERSION,
                body=encode_body(fact.body).decode(),
                actor=fact.actor,
                recorded_at=_iso(fact.recorded_at),
                legal_at=_iso(fact.legal_at),
                permit_id=seen.permit_id,
                boot_id=seen.boot_id,
                mono_ms=seen.mono_ms,
                skew_ms=seen.skew_ms,
                blobs=tuple(BlobRef(sha256=page.sha256, size=page.size, mime=page.mime) for page in blobs),
                supersedes=supersedes,
            )
        )
        return SealedFact(hash=envelope.hash, raw=to_json(envelope))


def rechained(raw: bytes, slot: Slot) -> SealedFact:
    """The same fact at its place in the chain of a new epoch, after a restore."""
    old = from_json(raw, Envelope)
    envelope = sealed(replace(old, epoch=slot.epoch, seq=slot.seq, prev=slot.prev))
    return SealedFact(hash=envelope.hash, raw=to_json(envelope))


def _iso(moment: datetime) -> str:
    return moment.isoformat()
