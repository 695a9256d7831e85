"""The papers themselves: application form, letters, contract, certificate, site photographs, drawing."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from scanner.samples.facts import SampleFacts
from scanner.samples.marks import signature, stamp, tick
from scanner.samples.sheet import Sheet, pixels

LEFT, WIDE = 24.0, 162.0
MATTERS = (
    "施工图设计文件联合审查（含消防、人防、技防）",
    "建筑工程施工许可证核发",
    "城市建筑垃圾处置核准",
    "占用、挖掘城市道路审批",
)
PROMISE = (
    "本单位承诺所填内容及所附材料真实、准确、完整，电子件与原件一致；知悉补正期间审批时限暂停计算；"
    "本项目不涉及国家秘密。如有不实，愿承担相应的法律责任。"
)
CLAUSES = (
    (
        "发包人与承包人依照《中华人民共和国民法典》《中华人民共和国建筑法》及有关法律规定，遵循平等、自愿、公平和诚实信用的原则，"
        "就{project}工程施工及有关事项协商一致，共同达成如下协议。"
    ),
    "工程名称：{project}。工程地点：{place}。工程内容：教学综合楼土建、安装、室外配套，建筑面积{area}平方米，{structure}。",
    (
        "合同工期：计划开工日期以开工通知为准，工期总日历天数为{period}。工期总日历天数与根据前述计划开竣工日期计算的天数不一致的，"
        "以工期总日历天数为准。"
    ),
    "签约合同价为人民币{price}万元，其中安全文明施工费、暂列金额按专用条款的约定执行。合同价格形式：固定单价合同。",
    (
        "工程质量符合《建筑工程施工质量验收统一标准》合格标准。承包人按照法律规定及合同约定组织完成工程施工，确保工程质量和安全，"
        "不进行转包及违法分包，并在缺陷责任期及保修期内承担相应的工程维修责任。"
    ),
    "发包人按照法律规定履行项目审批手续、筹集工程建设资金并按照合同约定的期限和方式支付合同价款，开设农民工工资专用账户。",
)


def application_form(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """The one form of a stage with its table, ticks, signatures and stamp, and the promise on a second sheet."""
    sheet = Sheet()
    sheet.title(30, f"乌海市工程建设项目{name}")
    sheet.write(LEFT, 46, f"项目编号：{facts.project_code}", 10.5)
    sheet.write(LEFT + WIDE, 46, f"申请日期：{facts.written_day}", 10.5, anchor="ra")
    y, short, long = 53.0, 28.0, 53.0
    for label, value in (("项目名称", facts.project), ("国家代码", facts.national_code)):
        y = sheet.row(LEFT, y, 11, ((short, label), (WIDE - short, value)))
    pairs = (
        ("建设单位", facts.owner, "法定代表人", facts.legal_person),
        ("信用代码", facts.owner_code, "联系电话", facts.phone),
        ("建筑面积", f"{facts.area} 平方米", "结构层数", facts.structure),
        ("合同价格", f"{facts.price} 万元", "合同工期", facts.period),
    )
    for first, second, third, fourth in pairs:
        y = sheet.row(LEFT, y, 11, ((short, first), (long, second), (short, third), (long, fourth)))
    singles = (
        ("建设地点", facts.place),
        ("勘察单位", facts.surveyor),
        ("设计单位", facts.designer),
        ("施工单位", facts.contractor),
        ("监理单位", facts.supervisor),
    )
    for label, value in singles:
        y = sheet.row(LEFT, y, 11, ((short, label), (WIDE - short, value)))
    y = _matters(sheet, y, short, chance)
    sheet.row(LEFT, y, 66, ((short, "申请人承诺"), (WIDE - short, "")))
    sheet.paragraph(LEFT + short + 4, y + 5, WIDE - short - 8, PROMISE, 10.5, 1.6)
    _signed(sheet, LEFT + short + 6, y + 40, facts, chance)
    sheet.write(sheet.width / 2, 281, "第 1 页  共 2 页", 9, anchor="ma")
    return [sheet, _second_form_page(facts, chance)]


def _matters(sheet: Sheet, y: float, short: float, chance: random.Random) -> float:
    sheet.row(LEFT, y, 36, ((short, "申请事项"), (WIDE - short, "")))
    for number, matter in enumerate(MATTERS):
        place = y + 3.5 + number * 8
        sheet.box(LEFT + short + 4, place, 4, 4)
        if number < 3:
            tick(sheet, LEFT + short + 4, place, chance)
        sheet.write(LEFT + short + 11, place + 2, matter, 10.5, anchor="lm")
    return y + 36


def _signed(sheet: Sheet, x: float, y: float, facts: SampleFacts, chance: random.Random) -> None:
    """Both signatures, the stamp over the second half of the line, and the date."""
    sheet.write(x, y, "法定代表人（签字）：", 10.5, anchor="ls")
    signature(sheet, x + 35, y + 2, facts.legal_person, chance)
    sheet.write(x + 76, y, "单位（盖章）", 10.5, anchor="ls")
    sheet.write(x, y + 16, "经办人（签字）：", 10.5, anchor="ls")
    signature(sheet, x + 30, y + 18, facts.agent, chance)
    sheet.write(x + 76, y + 16, facts.written_day, 10.5, anchor="ls")
    stamp(sheet, x + 94, y + 2, facts.owner, chance)


def _second_form_page(facts: SampleFacts, chance: random.Random) -> Sheet:
    sheet = Sheet()
    sheet.title(30, "告知承诺及材料清单", 18)
    y = 50.0
    for clause in (PROMISE, CLAUSES[4].format(project=facts.project), CLAUSES[5].format(project=facts.project)):
        y = sheet.paragraph(LEFT, y, WIDE, clause, 12) + 2
    for number, label in enumerate(("申请表", "授权委托书", "施工合同", "资金落实承诺书", "安全质量措施"), start=1):
        y = sheet.row(LEFT, y, 10, ((16, str(number)), (WIDE - 66, label), (20, "份数"), (30, "1")))
    _signed(sheet, LEFT + 30, y + 34, facts, chance)
    sheet.write(sheet.width / 2, 281, "第 2 页  共 2 页", 9, anchor="ma")
    return sheet


def letter(name: str, facts: SampleFacts, chance: random.Random, signer: str = "", owner: str = "") -> list[Sheet]:
    """A letter of commitment with its address, three paragraphs, signature, stamp and date."""
    sheet = Sheet()
    sheet.title(38, name)
    sheet.write(LEFT, 62, "乌海市住房和城乡建设局：", 14)
    body = (
        (
            f"我单位建设的{facts.project}（国家代码{facts.national_code}），位于{facts.place}，建筑面积{facts.area}平方米，"
            f"合同价格{facts.price}万元。"
        ),
        (
            f"现就{name.removesuffix('承诺书') or name}事项郑重承诺：相关内容已按国家和自治区有关规定全部落实，"
            "资料齐备，责任到人；施工期间持续符合法定条件，接受主管部门监督检查。"
        ),
        "上述承诺内容真实有效。如有虚假或者违反，我单位自愿承担由此产生的一切法律责任和经济损失。",
    )
    y = 74.0
    for words in body:
        y = sheet.paragraph(LEFT, y, WIDE, words) + 1
    sheet.write(108, y + 34, f"承诺单位：{owner or facts.owner}", 12, anchor="ls")
    sheet.write(108, y + 50, "负责人：", 12, anchor="ls")
    signature(sheet, 126, y + 52, signer or facts.legal_person, chance)
    sheet.write(140, y + 66, facts.written_day, 12, anchor="ls")
    stamp(sheet, 152, y + 44, owner or facts.owner, chance)
    return [sheet]


def authorisation(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """The power of attorney, and the copy of the agent's card whose number is hidden."""
    first = letter(name.split("及")[0], facts, chance)[0]
    second = Sheet()
    second.title(40, "受托人身份证复印件", 16)
    for y, lines in (
        (70.0, ("姓名  " + facts.agent, "性别  男   民族  汉", "公民身份号码  1503**********1217")),
        (150.0, ("签发机关  （样张）",)),
    ):
        second.box(62, y, 86, 54, 0.5)
        for number, words in enumerate(lines):
            second.write(68, y + 10 + number * 11, words, 11, sans=True)
    second.write(LEFT, 232, "与原件核对一致", 14)
    signature(second, 70, 240, facts.agent, chance)
    return [first, second]


