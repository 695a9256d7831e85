"""The national states of a matter case and which may follow which."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class MatterState(IntEnum):
    """办理状态 of the national exchange standard; the integers are stored and exported as they are."""

    RECEIVED = 1
    WITHDRAWN = 2
    ACCEPTED = 3
    NOT_NEEDED = 4
    REFUSED = 5
    SUPPLEMENT_OPEN = 6
    SUPPLEMENT_DONE = 7
    IN_REVIEW = 8
    SPECIAL_OPEN = 9
    SPECIAL_DONE = 10
    APPROVED = 11
    APPROVED_CONDITIONALLY = 12
    DENIED = 13
    RECALLED = 14
    REVOKED = 15

    @property
    def label(self) -> str:
        """The official Chinese word."""
        return _LABELS[self]

    @property
    def is_final(self) -> bool:
        """Nothing is due from the department any more."""
        return self in FINAL

    @property
    def is_before_acceptance(self) -> bool:
        """The acceptance question is still open, seen from the state alone."""
        return self is MatterState.RECEIVED


_LABELS = {
    MatterState.RECEIVED: "接件",
    MatterState.WITHDRAWN: "撤件",
    MatterState.ACCEPTED: "受理",
    MatterState.NOT_NEEDED: "不受理",
    MatterState.REFUSED: "不予受理",
    MatterState.SUPPLEMENT_OPEN: "补正（开始）",
    MatterState.SUPPLEMENT_DONE: "补正（结束）",
    MatterState.IN_REVIEW: "部门办理",
    MatterState.SPECIAL_OPEN: "特别程序（开始）",
    MatterState.SPECIAL_DONE: "特别程序（结束）",
    MatterState.APPROVED: "办结（通过）",
    MatterState.APPROVED_CONDITIONALLY: "办结（容缺通过）",
    MatterState.DENIED: "办结（不通过）",
    MatterState.RECALLED: "撤回",
    MatterState.REVOKED: "撤销",
}

FINAL = frozenset(
    {
        MatterState.WITHDRAWN,
        MatterState.NOT_NEEDED,
        MatterState.REFUSED,
        MatterState.APPROVED,
        MatterState.APPROVED_CONDITIONALLY,
        MatterState.DENIED,
        MatterState.RECALLED,
        MatterState.REVOKED,
    }
)

# domain.md "Matter states": 12 is off, because the regulation does not know it.
ALLOWED: dict[MatterState, frozenset[MatterState]] = {
    MatterState.RECEIVED: frozenset(
        {
            MatterState.WITHDRAWN,
            MatterState.ACCEPTED,
            MatterState.NOT_NEEDED,
            MatterState.REFUSED,
            MatterState.SUPPLEMENT_OPEN,
        }
    ),
    MatterState.SUPPLEMENT_OPEN: frozenset({MatterState.SUPPLEMENT_DONE, MatterState.WITHDRAWN}),
    MatterState.SUPPLEMENT_DONE: frozenset(
        {
            MatterState.ACCEPTED,
            MatterState.IN_REVIEW,
            MatterState.SUPPLEMENT_OPEN,
            MatterState.REFUSED,
            MatterState.WITHDRAWN,
        }
    ),
    MatterState.ACCEPTED: frozenset(
        {
            MatterState.IN_REVIEW,
            MatterState.SPECIAL_OPEN,
            MatterState.SUPPLEMENT_OPEN,
            MatterState.WITHDRAWN,
            MatterState.APPROVED,
            MatterState.DENIED,
        }
    ),
    MatterState.IN_REVIEW: frozenset(
        {
            MatterState.SUPPLEMENT_OPEN,
            MatterState.SPECIAL_OPEN,
            MatterState.WITHDRAWN,
            MatterState.APPROVED,
            MatterState.DENIED,
        }
    ),
    MatterState.SPECIAL_OPEN: frozenset({MatterState.SPECIAL_DONE, MatterState.WITHDRAWN}),
    MatterState.SPECIAL_DONE: frozenset({MatterState.IN_REVIEW, MatterState.WITHDRAWN}),
    MatterState.APPROVED: frozenset({MatterState.RECALLED, MatterState.REVOKED}),
}


def may_follow(before: MatterState, after: MatterState) -> bool:
    """Whether the regulation lets a matter case go from one state to the next."""
    return after in ALLOWED.get(before, frozenset())


class Opinion(StrEnum):
    """What a department says about a matter case (Art. 7–9)."""

    ACCEPT = "accept"
    NOT_NEEDED = "not_needed"
    SUPPLEMENT = "supplement"
    VERIFY = "verify"
    REFUSE = "refuse"
    SPECIAL = "special"
    SPECIAL_END = "special_end"
    APPROVE = "approve"
    DENY = "deny"


class Nature(StrEnum):
    """性质 of a matter; it decides titles and remedies on paper."""

    LICENCE = "许可"
    APPROVAL = "审批"
    FILING = "备案"
    CHECK = "核验"
    TECHNICAL = "技术"
    SERVICE = "服务"
    INSPECTION = "验收"
