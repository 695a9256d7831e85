"""Who sits at which window: the operator with rights, and the counter as papers name it."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.roles import Act, Role, rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A signed-in person; ``permit`` is the offline permit under which the acts are done."""

    user: str
    display_name: str
    staff_no: str
    roles: frozenset[Role]
    permit: str = ""

    def require(self, act: Act) -> None:
        """Raises RefusedError ``not_allowed`` when no role of the person covers the act."""
        if act not in rights(self.roles):
            raise RefusedError(
                "not_allowed",
                f"{self.display_name}没有办理此项操作的权限。",
                article="第三十一条",
                safe="未做任何改动。",
                todo="请窗口主管办理。",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The counter as papers name it; ``number`` is its three digits, ``region`` that of the granting hall."""

    number: str
    region: str
    city: str = "乌海市"
    name: str = "乌海市行政服务中心工程建设项目综合窗口"
    label: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    enquiry: str = ""
    demo: bool = False

    @property
    def title(self) -> str:
        """The window's name on screen and paper, e.g. 3号窗口."""
        return self.label or f"{int(self.number)}号窗口"
