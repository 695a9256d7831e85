"""The second copy of everything unsent: an append-only, sealed, flushed file beside the database.

When the database is damaged, central's feed and this journal give everything back: envelopes that central had not
receipted, and the case keys that open their scans. A torn end (power cut while appending) costs only that record; a
damaged record in the middle is skipped and counted.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgspec

from ebp_desktop.crypto.errors import WrongKeyError
from ebp_desktop.crypto.keys import open_bytes, seal_bytes
from ebp_desktop.store.locks import ProcessLock
from ebp_desktop.store.platform_files import durable_file, erase, flush_folder, private_folder, said

_MARK = b"\xebJ1\n"
_LENGTH = struct.Struct(">I")
_CONTEXT = b"EBP journal 1"
_OVERHEAD = len(_MARK) + _LENGTH.size


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFact:
    """One unsent envelope: where it stands in the chain and its exact bytes."""

    fact_id: UUID
    case_id: UUID | None
    epoch: str
    seq: int
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalKey:
    """A case key, so that the scans of an unsent case still open after the database is gone."""

    case_id: UUID
    key_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSetting:
    """A named text of this home: without its device key and counter number a rebuilt store could not call central."""

    name: str
    value: str = field(repr=False)


JournalEntry: TypeAlias = JournalFact | JournalKey | JournalSetting


@dataclass(frozen=True, slots=True)
class JournalContent:
    """All that could be read, and how many damaged stretches were passed over."""

    facts: tuple[JournalFact, ...]
    keys: tuple[JournalKey, ...]
    settings: tuple[JournalSetting, ...]
    damaged: int


class _Record(msgspec.Struct, omit_defaults=True):
    fact: JournalFact | None = None
    key: JournalKey | None = None
    setting: JournalSetting | None = None


class OutboxJournal:
    """The journal file; a lock file beside it keeps two processes from writing at once."""

    __slots__ = ("_key", "_path")

    def __init__(self, path: Path, key: bytes) -> None:
        private_folder(path.parent)
        self._path, self._key = path, key

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = ProcessLock(self._path.with_name(self._path.name + ".lock"))
        lock.acquire(wait=True)
        try:
            yield
        except OSError as error:
            raise said(error) from error
        finally:
            lock.release()

    def append(self, entries: Iterable[JournalEntry]) -> None:
        """Add entries and flush them; raises SurroundingsError when the disk is full or fails."""
        data = b"".join(self._sealed(entry) for entry in entries)
        if not data:
            return
        with self._alone():
            fresh = not self._path.exists()
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "ab") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            if fresh:
                flush_folder(self._path.parent)

    def read(self) -> JournalContent:
        """Return every record that opens, the latest of each fact and key."""
        facts: dict[UUID, JournalFact] = {}
        keys: dict[UUID, JournalKey] = {}
        settings: dict[str, JournalSetting] = {}
        damaged = 0
        for record in self._records():
            if record is None:
                damaged += 1
            elif record.fact is not None:
                facts[record.fact.fact_id] = record.fact
            elif record.key is not None:
                keys[record.key.case_id] = record.key
            elif record.setting is not None:
                settings[record.setting.name] = record.setting
        ordered = sorted(facts.values(), key=lambda fact: (fact.epoch, fact.seq))
        return JournalContent(tuple(ordered), tuple(keys.values()), tuple(settings.values()), damaged)

    def rewrite(self, entries: Iterable[JournalEntry]) -> None:
        """Replace the content in one step: after receipts came in, or to forget a purged case."""
        old = self._path.with_name(self._path.name + ".old")
        with self._alone():
            erase(old)
            # A second name, so that the old content can be overwritten after the new one has taken its place.
            with suppress(FileNotFoundError, PermissionError):
                os.link(self._path, old)
            with durable_file(self._path) as out:
                for entry in entries:
                    out.write(self._sealed(entry))
            erase(old)

    def size(self) -> int:
        """Return the file's size in bytes."""
        return self._path.stat().st_size if self._path.exists() else 0

    def _sealed(self, entry: JournalEntry) -> bytes:
        sealed = seal_bytes(self._key, msgspec.msgpack.encode(_record(entry)), _CONTEXT)
        return _MARK + _LENGTH.pack(len(sealed)) + sealed

    def _records(self) -> Iterator[_Record | None]:
        """Yield records in order, None for each damaged stretch; a torn last record is no damage."""
        data = self._path.read_bytes() if self._path.exists() else b""
        place = 0
        while place < len(data):
            record, following = self._record_at(data, place)
            if record is not None:
                yield record
                place = following
                continue
            skipped = data.find(_MARK, place + 1)
            if skipped < 0:
                if not _torn(data, place):
                    yield None
                return
            yield None
            place = skipped

    def _record_at(self, data: bytes, place: int) -> tuple[_Record | None, int]:
        start = place + _OVERHEAD
        if data[place : place + len(_MARK)] != _MARK or start > len(data):
            return None, place
        (length,) = _LENGTH.unpack_from(data, place + len(_MARK))
        try:
            plain = open_bytes(self._key, data[start : start + length], _CONTEXT)
            return msgspec.msgpack.decode(plain, type=_Record), start + length
        except (WrongKeyError, msgspec.DecodeError):
            return None, place


def _record(entry: JournalEntry) -> _Record:
    if isinstance(entry, JournalFact):
        return _Record(fact=entry)
    return _Record(key=entry) if isinstance(entry, JournalKey) else _Record(setting=entry)


def _torn(data: bytes, place: int) -> bool:
    """Tell whether the last record is cut short, as a power cut leaves it."""
    if not _MARK.startswith(data[place : place + len(_MARK)]):
        return False
    if len(data) - place < _OVERHEAD:
        return True
    (length,) = _LENGTH.unpack_from(data, place + len(_MARK))
    return bool(place + _OVERHEAD + length > len(data))
