"""The talks with central that a person waits for: becoming a counter, signing in, asking for a project code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import (
    Keyring,
    PublicKey,
    Signer,
    from_base64,
    load_verifier,
    to_base64,
)
from ebp_desktop.domain.errors import RefusedError
from sync.failures import FailureKind, LinkError
from sync.ports import CentralLink
from sync.protocol.codec import permit_bytes
from sync.protocol.messages import (
    CodeLookup,
    EnrolAnswer,
    EnrolRequest,
    Permit,
    PermitRequest,
    PublishedKey,
)
from sync.transport import DeviceIdentity, HttpLink, tls_context


class PermitLink(Protocol):
    """The part of the line that signs people in."""

    def permit(self, request: PermitRequest) -> Permit:
        """Asks for a permit; raises LinkError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """A workstation that is to become a counter: its name, fresh key, fresh epoch and the computer's name."""

    device: str
    signer: Signer
    epoch: str
    hostname: str


def enrol(url: str, code: str, ca: Path | None, new: NewDevice, now: datetime) -> EnrolAnswer:
    """Makes this workstation a counter with the one-time code of the administrator.

    Raises BadInputError for a bad address or certificate, RefusedError ``bad_enrolment_code`` and the like, LinkError.
    """
    identity = DeviceIdentity(new.device, new.signer.sign, lambda: now)
    request = EnrolRequest(
        code=code,
        device=new.device,
        public_key=to_base64(new.signer.verifier.public_bytes()),
        epoch=new.epoch,
        hostname=new.hostname,
    )
    with HttpLink(url, identity, tls_context(ca)) as link:
        try:
            return link.enrol(request)
        except LinkError as error:
            raise _refusal(error) from error


def keyring_of(keys: tuple[PublishedKey, ...]) -> Keyring:
    """Central's published keys as verifiers; a key that this version cannot read is left out."""
    verifiers = []
    for key in keys:
        try:
            verifiers.append(load_verifier(PublicKey(key.alg, key.key_id, key.raw)))
        except CryptoError:
            continue
    return Keyring(verifiers)


def request_permit(link: PermitLink, request: PermitRequest, device: str, keys: Keyring, now: datetime) -> Permit:
    """Signs a person in at central and returns the permit to work offline.

    Raises RefusedError when central refuses or the permit is not genuine, not for this device or over; LinkError when
    central cannot be reached.
    """
    try:
        permit = link.permit(request)
    except LinkError as error:
        raise _refusal(error) from error
    check_permit(permit, device, keys, now)
    if permit.user != request.user:
        raise RefusedError("bad_permit", "离线许可不是发给这位经办人的。")
    return permit


def check_permit(permit: Permit, device: str, keys: Keyring, now: datetime) -> None:
    """Raises RefusedError ``bad_permit`` or ``permit_expired``; also used for each offline sign-in."""
    verifier = keys.find(permit.key_id)
    try:
        genuine = verifier is not None and verifier.verify(permit_bytes(permit), from_base64(permit.signature))
        not_after = datetime.fromisoformat(permit.not_after)
    except (CryptoError, ValueError) as error:
        raise RefusedError("bad_permit", "离线许可无法识别。", todo="请联网重新登录。") from error
    if not genuine or permit.device != device:
        raise RefusedError("bad_permit", "离线许可不是中心签发给本窗口的。", todo="请联网重新登录。")
    if now > not_after:
        raise RefusedError("permit_expired", "离线许可已过期。", todo="请联网重新登录。")


@dataclass(frozen=True, slots=True)
class CentralDirectory:
    """Implements ``services.ports.ProjectDirectory``: the code that a project has already (Art. 6)."""

    link: CentralLink

    def find(self, national_code: str, name: str, party_code: str) -> str | None:
        """The existing code when central is certain of it, else None; an unreachable central stops nobody."""
        try:
            found = self.link.lookup(CodeLookup(national_code=national_code, name=name, party_code=party_code))
        except LinkError:
            return None
        return found.project_code if found.project_code and found.certain else None


def _refusal(error: LinkError) -> RefusedError | LinkError:
    """Central's own refusal in its own words; anything else stays a failure of the line."""
    failure = error.failure
    if failure.kind in {FailureKind.UNWELCOME, FailureKind.REFUSED, FailureKind.DISAGREES}:
        return RefusedError(failure.code or "refused", failure.message or failure.kind.label)
    return error
