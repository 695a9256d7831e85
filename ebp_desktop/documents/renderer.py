"""Turns a paper's data into PDF bytes with one long-lived Typst compiler: same data, same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

import resources
from ebp_desktop.documents.data import Plain, require_complete, texts, to_plain
from ebp_desktop.documents.fonts import SANS, SERIF, FontSet, find_fonts
from ebp_desktop.documents.kinds import DocumentKind, kind_of
from ebp_desktop.documents.parts import Paper
from ebp_desktop.documents.qr import qr_svg
from ebp_desktop.domain.errors import BadInputError, SurroundingsError

SPECIMEN = "样张"
_PREVIEW_PPI = 110.0
# The moment of making would differ from run to run; the paper's own date stands in the text and in its metadata.
_FIXED_CREATION = datetime(2026, 1, 1, tzinfo=UTC)


class Renderer:
    """The typesetter of the counter; safe to share between threads, one compilation at a time."""

    def __init__(self, fonts: FontSet | None = None, templates: Path | None = None) -> None:
        self._fonts = find_fonts() if fonts is None else fonts
        self._templates = resources.locate("templates") if templates is None else templates
        self._lock = Lock()
        self._compiler = typst.Compiler(
            root=str(self._templates),
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=list(self._fonts.folders)
            ),
            ignore_system_fonts=True,
        )

    def render(self, kind: str, data: Paper, token: str | None) -> bytes:
        """PDF/A-2b of a paper; ``token`` is the signed text for its QR, without one the pages carry 样张.

        Raises ``BadInputError`` for blanks the law forbids and for characters no font can draw, ``SurroundingsError``
        when the typesetter fails.
        """
        return self._compile(kind, data, token, "pdf")[0]

    def preview(self, kind: str, data: Paper, token: str | None, ppi: float = _PREVIEW_PPI) -> list[bytes]:
        """The same pages as PNG pictures, one per page."""
        return self._compile(kind, data, token, "png", ppi)

    def _compile(
        self, code: str, data: Paper, token: str | None, form: Literal["pdf", "png"], ppi: float = _PREVIEW_PPI
    ) -> list[bytes]:
        kind = kind_of(code)
        require_complete(kind, data)
        plain = to_plain(data)
        self._require_glyphs(kind, plain)
        inputs = self._inputs(kind, data, plain, token)
        with self._lock:
            try:
                made, warnings = self._compiler.compile_with_warnings(
                    input=str(self._templates / kind.template),
                    format=form,
                    ppi=ppi,
                    sys_inputs=inputs,
                    pdf_standards=["a-2b"],
                    timestamp=_FIXED_CREATION,
                )
            except typst.TypstError as fault:
                raise _failed(kind, f"{fault.message} {fault.diagnostic}") from fault
        if warnings:
            raise _failed(kind, "；".join(warning.message for warning in warnings))
        if made is None:
            raise _failed(kind, "排版没有输出")
        return made if isinstance(made, list) else [made]

    def _inputs(self, kind: DocumentKind, data: Paper, plain: Plain, token: str | None) -> dict[str, str]:
        specimen = data.draft or (kind.carries_token and token is None)
        return {
            "data": json.dumps(plain, ensure_ascii=False, sort_keys=True),
            "title": kind.title_for(data),
            "kind": kind.code,
            "version": kind.version,
            "specimen": SPECIMEN if specimen else "",
            "qr": qr_svg(token).decode() if token and kind.carries_token else "",
            "serif": json.dumps([SERIF]),
            "sans": json.dumps([SANS]),
            "fang": json.dumps([*self._fonts.fang, SERIF]),
        }

    def _require_glyphs(self, kind: DocumentKind, plain: Plain) -> None:
        unprintable = self._fonts.unprintable("".join(texts(plain)))
        if unprintable:
            named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in unprintable)
            raise BadInputError(
                "character_unprintable",
                f"《{kind.title}》中有字体里没有的字：{named}",
                safe="没有产生任何文书，登记内容不受影响",
                todo="核对该字是否录入有误；确为生僻字的，请安装包含该字的字体",
            )


def _failed(kind: DocumentKind, why: str) -> SurroundingsError:
    return SurroundingsError(
        "typesetting_failed",
        f"《{kind.title}》排版失败：{why}",
        safe="已登记的业务不受影响，文书可以补打",
        todo="请重试；仍然失败时运行 ebp doctor 检查字体和模板",
    )
