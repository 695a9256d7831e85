"""Pictures of pages: scans from the sealed store, papers drawn from their PDF."""

from __future__ import annotations

import io
from collections import OrderedDict
from threading import Lock

import pypdfium2
from PIL import Image, ImageDraw

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.papers import MadePaper
from ui.gateways.seat import Seat
from ui.shown import PageImage

_KEPT, _SCALE = 8, 2.0
_PDF = "pdf:"


class Pages:
    """Reads pages by key: a digest for scans, ``pdf:number/page`` for papers made in this session."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._papers: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def show(self, paper: MadePaper, facts: str = "") -> tuple[PageImage, ...]:
        """The pages of a paper; its PDF is kept for the pictures that follow."""
        key = f"{paper.kind}.{paper.number}"
        with self._lock:
            self._papers[key] = paper.pdf
            while len(self._papers) > _KEPT:
                self._papers.popitem(last=False)
            document = pypdfium2.PdfDocument(paper.pdf)
            count = len(document)
            document.close()
        return tuple(PageImage(f"{_PDF}{key}/{at}", str(at + 1), facts) for at in range(count))

    def read(self, key: str) -> bytes:
        """The encoded picture; PDF pages come as PNG at 144 dpi."""
        if not key.startswith(_PDF):
            return self._seat.desk.blobs.read(key)
        name, _, page = key.removeprefix(_PDF).rpartition("/")
        with self._lock:
            pdf = self._papers.get(name)
            if pdf is None:
                raise BadInputError("page_gone", "这一页不在预览里了。", todo="请重新打开文书。")
            document = pypdfium2.PdfDocument(pdf)
            try:
                image = document[int(page)].render(scale=_SCALE).to_pil()
            finally:
                document.close()
        held = io.BytesIO()
        image.save(held, "PNG", compress_level=1)
        return held.getvalue()


def test_page(title: str) -> bytes:
    """A PDF page with a frame and a grey scale, to see that edges and tones come out; ``title`` goes into its data."""
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 1180, 1694), outline=0, width=4)
    for at in range(11):
        left = 120 + at * 92
        pen.rectangle((left, 160, left + 80, 320), fill=round(at * 25.5), outline=0)
    for at in range(40):
        pen.line((120, 420 + at * 30, 1120, 420 + at * 30), fill=0, width=1 + at % 4)
    held = io.BytesIO()
    image.save(held, "PDF", resolution=150, title=title)
    return held.getvalue()
