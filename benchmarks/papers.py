"""B5: setting a slip and a notice, against a bare Typst page with the same fonts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import typst

import resources
from benchmarks.harness import Against, Comparison
from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.fonts import find_fonts
from ebp_desktop.documents.renderer import Renderer

# One A4 page with a title, running text and a table: what a notice is without its rules, its checks and its code.
BARE_PAGE = """\
#set page(paper: "a4")
#set text(font: "Noto Serif CJK SC", size: 12pt, lang: "zh")
#align(center, text(size: 22pt)[受理通知书])
根据《中华人民共和国行政许可法》的规定，你单位提交的申请材料齐全，符合法定形式，现予受理。
#table(columns: 4, [序号], [材料], [份数], [形式], [1], [申请表], [1], [原件], [2], [营业执照], [1], [复印件])
"""
CODE = "EBP1.MEASURE"


def comparisons() -> Iterator[Comparison]:
    """A slip and an acceptance notice, each against the bare page."""
    renderer = Renderer()
    samples = json.loads(resources.locate("templates", "samples.json").read_bytes())
    bare = bare_page()
    for kind in ("slip", "acceptance"):
        paper = parse_data(kind, json.dumps(samples[kind]).encode())
        yield Comparison(
            id=f"B5-{kind}",
            what=f"{kind} as PDF, warm",
            ours=partial(renderer.render, kind, paper, CODE),
            other=partial(bare.compile, format="pdf"),
            other_name="bare Typst page",
            against=Against.FLOOR,
            goal=0.5,
        )


def bare_page() -> typst.Compiler:
    """A compiler that has nothing to set but the bare page."""
    page = Path(tempfile.mkdtemp(prefix="ebp-bench-")) / "bare.typ"
    page.write_text(BARE_PAGE, "utf-8")
    folders = list(find_fonts().folders)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(input=str(page), root=str(page.parent), font_paths=fonts, ignore_system_fonts=True)
