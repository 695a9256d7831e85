"""How names, codes and pinyin initials become search tokens, and how a typed query becomes an FTS5 expression.

Chinese runs are cut into bigrams, codes and initials into four-grams, each with its tails. A query of one, two or
any number of characters then is a phrase or a prefix over such tokens, wherever in the name or code it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_RUNS = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_NAME_GRAM = 2
_CODE_GRAM = 4


@dataclass(frozen=True, slots=True)
class SearchTokens:
    """The three columns of the index, as space-separated tokens."""

    names: str
    codes: str
    initials: str


def normal(text: str) -> str:
    """Return text in one width and case."""
    return unicodedata.normalize("NFKC", text).lower()


def number_key(number: str) -> str:
    """Return a number without width, case, separators and brackets, so that every way of typing it finds the case."""
    return "".join(letter for letter in normal(number) if letter.isalnum())


def tokens(words: Iterable[str], numbers: Iterable[str]) -> SearchTokens:
    """Cut the words and numbers of a case into its index entry."""
    names: list[str] = []
    codes: list[str] = []
    initials: list[str] = []
    for text in [*(normal(word) for word in words), *(number_key(number) for number in numbers)]:
        for run in _RUNS.findall(text):
            if run.isascii():
                codes += _grams(run, _CODE_GRAM, tails=True)
            else:
                names += _grams(run, _NAME_GRAM, tails=True)
                initials += _grams(_initials(run), _CODE_GRAM, tails=True)
    return SearchTokens(" ".join(names), " ".join(codes), " ".join(initials))


def expression(query: str) -> str | None:
    """Return the FTS5 expression of a typed query, every term of which must match; None when nothing is asked."""
    terms = [number_key(term) for term in query.split()]
    parts = [_part(run) for term in terms for run in _RUNS.findall(term)]
    return " AND ".join(parts) if parts else None


def _part(run: str) -> str:
    if not run.isascii():
        return f"names : {_phrase(run, _NAME_GRAM)}"
    columns = "{codes initials}" if run.isalpha() else "codes"
    return f"{columns} : {_phrase(run, _CODE_GRAM)}"


def _phrase(run: str, size: int) -> str:
    if len(run) < size:
        return f'"{run}" *'
    return '"' + " ".join(_grams(run, size, tails=False)) + '"'


def _grams(run: str, size: int, *, tails: bool) -> list[str]:
    """Cut a run into overlapping pieces; tails let its last letters be found and part it from the next run."""
    last = len(run) if tails else max(1, len(run) - size + 1)
    return [run[start : start + size] for start in range(last)]


def _initials(run: str) -> str:
    # Imported at first use: its dictionaries take a third of a second that the first window need not wait for.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(run, style=Style.FIRST_LETTER, errors="ignore"))
