"""Finds the typefaces of the papers on this machine; a missing face is an error, never a silent substitute."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import typst

import resources
from ebp_desktop.documents.glyphs import Coverage, read_coverage
from ebp_desktop.domain.errors import SurroundingsError

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"
# GB/T 9704 asks for 仿宋; the licensed ones are used where the system has them and never shipped.
FANG_SONG = ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "FandolFang")

_FONT_FILES = frozenset(
    {
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJK-Bold.ttc",
        "NotoSerifCJK-Regular.ttc",
        "NotoSerifCJK-Bold.ttc",
        "NotoSansCJKsc-Regular.otf",
        "NotoSansCJKsc-Bold.otf",
        "NotoSerifCJKsc-Regular.otf",
        "NotoSerifCJKsc-Bold.otf",
        "FandolFang-Regular.otf",
        "simfang.ttf",
        "SIMFANG.TTF",
        "FangSong_GB2312.ttf",
        "STFangsong.ttf",
        "STFANGSO.TTF",
    }
)
_SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("C:/Windows/Fonts"),
    Path("/Library/Fonts"),
)


@dataclass(frozen=True)
class FontSet:
    """The faces that were found, and the folders that the typesetter may read them from."""

    folders: tuple[Path, ...]
    fang: tuple[str, ...]
    files: tuple[tuple[str, Path, int], ...]

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """One coverage per last face of a chain: what neither draws cannot be printed."""
        return tuple(read_coverage(path, index) for family, path, index in self.files if family in {SANS, SERIF})

    def unprintable(self, text: str) -> str:
        """The characters of ``text`` that some chain would leave as an empty box, each once, in order."""
        wanted = dict.fromkeys(character for character in text if character != "\n")
        return "".join(character for character in wanted if not all(character in faces for faces in self.coverage))


def default_folders() -> tuple[Path, ...]:
    """Where fonts are looked for: the product's own folder first, then the system's."""
    return (resources.locate("fonts"), *_SYSTEM_FOLDERS)


def find_fonts(folders: tuple[Path, ...] | None = None) -> FontSet:
    """The faces below ``folders``; ``SurroundingsError`` ``fonts_missing`` names what is not there."""
    holding = _folders_holding_fonts(default_folders() if folders is None else folders)
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(holding)).fonts()
    have = {(face.family, face.weight): face for face in known}
    lacking = [
        f"{family} {weight}" for family in (SANS, SERIF) for weight in (400, 700) if (family, weight) not in have
    ]
    if lacking:
        raise SurroundingsError(
            "fonts_missing",
            "缺少出具文书所用的字体：" + "、".join(lacking),
            safe="已登记的业务不受影响，文书可在安装字体后补打",
            todo="安装字体包 fonts-noto-cjk 后重试",
        )
    families = {face.family for face in known}
    fang = next(((family,) for family in FANG_SONG if family in families), ())
    files = tuple(
        (family, Path(face.path), face.index)
        for (family, weight), face in sorted(have.items())
        if weight == 400 and face.path and family in {SANS, SERIF}
    )
    return FontSet(folders=holding, fang=fang, files=files)


def _folders_holding_fonts(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every folder with one of the papers' font files, in the order of ``folders``."""
    found: dict[Path, None] = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            if not _FONT_FILES.isdisjoint(names):
                found[Path(place)] = None
    return tuple(found)
