"""What the day leaves behind: its steps, its papers with codes that were read back, its pictures."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import zxingcpp

from ebp_desktop.cli.answer import plain
from ebp_desktop.domain.errors import BadInputError, EbpError, SurroundingsError

_SCALE = 200 / 72


class StepFailedError(Exception):
    """A step of the day did not do what it should; the day ends there."""


@dataclass(slots=True)
class DayReport:
    """Gathers the day; written anew after every step, so that a day that is cut short shows how far it came."""

    out: Path
    steps: list[dict[str, object]] = field(default_factory=list)
    documents: list[dict[str, object]] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    project_code: str | None = None
    registration_no: str | None = None

    @property
    def ok(self) -> bool:
        """Whether every step so far is well."""
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """One step; what is appended to the list becomes its detail. Raises StepFailedError when it fails."""
        detail: list[str] = []
        try:
            yield detail
        except EbpError as error:
            self._ended(name, ok=False, detail=f"{error.message} {error.todo}".strip())
            raise StepFailedError(name) from error
        self._ended(name, ok=True, detail="；".join(detail))

    def _ended(self, name: str, *, ok: bool, detail: str) -> None:
        self.steps.append({"name": name, "ok": ok, "detail": detail})
        self.write()

    def paper(self, kind: str, number: str, pdf: str, qr: str) -> None:
        """Notes a paper after reading its code back from the rendered first page.

        Raises SurroundingsError ``qr_unreadable`` when the page does not show exactly this code.
        """
        found = codes_on(self.out / pdf)
        if qr not in found:
            raise SurroundingsError("qr_unreadable", f"{pdf} 第一页上读不出它的二维码。", place=pdf)
        if all(document["pdf"] != pdf for document in self.documents):
            self.documents.append({"kind": kind, "number": number, "pdf": pdf, "qr": qr})

    def write(self) -> None:
        """Writes ``day.json``."""
        data = {
            "ok": self.ok,
            "steps": self.steps,
            "documents": self.documents,
            "screens": self.screens,
            "project_code": self.project_code,
            "registration_no": self.registration_no,
        }
        text = json.dumps(plain(data), ensure_ascii=False, indent=2)
        (self.out / "day.json").write_text(text + "\n", "utf-8")


def codes_on(pdf: Path) -> set[str]:
    """Every code on the rendered first page of a PDF."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise BadInputError("pdf_unreadable", f"{pdf.name} 打不开。", place=str(pdf)) from error
    try:
        picture = document[0].render(scale=_SCALE, grayscale=True).to_numpy()
        return {code.text for code in zxingcpp.read_barcodes(picture)}
    finally:
        document.close()
