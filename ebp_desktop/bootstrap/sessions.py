"""Opening a session: from credentials to an unlocked counter and a signed-in person."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ebp_desktop.bootstrap.agent import OpenSession
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.bootstrap.home import clock_of, enrolled
from ebp_desktop.bootstrap.unlocking import Unlocking
from ebp_desktop.crypto.otp import otp_at
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.services.sign_in import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A credentials file: either the one-time code of now, or the secret that makes it."""

    user: str
    password: str
    otp: str = ""
    totp_secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An unlocked counter, its data key and the person who opened it."""

    counter: Counter
    data_key: bytes
    signed_in: SignedIn


def read_credentials(path: Path) -> Credentials:
    """Credentials from a file that only its owner may read; raises BadInputError."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        raw = path.read_bytes()
    except OSError as error:
        raise BadInputError("credentials_unreadable", "读不了登录凭据文件。", place=str(path)) from error
    if mode & 0o077:
        raise BadInputError(
            "credentials_open", "登录凭据文件的权限过宽，其他人能读。", place=str(path), todo="把权限改为 0600。"
        )
    try:
        return msgspec.json.decode(raw, type=Credentials)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInputError("credentials_invalid", "登录凭据文件格式不对。", place=str(error)) from error


def open_session(home: Path, credentials: Credentials) -> Opened:
    """Unlocks the home and signs the person in; closes everything again when that fails."""
    identity = enrolled(home)
    clock = clock_of(identity)
    unlocking = Unlocking(home)
    data_key = unlocking.without_person()
    if data_key is None:
        data_key = unlocking.with_password(credentials.user, credentials.password, clock.now())
    counter = Counter(home, identity, data_key, clock)
    try:
        otp = credentials.otp or _otp(credentials, counter)
        signed_in = counter.sign_in().open(credentials.user, credentials.password, otp)
        unlocking.add_person(data_key, credentials.user, credentials.password, keep_enrolment=identity.demo)
    except BaseException:
        counter.close()
        raise
    counter.act_under(signed_in.operator)
    return Opened(counter=counter, data_key=data_key, signed_in=signed_in)


def _otp(credentials: Credentials, counter: Counter) -> str:
    if not credentials.totp_secret:
        raise RefusedError("otp_missing", "缺少动态口令。", article="第三十四条（七）", todo="填写动态口令。")
    return otp_at(credentials.totp_secret, counter.clock.now())


def resume(home: Path, session: OpenSession) -> Counter:
    """The counter of a running session."""
    identity = enrolled(home)
    counter = Counter(home, identity, session.data_key, clock_of(identity))
    counter.act_under(session.operator)
    return counter
