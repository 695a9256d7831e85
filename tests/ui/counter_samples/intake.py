"""收件's gateway in memory: a small guide, drafts that survive, pages that are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from counter_samples.scan_pages import scan
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.domain.material import Counts, Keep, MaterialLine, Page, Share, ShareState, Verdict
from ebp_desktop.domain.project import Handler, Party, PartyKind, Project
from ebp_desktop.domain.registration import Draft, obstacles
from ui.screens.intake.state import (
    ChoiceGroup,
    DraftHit,
    MatterShown,
    Prepared,
    ProjectHit,
    RegisteredShown,
    Taken,
)
from ui.shown import Badge, Choice, Mark, PageImage

AT = datetime(2026, 11, 20, 10, 20, tzinfo=CHINA)
CODE = "150300-2026-000412-9"
PROJECT = Project(
    name="滨河新区第三小学教学综合楼",
    project_type="G",
    region="150302",
    site="海勃湾区滨河新区学府街北侧",
    project_code=CODE,
    national_code="2606-150302-04-01-318842",
    floor_area_m2=Decimal("12460.00"),
    investment_10k_yuan=Decimal("4386.20"),
)
OWNER = Party(
    name="乌海市滨河教育投资有限公司",
    kind=PartyKind.UNIT,
    code="91150302MA0N5WX77R",
    legal_representative="赵志远",
)
HANDLER = Handler(name="王建国", person_id="15030219850307123X", phone="13847316021")
STAGES = (
    Choice("1", "立项用地规划许可", "30 个工作日"),
    Choice("2", "工程建设许可", "25 个工作日"),
    Choice("3", "施工许可", "15 个工作日"),
    Choice("4", "竣工验收", "15 个工作日"),
)
TYPES = (
    Choice("G", "政府投资房屋建筑"),
    Choice("L", "政府投资市政线性"),
    Choice("S", "社会投资"),
    Choice("X", "小型低风险"),
    Choice("D", "带方案出让用地"),
)
QUESTIONS = (
    ChoiceGroup("agent", "是否委托他人办理", (Choice("yes", "委托办理"), Choice("no", "本单位人员办理"))),
    ChoiceGroup("large", "建设规模是否在限额以上", (Choice("yes", "限额以上"), Choice("no", "限额以下"))),
    ChoiceGroup("fire", "是否属于特殊建设工程", (Choice("yes", "是"), Choice("no", "否"))),
)
MATTERS = (
    MatterShown("3-01", "施工图联合技术审查", "住房和城乡建设局", "10 个工作日"),
    MatterShown("3-03", "建筑工程施工许可证核发", "住房和城乡建设局", "3 个工作日"),
    MatterShown("3-06", "城市建筑垃圾处置核准", "城市管理综合执法局", "5 个工作日"),
)
_NAMES = (
    ("M301", "施工许可阶段申请表", 1, 0, Keep.KEEP),
    ("M303", "授权委托书及受托人身份证", 1, 1, Keep.KEEP),
    ("M307", "岩土工程勘察报告", 0, 0, Keep.NONE),
    ("M308", "全套施工图设计文件", 1, 0, Keep.KEEP),
    ("M311", "施工合同、监理合同", 1, 1, Keep.SIGHT),
    ("M312", "建设资金已经落实承诺书", 1, 0, Keep.KEEP),
    ("M313", "施工场地条件承诺及照片", 1, 0, Keep.KEEP),
    ("M314", "质量安全具体措施", 1, 0, Keep.KEEP),
    ("M315", "五方负责人授权书与质量终身责任承诺书", 5, 0, Keep.KEEP),
    ("M318", "农民工工资专户及保证金证明", 1, 1, Keep.SIGHT),
)
_SHARED = (
    ("M305", "建设工程规划许可证", ShareState.SHARED),
    ("M309", "施工图设计文件审查合格书", ShareState.PENDING),
    ("M316", "施工、监理企业资质", ShareState.SHARED),
)


def blank_lines() -> tuple[MaterialLine, ...]:
    """The checklist before anything was handed in."""
    due = tuple(
        MaterialLine(
            material=code,
            name=name,
            due=Counts(original=original, copy=copy, electronic=1),
            received=Counts(),
            matters=("3-03",),
            keep=keep,
        )
        for code, name, original, copy, keep in _NAMES
    )
    shared = tuple(
        MaterialLine(
            material=code,
            name=name,
            due=Counts(electronic=1),
            received=Counts(electronic=int(state is ShareState.SHARED)),
            matters=("3-03",),
            share=Share(state=state),
        )
        for code, name, state in _SHARED
    )
    return due + shared


def page(name: str) -> Page:
    """A page whose digest is its name here."""
    return Page(sha256=name, size=1, mime="image/png", width=1240, height=1754, dpi=300)


def half_done_lines() -> tuple[MaterialLine, ...]:
    """The checklist of the design's picture: some judged, some not, one not scanned, one short."""
    full, none = Counts(original=1, electronic=1), Counts()
    with_copy = Counts(original=1, copy=1, electronic=1)
    done = {
        "M301": (Verdict.DEFECTIVE, full, ("p1", "p2", "p3"), "建筑面积与规划许可证 12,640.00 不一致"),
        "M303": (Verdict.QUALIFIED, with_copy, ("p4", "p5"), ""),
        "M307": (Verdict.QUALIFIED, Counts(electronic=1), (), ""),
        "M308": (Verdict.EXEMPT, none, (), ""),
        "M311": (Verdict.QUALIFIED, with_copy, ("p7",), ""),
        "M312": (Verdict.DEFECTIVE, full, ("p8",), "未盖章"),
        "M313": (Verdict.QUALIFIED, Counts(original=1), (), ""),
        "M314": (Verdict.NONE, full, ("p9",), ""),
        "M315": (Verdict.MISSING, Counts(original=3, electronic=1), ("p10",), ""),
        "M318": (Verdict.QUALIFIED, with_copy, ("p11",), ""),
    }
    lines = []
    for line in blank_lines():
        if line.material in done:
            verdict, received, pages, problem = done[line.material]
            line = replace(line, verdict=verdict, received=received, pages=tuple(map(page, pages)), problem=problem)
        lines.append(line)
    return tuple(lines)


