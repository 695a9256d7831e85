"""Enrolment and greeting: a workstation becomes a counter, and says each time how far its chain reaches."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from central.runtime import Central
from central.store import devices, leases, settings
from central.store import schema as t
from central.store.cases import registration_high
from central.store.devices import Device
from central.store.feed import document_draft
from central.store.signing_keys import add_key, published_keys
from central.store.times import stamp
from central.store.work import Work
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import Ed25519Verifier, from_base64
from ebp_desktop.domain.errors import BadInputError, RefusedError
from sync.protocol.codec import GENESIS, to_json
from sync.protocol.messages import PROTOCOL, EnrolAnswer, EnrolRequest, HelloAnswer, HelloRequest


def enrol(central: Central, request: EnrolRequest) -> EnrolAnswer:
    """Use up a one-time code; the workstation's key becomes a trusted one for papers of its counter.

    Raises RefusedError ``bad_enrolment_code`` or ``device_known``, BadInputError ``bad_public_key``.
    """
    verifier = _verifier(request.public_key)

    def act(work: Work) -> EnrolAnswer:
        connection = work.connection
        if devices.find_device(connection, request.device) is not None:
            raise RefusedError("device_known", "本工作站已登记为窗口。", todo="如需重新登记，请先注销原登记。")
        counter = devices.find_counter(connection, devices.redeem_code(connection, request.code, work.now))
        device = Device(
            device=request.device,
            counter=counter.counter,
            key_id=verifier.key_id,
            public_key=request.public_key,
            epoch=request.epoch,
            seq_high=0,
            chain_head=GENESIS,
            last_contact=work.now,
            revoked=False,
            quarantined="",
        )
        devices.add_device(connection, device, request.hostname, work.now)
        add_key(connection, verifier, device.counter_no, work.now)
        _publish_keys(work)
        work.note("central", "device.enrolled", device.counter_no, f"device {device.device}")
        return EnrolAnswer(
            counter=device.counter_no,
            name=counter.name,
            region=counter.region,
            keys=published_keys(connection),
            demo=central.home.is_demo,
        )

    return central.transact(act)


def _publish_keys(work: Work) -> None:
    """Put every key into the feed that lacks it, central's own included: a counter that rebuilds trusts the feed."""
    there = set(work.connection.scalars(sa.select(t.feed.c.item_id).where(t.feed.c.collection == "key")))
    for key in published_keys(work.connection):
        if key.key_id not in there:
            work.publish(document_draft("key", key.key_id, key.alg, to_json(key).decode()))


def _verifier(public_key: str) -> Ed25519Verifier:
    try:
        return Ed25519Verifier(from_base64(public_key))
    except CryptoError as error:
        raise BadInputError("bad_public_key", "工作站公钥无法识别。") from error


def hello(central: Central, caller: Device, request: HelloRequest) -> HelloAnswer:
    """Compare chains: a disk that is behind what central has seen was restored or cloned and gets a new epoch."""
    if PROTOCOL not in request.protocols:
        raise RefusedError(
            "protocol_too_old", "窗口程序版本与中心端不兼容。", safe="待发数据仍在本机。", todo="请升级窗口程序。"
        )

    def act(work: Work) -> HelloAnswer:
        device = devices.find_device(work.connection, caller.device, lock=True) or caller
        ordered = ""
        if request.epoch != device.epoch:
            ordered = _other_epoch(work, device, request.epoch)
        elif _is_behind(work, device, request):
            ordered = _new_epoch(work, device, secrets.token_hex(8), "restored")
        devices.touch(work.connection, device.device, work.now, request.app_version)
        after = devices.find_device(work.connection, device.device) or device
        return HelloAnswer(
            protocol=PROTOCOL,
            server_time=stamp(work.now),
            feed_epoch=settings.read(work.connection, settings.FEED_EPOCH),
            resume_seq=after.seq_high + 1,
            new_epoch=ordered,
            counter=device.counter_no,
            registration_high=registration_high(work.connection, device.counter_no),
            revoked=_revoked(work),
        )

    return central.transact(act)


def _is_behind(work: Work, device: Device, request: HelloRequest) -> bool:
    if request.seq_high < device.seq_high:
        return True
    if request.seq_high == device.seq_high:
        return request.chain_head != device.chain_head
    return False


def _other_epoch(work: Work, device: Device, epoch: str) -> str:
    """A device that knows its disk was restored opens an epoch itself; one with a closed epoch is told ours."""
    if not devices.is_closed_epoch(work.connection, device.device, epoch):
        _new_epoch(work, device, epoch, "opened by the counter")
        return ""
    if device.seq_high == 0:
        return device.epoch
    return _new_epoch(work, device, secrets.token_hex(8), "closed epoch used again")


def _new_epoch(work: Work, device: Device, epoch: str, reason: str) -> str:
    devices.start_epoch(work.connection, device, epoch, GENESIS, reason, work.now)
    leases.burn(work.connection, device.device, f"epoch closed: {reason}", work.now)
    work.note("central", "device.new_epoch", device.counter_no, reason)
    return epoch


def _revoked(work: Work) -> tuple[str, ...]:
    return tuple(work.connection.scalars(sa.select(t.people.c.user).where(t.people.c.revoked_at != "")))
