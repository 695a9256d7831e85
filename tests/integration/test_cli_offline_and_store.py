"""The counter without its central, its session, its backup: work goes on, nothing is lost, nobody gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from ebp_desktop.bootstrap.agent import end_session
from ebp_desktop.bootstrap.home import enrolled, write_identity
from tests.fixtures.cli_home import CLERK, LEAD, CliHome, ebp

NOBODY = "http://127.0.0.1:9"


@contextmanager
def without_central(home: CliHome) -> Iterator[None]:
    """The line is dead: central's address leads nowhere within the block."""
    identity = enrolled(home.home)
    write_identity(home.home, replace(identity, central=NOBODY))
    try:
        yield
    finally:
        write_identity(home.home, identity)


@pytest.fixture(scope="module")
def home(new_home: Callable[[str], CliHome]) -> CliHome:
    return new_home("offline")


@pytest.fixture
def signed_in(home: CliHome) -> CliHome:
    """The counter with its window lead, who may also back up."""
    end_session(home.home)
    home.sign_in(LEAD)
    return home


def test_registration_goes_on_without_central_and_is_sent_later(signed_in: CliHome) -> None:
    with without_central(signed_in):
        done = signed_in.registered()
        waiting = signed_in.done("sync", "status")
        tried = signed_in.ebp("sync", "once")

    assert done["registration_no"]
    assert waiting["waiting"] >= 1
    assert {"waiting", "oldest_seconds", "parked", "last_contact", "busy"} <= set(waiting)
    assert "case.registered" in [item["kind"] for item in waiting["items"]]
    assert tried.code in (0, 5)
    assert signed_in.done("sync", "once")["waiting"] == 0
    assert signed_in.done("case", "show", done["registration_no"])["pending"] == []


def test_the_doctor_says_that_central_does_not_answer(home: CliHome) -> None:
    with without_central(home):
        ran = home.ebp("doctor")

    central = next(part for part in ran.answer["parts"] if part["name"] == "central")
    assert (ran.code, central["state"]) == (5, "failed")


def test_without_a_session_nothing_personal_is_done_and_sync_runs_in_the_demo(home: CliHome) -> None:
    end_session(home.home)

    refused = home.ebp("case", "find", "学校")
    synced = home.ebp("sync", "status")

    assert (refused.code, refused.error) == (3, "sign_in_required")
    assert refused.answer["error"]["todo"]
    assert synced.code == 0


def test_a_session_shows_who_sits_here_until_it_is_closed(home: CliHome) -> None:
    opened = home.sign_in(CLERK)

    shown = home.done("session", "show")
    closed = home.done("session", "close")

    assert opened["operator"]["user"] == shown["operator"]["user"] == CLERK
    assert opened["expires"].endswith("+08:00")
    assert closed == {"closed": True}
    assert home.done("session", "close") == {"closed": False}
    assert home.done("session", "show") == {"session": None}


def test_a_wrong_password_opens_nothing(home: CliHome) -> None:
    path = home.file({"user": CLERK, "password": "falsch", "otp": "000000"})
    path.chmod(0o600)
    end_session(home.home)

    ran = home.ebp("session", "open", "--credentials", str(path))

    assert ran.code == 3
    assert home.done("session", "show") == {"session": None}


def test_a_home_is_enrolled_once(home: CliHome) -> None:
    ran = home.ebp("enrol", "--central", home.central.url, "--code", "WRONG-CODE")

    assert (ran.code, ran.error) == (3, "already_enrolled")


@pytest.mark.parametrize("address", [NOBODY, "not an address", "ftp://example.invalid"])
def test_an_enrolment_that_fails_leaves_no_counter(home: CliHome, address: str) -> None:
    other = home.folder / "other"

    ran = ebp("enrol", "--central", address, "--code", "ABCD-EFGH", "--home", str(other), now=home.now)

    assert ran.code in (3, 4, 5)
    assert not (other / "counter.json").exists()


def test_a_wrong_code_is_refused_by_central(home: CliHome) -> None:
    other = home.folder / "wrong-code"

    ran = ebp("enrol", "--central", home.central.url, "--code", "ABCD-EFGH", "--home", str(other), now=home.now)

    assert ran.code in (3, 4)
    assert not (other / "counter.json").exists()


def test_a_clerk_may_not_take_a_backup_away(home: CliHome) -> None:
    end_session(home.home)
    home.sign_in(CLERK)

    ran = home.ebp("store", "backup", str(home.folder / "no.ebp"), "--recovery-key", str(home.folder / "no.key"))

    assert (ran.code, ran.error) == (3, "not_allowed")
    assert not (home.folder / "no.ebp").exists()


def test_a_backup_opens_on_another_machine(signed_in: CliHome) -> None:
    number = signed_in.registered()["registration_no"]
    file, key = signed_in.folder / "backup.ebp", signed_in.folder / "recovery.key"
    elsewhere = signed_in.folder / "elsewhere"

    taken = signed_in.done("store", "backup", str(file), "--recovery-key", str(key))
    restored = ebp("store", "restore", str(file), "--recovery-key", str(key), "--home", str(elsewhere))
    moved = CliHome(folder=signed_in.folder, central=signed_in.central, home=elsewhere, now=signed_in.now)

    assert taken["size"] == file.stat().st_size
    assert restored.code == 0, restored.answer
    assert moved.done("store", "verify")["whole"] is True
    moved.sign_in(LEAD)
    try:
        assert moved.done("case", "show", number)["registration_no"] == number
    finally:
        end_session(elsewhere)


def test_a_backup_is_never_laid_over_a_home_in_use(signed_in: CliHome) -> None:
    file, key = signed_in.folder / "second.ebp", signed_in.folder / "second.key"
    signed_in.done("store", "backup", str(file), "--recovery-key", str(key))

    ran = signed_in.ebp("store", "restore", str(file), "--recovery-key", str(key))

    assert (ran.code, ran.error) == (3, "home_in_use")
    assert signed_in.done("store", "verify")["whole"] is True


def test_the_store_is_whole(home: CliHome) -> None:
    found = home.done("store", "verify")

    assert found["whole"] is True
    assert found["faults"] == []
