"""A report as design offices deliver it: a PDF of type and tables without a single image, set by Typst."""

from __future__ import annotations

import msgspec
import typst

import resources
from scanner.samples.facts import SampleFacts
from scanner.samples.sheet import SYSTEM_FOLDER

_SOURCE = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: (x: 28mm, y: 30mm), numbering: "1")
#set text(font: "Noto Serif CJK SC", size: 12pt, lang: "zh")
#set par(justify: true, leading: 1em, first-line-indent: (amount: 2em, all: true))
#set document(date: none)
#align(center)[#v(60mm) #text(26pt, weight: "bold")[#d.name] #v(30mm) #text(15pt)[#d.project]
  #v(60mm) #text(13pt)[#d.author] #v(4mm) #text(13pt)[#d.day]]
#pagebreak()
= 一、工程概况
#d.project 位于 #d.place，建筑面积 #d.area 平方米，#d.structure。
本报告依据国家和自治区现行标准编制，内容完整，结论明确。
#v(4mm)
#table(columns: (1fr, 1fr, 1fr, 1fr), align: center + horizon, inset: 7pt,
  [层号], [岩性], [厚度（米）], [承载力（kPa）],
  [①], [杂填土], [0.6–1.2], [—], [②], [粉土], [1.8–3.4], [130],
  [③], [细砂], [2.2–4.1], [180], [④], [圆砾], [＞6.0], [350])
= 二、结论与建议
场地稳定，适宜建设。建议以第④层圆砾为持力层，采用独立基础；抗震设防烈度 8 度；标准冻深 1.36 米。
施工中应做好基坑支护和降水，发现与本报告不符的情况应及时通知编制单位。
#v(1fr)
#align(right)[#d.author \\ #d.day]
"""


def report_pdf(name: str, facts: SampleFacts) -> bytes:
    """The report under this name as PDF bytes, the same every time."""
    words = {
        "name": name,
        "project": facts.project,
        "place": facts.place,
        "area": facts.area,
        "structure": facts.structure,
        "author": facts.surveyor,
        "day": facts.written_day,
    }
    folders = [str(folder) for folder in (resources.locate("fonts"), SYSTEM_FOLDER) if folder.is_dir()]
    data = msgspec.json.encode(words).decode()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    made = typst.Compiler(font_paths=fonts, ignore_system_fonts=True).compile(
        input=_SOURCE.encode(), format="pdf", sys_inputs={"data": data}, timestamp=0
    )
    assert isinstance(made, bytes)
    return made
