"""80 mm receipts in ESC/POS: GB 18030 text, the printer's own QR, rare lines drawn as dots, sent to TCP port 9100."""

from __future__ import annotations

import socket
import struct
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.printing.protocol import (
    JobState,
    JobStatus,
    PrinterState,
    PrinterStatus,
    PrintRequest,
    printer_failed,
    require_printable,
    require_ready,
)
from ebp_desktop.services.receipts import Code, Pair, Receipt, ReceiptLine, Rule, Words

COLUMNS = 48  # half-width characters across 72 mm of print
DOTS = 576  # dots across the same, at 8 per millimetre
_DOTS_HIGH = 24
_CONNECT_SECONDS = 5.0

_START = b"\x1b@\x1c&"  # ESC @ forgets earlier settings; FS & reads two bytes as one Chinese character
_CUT = b"\x1dV\x42\x50"  # GS V: feed past the blade, then cut
_BOLD = (b"\x1bE\x00", b"\x1bE\x01")
_LARGE = (b"\x1d!\x00", b"\x1d!\x11")
_ALIGN_LEFT, _ALIGN_CENTRE = b"\x1ba\x00", b"\x1ba\x01"


class EscPosEncoder:
    """Turns a receipt into the printer's bytes; ``font`` draws the lines that its ROM has no characters for."""

    def __init__(self, font: Path, font_index: int = 0) -> None:
        self._font = (str(font), font_index)

    def encode(self, receipt: Receipt) -> bytes:
        """The whole receipt, from reset to cut."""
        return _START + b"".join(self._line(line) for line in receipt.lines) + _CUT

    def _line(self, line: ReceiptLine) -> bytes:
        match line:
            case Words():
                return self._words(line)
            case Pair():
                gap = COLUMNS - width_of(line.label) - width_of(line.value)
                if gap < 1:
                    return self._words(Words(text=line.label)) + self._words(Words(text=line.value))
                return self._text(line.label + " " * gap + line.value, large=False)
            case Code():
                number = self._words(Words(text=line.number, centred=True))
                return _ALIGN_CENTRE + qr_bytes(line.token) + number
            case Rule():
                return b"-" * COLUMNS + b"\n"

    def _words(self, words: Words) -> bytes:
        columns = COLUMNS // 2 if words.large else COLUMNS
        body = b"".join(self._text(part, large=words.large) for part in wrap(words.text, columns))
        style = (_ALIGN_CENTRE if words.centred else _ALIGN_LEFT) + _BOLD[words.bold] + _LARGE[words.large]
        return style + body + _LARGE[0] + _BOLD[0] + _ALIGN_LEFT

    def _text(self, text: str, *, large: bool) -> bytes:
        # What somebody typed must never reach the printer as a command.
        text = "".join(character for character in text if unicodedata.category(character) != "Cc")
        if all(in_rom(character) for character in text):
            return text.encode("gb18030") + b"\n"
        return self._drawn(text, 2 if large else 1)

    def _drawn(self, text: str, scale: int) -> bytes:
        """One line as dots (GS v 0): right on every printer, whatever its ROM."""
        face = ImageFont.truetype(self._font[0], _DOTS_HIGH * scale, index=self._font[1])
        height = round(_DOTS_HIGH * scale * 1.4)
        picture = Image.new("1", (DOTS, height), 1)
        ImageDraw.Draw(picture).text((0, height / 2), text, font=face, fill=0, anchor="lm")
        dots = bytes(byte ^ 0xFF for byte in picture.tobytes())
        return b"\x1dv0\x00" + struct.pack("<HH", DOTS // 8, height) + dots


def in_rom(character: str) -> bool:
    """Whether common receipt printers carry the character: ASCII and GB 2312, which all of them share."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def width_of(text: str) -> int:
    """Columns that the text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns``; line breaks in it stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, taken = "", 0
        for character in paragraph:
            width = width_of(character)
            if taken + width > columns:
                lines.append(line)
                line, taken = "", 0
            line, taken = line + character, taken + width
        lines.append(line)
    return lines


def qr_bytes(token: str, module_dots: int = 5) -> bytes:
    """The printer's own QR: model 2, error correction M, stored and then printed (GS ( k)."""
    stored = token.encode("ascii")
    return (
        b"\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x03\x00\x31\x43"
        + bytes([module_dots])
        + b"\x1d(k\x03\x00\x31\x45\x31"
        + b"\x1d(k"
        + struct.pack("<H", len(stored) + 3)
        + b"\x31\x50\x30"
        + stored
        + b"\x1d(k\x03\x00\x31\x51\x30"
    )


class EscPosPrinter:
    """A receipt printer on the network."""

    def __init__(self, name: str, host: str, encoder: EscPosEncoder, port: int = 9100) -> None:
        self._name = name
        self._address = (host, port)
        self._encoder = encoder

    @property
    def name(self) -> str:
        """The name under which profiles know it."""
        return self._name

    def status(self) -> PrinterStatus:
        """Ready when it answers on its port."""
        try:
            socket.create_connection(self._address, _CONNECT_SECONDS).close()
        except OSError:
            return PrinterStatus(name=self._name, state=PrinterState.MISSING, reason="没有应答")
        return PrinterStatus(name=self._name, state=PrinterState.READY)

    def send(self, request: PrintRequest) -> str:
        """Sends every copy on one connection; a document without a receipt form is refused with ``receipt_needed``."""
        require_printable(request)
        if request.receipt is None:
            raise BadInputError(
                "receipt_needed",
                f"“{request.title}”没有 80 毫米小票版式，不能用打印机“{self._name}”打印",
                safe="没有送往打印机",
                todo="改用 A4 打印机",
            )
        raw = self._encoder.encode(request.receipt) * request.copies
        try:
            with socket.create_connection(self._address, _CONNECT_SECONDS) as wire:
                wire.sendall(raw)
        except ConnectionRefusedError:
            require_ready(PrinterStatus(name=self._name, state=PrinterState.MISSING, reason="没有应答"))
        except OSError as fault:
            raise printer_failed(self._name, fault.strerror or "连接中断") from fault
        return f"{self._name}-{len(raw)}"

    def follow(self, job: str) -> JobStatus:
        """A printer of this kind keeps no list: what it took counts as printed."""
        taken = job.startswith(f"{self._name}-")
        return JobStatus(state=JobState.DONE) if taken else JobStatus(state=JobState.FAILED, reason="没有这个作业")
