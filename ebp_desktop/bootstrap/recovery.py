"""Opens a home's store, and rebuilds it from the journal when the database is damaged or gone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.facts import Fact, decode_body
from ebp_desktop.services.ports import FileInfo, SealedFact, Slot
from ebp_desktop.store.database_store import CounterStore, Now, open_store
from ebp_desktop.store.rescue import RecoveredFact, RescueReport, rebuild
from sync.protocol.codec import envelope_hash, from_json
from sync.protocol.messages import Envelope

_MENDABLE = frozenset({"database_damaged", "database_lost"})


class CounterEnvelopes:
    """Reads this counter's envelopes back into facts; the opposite of ``sync.outgoing.Sealer``."""

    def __init__(self, counter: str) -> None:
        self._counter = counter

    def read(self, raw: bytes) -> RecoveredFact:
        """What an envelope holds; raises BadInputError ``bad_message`` or ``bad_fact``."""
        envelope = from_json(raw, Envelope)
        fact = Fact(
            id=envelope.fact_id,
            case_id=envelope.case_id,
            kind=envelope.kind,
            legal_at=_moment(envelope.legal_at),
            recorded_at=_moment(envelope.recorded_at),
            actor=envelope.actor,
            origin=self._counter,
            body=decode_body(envelope.kind, envelope.body.encode()),
        )
        slot = Slot(device=envelope.device, epoch=envelope.epoch, seq=envelope.seq, prev=envelope.prev)
        files = tuple(FileInfo(sha256=blob.sha256, size=blob.size, mime=blob.mime) for blob in envelope.blobs)
        return RecoveredFact(fact, slot, SealedFact(hash=envelope_hash(envelope), raw=raw), files)


def open_or_rebuild(home: Path, data_key: bytes, now: Now, counter: str) -> tuple[CounterStore, RescueReport | None]:
    """Open the store; a damaged or lost database is put aside and what was unsent comes back from the journal.

    The rest comes back with the feed. The report is None when nothing had to be rebuilt. Raises SurroundingsError for
    everything that a rebuild cannot mend.
    """
    try:
        return open_store(home, data_key, now), None
    except SurroundingsError as error:
        if error.code not in _MENDABLE:
            raise
    report = rebuild(home, data_key, now, CounterEnvelopes(counter))
    return open_store(home, data_key, now), report


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)
