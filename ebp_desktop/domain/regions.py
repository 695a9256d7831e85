"""The regions whose halls the system serves: codes of GB/T 2260, and which of them is an authority of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ebp_desktop.domain.data_files import Findings, Node
from ebp_desktop.domain.identifiers.checked import is_ascii_digits, normalised

REGIONS_FORMAT = "ebp-regions/1"
_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """行政区划: ``authority`` is False for a mere statistical code such as 市辖区, which grants nothing."""

    code: str
    name: str
    within: str
    authority: bool


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of one city, city first."""

    all: tuple[Region, ...]

    def find(self, text: str) -> Region | None:
        """The region with this code or name, whatever its width and blanks; None if it is not one of ours."""
        wanted = normalised(text)
        return next((region for region in self.all if wanted in (region.code, region.name)), None)

    def authorities(self) -> tuple[Region, ...]:
        """The regions that may grant project codes and decide."""
        return tuple(region for region in self.all if region.authority)


def parse_regions(text: str, source: str) -> Regions:
    """The regions in ``text``; raises BadInputError ``regions_invalid`` naming every fault of the file ``source``."""
    findings = Findings(source)
    root = Node.document(text, findings).keys("format", "source", "regions")
    if root.text("format") != REGIONS_FORMAT:
        root.child("format").fault("format", f"应为“{REGIONS_FORMAT}”")
    root.text("source")
    found: list[Region] = []
    for node in root.items("regions"):
        region = _region(node)
        if region.code in {each.code for each in found}:
            node.fault("repeated", f"区划“{region.code}”重复")
        if region.within and region.within not in {each.code for each in found}:
            node.child("within").fault("unknown_region", f"没有区划“{region.within}”（上级应排在前面）")
        found.append(region)
    if not found:
        root.child("regions").fault("empty", "不得为空")
    findings.refuse_errors("regions_invalid", "行政区划文件")
    return Regions(tuple(found))


def _region(node: Node) -> Region:
    node.keys("code", "name", "within", "authority")
    code = node.text("code")
    if not (is_ascii_digits(code) and len(code) == _CODE_LENGTH):
        node.child("code").fault("code", "行政区划代码应为 6 位数字")
    return Region(
        code=code,
        name=node.text("name"),
        within=node.text("within", ""),
        authority=node.flag("authority", default=True),
    )
