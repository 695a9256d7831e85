"""Pictures of pages for the viewer: read and decoded off the window's thread, the last ones kept."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from ebp_desktop.domain.errors import EbpError
from ui.presenting import Lane, Tasks

ReadPage = Callable[[str], bytes]
_KEPT = 48
THUMB_EDGE = 170
PAGE_EDGE = 2200
_TIFF = (b"II*\x00", b"MM\x00*")


def decode(encoded: bytes, longest_edge: int) -> QImage:
    """An image no larger than asked, turned as its camera says; a null image when it cannot be read.

    TIFF goes another way: Qt's own reader knows few of the compressions that scanners write.
    """
    if encoded[:4] in _TIFF:
        return _decode_tiff(encoded, longest_edge)
    buffer = QBuffer()
    buffer.setData(QByteArray(encoded))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest_edge:
        reader.setScaledSize(size.scaled(QSize(longest_edge, longest_edge), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _decode_tiff(encoded: bytes, longest_edge: int) -> QImage:
    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            picture = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return QImage()
    picture.thumbnail((longest_edge, longest_edge))
    raw = picture.tobytes()
    return QImage(raw, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888).copy()


class PageImages(QObject):
    """Asks for a page once, keeps the decoded picture, and says when it is there."""

    ready = Signal(str, int)

    def __init__(self, read: ReadPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read, self._tasks = read, tasks
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()

    def image(self, key: str, longest_edge: int) -> QImage | None:
        """The picture when it is there, else None and ``ready`` later."""
        place = (key, longest_edge)
        if place in self._kept:
            self._kept.move_to_end(place)
            return self._kept[place]
        if place not in self._asked:
            self._asked.add(place)
            self._tasks.run(
                lambda: decode(self._read(key), longest_edge),
                lambda image: self._arrived(place, image),
                lambda error: self._missing(place, error),
                Lane.IMAGES,
            )
        return self._kept.get(place)

    def _arrived(self, place: tuple[str, int], image: QImage) -> None:
        self._asked.discard(place)
        self._kept[place] = image
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(*place)

    def _missing(self, place: tuple[str, int], _: EbpError) -> None:
        self._arrived(place, QImage())
