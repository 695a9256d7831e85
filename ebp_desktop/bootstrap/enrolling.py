"""Makes a home a counter: key, store, device key, and the talk with central."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import msgspec

from ebp_desktop.bootstrap.counter import DEVICE_KEY, IDENTITY
from ebp_desktop.bootstrap.home import Identity, clock_of, read_identity, write_identity
from ebp_desktop.bootstrap.unlocking import Unlocking
from ebp_desktop.crypto.signatures import Ed25519Signer, to_base64
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.store.database_store import Now, open_store
from sync.enrolment import NewDevice, enrol
from sync.protocol.codec import to_json
from sync.protocol.messages import PublishedKey


def enrol_home(home: Path, central: str, code: str, ca: Path | None) -> Identity:
    """Enrols this workstation with the one-time code; nothing stays behind when central refuses.

    Raises RefusedError ``already_enrolled`` or central's own word, BadInputError for a bad address or certificate.
    """
    if read_identity(home) is not None:
        raise RefusedError(
            "already_enrolled", "本机已经登记为窗口。", place=str(home), safe="原登记未改动。", todo="换一个 --home。"
        )
    clock = clock_of(None)
    signer, device, epoch = Ed25519Signer.generate(), uuid4().hex, uuid4().hex
    answer = enrol(
        central,
        code,
        ca,
        NewDevice(device=device, signer=signer, epoch=epoch, hostname=socket.gethostname()),
        clock.now(),
    )
    identity = Identity(
        device=device,
        central=central,
        counter=answer.counter,
        region=answer.region,
        name=answer.name,
        ca=str(ca) if ca else "",
        demo=answer.demo,
    )
    _keep(home, identity, epoch, signer, answer.keys, clock.now)
    write_identity(home, identity)
    return identity


def _keep(
    home: Path, identity: Identity, epoch: str, signer: Ed25519Signer, keys: Iterable[PublishedKey], now: Now
) -> None:
    """Writes what enrolment brought into the store of the home, which is made here."""
    unlocking = Unlocking(home)
    data_key = unlocking.without_person() if unlocking.vault.exists else None
    store = open_store(home, data_key or unlocking.create(), now)
    try:
        with store.begin() as tx:
            tx.settings.set("device", identity.device)
            tx.settings.set("epoch", epoch)
            tx.settings.set("counter", identity.counter)
            tx.settings.set(DEVICE_KEY, to_base64(signer.private_bytes()))
            tx.settings.set(IDENTITY, msgspec.json.encode(identity).decode())
            for key in keys:
                tx.reference.put("key", key.key_id, to_json(key))
    finally:
        store.close()
