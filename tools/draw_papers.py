"""Draws every specimen of docs/manual/papers.md from the samples of the tests: ``python -m tools.draw_papers``."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from PIL import Image

import resources
from ebp_desktop.documents.data import parse_data
from ebp_desktop.documents.kinds import document_kinds
from ebp_desktop.documents.renderer import Renderer

INTO = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "papers"
PPI = 72.0
SHADES = 16


def main() -> None:
    """One PNG per kind: its first page, in the few shades that paper needs."""
    samples = json.loads(resources.locate("templates", "samples.json").read_bytes())
    renderer = Renderer()
    INTO.mkdir(parents=True, exist_ok=True)
    for kind in document_kinds():
        paper = parse_data(kind.code, json.dumps(samples[kind.code]).encode())
        first = renderer.preview(kind.code, paper, None, PPI)[0]
        picture = Image.open(BytesIO(first)).convert("L").quantize(SHADES)
        picture.save(INTO / f"{kind.code}.png", optimize=True)
        print(f"{kind.code}.png")


if __name__ == "__main__":
    main()
