"""What the sample papers speak of: an invented project with invented people, the same on every sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFacts:
    """The figures that an applicant would have filled in; ``day`` is the date written on every paper."""

    project: str = "滨河新区第三小学教学综合楼"
    project_code: str = "150300-2026-000412-9"
    national_code: str = "2606-150302-04-01-318842"
    place: str = "海勃湾区滨河新区学府街北侧、科教路东侧"
    owner: str = "乌海市滨河教育投资有限公司"
    owner_code: str = "91150302MA13XK4T6Q"
    legal_person: str = "赵志远"
    agent: str = "王建国"
    phone: str = "0473-20××318"
    area: str = "12,460.00"
    price: str = "4,386.20"
    structure: str = "框架 地上 5 层"
    period: str = "420 日历天"
    surveyor: str = "宁夏塞上岩土勘察有限公司"
    designer: str = "内蒙古河套建筑设计研究有限公司"
    contractor: str = "乌海市黄河湾建设工程有限公司"
    supervisor: str = "乌海市正平工程监理有限公司"
    day: date = date(2026, 3, 2)

    @property
    def written_day(self) -> str:
        """The date as it stands under a Chinese letter."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


WUHAI_SCHOOL = SampleFacts()
