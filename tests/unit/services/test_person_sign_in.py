"""登录: password and second factor, by central or by the last permit, with a lock-out that lasts (Art. 34(7))."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from ebp_desktop.bootstrap.adapters import LocalProofs
from ebp_desktop.clock import SetClock
from ebp_desktop.crypto.keys import Argon2Cost, hash_password
from ebp_desktop.crypto.otp import otp_at
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.domain.roles import Act, Role, may_hold, rights
from ebp_desktop.services.ports import AuditEntry
from ebp_desktop.services.sign_in import PermitCard, SignIn, SignInRecord, operator_of
from tests.fixtures.desk import NINE

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "窗口-2026-春"
VERIFIER = hash_password(PASSWORD, Argon2Cost(memory_kib=64, passes=1, lanes=1))


def permit(**more: object) -> PermitCard:
    given = PermitCard(
        permit_id="p-1",
        user="zhang",
        display_name="张敏",
        staff_no="W003",
        roles=("clerk",),
        not_after=NINE + timedelta(hours=72),
        verifier=VERIFIER,
        totp_secret=SECRET,
        raw=b"{}",
    )
    return replace(given, **more)  # type: ignore[arg-type]


@dataclass
class Home:
    """Permits and records of a home, and central's desk, which can be out of reach or say no."""

    cards: dict[str, PermitCard] = field(default_factory=dict)
    records: dict[str, SignInRecord] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    is_offline: bool = False
    refuses: bool = False

    def permit(self, user: str) -> PermitCard | None:
        return self.cards.get(user)

    def save_permit(self, card: PermitCard) -> None:
        self.cards[card.user] = card

    def record(self, user: str) -> SignInRecord:
        return self.records.get(user, SignInRecord(user=user))

    def save_record(self, record: SignInRecord, audit: AuditEntry) -> None:
        self.records[record.user] = record
        self.audit.append(audit)

    def request(self, user: str, password: str, otp: str) -> PermitCard:
        if self.is_offline:
            raise SurroundingsError("central_unreachable", "与中心的连接中断。")
        if self.refuses or password != PASSWORD:
            raise RefusedError("sign_in_refused", "用户名或密码不正确。")
        return permit(user=user)


@pytest.fixture
def home() -> Home:
    return Home()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NINE)


@pytest.fixture
def desk(home: Home, clock: SetClock) -> SignIn:
    return SignIn(home, home, LocalProofs(), clock)


def otp(at: datetime) -> str:
    return otp_at(SECRET, at)


