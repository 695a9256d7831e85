"""The local store as the sync engine sees it: each class one port of ``sync.ports`` over ``CounterStore``."""

from ebp_desktop.bootstrap.bridge.contact import StoredContact
from ebp_desktop.bootstrap.bridge.inbox import StoredInbox
from ebp_desktop.bootstrap.bridge.leases import StoredLeases
from ebp_desktop.bootstrap.bridge.outbox import StoredOutbox
from ebp_desktop.bootstrap.bridge.scans import StoredScans

__all__ = ["StoredContact", "StoredInbox", "StoredLeases", "StoredOutbox", "StoredScans"]
