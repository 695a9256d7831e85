"""The ways to the data key of a home: the enrolment's slot, a person's password, and the lock after five failures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ebp_desktop.bootstrap import unlocking as module
from ebp_desktop.bootstrap.unlocking import Unlocking
from ebp_desktop.crypto.keys import Argon2Cost
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.services.sign_in import LOCKED_FOR, MOST_FAILURES
from ebp_desktop.store.keystores.password import PasswordKeeper
from tests.fixtures.desk import NINE

CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
USER, PASSWORD = "surina", "长一点的口令 2026"


@pytest.fixture(autouse=True)
def no_desktop_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a desktop's key store, as a server or a fresh counter is."""
    monkeypatch.setattr(module, "pinned_backend", lambda: None)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of a password is measured elsewhere; here it would only cost time."""
    monkeypatch.setattr(module, "PasswordKeeper", lambda owner, word, _cost=None: PasswordKeeper(owner, word, CHEAP))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def locked_out(home: Path) -> None:
    for _ in range(MOST_FAILURES):
        with pytest.raises(RefusedError) as refused:
            Unlocking(home).with_password(USER, "falsch", NINE)
        assert refused.value.code != "sign_in_locked"


def test_a_new_home_opens_without_a_person_until_the_first_one_comes(home: Path) -> None:
    data_key = Unlocking(home).create()

    assert Unlocking(home).without_person() == data_key


def test_the_first_person_closes_the_enrolments_slot(home: Path) -> None:
    data_key = Unlocking(home).create()

    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)

    assert Unlocking(home).without_person() is None
    assert not (home / "enrolment.key").exists()
    assert Unlocking(home).with_password(USER, PASSWORD, NINE) == data_key


def test_in_the_demo_it_stays_open(home: Path) -> None:
    data_key = Unlocking(home).create()

    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=True)

    assert Unlocking(home).without_person() == data_key


def test_a_changed_password_replaces_the_old_one(home: Path) -> None:
    data_key = Unlocking(home).create()
    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)

    Unlocking(home).add_person(data_key, USER, "另一个口令 2026", keep_enrolment=False)

    assert Unlocking(home).with_password(USER, "另一个口令 2026", NINE) == data_key
    with pytest.raises(RefusedError):
        Unlocking(home).with_password(USER, PASSWORD, NINE)


def test_five_failures_lock_for_a_quarter_of_an_hour_also_after_a_restart(home: Path) -> None:
    data_key = Unlocking(home).create()
    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)
    locked_out(home)

    with pytest.raises(RefusedError) as refused:
        Unlocking(home).with_password(USER, PASSWORD, NINE + LOCKED_FOR - timedelta(seconds=1))

    assert refused.value.code == "sign_in_locked"
    assert "09:15" in refused.value.message
    assert Unlocking(home).with_password(USER, PASSWORD, NINE + LOCKED_FOR) == data_key


def test_the_lock_of_one_person_is_not_that_of_another(home: Path) -> None:
    data_key = Unlocking(home).create()
    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)
    Unlocking(home).add_person(data_key, "wanglei", "王磊的口令 2026", keep_enrolment=False)
    locked_out(home)

    assert Unlocking(home).with_password("wanglei", "王磊的口令 2026", NINE) == data_key


def test_a_success_forgets_the_failures_before_it(home: Path) -> None:
    data_key = Unlocking(home).create()
    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            with pytest.raises(RefusedError):
                Unlocking(home).with_password(USER, "falsch", NINE)
        assert Unlocking(home).with_password(USER, PASSWORD, NINE) == data_key


def test_a_damaged_count_of_failures_locks_nobody_out(home: Path) -> None:
    data_key = Unlocking(home).create()
    Unlocking(home).add_person(data_key, USER, PASSWORD, keep_enrolment=False)
    (home / "attempts.json").write_text("[", "utf-8")

    assert Unlocking(home).with_password(USER, PASSWORD, NINE) == data_key
