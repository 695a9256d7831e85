"""Sends scanned pages to their checklist lines by the codes on cover sheets, and never guesses where a code is odd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ebp_desktop.domain.errors import BadInputError
from scanner.manifest import Page

OUR_CODES = "EBP1"
Sheet = TypeVar("Sheet")


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cover sheet says: the case and the material line for the pages behind it."""

    case: str
    line: str


@dataclass(frozen=True, slots=True)
class CaseMark:
    """A slip or notice of ours was found among the pages: it belongs to this case and sends nothing anywhere."""

    case: str


ReadCode = Callable[[str], Cover | CaseMark | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One page on its line; ``page`` counts from 0."""

    page: int
    cover: Cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One page that a person has to place, and why."""

    page: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Where every page of a batch goes; each page stands in exactly one of the four lists.

    ``here`` are pages before any cover sheet: they stay on the line that is open. ``covers`` are the cover sheets
    themselves, kept for the record. ``cases`` are those whose slips or notices were seen.
    """

    placed: tuple[Placed, ...] = ()
    here: tuple[int, ...] = ()
    covers: tuple[int, ...] = ()
    review: tuple[Review, ...] = ()
    cases: tuple[str, ...] = ()


def route(pages: Sequence[Page], read_code: ReadCode) -> Routing:
    """Place the pages of one batch, in scanning order.

    ``read_code`` verifies the text of a code and says what it means; ``None`` where it is not genuine. A code of ours
    that is not genuine, two different covers on one sheet, or a cover that was there before: the pages behind it go
    to review until the next good cover.
    """
    placed, here, covers, review, cases = list[Placed](), list[int](), list[int](), list[Review](), dict[str, None]()
    seen: set[Cover] = set()
    target: Cover | str | None = None
    for number, page in enumerate(pages):
        found, marks, odd = _read(page, read_code)
        cases.update(dict.fromkeys(mark.case for mark in marks))
        if len(found) > 1 or odd:
            target = "同一页上有两张分隔页的二维码" if len(found) > 1 else "二维码无法核验，不是本系统签发或已损坏"
            review.append(Review(page=number, reason=target))
        elif found:
            target = found[0] if found[0] not in seen else "同一张分隔页出现了两次"
            seen.add(found[0])
            covers.append(number)
        elif isinstance(target, Cover):
            placed.append(Placed(page=number, cover=target))
        elif target is not None:
            review.append(Review(page=number, reason=target))
        else:
            here.append(number)
    return Routing(
        placed=tuple(placed), here=tuple(here), covers=tuple(covers), review=tuple(review), cases=tuple(cases)
    )


def interleave(fronts: Sequence[Sheet], backs: Sequence[Sheet], *, stack_flipped: bool = True) -> tuple[Sheet, ...]:
    """Both passes of a one-sided feeder in reading order.

    After the first pass the whole stack is turned over, so the backs come last sheet first (``stack_flipped``). Raises
    BadInputError ``sides_differ`` where the passes do not have the same number of sheets; nothing is dropped.
    """
    if len(fronts) != len(backs):
        raise BadInputError(
            "sides_differ",
            f"正面 {len(fronts)} 页，反面 {len(backs)} 页，不能合并",
            safe="两次扫描的页面都在",
            todo="请重新扫描少的一面",
        )
    ordered = reversed(backs) if stack_flipped else backs
    return tuple(sheet for pair in zip(fronts, ordered, strict=True) for sheet in pair)


def _read(page: Page, read_code: ReadCode) -> tuple[list[Cover], list[CaseMark], bool]:
    """The covers and marks on one page, and whether a code of ours could not be verified."""
    covers, marks, odd = dict[Cover, None](), list[CaseMark](), False
    for code in page.codes:
        meaning = read_code(code.text)
        if isinstance(meaning, Cover):
            covers[meaning] = None
        elif isinstance(meaning, CaseMark):
            marks.append(meaning)
        else:
            odd = odd or OUR_CODES in code.text
    return list(covers), marks, odd
