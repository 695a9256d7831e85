"""The pull: a page of the feed behind a cursor, and the sums by which a counter finds what it lacks."""

from __future__ import annotations

from typing import Final

from sqlalchemy.engine import Connection

from central.runtime import Central
from central.store import feed, settings
from central.store.devices import Device
from central.store.feed import Cursor
from central.store.times import stamp
from ebp_desktop.domain.errors import BadInputError, EbpError
from sync.protocol.messages import CheckAnswer, CheckRequest, PullAnswer
from sync.protocol.wire import MUST_REFETCH

LARGEST_PAGE: Final = 500


class MustRefetchError(EbpError):
    """The feed was begun anew (a restored central): the counter rebuilds its copy, its own waiting facts stay."""

    def __init__(self) -> None:
        super().__init__(
            MUST_REFETCH,
            "中心端数据已重建，需要重新拉取。",
            safe="本机待发记录不受影响。",
            todo="程序会自动重建本地副本。",
        )


def pull(central: Central, cursor: str, limit: int) -> PullAnswer:
    """At most ``limit`` rows behind ``cursor`` (empty: from the start); raises MustRefetchError."""
    with central.store.read() as connection:
        epoch = settings.read(connection, settings.FEED_EPOCH)
        after = _position(central, connection, cursor, epoch)
        count = max(1, min(limit, LARGEST_PAGE))
        rows = feed.page(connection, central.vault, after, count + 1)
        items = rows[:count]
        last = items[-1].seq if items else after
        return PullAnswer(
            items=items,
            next=feed.seal_cursor(central.vault, Cursor(epoch, last)),
            more=len(rows) > count,
            feed_epoch=epoch,
            server_time=stamp(central.clock.now()),
        )


def _position(central: Central, connection: Connection, cursor: str, epoch: str) -> int:
    if not cursor:
        return 0
    try:
        position = feed.open_cursor(central.vault, cursor)
    except BadInputError as error:
        raise MustRefetchError from error
    if position.epoch != epoch or position.seq > feed.head(connection):
        raise MustRefetchError
    return position.seq


def fetch(central: Central, collection: str, ids: tuple[str, ...]) -> PullAnswer:
    """Single rows again, for a counter that repairs itself; the cursor does not move."""
    with central.store.read() as connection:
        return PullAnswer(
            items=feed.items(connection, central.vault, collection, ids),
            next="",
            more=False,
            feed_epoch=settings.read(connection, settings.FEED_EPOCH),
            server_time=stamp(central.clock.now()),
        )


def feed_head(central: Central) -> int:
    """The last sequence number, for whoever waits for news."""
    with central.store.read() as connection:
        return feed.head(connection)


def position_of(central: Central, cursor: str) -> int:
    """The sequence number in a cursor; raises MustRefetchError."""
    with central.store.read() as connection:
        return _position(central, connection, cursor, settings.read(connection, settings.FEED_EPOCH))


def check(central: Central, _caller: Device, request: CheckRequest) -> CheckAnswer:
    """Compare bucket sums at the counter's cursor; raises MustRefetchError."""
    with central.store.read() as connection:
        epoch = settings.read(connection, settings.FEED_EPOCH)
        return feed.compare(connection, request, _position(central, connection, request.cursor, epoch))
