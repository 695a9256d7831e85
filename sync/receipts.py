"""Central's word, checked: each answer stands at its fact, each receipt is for that fact and signed by a known key."""

from __future__ import annotations

from datetime import datetime

from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import Keyring, from_base64
from sync.failures import Failure, FailureKind, LinkError
from sync.protocol.codec import receipt_bytes
from sync.protocol.messages import Envelope, FactResult, Outcome, Receipt

_WITH_RECEIPT = frozenset({Outcome.APPLIED, Outcome.DUPLICATE, Outcome.DEFERRED})


def check_results(envelopes: tuple[Envelope, ...], results: tuple[FactResult, ...], keys: Keyring) -> None:
    """Raises LinkError (garbage) where an answer does not fit; nothing of such an answer may be believed."""
    if len(results) != len(envelopes):
        raise _garbage("答复的条数与所发不符。")
    for envelope, result in zip(envelopes, results, strict=True):
        if result.fact_id != envelope.fact_id:
            raise _garbage("答复的次序与所发不符。")
        if result.receipt is not None:
            _check_receipt(envelope, result.receipt, keys)
        elif result.outcome in _WITH_RECEIPT:
            raise _garbage("答复缺少回执。")


def _check_receipt(envelope: Envelope, receipt: Receipt, keys: Keyring) -> None:
    if (receipt.fact_id, receipt.hash) != (envelope.fact_id, envelope.hash):
        raise _garbage("回执与所发记录不符。")
    verifier = keys.find(receipt.key_id)
    if verifier is None or verifier.alg != receipt.alg:
        raise _garbage("回执的签名密钥未知。")
    if not verifier.verify(receipt_bytes(receipt), _raw(receipt.signature)):
        raise _garbage("回执的签名不符。")


def server_clock(text: str) -> datetime:
    """Central's time from an answer; raises LinkError (garbage)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _garbage("答复中的时间无法识别。") from error
    if moment.tzinfo is None:
        raise _garbage("答复中的时间没有时区。")
    return moment


def _raw(signature: str) -> bytes:
    try:
        return from_base64(signature)
    except CryptoError as error:
        raise _garbage("回执的签名无法识别。") from error


def _garbage(message: str) -> LinkError:
    return LinkError(Failure(kind=FailureKind.GARBAGE, message=message))
