"""The checklist of 收件: lines to rows, verdicts and counts on a line, and what is still open (Art. 5, 7, 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ebp_desktop.domain.errors import Missing
from ebp_desktop.domain.material import Counts, Keep, MaterialLine, ShareState, Verdict
from ebp_desktop.domain.registration import Draft, line_faults
from ui.shown import Badge, Cell, Count, Group, Mark, Nothing, PageImage, Row, Tone, Words

_SHORT_PROBLEM = 4


def short_code(material: str) -> str:
    """A material's number as it stands on the checklist: M301 is 301."""
    return material.rsplit("-", 1)[-1].removeprefix("M")


def is_shared(line: MaterialLine) -> bool:
    """Whether the material may not be asked of the applicant."""
    return line.share.state is not ShareState.NOT_SHAREABLE


def owed(draft: Draft) -> tuple[MaterialLine, ...]:
    """Lines that the applicant hands in."""
    return tuple(line for line in draft.lines if not is_shared(line))


def open_lines(draft: Draft) -> tuple[MaterialLine, ...]:
    """Lines that still refuse the registration, in their order."""
    return tuple(line for line in draft.lines if line_faults(line))


def next_open(draft: Draft, after: str) -> str:
    """The next line that needs a hand, going round; empty when none does."""
    codes = [line.material for line in draft.lines]
    start = codes.index(after) + 1 if after in codes else 0
    wanting = {line.material for line in open_lines(draft)}
    return next((code for code in codes[start:] + codes[:start] if code in wanting), "")


def with_verdict(draft: Draft, material: str, verdict: Verdict, problem: str = "") -> Draft:
    """The draft with a verdict; 合格 fills the counts that were not entered, as all due copies are there."""

    def judge(line: MaterialLine) -> MaterialLine:
        received = line.received
        if verdict is Verdict.QUALIFIED:
            received = Counts(
                original=max(received.original, line.due.original),
                copy=max(received.copy, line.due.copy),
                electronic=max(received.electronic, line.due.electronic if line.pages or line.files else 0),
            )
        return replace(line, verdict=verdict, problem=problem, received=received)

    return _on_line(draft, material, judge)


def with_problem(draft: Draft, material: str, problem: str) -> Draft:
    """The draft with the words of a defect."""
    return _on_line(draft, material, lambda line: replace(line, problem=problem))


def with_count(draft: Draft, material: str, count: int) -> Draft:
    """The draft with a number of received papers: originals where originals are due, else copies, else files."""

    def counted(line: MaterialLine) -> MaterialLine:
        if line.due.original:
            return replace(line, received=replace(line.received, original=count))
        if line.due.copy:
            return replace(line, received=replace(line.received, copy=count))
        return replace(line, received=replace(line.received, electronic=count))

    return _on_line(draft, material, counted)


def _on_line(draft: Draft, material: str, change: Callable[[MaterialLine], MaterialLine]) -> Draft:
    return replace(draft, lines=tuple(change(line) if line.material == material else line for line in draft.lines))


def badge_of(line: MaterialLine) -> Badge:
    """A line's state in a glyph and a word."""
    if is_shared(line):
        return _SHARE_BADGES[line.share.state]
    if line.lacks_scan and line.verdict is not Verdict.MISSING:
        return Badge(Mark.MISSING, "未扫描")
    match line.verdict:
        case Verdict.QUALIFIED:
            return Badge(Mark.OK, "合格")
        case Verdict.EXEMPT:
            return Badge(Mark.NONE, "免交")
        case Verdict.MISSING:
            return Badge(Mark.MISSING, _missing_words(line))
        case Verdict.DEFECTIVE:
            short = 0 < len(line.problem) <= _SHORT_PROBLEM
            return Badge(Mark.BAD, line.problem if short else "不合格")
        case Verdict.NONE:
            return Badge(Mark.OPEN, "未核")


_SHARE_BADGES = {
    ShareState.SHARED: Badge(Mark.SHARE, "已取得"),
    ShareState.PENDING: Badge(Mark.CLOCK, "待联网"),
    ShareState.FAILED: Badge(Mark.WARN, "可补传"),
    ShareState.DUE_FROM_STAGE: Badge(Mark.NONE, "本阶段出"),
}


def _missing_words(line: MaterialLine) -> str:
    got, due = line.received.original, line.due.original
    return f"缺 {due - got} 份" if 0 < got < due else "缺件"


