"""Data of the counter's own books and aids: daily report, shift sheet, separator sheet, folder label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from ebp_desktop.documents.parts import CounterPaper, Moment, Paper, listed, named, required


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One figure of the day."""

    name: Annotated[str, required("项目")]
    count: int
    note: Annotated[str, named("备注")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One act of the day."""

    time: Annotated[str, required("时间")]
    number: Annotated[str, required("编号")]
    act: Annotated[str, required("业务")]
    project: Annotated[str, named("项目")] = ""
    outcome: Annotated[str, named("结果")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReportData(CounterPaper):
    """当日业务日报: the figures, every act, void numbers, and what is still waiting."""

    day: Annotated[date, named("日期")]
    tallies: Annotated[tuple[Tally, ...], listed("合计")]
    rows: Annotated[tuple[DayRow, ...], named("明细")] = ()
    voids: Annotated[tuple[Tally, ...], named("作废编号")] = ()
    waiting: Annotated[tuple[Tally, ...], named("待办")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCount:
    """Papers held: at the start, taken in, given out, and counted at the end."""

    name: Annotated[str, required("类别")]
    before: int
    taken: int
    given: int
    counted: int

    @property
    def difference(self) -> int:
        """Counted against what the book says; zero when it adds up."""
        return self.counted - (self.before + self.taken - self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftData(CounterPaper):
    """交接班单: what one person hands to the next, counted."""

    from_person: Annotated[str, required("交班人")]
    to_person: Annotated[str, required("接班人")]
    since: Annotated[Moment, named("班次开始")]
    counts: Annotated[tuple[ShiftCount, ...], listed("保管数量")]
    open_tasks: Annotated[tuple[Tally, ...], named("未了事项")] = ()
    notes: Annotated[tuple[str, ...], named("说明")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorData(Paper):
    """分隔页 for the scanner: its code sends the pages behind it to one material line."""

    material: Annotated[str, required("材料名称")]
    case: Annotated[str, named("登记编号")] = ""
    project_name: Annotated[str, named("项目名称")] = ""
    printed_on: Annotated[date, named("打印日期")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderLabelData(Paper):
    """档案袋标签: a label for the folder that holds a case's kept papers."""

    project_name: Annotated[str, required("项目名称")]
    project_number: Annotated[str, required("项目编号")]
    applicant: Annotated[str, required("申请人")]
    stage: Annotated[str, required("阶段")]
    department: Annotated[str, required("部门")]
    received_on: Annotated[date, named("收件日期")]
    papers: Annotated[int, named("件数")] = 0
    place: Annotated[str, named("存放位置")] = ""
