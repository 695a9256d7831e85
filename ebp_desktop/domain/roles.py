"""Who may do what: roles of people and the acts that each may perform."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Roles of security.md; nobody both acts and audits."""

    CLERK = "clerk"
    WINDOW_LEAD = "window_lead"
    REVIEWER = "reviewer"
    DEPARTMENT_ADMIN = "department_admin"
    BUREAU_ADMIN = "bureau_admin"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    OVERSEER = "overseer"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    Role.CLERK: "窗口经办人",
    Role.WINDOW_LEAD: "窗口主管",
    Role.REVIEWER: "部门审查人",
    Role.DEPARTMENT_ADMIN: "部门管理员",
    Role.BUREAU_ADMIN: "政务服务局管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.OVERSEER: "督查",
}


class Act(StrEnum):
    """Acts at the counter that need a right."""

    REGISTER = "register"
    TELL = "tell"
    HAND_OVER = "hand_over"
    MOVE_CUSTODY = "move_custody"
    ALLOW_SCAN_OWED = "allow_scan_owed"
    CONFIRM_CLOCK_DRIFT = "confirm_clock_drift"
    PURGE = "purge"
    BACK_UP = "back_up"
    READ_AUDIT = "read_audit"
    READ_CASES = "read_cases"


_CLERK = frozenset({Act.REGISTER, Act.TELL, Act.HAND_OVER, Act.MOVE_CUSTODY, Act.READ_CASES, Act.PURGE})
RIGHTS: dict[Role, frozenset[Act]] = {
    Role.CLERK: _CLERK,
    Role.WINDOW_LEAD: _CLERK | {Act.ALLOW_SCAN_OWED, Act.CONFIRM_CLOCK_DRIFT, Act.BACK_UP},
    Role.SYSTEM_ADMIN: frozenset({Act.BACK_UP}),
    Role.AUDIT_ADMIN: frozenset({Act.READ_AUDIT}),
}

ACTING = frozenset({Role.CLERK, Role.WINDOW_LEAD, Role.REVIEWER, Role.DEPARTMENT_ADMIN, Role.BUREAU_ADMIN})


def rights(roles: frozenset[Role]) -> frozenset[Act]:
    """Everything that a person with these roles may do."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))


def may_hold(roles: frozenset[Role]) -> bool:
    """Whether one person may hold these roles together: audit stands apart from every acting role, and the three
    administrators stand apart from each other (MLPS level 3, separation of duties)."""
    administrators = roles & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    return len(administrators) <= 1 and not (Role.AUDIT_ADMIN in roles and roles & ACTING)
