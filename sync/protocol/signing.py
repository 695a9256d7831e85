"""Device signatures on requests: method, path with query, body digest, time and nonce (RFC 9421 in spirit).

A proxy may end TLS, so the request itself carries the proof of the device (design: uvicorn does not show client
certificates to the application).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEVICE_HEADER: Final = "EBP-Device"
CREATED_HEADER: Final = "EBP-Created"
NONCE_HEADER: Final = "EBP-Nonce"
DIGEST_HEADER: Final = "EBP-Content-Digest"
SIGNATURE_HEADER: Final = "EBP-Signature"
MAX_AGE_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """The parts of a request that the device signs; ``created`` is ISO 8601, ``content_digest`` hex SHA-256."""

    method: str
    target: str
    device: str
    created: str
    nonce: str
    content_digest: str

    def signing_bytes(self) -> bytes:
        """The exact bytes under the signature."""
        parts = ("EBP-Sync/1", self.method.upper(), self.target, self.device, self.created, self.nonce)
        return "\n".join((*parts, self.content_digest)).encode()
