"""Counters and their workstations: enrolment codes, chain heads, epochs, nonces."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from central.store import schema as t
from central.store.times import moment, stamp
from ebp_desktop.domain.errors import BadInputError, RefusedError

CODE_LIFE: Final = timedelta(days=7)
_MOST_COUNTERS: Final = 999
_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One enrolled workstation and how far its chain reaches here."""

    device: str
    counter: int
    key_id: str
    public_key: str
    epoch: str
    seq_high: int
    chain_head: str
    last_contact: datetime
    revoked: bool
    quarantined: str

    @property
    def counter_no(self) -> str:
        """The counter's number as papers show it."""
        return f"{self.counter:03d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A window: number, name and the region whose codes it hands out."""

    counter: int
    name: str
    region: str


def add_counter(connection: Connection, name: str, region: str, now: datetime) -> Counter:
    """The next counter of the hall; raises BadInputError ``counters_full``."""
    last = connection.scalar(sa.select(sa.func.max(t.counters.c.counter))) or 0
    if last >= _MOST_COUNTERS:
        raise BadInputError("counters_full", "窗口号已用完。")
    connection.execute(sa.insert(t.counters).values(counter=last + 1, name=name, region=region, created_at=stamp(now)))
    return Counter(counter=last + 1, name=name, region=region)


def find_counter(connection: Connection, counter: int) -> Counter:
    """A counter by its number; raises KeyError."""
    row = connection.execute(sa.select(t.counters).where(t.counters.c.counter == counter)).first()
    if row is None:
        raise KeyError(counter)
    return Counter(counter=row.counter, name=row.name, region=row.region)


def issue_code(connection: Connection, counter: int, now: datetime) -> tuple[str, datetime]:
    """A one-time enrolment code for a counter; only its digest is kept."""
    code = "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(4))
    expires = now + CODE_LIFE
    connection.execute(
        sa.insert(t.enrolment_codes).values(code_hash=_code_hash(code), counter=counter, expires=stamp(expires))
    )
    return code, expires


def redeem_code(connection: Connection, code: str, now: datetime) -> int:
    """Use up a code and return its counter; raises RefusedError ``bad_enrolment_code``."""
    row = connection.execute(
        sa.select(t.enrolment_codes).where(t.enrolment_codes.c.code_hash == _code_hash(code)).with_for_update()
    ).first()
    if row is None or row.used_at or moment(row.expires) < now:
        raise RefusedError(
            "bad_enrolment_code", "登记码不存在、已使用或已过期。", todo="请管理员用 counter add 重新生成登记码。"
        )
    connection.execute(
        sa.update(t.enrolment_codes).where(t.enrolment_codes.c.code_hash == row.code_hash).values(used_at=stamp(now))
    )
    return int(row.counter)


def _code_hash(code: str) -> str:
    folded = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(f"EBP enrolment\n{folded}".encode()).hexdigest()


def find_device(connection: Connection, device: str, *, lock: bool = False) -> Device | None:
    """An enrolled workstation; ``lock`` holds its row until the commit."""
    wanted = sa.select(t.devices).where(t.devices.c.device == device)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    return None if row is None else _device(row)


def _device(row: Row[tuple[object, ...]]) -> Device:
    return Device(
        device=row.device,
        counter=row.counter,
        key_id=row.key_id,
        public_key=row.public_key,
        epoch=row.epoch,
        seq_high=row.seq_high,
        chain_head=row.chain_head,
        last_contact=moment(row.last_contact),
        revoked=bool(row.revoked_at),
        quarantined=row.quarantined,
    )


def add_device(connection: Connection, device: Device, hostname: str, now: datetime) -> None:
    """Enrol a workstation."""
    connection.execute(
        sa.insert(t.devices).values(
            device=device.device,
            counter=device.counter,
            hostname=hostname,
            key_id=device.key_id,
            public_key=device.public_key,
            epoch=device.epoch,
            seq_high=device.seq_high,
            chain_head=device.chain_head,
            enrolled_at=stamp(now),
            last_contact=stamp(now),
        )
    )


def advance(connection: Connection, device: str, seq_high: int, chain_head: str, now: datetime) -> None:
    """Move the chain head forward, with the push that made it."""
    connection.execute(
        sa.update(t.devices)
        .where(t.devices.c.device == device)
        .values(seq_high=seq_high, chain_head=chain_head, last_contact=stamp(now))
    )


def touch(connection: Connection, device: str, now: datetime, app_version: str = "") -> None:
    """Remember that the counter was heard from."""
    values = {"last_contact": stamp(now)} | ({"app_version": app_version} if app_version else {})
    connection.execute(sa.update(t.devices).where(t.devices.c.device == device).values(**values))


def quarantine(connection: Connection, device: str, reason: str) -> None:
    """Stop a workstation whose ledger contradicts what central holds."""
    connection.execute(sa.update(t.devices).where(t.devices.c.device == device).values(quarantined=reason))


def start_epoch(connection: Connection, device: Device, epoch: str, start: str, reason: str, now: datetime) -> None:
    """Close the device's epoch and open another one with an empty chain that begins at ``start``."""
    connection.execute(
        sa.insert(t.epochs).values(
            device=device.device,
            epoch=device.epoch,
            seq_high=device.seq_high,
            chain_head=device.chain_head,
            closed_at=stamp(now),
            reason=reason,
        )
    )
    connection.execute(
        sa.update(t.devices)
        .where(t.devices.c.device == device.device)
        .values(epoch=epoch, seq_high=0, chain_head=start, last_contact=stamp(now))
    )


def is_closed_epoch(connection: Connection, device: str, epoch: str) -> bool:
    """Whether the device used this epoch before."""
    found = sa.select(t.epochs.c.epoch).where(t.epochs.c.device == device, t.epochs.c.epoch == epoch)
    return connection.scalar(found) is not None


def take_nonce(connection: Connection, device: str, nonce: str, now: datetime) -> bool:
    """Use up a nonce; False when it was used before."""
    seen = sa.select(t.nonces.c.nonce).where(t.nonces.c.device == device, t.nonces.c.nonce == nonce)
    if connection.scalar(seen) is not None:
        return False
    connection.execute(sa.insert(t.nonces).values(device=device, nonce=nonce, seen_at=stamp(now)))
    return True


def forget_nonces(connection: Connection, before: datetime) -> None:
    """Drop nonces that are older than any request that would still be taken."""
    connection.execute(sa.delete(t.nonces).where(t.nonces.c.seen_at < stamp(before)))


def all_devices(connection: Connection) -> tuple[Device, ...]:
    """Every workstation, in the order of their counters."""
    rows = connection.execute(sa.select(t.devices).order_by(t.devices.c.counter, t.devices.c.enrolled_at))
    return tuple(_device(row) for row in rows)


def release(connection: Connection, device: Device, epoch: str, start: str, now: datetime) -> None:
    """Let a stopped workstation work again, on a new chain."""
    connection.execute(sa.update(t.devices).where(t.devices.c.device == device.device).values(quarantined=""))
    start_epoch(connection, device, epoch, start, "released", now)


def revoke(connection: Connection, device: str, now: datetime) -> None:
    """Take a workstation's enrolment away."""
    connection.execute(sa.update(t.devices).where(t.devices.c.device == device).values(revoked_at=stamp(now)))
