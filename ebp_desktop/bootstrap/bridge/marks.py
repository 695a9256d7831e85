"""Names of the inbox's marks in the store, and what a rebuild leaves behind."""

from __future__ import annotations

from typing import Final

from ebp_desktop.store.session import StoreSession

CURSOR: Final = "feed"
FEED_EPOCH: Final = "feed_epoch"
REBUILDING: Final = "rebuilding"
STAGING: Final = "staging"


def begin_rebuild(tx: StoreSession) -> None:
    """Starts the feed over into a staging area; the outbox and what is shown stay as they are."""
    tx.inbox.drop(STAGING)
    tx.inbox.set_cursor(CURSOR, "")
    tx.inbox.set_cursor(FEED_EPOCH, "")
    tx.inbox.set_cursor(REBUILDING, "1")
