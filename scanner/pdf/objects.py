"""Writes PDF objects one after another straight to a file, so that a thousand pages need no more memory than one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PdfStream:
    """A PDF file under way: objects get numbers, streams are copied through in chunks, the end writes the table."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: list[int] = []
        self._place = 0
        self._digest = hashlib.sha256()
        self._write(HEADER)

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._place

    @property
    def sha256(self) -> str:
        """Digest of everything written so far."""
        return self._digest.hexdigest()

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def put(self, body: str | bytes, number: int | None = None) -> int:
        """Write an object and give its number."""
        number = self._begin(number)
        self._write((body.encode("ascii") if isinstance(body, str) else body) + b"\nendobj\n")
        return number

    def put_stream(self, dictionary: str, length: int, chunks: Iterable[bytes]) -> int:
        """Write a stream of a known length; raises ValueError where the chunks do not add up to it."""
        number = self._begin(None)
        self._write(f"<< {dictionary} /Length {length} >>\nstream\n".encode("ascii"))
        before = self._place
        for chunk in chunks:
            self._write(chunk)
        if self._place - before != length:
            raise ValueError(f"stream of {self._place - before} bytes, announced as {length}")
        self._write(b"\nendstream\nendobj\n")
        return number

    def finish(self, root: int) -> None:
        """Write the cross-reference table and the trailer; the identifier follows from the content."""
        start, count = self._place, len(self._offsets) + 1
        identifier = self._digest.hexdigest()[:32]
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii"))
        for offset in self._offsets:
            self._write(f"{offset:010d} 00000 n \n".encode("ascii"))
        trailer = f"<< /Size {count} /Root {root} 0 R /ID [<{identifier}> <{identifier}>] >>"
        self._write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _begin(self, number: int | None) -> int:
        number = number if number is not None else self.reserve()
        self._offsets[number - 1] = self._place
        self._write(f"{number} 0 obj\n".encode("ascii"))
        return number

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._place += len(data)


def text(value: str) -> str:
    """A text string for a dictionary, any characters."""
    return f"<feff{value.encode('utf-16-be').hex()}>"


def number(value: float) -> str:
    """A number as PDF wants it: no exponent, no needless digits."""
    return f"{value:.5f}".rstrip("0").rstrip(".") or "0"


def date(moment: datetime) -> str:
    """A PDF date with its offset; the moment must know its zone."""
    offset = moment.strftime("%z")
    return f"(D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}')"
