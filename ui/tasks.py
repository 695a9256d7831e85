"""Background work for the windows: one serial lane for the store, one for pictures, results by one queued signal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot

from ebp_desktop.domain.errors import EbpError, SurroundingsError
from ui.presenting import Lane

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


class BackgroundTasks(QObject):
    """Lives as long as the window; each lane keeps its order, nothing runs on the window's thread."""

    _arrived = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._waiting: dict[int, tuple[Callable[[Any], None], Callable[[EbpError], None]]] = {}
        self._pools = {lane: QThreadPool(self) for lane in Lane}
        for pool in self._pools.values():
            pool.setMaxThreadCount(1)
            pool.setExpiryTimeout(-1)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[EbpError], None],
        lane: Lane = Lane.STORE,
    ) -> None:
        """Queue work on its lane."""
        number = next(self._numbers)
        self._waiting[number] = (done, failed)

        def job() -> None:
            try:
                result = work()
            except EbpError as error:
                self._arrived.emit(number, None, error)
            except (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError) as error:
                _log.exception("background work failed")
                self._arrived.emit(number, None, _unexpected(error))
            else:
                self._arrived.emit(number, result, None)

        self._pools[lane].start(job)

    @Slot(int, object, object)
    def _deliver(self, number: int, result: object, error: EbpError | None) -> None:
        done, failed = self._waiting.pop(number)
        if error is None:
            done(result)
        else:
            failed(error)

    @property
    def waiting(self) -> int:
        """Works whose result has not been delivered."""
        return len(self._waiting)

    def close(self, wait_ms: int = 5000) -> bool:
        """Drop what has not begun and wait for what runs; True when all lanes are still."""
        self._waiting.clear()
        self._arrived.disconnect(self._deliver)
        for pool in self._pools.values():
            pool.clear()
        return all(pool.waitForDone(wait_ms) for pool in self._pools.values())


def _unexpected(error: Exception) -> EbpError:
    return SurroundingsError(
        "unexpected",
        f"这一步没有做成（{type(error).__name__}）。",
        safe="已登记的内容都在本机，没有丢失。",
        todo="请再试一次；仍不行请联系管理员，并说明时间。",
    )
