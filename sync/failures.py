"""What can go wrong between counter and central, sorted by what the counter must do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ebp_desktop.domain.errors import SurroundingsError
from sync.protocol.wire import MUST_REFETCH, NONCE_USED


class FailureKind(StrEnum):
    """Each kind asks for another answer of the engine."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    BROKEN = "broken"
    GARBAGE = "garbage"
    UNWELCOME = "unwelcome"
    TOO_LARGE = "too_large"
    TOO_OLD = "too_old"
    MUST_REFETCH = "must_refetch"
    DISAGREES = "disagrees"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """What happened, in the clerk's words."""
        return _LABELS[self]


_LABELS = {
    FailureKind.UNREACHABLE: "连接不上中心服务器",
    FailureKind.BUSY: "中心服务器繁忙",
    FailureKind.BROKEN: "中心服务器出错",
    FailureKind.GARBAGE: "中心服务器的答复无法识别",
    FailureKind.UNWELCOME: "中心服务器不接受本窗口的身份",
    FailureKind.TOO_LARGE: "一次发送的内容过大",
    FailureKind.TOO_OLD: "本机软件版本过旧，只能发送、不能接收",
    FailureKind.MUST_REFETCH: "需要重新接收全部数据",
    FailureKind.DISAGREES: "两端记录不一致",
    FailureKind.REFUSED: "中心服务器不接受该请求",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed request; ``status`` is 0 when no answer came, ``retry_after`` seconds when central named them."""

    kind: FailureKind
    status: int = 0
    retry_after: float | None = None
    code: str = ""
    message: str = ""


class LinkError(SurroundingsError):
    """A request to central failed; nothing on this side was changed by it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            failure.code or f"central_{failure.kind}",
            failure.message or f"{failure.kind.label}。",
            safe="本机已登记的内容都在，联网后自动发送。",
            todo="请检查网络；窗口可以继续办理。",
        )
        self.failure = failure


_KIND_OF_STATUS = {
    401: FailureKind.UNWELCOME,
    403: FailureKind.UNWELCOME,
    408: FailureKind.UNREACHABLE,
    409: FailureKind.DISAGREES,
    413: FailureKind.TOO_LARGE,
    426: FailureKind.TOO_OLD,
    429: FailureKind.BUSY,
    503: FailureKind.BUSY,
}


def kind_of_status(status: int, code: str = "") -> FailureKind:
    """The kind behind an HTTP status and the code of its ``Problem``."""
    if status == 409 and code == MUST_REFETCH:
        return FailureKind.MUST_REFETCH
    if code == NONCE_USED:
        # The line delivered one request twice; the next one has a nonce of its own.
        return FailureKind.UNREACHABLE
    known = _KIND_OF_STATUS.get(status)
    if known is not None:
        return known
    if status >= 500:
        return FailureKind.BROKEN
    return FailureKind.REFUSED if status >= 400 else FailureKind.GARBAGE
