"""Project codes for counters: blocks before use, tails given back, look-ups of codes that exist (Art. 6)."""

from __future__ import annotations

from typing import Final

from central.runtime import Central, new_id
from central.store import leases
from central.store.devices import Device, find_counter
from central.store.leases import Lease
from central.store.projects import look_up
from central.store.work import Work
from ebp_desktop.domain.errors import BadInputError, RefusedError
from sync.protocol.messages import CodeFound, CodeLookup, LeaseAnswer, LeaseRequest, LeaseReturn

_MOST_UNTOUCHED: Final = 2
_DECEMBER: Final = 12


def lease(central: Central, caller: Device, request: LeaseRequest) -> LeaseAnswer:
    """Grant one more block of ``want`` numbers, once for a request; nobody hoards more than two untouched ones.

    Raises BadInputError ``lease_year`` or ``lease_size``.
    """
    if not 1 <= request.want <= leases.LARGEST_BLOCK:
        raise BadInputError("lease_size", f"每次申领应为 1 至 {leases.LARGEST_BLOCK} 个编号。")

    def act(work: Work) -> LeaseAnswer:
        _check_year(work, request.year)
        connection = work.connection
        if leases.by_request(connection, request.request) is None:
            held = leases.held(connection, caller.device, request.year)
            untouched = [each for each in held if leases.highest_used(connection, each) < each.first]
            if len(untouched) < _MOST_UNTOUCHED:
                _grant(work, caller, request)
        blocks = leases.held(connection, caller.device, request.year)
        return LeaseAnswer(blocks=tuple(each.block() for each in blocks))

    return central.transact(act)


def _check_year(work: Work, year: int) -> None:
    now = work.now
    following = now.month == _DECEMBER and year == now.year + 1
    if year != now.year and not following:
        raise BadInputError("lease_year", f"只能申领当年的项目编号（每年 12 月起可申领次年的），不能申领 {year} 年的。")


def _grant(work: Work, caller: Device, request: LeaseRequest) -> Lease:
    granted = leases.grant(
        work.connection,
        lease=new_id(),
        request=request.request,
        device=caller.device,
        region=find_counter(work.connection, caller.counter).region,
        year=request.year,
        count=request.want,
        now=work.now,
    )
    work.note(
        "central", "lease.granted", caller.counter_no, f"{granted.region} {granted.year} {granted.first}-{granted.last}"
    )
    return granted


def give_back(central: Central, caller: Device, request: LeaseReturn) -> LeaseAnswer:
    """Void the tail of a block; raises RefusedError ``lease_foreign``."""

    def act(work: Work) -> LeaseAnswer:
        mine = leases.find(work.connection, request.lease)
        if mine is None or mine.device != caller.device:
            raise RefusedError("lease_foreign", "该号段不属于本工作站。")
        leases.void_tail(work.connection, mine, request.first, request.reason)
        work.note("central", "lease.returned", caller.counter_no, f"{mine.region} {mine.year} from {request.first}")
        return LeaseAnswer(
            blocks=tuple(each.block() for each in leases.held(work.connection, caller.device, mine.year))
        )

    return central.transact(act)


def lookup(central: Central, _caller: Device, wanted: CodeLookup) -> CodeFound:
    """The code of a project that is known already."""
    with central.store.read() as connection:
        return look_up(connection, wanted)