class SampleIntake:
    """A guide of one stage; what is registered is kept in ``registered``."""

    def __init__(self) -> None:
        self.saved: dict[UUID, Draft] = {}
        self.discarded: list[UUID] = []
        self.registered: list[Draft] = []
        self.printed: list[str] = []
        self.made = 0
        half = replace(
            self.begin(),
            stage="3",
            project=PROJECT,
            parties=(OWNER,),
            handler=HANDLER,
            declared_not_secret=True,
            matters=tuple(matter.code for matter in MATTERS),
            lines=half_done_lines(),
        )
        self.half_done = half.id
        self.saved[half.id] = half

    def stages(self) -> tuple[Choice, ...]:
        return STAGES

    def project_types(self) -> tuple[Choice, ...]:
        return TYPES

    def begin(self) -> Draft:
        self.made += 1
        return Draft(id=UUID(int=self.made), opened_at=AT, operator="surina")

    def drafts(self) -> tuple[DraftHit, ...]:
        return tuple(
            DraftHit(draft.id, draft.title, "施工许可阶段　10:20 苏日娜")
            for draft in self.saved.values()
            if draft.declared_not_secret
        )

    def resume(self, draft: UUID) -> Draft:
        return self.saved[draft]

    def projects(self, text: str) -> tuple[ProjectHit, ...]:
        if text and text in (CODE, PROJECT.national_code, PROJECT.name, OWNER.code):
            return (ProjectHit(CODE, PROJECT, (OWNER,), CODE, Badge(Mark.OK, "第二阶段已办结")),)
        return ()

    def prepare(self, draft: Draft) -> Prepared:
        answers = {answer.question: answer.choice for answer in draft.answers}
        questions = tuple(replace(question, picked=answers.get(question.key, "")) for question in QUESTIONS)
        complete = all(question.picked for question in questions) or bool(draft.lines)
        if complete and not draft.lines:
            draft = replace(draft, matters=tuple(matter.code for matter in MATTERS), lines=blank_lines())
        elif draft.lines and not draft.matters:
            draft = replace(draft, matters=tuple(matter.code for matter in MATTERS))
        stage = next((choice.label for choice in STAGES if choice.value == draft.stage), "")
        kind = next((choice.label for choice in TYPES if choice.value == draft.project.project_type), "")
        matters = MATTERS if complete else ()
        return Prepared(draft, questions, matters, "指南 2026-11", True, f"{stage}阶段", kind)

    def save(self, draft: Draft) -> None:
        self.saved[draft.id] = draft

    def discard(self, draft: UUID) -> None:
        self.discarded.append(draft)
        self.saved.pop(draft, None)

    def take_files(self, draft: Draft, material: str, files: tuple[str, ...]) -> Taken:
        good = [file for file in files if not file.endswith(".exe")]
        refused = tuple(f"{file}：不是材料文件" for file in files if file.endswith(".exe"))
        pages = tuple(page(f"p{hash(file) % 9 + 2}-{file}") for file in good)
        lines = tuple(
            replace(line, pages=line.pages + pages) if line.material == material else line for line in draft.lines
        )
        changed = replace(draft, lines=lines)
        self.saved[changed.id] = changed
        return Taken(changed, refused)

    def page(self, sha256: str) -> bytes:
        number = sha256.split("-")[0].removeprefix("p")
        return scan(int(number) if number.isdigit() else 2)

    def register(self, draft: Draft) -> RegisteredShown:
        missing = obstacles(draft)
        if missing:
            raise RefusedError("registration_refused", f"还差 {len(missing)} 项才能登记。", missing=missing)
        self.registered.append(draft)
        self.saved.pop(draft.id, None)
        return RegisteredShown(
            registration_no="150300-003-20261120-0007",
            number=draft.project.number or "150300-2026-000413-7",
            received="2026年11月20日 10:42",
            answer_by="2026年11月24日 前一次性告知",
            pages=(PageImage("p1", "凭单", "登记凭单"),),
            matters=tuple(matter.name for matter in MATTERS),
            lacking=tuple(line.name for line in draft.lines if line.is_lacking),
            printed="已送 2 号打印机，2 份",
        )

    def print_slip(self, registration_no: str) -> str:
        self.printed.append(registration_no)
        return f"第 {len(self.printed) + 1} 次打印，已注明"