def rows_of(draft: Draft, chosen: str) -> tuple[Row | Group, ...]:
    """The whole checklist: what is owed, then what is fetched."""
    due, shared = owed(draft), tuple(line for line in draft.lines if is_shared(line))
    rows: list[Row | Group] = []
    if due:
        rows.append(Group(f"须交 {len(due)} 项", _due_hint(due)))
        rows += [_row(line, line.material == chosen) for line in due]
    if shared:
        rows.append(Group(f"共享取得、不得要求提交 {len(shared)} 项", _shared_hint(shared)))
        rows += [_row(line, line.material == chosen) for line in shared]
    return tuple(rows)


def _due_hint(lines: Iterable[MaterialLine]) -> str:
    lines = tuple(lines)
    judged = sum(line.verdict is not Verdict.NONE for line in lines)
    wanting = sum(line.verdict in (Verdict.MISSING, Verdict.DEFECTIVE) for line in lines)
    words = [f"已核 {judged}，未核 {len(lines) - judged}"]
    if wanting:
        words.append(f"缺件或不合格 {wanting}")
    return "，".join(words)


def _shared_hint(lines: Iterable[MaterialLine]) -> str:
    states = [line.share.state for line in lines]
    words = [f"已取 {states.count(ShareState.SHARED)}"]
    for state, word in ((ShareState.PENDING, "待联网"), (ShareState.FAILED, "未取到")):
        if states.count(state):
            words.append(f"{word} {states.count(state)}")
    return "，".join(words)


def _row(line: MaterialLine, chosen: bool) -> Row:
    due, got, shared = line.due, line.received, is_shared(line)
    exempt = line.verdict is Verdict.EXEMPT
    keep = "" if line.keep is Keep.NONE else line.keep.label
    untouched = line.verdict is Verdict.NONE and not line.is_paper_received and not line.pages
    original: Cell = Nothing()
    copy: Cell = Nothing()
    if not shared:
        original = Count(due.original, got.original, keep, waived=exempt and due.original > 0, coming=untouched)
        copy = Count(due.copy, got.copy, waived=exempt and due.copy > 0, coming=untouched)
    electronic = (
        1 if line.share.state is ShareState.SHARED else max(got.electronic, int(bool(line.pages or line.files)))
    )
    wanted = max(due.electronic, 1 if due.original or due.copy or shared else 0)
    files = Count(wanted, min(electronic, max(wanted, 1)), waived=exempt and wanted > 0, coming=shared or untouched)
    return Row(
        line.material,
        (
            Words(short_code(line.material), tone=Tone.SUPPORT),
            Words(line.name, strong=chosen),
            original,
            copy,
            files,
            badge_of(line),
        ),
    )


def pages_of(draft: Draft) -> tuple[PageImage, ...]:
    """Every page in the order of the checklist, labelled by its line."""
    return tuple(
        PageImage(page.sha256, f"{short_code(line.material)}-{at}", _quality(page.dpi, page.origin), _finding(line, at))
        for line in draft.lines
        for at, page in enumerate(line.pages, 1)
    )


def _quality(dpi: int, origin: str) -> str:
    words = [f"{dpi} 点/英寸"] if dpi else []
    words.append("扫描" if origin == "scan" else "导入")
    return "　".join(words)


def _finding(line: MaterialLine, at: int) -> str:
    return (
        f"{short_code(line.material)}　{line.problem}"
        if at == 1 and line.verdict is Verdict.DEFECTIVE and line.problem
        else ""
    )


def first_page(draft: Draft, material: str) -> str:
    """The first page of a line."""
    line = draft.line(material)
    return line.pages[0].sha256 if line and line.pages else ""


def line_of_page(draft: Draft, sha256: str) -> str:
    """The line that a page belongs to."""
    return next((line.material for line in draft.lines if any(page.sha256 == sha256 for page in line.pages)), "")


def in_words(missing: tuple[Missing, ...], draft: Draft) -> str:
    """What stands in the way, by kind and short: 未核 308、314；未扫描 313；表单 2 处."""
    codes = {line.material for line in draft.lines}
    kinds: dict[str, list[str]] = {}
    for item in missing:
        if item.line in codes:
            word = "未核" if "未核对" in item.what else "未扫描" if "未扫描" in item.what else "问题未写明"
            if "不得收取" in item.what:
                word = "不得收纸件"
            kinds.setdefault(word, []).append(short_code(item.line))
        else:
            kinds.setdefault("表单", []).append(item.line.rsplit(" ", 1)[-1])
    return "；".join(f"{word} {_some(names)}" for word, names in kinds.items())


def _some(names: list[str], most: int = 4) -> str:
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown} 等 {len(names)} 处"
