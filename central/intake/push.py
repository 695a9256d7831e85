"""The push: facts of one counter in sequence, each answered once and for ever, all of them in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from central.intake.effects import apply_fact
from central.intake.verdicts import Verdict, deferred, rejected
from central.intake.waiting import write_and_release
from central.runtime import Central
from central.store import devices, ledger
from central.store import schema as t
from central.store.cases import CaseBook
from central.store.devices import Device
from central.store.ledger import BODY_VERSION, Answered, StoredEnvelope, StoredFact
from central.store.times import stamp
from central.store.work import RECEIPTS, Work, reserve
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import ED25519, PublicKey, Signer, from_base64, load_verifier, to_base64
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.facts import COUNTER_KINDS, KINDS
from sync.protocol.codec import envelope_hash, push_bytes, receipt_bytes
from sync.protocol.messages import (
    MAX_BATCH,
    Envelope,
    FactResult,
    Outcome,
    PushAnswer,
    PushRequest,
    Receipt,
)
from sync.protocol.wire import OP_MUTATED

_ENVELOPE: Final = 1
_OLDEST_BODY: Final = 1


def push(central: Central, caller: Device, request: PushRequest) -> PushAnswer:
    """Take in a batch; results stand in the order of the request.

    Raises RefusedError ``op_mutated``, ``chain_forked``, ``epoch_closed`` or ``device_quarantined``, BadInputError
    ``batch_too_large``, ``bad_envelope`` or ``bad_signature``.
    """
    _check_shape(caller, request)
    try:
        return central.transact(lambda work: _Batch(central, work, request).run())
    except _ForkedChainError as forked:
        code, words = forked.code, forked.words
        central.transact(lambda work: _quarantine(work, caller, code))
        raise RefusedError(
            code,
            words,
            safe="中心端已有的记录和本机待发记录都保留，未作改动。",
            todo="本工作站已暂停收发，请系统管理员核对后处理。",
        ) from forked


class _ForkedChainError(Exception):
    """The device contradicts its own past."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def _quarantine(work: Work, device: Device, code: str) -> None:
    devices.quarantine(work.connection, device.device, code)
    work.note("central", "device.quarantined", device.counter_no, code)


def _check_shape(caller: Device, request: PushRequest) -> None:
    if caller.quarantined:
        raise RefusedError(
            "device_quarantined",
            "本工作站的记录与中心端矛盾，已暂停收发。",
            safe="待发记录仍在本机。",
            todo="请系统管理员核对后处理。",
        )
    if not 1 <= len(request.envelopes) <= MAX_BATCH:
        raise BadInputError("batch_too_large", f"每批应为 1 至 {MAX_BATCH} 条记录。")
    for envelope in request.envelopes:
        if (envelope.device, envelope.epoch) != (caller.device, request.epoch) or request.device != caller.device:
            raise BadInputError("bad_envelope", "记录不属于本工作站。")
        if envelope.hash != envelope_hash(envelope):
            raise BadInputError("bad_envelope", "记录内容与其摘要不符。", place=str(envelope.fact_id))
    verifier = load_verifier(PublicKey(ED25519, caller.key_id, caller.public_key))
    try:
        signature = from_base64(request.signature)
    except CryptoError as error:
        raise BadInputError("bad_signature", "批次签名无法识别。") from error
    if not verifier.verify(push_bytes(request.envelopes), signature):
        raise BadInputError("bad_signature", "批次签名不符。")


