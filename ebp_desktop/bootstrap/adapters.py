"""Small bridges between the sibling packages and the ports of the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.keys import password_matches
from ebp_desktop.crypto.otp import otp_step
from ebp_desktop.crypto.signatures import Keyring, Signer
from ebp_desktop.crypto.tokens import (
    TokenBody,
    TokenProblem,
    TokenRefusedError,
    TokenVerdict,
    decode,
    encode,
    verify,
)
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.material import Page, Share, ShareState
from ebp_desktop.domain.project import Party, Project
from ebp_desktop.services.importing import ImportedFiles, RefusedFile
from ebp_desktop.services.intake import PageFile
from ebp_desktop.services.ports import Clock, Judgement, TokenReading
from scanner import api as scanning

_PROBLEMS = {
    TokenProblem.NOT_A_TOKEN: (Judgement.UNKNOWN, "这不是本系统的二维码。"),
    TokenProblem.HALF: (Judgement.UNKNOWN, "二维码没有扫完整，请重扫。"),
    TokenProblem.SEVERAL: (Judgement.UNKNOWN, "一次扫到了两个不同的二维码，请逐个扫。"),
    TokenProblem.DAMAGED: (Judgement.UNKNOWN, "二维码读错了一位，请重扫；仍读不出时核对纸面编号。"),
    TokenProblem.VERSION: (Judgement.UNKNOWN, "二维码版本较新，请升级本机程序。"),
}


class SignedTokens:
    """Tokens of this counter, and the reading of everyone's."""

    def __init__(self, signer: Signer, keys: Keyring) -> None:
        self._signer = signer
        self._keys = keys

    def sign(self, kind: str, number: str, issued_on: date) -> str:
        """The token text for a paper of this counter."""
        return encode(TokenBody(kind, number, issued_on), self._signer)

    def read(self, text: str) -> TokenReading:
        """What a scanned text says, and whether its signature holds with the published keys."""
        return read_token(text, self._keys)


def read_token(text: str, keys: Keyring) -> TokenReading:
    """The verdict on a scanned text; without a matching key it is unknown, never genuine."""
    try:
        token = decode(text)
    except TokenRefusedError as refused:
        judgement, reason = _PROBLEMS[refused.problem]
        return TokenReading(judgement=judgement, reason=reason)
    body = token.body
    verdict = verify(token, keys)
    judgement, reason = {
        TokenVerdict.GENUINE: (Judgement.GENUINE, "签名真实。"),
        TokenVerdict.FORGED: (Judgement.FORGED, "签名不符，二维码是伪造或涂改的。"),
        TokenVerdict.UNKNOWN_KEY: (Judgement.UNKNOWN, "签发单位的密钥不在本机，可能来自其他城市或尚未同步。"),
    }[verdict]
    return TokenReading(
        judgement=judgement,
        kind=body.kind,
        number=body.number,
        issued_on=body.issued,
        key_id=token.key_id,
        reason=reason,
    )


class LocalProofs:
    """Checks passwords and one-time codes without the network."""

    def password_matches(self, password: str, verifier: str) -> bool:
        """Whether the password is the one behind the verifier."""
        return password_matches(password, verifier)

    def otp_step(self, secret: str, otp: str, at: datetime) -> int | None:
        """The step at which the code holds, or None."""
        try:
            return otp_step(secret, otp, at)
        except CryptoError:
            return None


class DemoSharedRecords:
    """A working stand-in for the share look-up: it answers, fails and goes offline as told, and says that it is one."""

    def __init__(self, clock: Clock, *, failing: frozenset[str] = frozenset(), offline: bool = False) -> None:
        self._clock = clock
        self._failing = failing
        self.offline = offline

    def look_up(self, material: str, source: str, project: Project, applicant: Party) -> Share:
        """Shared from its source with the time, pending while offline, failed for the materials told to fail."""
        if self.offline:
            return Share(state=ShareState.PENDING, source=source, reason="离线，联网后自动取回")
        if material in self._failing or not applicant.code:
            return Share(state=ShareState.FAILED, source=source, reason="共享平台没有查到，可临时上传，事后回填")
        return Share(state=ShareState.SHARED, source=f"{source}（演示数据）", at=self._clock.now())


class UnconnectedSharedRecords:
    """No share platform is connected: every line may be uploaded for the time being, and says why."""

    def look_up(self, material: str, source: str, project: Project, applicant: Party) -> Share:
        """Failed, with the reason."""
        return Share(state=ShareState.FAILED, source=source, reason="尚未接入共享平台，可临时上传")


@dataclass(frozen=True, slots=True)
class FileImporter:
    """Reads applicants' files with the scanner package, in its child process."""

    operator: str
    clock: Clock
    child: scanning.ChildCommand

    def read(self, files: tuple[Path, ...], into: Path) -> ImportedFiles:
        """Pages and whole files, in order; refused files say why."""
        manifest = scanning.import_files(files, into, scanning.STANDARD_LIMITS, self.child)
        taken = self.clock.now()
        pages = [
            PageFile(path=into / page.file, page=_page(page, into, self.operator, taken)) for page in manifest.pages
        ]
        kept = [PageFile(path=into / each.file, page=_kept(each, into, self.operator, taken)) for each in manifest.kept]
        refused = tuple(RefusedFile(name=each.file, reason=each.reason) for each in manifest.refused)
        return ImportedFiles(pages=(*pages, *kept), refused=refused)


_MIMES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jp2": "image/jp2",
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".dwg": "image/vnd.dwg",
    ".zip": "application/zip",
}


def _page(page: scanning.Page, into: Path, operator: str, taken: datetime) -> Page:
    path = into / page.file
    return Page(
        sha256=page.sha256,
        size=path.stat().st_size,
        mime=_MIMES.get(path.suffix.lower(), "application/octet-stream"),
        width=page.width,
        height=page.height,
        dpi=round(page.dpi[0]) if page.dpi else 0,
        rotation=page.rotation,
        skew_degrees=str(Decimal(str(page.skew)).quantize(Decimal("0.01"))),
        origin="import",
        operator=operator,
        taken_at=taken,
    )


def _kept(kept: scanning.Kept, into: Path, operator: str, taken: datetime) -> Page:
    path = into / kept.file
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SurroundingsError("import_lost", f"导入的文件 {kept.file} 不见了。", todo="请重新导入。") from error
    return Page(
        sha256=kept.sha256,
        size=size,
        mime=_MIMES.get(path.suffix.lower(), "application/octet-stream"),
        origin="import",
        operator=operator,
        taken_at=taken,
    )
