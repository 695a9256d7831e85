"""Where each message of EBP-Sync/1 goes over HTTP, and the headers that carry what is no message.

Everything is JSON below ``/v1`` but the bytes of scans. A failure is a ``Problem`` with its status: 401 and 403 for a
device that is not (any more) welcome, 409 ``must_refetch`` on pull and ``op_mutated`` on push, 413 for a batch that is
too large, 426 for a client that is too old to pull, 429 and 503 with ``Retry-After`` in seconds.
"""

from __future__ import annotations

from typing import Final

from ebp_desktop.crypto.signatures import from_base64, to_base64

ENROL: Final = "/v1/enrol"
HELLO: Final = "/v1/hello"
PUSH: Final = "/v1/push"
PULL: Final = "/v1/pull"
LEASE: Final = "/v1/codes/lease"
RETURN: Final = "/v1/codes/return"
LOOKUP: Final = "/v1/codes/lookup"
CHECK: Final = "/v1/check"
PERMITS: Final = "/v1/permits"
BLOBS: Final = "/v1/blobs/"

JSON: Final = "application/json"
PART: Final = "application/partial-upload"

UPLOAD_LENGTH: Final = "Upload-Length"
UPLOAD_OFFSET: Final = "Upload-Offset"
UPLOAD_COMPLETE: Final = "Upload-Complete"
CONTENT_DIGEST: Final = "Content-Digest"

MUST_REFETCH: Final = "must_refetch"
OP_MUTATED: Final = "op_mutated"
EPOCH_CLOSED: Final = "epoch_closed"
NONCE_USED: Final = "nonce_used"
_SHA256_FIELD = "sha-256=:"


def digest_field(hex_digest: str) -> str:
    """The ``Content-Digest`` field (RFC 9530) of a hex SHA-256."""
    return f"{_SHA256_FIELD}{to_base64(bytes.fromhex(hex_digest))}:"


def digest_of_field(value: str) -> str:
    """The hex SHA-256 in a ``Content-Digest`` field, or empty when there is none; raises CryptoError for bad base64."""
    if not (value.startswith(_SHA256_FIELD) and value.endswith(":")):
        return ""
    return from_base64(value[len(_SHA256_FIELD) : -1]).hex()
