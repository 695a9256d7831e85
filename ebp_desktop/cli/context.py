"""What a command is given: its home, and on demand the unlocked counter with the person who signed in."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ebp_desktop.bootstrap.agent import find_session, require_session
from ebp_desktop.bootstrap.counter import Counter, Services
from ebp_desktop.bootstrap.home import clock_of, enrolled
from ebp_desktop.bootstrap.sessions import resume
from ebp_desktop.bootstrap.unlocking import Unlocking
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.material import Page
from ebp_desktop.services.intake import PageFile
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.window import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An unlocked counter and the signed-in person."""

    counter: Counter
    operator: Operator

    @property
    def services(self) -> Services:
        """The counter's use cases."""
        return self.counter.services


@dataclass(frozen=True, slots=True)
class Context:
    """The home of a command."""

    home: Path

    @contextlib.contextmanager
    def signed(self) -> Iterator[Signed]:
        """The counter under the running session; raises RefusedError ``sign_in_required`` or ``not_enrolled``."""
        enrolled(self.home)
        session = require_session(self.home)
        counter = resume(self.home, session)
        try:
            yield Signed(counter=counter, operator=session.operator)
        finally:
            counter.close()

    @contextlib.contextmanager
    def unlocked(self) -> Iterator[Counter]:
        """The counter without a person: by the running session, the key store or the enrolment slot."""
        identity = enrolled(self.home)
        session = find_session(self.home)
        data_key = session.data_key if session else Unlocking(self.home).without_person()
        if data_key is None:
            raise RefusedError(
                "sign_in_required",
                "开机后还没有人登录，本机数据尚未打开。",
                article="第三十一条",
                safe="未发送的内容都在。",
                todo="用 ebp session open 登录后再办。",
            )
        counter = Counter(self.home, identity, data_key, clock_of(identity))
        try:
            yield counter
        finally:
            counter.close()


@contextlib.contextmanager
def imported(
    signed: Signed, base: Path, names: tuple[str, ...]
) -> Iterator[Callable[[tuple[str, ...]], tuple[PageFile, ...]]]:
    """Imports the named files once, each on its own, and gives the pages of any of them by name.

    Raises BadInputError ``files_refused`` naming each refused file and why.
    """
    folder = Path(tempfile.mkdtemp(prefix="import-", dir=signed.counter.home))
    try:
        found: dict[str, tuple[PageFile, ...]] = {}
        refused: list[str] = []
        importer = signed.counter.importer(signed.operator)
        for number, name in enumerate(dict.fromkeys(names)):
            path = base / name
            if not path.is_file():
                refused.append(f"{name}：文件不存在")
                continue
            result = importer.read((path,), folder / str(number))
            refused.extend(f"{name}：{each.reason}" for each in result.refused)
            found[name] = result.pages
        if refused:
            raise BadInputError(
                "files_refused",
                f"有 {len(refused)} 个文件不能用：" + "；".join(refused),
                place=refused[0].split("：")[0],
            )
        yield lambda wanted: tuple(page for name in wanted for page in found[name])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stored(signed: Signed, case_id: UUID, files: tuple[PageFile, ...]) -> tuple[Page, ...]:
    """Seals pages under a case's key and gives them as facts name them."""
    for file in files:
        signed.counter.blobs.put(case_id, file.path, file.page.mime)
    return tuple(file.page for file in files)


def save_paper(paper: MadePaper, out: Path | None, home: Path) -> dict[str, object]:
    """Writes the paper's PDF into the folder named in the call, else below the home; its path relative to that."""
    base = out if out is not None else home
    folder = base if out is not None else home / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{paper.number.replace('/', '_')}-{paper.kind}.pdf"
    target.write_bytes(paper.pdf)
    return {
        "kind": paper.kind,
        "title": paper.title,
        "number": paper.number,
        "pdf": str(target.relative_to(base)),
        "qr": paper.token,
    }