@dataclass(slots=True)
class _Batch:
    """One push in its transaction."""

    central: Central
    work: Work
    request: PushRequest
    _accepted: list[tuple[Envelope, FactResult]] = field(default_factory=list)
    _results: list[FactResult] = field(default_factory=list)

    def run(self) -> PushAnswer:
        """Answer every envelope, then write everything that this batch adds."""
        connection = self.work.connection
        device = devices.find_device(connection, self.request.device, lock=True)
        if device is None or device.epoch != self.request.epoch:
            raise RefusedError(
                "epoch_closed",
                "本工作站的记录链已另起，本批未收。",
                safe="待发记录仍在本机。",
                todo="请重新连接中心端。",
            )
        envelopes = self.request.envelopes
        answered = ledger.find_answered(connection, [each.fact_id for each in envelopes])
        book = CaseBook(self.work, self.central.vault)
        book.load(each.case_id for each in envelopes if each.fact_id not in answered)
        seq, head = device.seq_high, device.chain_head
        for envelope in envelopes:
            known = answered.get(envelope.fact_id, [])
            same = next((each for each in known if each.hash == envelope.hash), None)
            if same is not None:
                self._results.append(_replayed(same))
                continue
            if envelope.seq > seq + 1:
                self._results.append(_retry(envelope, seq + 1))
                continue
            repeated = self._repeated(envelope, known)
            if envelope.seq <= seq or envelope.prev != head:
                raise _ForkedChainError("chain_forked", "本工作站的记录链与中心端已有的不一致。")
            seq, head = envelope.seq, envelope.hash
            if repeated is None:
                self._take_in(book, device, envelope)
            else:
                self._note(envelope, repeated)
        self._settle(book, device, seq, head)
        return PushAnswer(results=tuple(self._results), server_time=stamp(self.work.now))

    def _take_in(self, book: CaseBook, device: Device, envelope: Envelope) -> None:
        verdict = self._verdict(book, device, envelope)
        if verdict.outcome is not Outcome.APPLIED:
            book.add(replace(_stored(envelope, device), applied=False))
        self._note(envelope, verdict.result(envelope.fact_id))

    def _note(self, envelope: Envelope, result: FactResult) -> None:
        self._accepted.append((envelope, result))
        self._results.append(result)

    def _repeated(self, envelope: Envelope, known: list[Answered]) -> FactResult | None:
        """The answer to a fact that the same device sent in an earlier epoch and has put into its new chain.

        None for a fact that is new here; raises _ForkedChainError for another content under a known id.
        """
        if not known:
            if ledger.has_fact(self.work.connection, envelope.fact_id):
                raise _mutated()
            return None
        kept = ledger.load_facts(self.work.connection, self.central.vault, [str(envelope.fact_id)])
        fact = kept.get(str(envelope.fact_id))
        is_moved = all((each.device, each.epoch) != (envelope.device, envelope.epoch) for each in known)
        mine = all(each.device == envelope.device for each in known)
        if not (is_moved and mine) or (fact is not None and _content(fact) != _content(envelope)):
            raise _mutated()
        return _replayed(known[-1])

    def _verdict(self, book: CaseBook, device: Device, envelope: Envelope) -> Verdict:
        if envelope.fact_id in self.request.hold:
            return deferred("held", "中心端处理本条记录时出错，已原样保存，待修复后生效。")
        if envelope.v != _ENVELOPE or envelope.kind not in KINDS or not _OLDEST_BODY <= envelope.body_v <= BODY_VERSION:
            return deferred("upgrade", "中心端版本较旧，已原样保存，升级后生效。", "upgrade")
        if envelope.kind not in COUNTER_KINDS:
            self.work.note(envelope.actor, "fact.refused", str(envelope.fact_id), envelope.kind)
            return rejected("not_a_counter_act", "窗口不能作出审批部门的意见或决定。", article="第七条")
        missing = self._missing_deps(envelope)
        if missing:
            return deferred("deps", "所依赖的记录尚未收到。", *(str(each) for each in missing))
        return apply_fact(book, self.central, device, _stored(envelope, device))

    def _missing_deps(self, envelope: Envelope) -> list[UUID]:
        if not envelope.deps:
            return []
        here = {one.fact_id for one, result in self._accepted if result.outcome is Outcome.APPLIED}
        unknown = [each for each in envelope.deps if each not in here]
        known = ledger.known_facts(self.work.connection, unknown)
        return [each for each in unknown if each not in known]

    def _settle(self, book: CaseBook, device: Device, seq: int, head: str) -> None:
        write_and_release(book, self.central, device)
        note_blobs(self.work, (envelope for envelope, _ in self._accepted))
        if not self._accepted:
            devices.touch(self.work.connection, device.device, self.work.now)
            return
        devices.advance(self.work.connection, device.device, seq, head, self.work.now)
        first = reserve(self.work.connection, RECEIPTS, len(self._accepted))
        kept = []
        signed: dict[UUID, FactResult] = {}
        for offset, (envelope, result) in enumerate(self._accepted):
            receipt = make_receipt(self.central.signer, envelope, first + offset, stamp(self.work.now))
            signed[envelope.fact_id] = replace(result, receipt=receipt)
            kept.append(StoredEnvelope(envelope=envelope, result=signed[envelope.fact_id], server_seq=first + offset))
        ledger.save_envelopes(self.work.connection, kept)
        self._results = [signed.get(result.fact_id, result) for result in self._results]