def five_parties(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """One letter from each of the five responsible parties."""
    parties = (
        (facts.owner, "赵志远"),
        (facts.surveyor, "马骏"),
        (facts.designer, "苏和"),
        (facts.contractor, "李建军"),
        (facts.supervisor, "陈立新"),
    )
    return [letter(name, facts, chance, signer, owner)[0] for owner, signer in parties]


def contract(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """Cover, clauses and the page with signatures and both stamps."""
    cover, clauses, last = Sheet(), Sheet(), Sheet()
    cover.title(80, name.replace("、", "及"), 30)
    for number, words in enumerate(
        (f"工程名称：{facts.project}", f"发 包 人：{facts.owner}", f"承 包 人：{facts.contractor}")
    ):
        cover.write(45, 150 + number * 14, words, 14)
    clauses.title(28, "第一部分  合同协议书", 16)
    y = 44.0
    values = {key: getattr(facts, key) for key in ("project", "place", "area", "structure", "period", "price")}
    for number, clause in enumerate(CLAUSES, start=1):
        y = clauses.paragraph(LEFT, y, WIDE, f"第{number}条  " + clause.format(**values), 12) + 1.5
    last.title(28, "签署页", 16)
    for x, side, owner, signer in (
        (24, "发包人", facts.owner, facts.legal_person),
        (112, "承包人", facts.contractor, "李建军"),
    ):
        last.write(x, 60, f"{side}：（公章）", 12)
        last.write(x, 70, owner, 11)
        last.write(x, 100, "法定代表人：", 12, anchor="ls")
        signature(last, x + 26, 102, signer, chance)
        stamp(last, x + 42, 78, owner, chance)
    last.write(24, 130, f"签订日期：{facts.written_day}", 12)
    return [cover, clauses, last]


def certificate(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """A certificate with a double frame, issued by somebody else and stamped."""
    sheet = Sheet()
    sheet.box(14, 14, 182, 269, 0.9)
    sheet.box(17, 17, 176, 263, 0.3)
    sheet.title(48, name)
    y = sheet.paragraph(
        30,
        84,
        150,
        f"兹证明{facts.owner}为{facts.project}已按规定办理相关手续，专用账户及保证金足额到位，特此证明。",
        15,
    )
    sheet.write(180, y + 50, "开户银行：乌海银行滨河支行（样张）", 12, anchor="rs")
    sheet.write(180, y + 62, facts.written_day, 12, anchor="rs")
    stamp(sheet, 158, y + 48, "乌海银行滨河支行业务专用章", chance)
    return [sheet]


def photographs(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """The letter, and a sheet with two photographs of the site."""
    second = Sheet()
    second.title(26, "施工场地现场照片", 16)
    for number, y in enumerate((42.0, 156.0)):
        photo = _site(chance.getrandbits(32), pixels(150), pixels(96))
        second.image.paste(photo, (pixels(30), pixels(y)))
        second.write(
            105,
            y + 100,
            f"照片 {number + 1}：{'场地平整及围挡' if number == 0 else '临时道路及水电接入'}",
            11,
            anchor="ma",
        )
    return [*letter(name, facts, chance), second]


def _site(seed: int, width: int, height: int) -> Image.Image:
    """Sky, a ridge and cleared ground, coarse enough to be made fast and soft enough to pass for a photograph."""
    generator = np.random.default_rng(seed)
    rows, columns = height // 4, width // 4
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    ridge = rows * (0.42 + 0.05 * np.sin(x / columns * 9 + seed % 7) + 0.02 * np.sin(x / columns * 31))
    sky = np.stack([150 + 60 * y / rows, 185 + 40 * y / rows, np.full_like(y, 225)], axis=2)
    ground = np.stack([176 - 40 * y / rows, 152 - 38 * y / rows, 118 - 34 * y / rows], axis=2)
    picture = np.where((y > ridge)[:, :, None], ground, sky) + generator.normal(0, 7, (rows, columns, 1))
    wall = (y > rows * 0.5) & (y < rows * 0.58) & (x % (columns / 14) > 3)
    picture[wall] = (70, 110, 150)
    small = Image.fromarray(picture.clip(0, 255).astype(np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.2))


def drawing(name: str, facts: SampleFacts, chance: random.Random) -> list[Sheet]:
    """An A3 floor plan with axes, walls, dimensions and the title block."""
    sheet = Sheet(420, 297)
    sheet.box(5, 5, 410, 287, 0.2)
    sheet.box(25, 10, 385, 277, 0.9)
    columns, rows = [60 + 30.0 * n for n in range(9)], [70.0, 110.0, 130.0, 170.0]
    for number, x in enumerate(columns, start=1):
        sheet.line(x, 48, x, 190, 0.1)
        _axis(sheet, x, 44, str(number))
    for number, y in enumerate(rows):
        sheet.line(48, y, 312, y, 0.1)
        _axis(sheet, 44, y, "ABCD"[number])
    for y in rows:
        sheet.line(columns[0], y, columns[-1], y, 1.0)
    for x in columns:
        for top, bottom in ((rows[0], rows[1]), (rows[2], rows[3])):
            sheet.line(x, top, x, bottom, 1.0)
    for number, x in enumerate(columns[:-1]):
        for y, room in ((90, "教室"), (150, "教室" if number % 3 else "办公")):
            sheet.write(x + 15, y, room, 9, sans=True, anchor="mm")
            _door(sheet, x + 6, rows[1] if y == 90 else rows[2], up=y == 90)
        sheet.write(x + 15, 196, "9000", 7, sans=True, anchor="mm")
    sheet.line(columns[0], 200, columns[-1], 200, 0.15)
    sheet.write(186, 222, "一层平面图  1:100", 16, bold=True, anchor="ma")
    block: Sequence[tuple[str, str]] = (
        ("设计单位", facts.designer),
        ("建设单位", facts.owner),
        ("工程名称", facts.project),
        ("图名", name[:16]),
        ("图号", "建施-03"),
    )
    y = 226.0
    for label, value in block:
        y = sheet.row(318, y, 12, ((22, label), (70, value)), 8)
    stamp(sheet, 372, 205, facts.designer, chance, 36)
    return [sheet]


def _axis(sheet: Sheet, x: float, y: float, words: str) -> None:
    corners = (pixels(x - 4), pixels(y - 4), pixels(x + 4), pixels(y + 4))
    sheet.draw.ellipse(corners, outline=(0, 0, 0), width=3)
    sheet.write(x, y, words, 9, sans=True, anchor="mm")


def _door(sheet: Sheet, x: float, y: float, *, up: bool) -> None:
    radius = 8.0
    sheet.draw.line((pixels(x), pixels(y), pixels(x + radius), pixels(y)), fill=(255, 255, 255), width=pixels(1.2))
    box = (pixels(x - radius), pixels(y - radius), pixels(x + radius), pixels(y + radius))
    sheet.draw.arc(box, -90 if up else 0, 0 if up else 90, fill=(0, 0, 0), width=2)
    sheet.line(x, y, x, y - radius * math.copysign(1, 1 if up else -1), 0.3)
