"""The verdict on a typed or scanned number, and the clean-up that all numbers get before they are judged."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HYPHENS = re.compile(r"[-\u00ad\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70_]+")
_INVISIBLE = re.compile(r"[\s\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict: ``valid`` blocks when False; ``certain`` is False when a person should look twice.

    ``reasons`` are Chinese sentences, empty when all is well; ``normal`` is the number in its standard writing, also
    of a wrong number as far as it could be read.
    """

    valid: bool
    certain: bool
    reasons: tuple[str, ...]
    normal: str


def good(normal: str) -> Checked:
    """The number holds in every respect."""
    return Checked(True, True, (), normal)


def doubtful(normal: str, *reasons: str) -> Checked:
    """The number may be used, but something about it cannot be confirmed."""
    return Checked(True, False, reasons, normal)


def wrong(normal: str, *reasons: str) -> Checked:
    """The number cannot be right."""
    return Checked(False, True, reasons, normal)


def normalised(text: str) -> str:
    """``text`` as half-width capitals without any blank, with every dash written ``-``.

    Full-width letters and digits come from Chinese input methods, dashes of all kinds and invisible marks from papers
    pasted out of text documents.
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST])
    return _HYPHENS.sub("-", _INVISIBLE.sub("", folded)).upper()


def without_hyphens(text: str) -> str:
    """``normalised`` text with the hyphens taken out, for numbers that have none."""
    return normalised(text).replace("-", "")


def is_ascii_digits(text: str) -> bool:
    """Whether ``text`` is one or more of 0-9 and nothing else (``str.isdigit`` takes more than that)."""
    return text.isascii() and text.isdigit()
