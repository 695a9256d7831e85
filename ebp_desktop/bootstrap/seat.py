"""The seat that the windows are given: the counter opens with its first person and stays open between people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ebp_desktop.bootstrap.agent import OpenSession
from ebp_desktop.bootstrap.counter import Counter, Services
from ebp_desktop.bootstrap.home import clock_of, enrolled
from ebp_desktop.bootstrap.sessions import Credentials, open_session, resume
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.printing.cups import CupsPrinter
from ebp_desktop.printing.folder import FolderPrinter
from ebp_desktop.printing.jobs import PrintDesk
from ebp_desktop.printing.profiles import Profile, Profiles
from ebp_desktop.printing.protocol import Printer, PrinterState
from ebp_desktop.services.context import Desk
from ebp_desktop.services.importing import ImportedFiles
from ebp_desktop.services.ports import PrintOutcome
from ebp_desktop.services.sign_in import SignedIn
from ebp_desktop.services.window import Operator
from ebp_desktop.store.locks import ProcessLock
from ebp_desktop.store.platform_files import private_folder
from sync.runner import SyncRunner
from sync.status import SyncReport
from ui.shown import Mark

PRINTER_SETTING = "printer_queue"
_FOLDER_PRINTER = "文件夹"
_MARKS = {PrinterState.READY: Mark.OK, PrinterState.BUSY: Mark.NOW, PrinterState.ATTENTION: Mark.WARN}


class CounterSeat:
    """One home's seat; every method but ``close`` is called on one thread at a time."""

    def __init__(self, home: Path, *, syncing: bool = True) -> None:
        self._home = home
        self._identity = enrolled(home)
        self._clock = clock_of(self._identity)
        self._syncing = syncing
        self._counter: Counter | None = None
        self._operator: Operator | None = None
        self._runner: SyncRunner | None = None
        self._printing: PrintDesk | None = None
        self._sync_lock: ProcessLock | None = None

    @classmethod
    def of_session(cls, home: Path, session: OpenSession) -> CounterSeat:
        """The seat of a session that runs already, without a sync thread of its own."""
        seat = cls(home, syncing=False)
        seat._seat(resume(home, session), session.operator)
        return seat

    def _seat(self, counter: Counter, operator: Operator) -> None:
        self._counter, self._operator = counter, operator
        if self._printing is None:
            self._printing = self._print_desk(counter)
        if self._syncing and self._runner is None:
            self._sync_alone(counter)

    def _sync_alone(self, counter: Counter) -> None:
        """Starts the sync thread unless another process of this home syncs already."""
        lock = ProcessLock(counter.store.paths.sync_lock)
        if not lock.acquire():
            return
        self._sync_lock = lock
        self._runner = counter.runner()
        self._runner.start()

    def _print_desk(self, counter: Counter) -> PrintDesk:
        with counter.store.read() as tx:
            queue = tx.settings.get(PRINTER_SETTING)
        folder = FolderPrinter(_FOLDER_PRINTER, private_folder(self._home / "printed"))
        printers: dict[str, Printer] = {folder.name: folder}
        usual = Profile(printer=folder.name)
        if queue:
            printers[queue] = CupsPrinter(queue)
            usual = Profile(printer=queue, instead=folder.name)
        return PrintDesk(printers, Profiles(usual=usual), self._clock.now)

    def _open(self) -> Counter:
        if self._counter is None or self._operator is None:
            raise RefusedError(
                "sign_in_required",
                "还没有登录。",
                article="第三十一条",
                safe="未做任何改动。",
                todo="请先登录。",
            )
        return self._counter

    @property
    def desk(self) -> Desk:
        """Ports, calendar and window in force."""
        return self._open().desk

    @property
    def services(self) -> Services:
        """The use cases."""
        return self._open().services

    @property
    def operator(self) -> Operator:
        """Who serves."""
        self._open()
        assert self._operator is not None
        return self._operator

    @property
    def taken(self) -> bool:
        """Whether somebody sits here."""
        return self._operator is not None

    def now(self) -> datetime:
        """The counter's time."""
        return self._clock.now()

    def sign_in(self, user: str, password: str, otp: str) -> SignedIn:
        """Seat a person; the first one unlocks the home."""
        if self._counter is None:
            opened = open_session(self._home, Credentials(user=user, password=password, otp=otp))
            self._seat(opened.counter, opened.signed_in.operator)
            return opened.signed_in
        signed_in = self._counter.sign_in().open(user, password, otp)
        self._counter.act_under(signed_in.operator)
        self._seat(self._counter, signed_in.operator)
        return signed_in

    def sign_out(self) -> None:
        """The person leaves; what waits is sent all the same."""
        self._operator = None

    def read_files(self, files: tuple[Path, ...], into: Path) -> ImportedFiles:
        """Applicants' files as pages."""
        return self._open().importer(self.operator).read(files, into)

    def sync_status(self) -> SyncReport:
        """What waits."""
        return self._open().sync_status()

    def sync_now(self) -> SyncReport:
        """Send and receive at once, by the sync thread where it runs."""
        counter = self._open()
        if self._runner is not None:
            self._runner.try_now()
            return counter.sync_status()
        return counter.sync_once()

    def printers(self) -> tuple[tuple[str, str, Mark], ...]:
        """Every printer with its state in words."""
        if self._printing is None:
            return ()
        return tuple(
            (status.name, f"{status.state.label}　{status.reason}".strip(), _MARKS.get(status.state, Mark.BAD))
            for status in self._printing.printers()
        )

    def print_pdf(self, pdf: bytes, title: str) -> PrintOutcome:
        """Print on the usual printer, else into the folder."""
        self._open()
        if self._printing is None:
            return PrintOutcome(ok=False, job="", reason="没有打印机")
        return self._printing.print_pdf(pdf, title)

    def close(self) -> None:
        """Stop sync and close the home."""
        if self._runner is not None:
            self._runner.stop()
        if self._sync_lock is not None:
            self._sync_lock.release()
        if self._counter is not None:
            self._counter.close()
        self._counter, self._operator, self._runner = None, None, None