def refused(desk: SignIn, password: str, code: str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        desk.open("zhang", password, code)
    return caught.value


class TestOnline:
    def test_central_gives_a_permit_that_is_kept(self, home: Home, desk: SignIn) -> None:
        done = desk.open("zhang", PASSWORD, otp(NINE))
        assert (done.offline, done.expires) == (False, NINE + timedelta(hours=8))
        assert (done.operator.user, done.operator.permit, done.operator.roles) == ("zhang", "p-1", {Role.CLERK})
        assert home.permit("zhang") is not None
        assert [(entry.act, entry.actor) for entry in home.audit] == [("session.opened", "zhang")]

    def test_its_no_counts_as_a_failure_and_is_audited_without_the_password(self, home: Home, desk: SignIn) -> None:
        assert refused(desk, "falsch", otp(NINE)).code == "sign_in_refused"
        assert home.record("zhang").failures == 1
        assert [(entry.act, entry.detail) for entry in home.audit] == [("session.refused", "1")]
        assert "falsch" not in repr(home.audit)

    def test_a_session_ends_with_its_permit(self, home: Home, desk: SignIn) -> None:
        home.request = lambda *_: permit(not_after=NINE + timedelta(hours=1))  # type: ignore[method-assign]
        assert desk.open("zhang", PASSWORD, otp(NINE)).expires == NINE + timedelta(hours=1)


class TestOffline:
    @pytest.fixture(autouse=True)
    def away(self, home: Home) -> None:
        home.is_offline = True
        home.cards["zhang"] = permit()

    def test_the_last_permit_lets_a_person_in(self, desk: SignIn) -> None:
        done = desk.open("zhang", PASSWORD, otp(NINE))
        assert (done.offline, done.operator.display_name) == (True, "张敏")

    def test_a_stranger_must_come_online_once(self, desk: SignIn) -> None:
        with pytest.raises(SurroundingsError) as caught:
            desk.open("wang", PASSWORD, otp(NINE))
        assert caught.value.code == "no_permit"

    def test_an_expired_permit_does_not(self, clock: SetClock, desk: SignIn) -> None:
        clock.set(NINE + timedelta(hours=72))
        assert refused(desk, PASSWORD, otp(clock.now())).code == "permit_expired"

    @pytest.mark.parametrize("password", ["", "窗口-2026-夏"])
    def test_a_wrong_password_does_not(self, home: Home, desk: SignIn, password: str) -> None:
        assert refused(desk, password, otp(NINE)).code == "sign_in_refused"
        assert home.record("zhang").failures == 1

    @pytest.mark.parametrize("code", ["000000", "", "abcdef", "12345678"])
    def test_a_wrong_code_does_not(self, home: Home, desk: SignIn, code: str) -> None:
        assert refused(desk, PASSWORD, code).code == "sign_in_refused"
        assert home.record("zhang").failures == 1

    def test_a_code_opens_once(self, clock: SetClock, desk: SignIn) -> None:
        desk.open("zhang", PASSWORD, otp(NINE))
        clock.set(NINE + timedelta(seconds=5))
        assert "已经用过" in refused(desk, PASSWORD, otp(NINE)).message

    def test_a_code_used_online_does_not_open_offline(self, home: Home, desk: SignIn) -> None:
        home.is_offline = False
        desk.open("zhang", PASSWORD, otp(NINE))
        home.is_offline = True
        assert refused(desk, PASSWORD, otp(NINE)).code == "sign_in_refused"

    def test_the_next_code_opens_again(self, clock: SetClock, desk: SignIn) -> None:
        desk.open("zhang", PASSWORD, otp(NINE))
        clock.set(NINE + timedelta(minutes=2))
        assert desk.open("zhang", PASSWORD, otp(clock.now())).offline


class TestTheLockOut:
    @pytest.fixture(autouse=True)
    def away(self, home: Home) -> None:
        home.is_offline = True
        home.cards["zhang"] = permit()

    def test_five_failures_lock_for_a_quarter_of_an_hour_even_with_the_right_password(
        self, home: Home, clock: SetClock, desk: SignIn
    ) -> None:
        for _ in range(5):
            refused(desk, "falsch", otp(NINE))
        found = refused(desk, PASSWORD, otp(NINE))
        assert (found.code, "09:15" in found.message) == ("sign_in_locked", True)
        clock.set(NINE + timedelta(minutes=15))
        assert desk.open("zhang", PASSWORD, otp(clock.now())).offline
        assert home.record("zhang").locked_until is None

    def test_survives_a_restart(self, home: Home, clock: SetClock, desk: SignIn) -> None:
        for _ in range(5):
            refused(desk, "falsch", otp(NINE))
        assert refused(SignIn(home, home, LocalProofs(), clock), PASSWORD, otp(NINE)).code == "sign_in_locked"

    def test_asks_central_nothing_while_it_lasts(self, home: Home, desk: SignIn) -> None:
        for _ in range(5):
            refused(desk, "falsch", otp(NINE))
        home.is_offline = False
        assert refused(desk, PASSWORD, otp(NINE)).code == "sign_in_locked"

    def test_a_success_forgets_the_failures(self, home: Home, desk: SignIn) -> None:
        for _ in range(4):
            refused(desk, "falsch", otp(NINE))
        desk.open("zhang", PASSWORD, otp(NINE))
        assert home.record("zhang").failures == 0

    def test_locks_one_person_and_nobody_else(self, home: Home, desk: SignIn) -> None:
        home.cards["li"] = permit(user="li", display_name="李红")
        for _ in range(5):
            refused(desk, "falsch", otp(NINE))
        assert desk.open("li", PASSWORD, otp(NINE)).operator.user == "li"


class TestRights:
    def test_a_role_of_a_newer_version_gives_no_right(self) -> None:
        assert operator_of(permit(roles=("clerk", "drone_pilot"))).roles == {Role.CLERK}

    @pytest.mark.parametrize(
        ("roles", "may", "may_not"),
        [
            ({Role.CLERK}, {Act.REGISTER, Act.TELL, Act.HAND_OVER, Act.PURGE}, {Act.ALLOW_SCAN_OWED, Act.BACK_UP}),
            ({Role.WINDOW_LEAD}, {Act.REGISTER, Act.ALLOW_SCAN_OWED, Act.CONFIRM_CLOCK_DRIFT}, {Act.READ_AUDIT}),
            ({Role.AUDIT_ADMIN}, {Act.READ_AUDIT}, {Act.REGISTER, Act.READ_CASES, Act.PURGE}),
            ({Role.SYSTEM_ADMIN}, {Act.BACK_UP}, {Act.READ_CASES, Act.READ_AUDIT}),
            ({Role.OVERSEER}, set(), set(Act)),
            (set(), set(), set(Act)),
        ],
    )
    def test_each_may_what_the_duty_needs_and_no_more(self, roles: set[Role], may: set[Act], may_not: set[Act]) -> None:
        given = rights(frozenset(roles))
        assert may <= given
        assert not may_not & given

    @pytest.mark.parametrize(
        ("roles", "together"),
        [
            ({Role.CLERK, Role.WINDOW_LEAD}, True),
            ({Role.CLERK, Role.AUDIT_ADMIN}, False),
            ({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}, False),
            ({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, False),
            ({Role.AUDIT_ADMIN}, True),
        ],
    )
    def test_nobody_both_acts_and_audits(self, roles: set[Role], together: bool) -> None:
        assert may_hold(frozenset(roles)) is together
