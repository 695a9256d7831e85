"""Does what the engine orders: one store transaction for each effect, one request for each request; decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from ebp_desktop.crypto.signatures import to_base64
from ebp_desktop.domain.errors import EbpError
from sync.effects import (
    ApplyPage,
    AskLease,
    BeginOutage,
    BeginRebuild,
    Compare,
    EndOutage,
    HoldLeases,
    MarkBroken,
    MarkSent,
    NoteContact,
    NoteGreeting,
    OpenBlob,
    Pull,
    Push,
    Reask,
    Rechain,
    Request,
    SayHello,
    SendPart,
    Settle,
    StartEpoch,
    StoreEffect,
)
from sync.events import (
    BlobMoved,
    BlobUnreadable,
    Compared,
    Event,
    Failed,
    Greeted,
    Leased,
    Moment,
    Pulled,
    Pushed,
    Reasked,
    Sent,
    Survey,
    Woke,
)
from sync.failures import Failure, FailureKind, LinkError
from sync.ports import (
    BlobSource,
    CentralLink,
    ContactStore,
    InboxStore,
    Keys,
    LeaseStore,
    OutboxStore,
    Ticker,
)
from sync.protocol.codec import push_bytes, to_json
from sync.protocol.messages import (
    PROTOCOL,
    CheckRequest,
    Envelope,
    FeedItem,
    HelloRequest,
    LeaseRequest,
    PushRequest,
)
from sync.receipts import check_results, server_clock

_REPAIR_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Performer:
    """The engine's hands: stores, line, keys and clock of one counter."""

    outbox: OutboxStore
    inbox: InboxStore
    leases: LeaseStore
    blobs: BlobSource
    contact: ContactStore
    keys: Keys
    link: CentralLink
    ticker: Ticker
    app_version: str

    def moment(self) -> Moment:
        """The present."""
        ticker = self.ticker
        return Moment(wall=ticker.now(), mono=ticker.mono(), chance=ticker.chance(), new_id=ticker.new_id())

    def survey(self) -> Survey:
        """What lies here."""
        return Survey(
            outbox=self.outbox.level(),
            inbox=self.inbox.position(),
            wish=self.leases.wish(self.ticker.now()),
            blobs=self.blobs.pending(),
        )

    def store(self, effect: StoreEffect) -> None:
        """Carries out one change of the stores; each is one transaction."""
        now = self.ticker.now()
        match effect:
            case Settle(settlements):
                self.outbox.settle(settlements, now)
            case ApplyPage(page):
                self.inbox.apply(page)
            case BeginRebuild():
                self.inbox.begin_rebuild()
            case StartEpoch(order):
                self.outbox.start_epoch(order)
            case HoldLeases(blocks):
                self.leases.hold(blocks)
            case MarkSent(sha256):
                self.blobs.sent(sha256, now)
            case MarkBroken(sha256, reason):
                self.blobs.broken(sha256, reason)
            case NoteContact() | NoteGreeting() | BeginOutage() | EndOutage():
                self._note(effect)

    def _note(self, effect: NoteContact | NoteGreeting | BeginOutage | EndOutage) -> None:
        now = self.ticker.now()
        match effect:
            case NoteContact(skew_ms):
                self.contact.contacted(now, skew_ms)
            case NoteGreeting(answer):
                self.contact.greeted(answer)
            case BeginOutage(outage):
                self.contact.outage_began(outage)
            case EndOutage(report):
                self.contact.outage_ended(now, report=report)

    def request(self, request: Request) -> Event:
        """Makes one request and returns what came of it."""
        match request:
            case Push():
                return self._push(request)
            case Reask(case_id):
                envelopes = self.outbox.load_deferred(case_id, limit=100)
                return self._ask(request, lambda: self._reask(request, envelopes))
            case SendPart():
                return self._send_part(request)
            case Rechain():
                self.outbox.rechain()
                return Woke()
            case _:
                return self._ask(request, lambda: self._simple(request))

    def _ask(self, request: Request, work: Callable[[], Event], sent: tuple[Sent, ...] = ()) -> Event:
        try:
            return work()
        except LinkError as error:
            return Failed(request, error.failure, sent)

    def _simple(self, request: SayHello | Pull | AskLease | OpenBlob | Compare) -> Event:
        match request:
            case SayHello():
                return self._hello()
            case Pull(cursor, limit):
                page = self.link.pull(cursor, limit)
                return Pulled(page, server_clock(page.server_time))
            case AskLease(identity, wish):
                wanted = LeaseRequest(request=identity, year=wish.year, have=wish.have, want=wish.want)
                return Leased(self.link.lease(wanted))
            case OpenBlob(task):
                return BlobMoved(task, self.link.open_blob(task.sha256, task.size), 0.0)
            case Compare():
                return self._compare(request)

    def _hello(self) -> Greeted:
        level = self.outbox.level()
        answer = self.link.hello(
            HelloRequest(
                device=level.device,
                epoch=level.epoch,
                app_version=self.app_version,
                protocols=(PROTOCOL,),
                chain_head=level.head,
                seq_high=level.high,
                lease_high=self.leases.high(),
                clock=self.ticker.now().isoformat(),
            )
        )
        return Greeted(answer, server_clock(answer.server_time))

    def _push(self, request: Push) -> Event:
        loaded = self.outbox.load(request.first, request.limit)
        if not loaded or loaded[0].seq != request.first:
            gap = Failure(kind=FailureKind.DISAGREES, code="outbox_gap", message="本机待发队列缺少中心需要的记录。")
            return Failed(request, gap)
        envelopes = within(loaded, request.max_bytes)
        sent = tuple(Sent(one.seq, one.fact_id, one.case_id) for one in envelopes)

        def work() -> Event:
            answer = self.link.push(self._signed(envelopes, request.hold))
            check_results(envelopes, answer.results, self.keys.central())
            return Pushed(sent, answer.results, server_clock(answer.server_time))

        return self._ask(request, work, sent)

    def _reask(self, request: Reask, envelopes: tuple[Envelope, ...]) -> Event:
        if not envelopes:
            return Woke()
        answer = self.link.push(self._signed(envelopes))
        check_results(envelopes, answer.results, self.keys.central())
        return Reasked(request.case_id, answer.results, server_clock(answer.server_time))

    def _signed(self, envelopes: tuple[Envelope, ...], hold: frozenset[UUID] = frozenset()) -> PushRequest:
        last = envelopes[-1]
        return PushRequest(
            device=last.device,
            epoch=last.epoch,
            envelopes=envelopes,
            signature=to_base64(self.keys.sign(push_bytes(envelopes))),
            hold=tuple(one.fact_id for one in envelopes if one.case_id in hold),
        )

    def _send_part(self, request: SendPart) -> Event:
        task, offset = request.task, request.offset
        try:
            data = self.blobs.read(task.sha256, offset, request.length)
        except EbpError as error:
            return BlobUnreadable(task, error.message)
        if len(data) != request.length:
            return BlobUnreadable(task, "扫描件比登记时短。")
        last = offset + len(data) == task.size
        began = self.ticker.mono()

        def work() -> Event:
            state = self.link.send_blob(task.sha256, offset, data, last=last)
            if not state.done and not offset < state.offset <= task.size:
                raise LinkError(Failure(kind=FailureKind.GARBAGE, message="续传位置无法识别。"))
            return BlobMoved(task, state, self.ticker.mono() - began)

        return self._ask(request, work)

    def _compare(self, request: Compare) -> Event:
        sums = self.inbox.sums(request.collection)
        answer = self.link.check(CheckRequest(cursor=request.cursor, collection=request.collection, buckets=sums))
        if not answer.differing:
            return Compared(request.collection, 0)
        items: list[FeedItem] = []
        for start in range(0, len(answer.ids), _REPAIR_AT_ONCE):
            items += self.link.fetch(request.collection, answer.ids[start : start + _REPAIR_AT_ONCE]).items
        self.inbox.repair(request.collection, answer.differing, tuple(items))
        return Compared(request.collection, len(answer.differing))


def within(envelopes: tuple[Envelope, ...], max_bytes: int) -> tuple[Envelope, ...]:
    """As many envelopes from the front as fit, but at least one."""
    size = 0
    for count, envelope in enumerate(envelopes):
        size += len(to_json(envelope)) + 1
        if size > max_bytes and count:
            return envelopes[:count]
    return envelopes