def _stored(envelope: Envelope, device: Device) -> StoredFact:
    return StoredFact(
        fact_id=envelope.fact_id,
        case_id=envelope.case_id,
        kind=envelope.kind,
        body_v=envelope.body_v,
        body=envelope.body,
        actor=envelope.actor,
        origin=device.counter_no,
        legal_at=envelope.legal_at,
        recorded_at=envelope.recorded_at,
    )


def _replayed(known: Answered) -> FactResult:
    """The first answer again; one that took effect then is a duplicate now, with the same receipt."""
    if known.result.outcome is Outcome.APPLIED:
        return replace(known.result, outcome=Outcome.DUPLICATE)
    return known.result


def _content(fact: StoredFact | Envelope) -> tuple[UUID, str, int, str, str]:
    return fact.case_id, fact.kind, fact.body_v, fact.body, fact.actor


def _mutated() -> _ForkedChainError:
    return _ForkedChainError(OP_MUTATED, "同一记录编号先后有两种内容。")


def _retry(envelope: Envelope, expected: int) -> FactResult:
    return FactResult(
        fact_id=envelope.fact_id,
        outcome=Outcome.RETRY,
        code="gap",
        message="前面的记录尚未收到。",
        retry_from=expected,
    )


def make_receipt(signer: Signer, envelope: Envelope, server_seq: int, received_at: str) -> Receipt:
    """Central's signed word for one fact."""
    blank = Receipt(
        fact_id=envelope.fact_id,
        hash=envelope.hash,
        server_seq=server_seq,
        received_at=received_at,
        key_id=signer.key_id,
        alg=signer.alg,
        signature="",
    )
    return replace(blank, signature=to_base64(signer.sign(receipt_bytes(blank))))


def note_blobs(work: Work, envelopes: Iterable[Envelope]) -> None:
    """Remember which scans belong to which case; their bytes come later."""
    wanted = {(str(each.case_id), ref.sha256): ref for each in envelopes for ref in each.blobs}
    if not wanted:
        return
    digests = sorted({digest for _, digest in wanted})
    cases = sorted({case_id for case_id, _ in wanted})
    linked = {
        (row.case_id, row.sha256)
        for row in work.connection.execute(sa.select(t.case_blobs).where(t.case_blobs.c.case_id.in_(cases)))
    }
    fresh = [
        {"case_id": case_id, "sha256": digest} for case_id, digest in sorted(wanted) if (case_id, digest) not in linked
    ]
    if fresh:
        work.connection.execute(sa.insert(t.case_blobs), fresh)
    known = set(work.connection.scalars(sa.select(t.blobs.c.sha256).where(t.blobs.c.sha256.in_(digests))))
    rows = {
        ref.sha256: {
            "sha256": ref.sha256,
            "size": ref.size,
            "mime": ref.mime,
            "offset": 0,
            "done": False,
            "created_at": stamp(work.now),
        }
        for ref in wanted.values()
        if ref.sha256 not in known
    }
    if rows:
        work.connection.execute(sa.insert(t.blobs), [rows[digest] for digest in sorted(rows)])
