"""The manual's page of papers shows every kind that the counter hands out, as it prints today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from ebp_desktop.documents.kinds import document_kinds

MANUAL = Path(__file__).parents[3] / "docs" / "manual"


def test_every_paper_of_the_family_has_its_place_and_picture() -> None:
    shown = re.findall(r"!\[(.+?)\]\(\.\./pictures/papers/(\w+)\.png\)", (MANUAL / "papers.md").read_text("utf-8"))

    assert sorted(shown) == sorted((kind.title, kind.code) for kind in document_kinds())


@pytest.mark.parametrize("kind", [kind.code for kind in document_kinds()])
def test_each_picture_has_the_shape_of_its_paper(kind, sheet) -> None:
    width, height = sheet(kind).size_mm

    with Image.open(MANUAL.parent / "pictures" / "papers" / f"{kind}.png") as picture:
        assert picture.width / picture.height == pytest.approx(width / height, abs=0.01)
