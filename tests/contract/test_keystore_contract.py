"""Every mechanism that can keep the data key keeps the same promises: a typed password and the desktop's key store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from ebp_desktop.crypto.errors import WrongKeyError
from ebp_desktop.crypto.keys import Argon2Cost, random_key
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.store.keystores.api import KeyKeeper
from ebp_desktop.store.keystores.password import PasswordKeeper
from ebp_desktop.store.keystores.system import SystemKeeper, pinned_backend
from ebp_desktop.store.vault import Vault

CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
PASSWORD_STORE = "乌海-窗口-口令 1"


@dataclass(frozen=True)
class Mechanism:
    """A mechanism under test: its owner's means, and those of somebody who must not get in."""

    mine: Callable[[str], KeyKeeper]
    stranger: Callable[[str], KeyKeeper]


class EmptyKeyStore(KeyringBackend):
    """The key store of another person: it answers, and holds nothing of ours."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a stranger only asks")

    def delete_password(self, service: str, username: str) -> None:
        raise AssertionError("a stranger only asks")


@pytest.fixture(scope="module")
def session_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A D-Bus session of our own with an unlocked gnome-keyring, as a desktop has one."""
    if shutil.which("dbus-daemon") is None or shutil.which("gnome-keyring-daemon") is None:
        pytest.skip("the desktop key store is not tested: dbus and gnome-keyring are not installed")
    home = tmp_path_factory.mktemp("desktop")
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:path={home}/bus"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bus.stdout is not None
    address = bus.stdout.readline().strip()
    desktop = {
        "DBUS_SESSION_BUS_ADDRESS": address,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home),
    }
    keyring = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **desktop},
    )
    assert keyring.stdin is not None
    assert keyring.stdout is not None
    keyring.stdin.write(b"desktop password")
    keyring.stdin.close()
    keyring.stdout.readline()  # it speaks once it is ready
    with pytest.MonkeyPatch.context() as patch:
        for name, value in desktop.items():
            patch.setenv(name, value)
        yield
    for process in (keyring, bus):
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def password_mechanism() -> Mechanism:
    return Mechanism(
        mine=lambda owner: PasswordKeeper(owner, PASSWORD_STORE, CHEAP),
        stranger=lambda owner: PasswordKeeper(owner, PASSWORD_STORE + "x", CHEAP),
    )


def system_mechanism() -> Mechanism:
    backend = pinned_backend()
    assert backend is not None, "gnome-keyring runs, so the pinned back end must be there"
    return Mechanism(
        mine=lambda owner: SystemKeeper(owner, backend),
        stranger=lambda owner: SystemKeeper(owner, EmptyKeyStore()),
    )


@pytest.fixture(params=["password", "system"])
def mechanism(request: pytest.FixtureRequest) -> Mechanism:
    if request.param == "password":
        return password_mechanism()
    request.getfixturevalue("session_bus")
    return system_mechanism()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "home" / "vault.json")


def test_what_was_wrapped_comes_back(mechanism: Mechanism) -> None:
    keeper, key = mechanism.mine("zhang"), random_key()
    assert keeper.unwrap(keeper.wrap(key)) == key


def test_a_slot_says_its_kind_and_owner(mechanism: Mechanism) -> None:
    keeper = mechanism.mine("zhang")
    slot = keeper.wrap(random_key())
    assert (slot.kind, slot.owner) == (keeper.kind, "zhang")


def test_a_stranger_does_not_get_in(mechanism: Mechanism) -> None:
    slot = mechanism.mine("zhang").wrap(random_key())
    with pytest.raises(WrongKeyError):
        mechanism.stranger("zhang").unwrap(slot)


@pytest.mark.parametrize("damage", ["", "AAAA", "not base64 at all", "口"])
def test_a_damaged_slot_is_a_wrong_key(mechanism: Mechanism, damage: str) -> None:
    keeper = mechanism.mine("zhang")
    slot = keeper.wrap(random_key())
    with pytest.raises(WrongKeyError):
        keeper.unwrap(replace(slot, fields={**slot.fields, "wrapped": damage}))
    with pytest.raises(WrongKeyError):
        keeper.unwrap(replace(slot, fields={}))


def test_the_vault_gives_the_same_key_every_time(mechanism: Mechanism, vault: Vault) -> None:
    key = vault.create(mechanism.mine("zhang"))
    assert vault.open(mechanism.mine("zhang")) == key
    assert Vault(vault.path).open(mechanism.mine("zhang")) == key


def test_the_vault_stays_shut_for_strangers_and_unknown_people(mechanism: Mechanism, vault: Vault) -> None:
    vault.create(mechanism.mine("zhang"))
    for keeper in (mechanism.stranger("zhang"), mechanism.mine("li")):
        with pytest.raises(RefusedError) as caught:
            vault.open(keeper)
        assert caught.value.code == "vault_locked"


def test_the_vault_file_holds_nothing_readable(mechanism: Mechanism, vault: Vault) -> None:
    key = vault.create(mechanism.mine("zhang"))
    content = vault.path.read_bytes()
    assert key not in content
    assert key.hex().encode() not in content
    assert PASSWORD_STORE.encode() not in content
    assert vault.path.stat().st_mode & 0o077 == 0


def test_a_second_way_in_opens_the_same_data(mechanism: Mechanism, vault: Vault) -> None:
    key = vault.create(PasswordKeeper("first", "another password", CHEAP))
    vault.add(key, mechanism.mine("zhang"))
    assert vault.open(mechanism.mine("zhang")) == key
    assert vault.open(PasswordKeeper("first", "another password", CHEAP)) == key


def test_a_removed_way_in_is_gone_and_the_others_stay(mechanism: Mechanism, vault: Vault) -> None:
    other = PasswordKeeper("first", "another password", CHEAP)
    key = vault.create(other)
    vault.add(key, mechanism.mine("zhang"))
    vault.remove(mechanism.mine("zhang"))
    with pytest.raises(RefusedError):
        vault.open(mechanism.mine("zhang"))
    assert vault.open(other) == key


def test_forgetting_twice_is_harmless(mechanism: Mechanism) -> None:
    keeper = mechanism.mine("leaving")
    keeper.wrap(random_key())
    keeper.forget()
    keeper.forget()


def test_the_last_way_in_cannot_be_removed(mechanism: Mechanism, vault: Vault) -> None:
    keeper = mechanism.mine("zhang")
    key = vault.create(keeper)
    with pytest.raises(RefusedError) as caught:
        vault.remove(keeper)
    assert caught.value.code == "last_slot"
    assert vault.open(keeper) == key


def test_a_changed_password_replaces_the_old_one(vault: Vault) -> None:
    key = vault.create(PasswordKeeper("zhang", "old password", CHEAP))
    vault.add(key, PasswordKeeper("zhang", "new password", CHEAP))
    assert vault.open(PasswordKeeper("zhang", "new password", CHEAP)) == key
    with pytest.raises(RefusedError):
        vault.open(PasswordKeeper("zhang", "old password", CHEAP))
    assert len(vault.slots()) == 1


def test_an_existing_vault_is_never_overwritten(vault: Vault) -> None:
    key = vault.create(PasswordKeeper("zhang", "password", CHEAP))
    with pytest.raises(RefusedError) as caught:
        vault.create(PasswordKeeper("li", "password", CHEAP))
    assert caught.value.code == "vault_exists"
    assert vault.open(PasswordKeeper("zhang", "password", CHEAP)) == key


def test_a_home_without_a_vault_says_what_to_do(vault: Vault) -> None:
    with pytest.raises(SurroundingsError) as caught:
        vault.open(PasswordKeeper("zhang", "password", CHEAP))
    assert caught.value.code == "vault_missing"
    assert caught.value.todo


@pytest.mark.parametrize("content", [b"", b"{}", b'{"v":2,"slots":[]}', b'{"v":1,"slots":[{"kind":1}]}', b"\xff\xfe"])
def test_a_damaged_vault_is_said_to_be_damaged(vault: Vault, content: bytes) -> None:
    vault.create(PasswordKeeper("zhang", "password", CHEAP))
    vault.path.write_bytes(content)
    with pytest.raises(SurroundingsError) as caught:
        vault.open(PasswordKeeper("zhang", "password", CHEAP))
    assert caught.value.code == "vault_damaged"


@pytest.mark.parametrize(
    "fields",
    [{"memory_kib": "999999999"}, {"passes": "100000"}, {"lanes": "0"}, {"memory_kib": "-1"}, {"salt": ""}],
    ids=["memory bomb", "time bomb", "no lanes", "negative", "no salt"],
)
def test_a_tampered_price_is_refused_before_it_is_paid(fields: dict[str, str]) -> None:
    keeper = PasswordKeeper("zhang", "password", CHEAP)
    slot = keeper.wrap(random_key())
    with pytest.raises(WrongKeyError):
        keeper.unwrap(replace(slot, fields={**slot.fields, **fields}))


def test_a_password_never_prints() -> None:
    assert "geheim" not in repr(PasswordKeeper("zhang", "geheim"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has its credential store")
def test_without_a_desktop_session_there_is_no_key_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    assert pinned_backend() is None


def test_a_key_store_that_dies_is_said_in_words() -> None:
    class DeadKeyStore(EmptyKeyStore):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError("no bus")

        def set_password(self, service: str, username: str, password: str) -> None:
            raise RuntimeError("no bus")

        def delete_password(self, service: str, username: str) -> None:
            raise RuntimeError("no bus")

    keeper = SystemKeeper("home", DeadKeyStore())
    slot = PasswordKeeper("zhang", "password", CHEAP).wrap(random_key())
    for act in (lambda: keeper.wrap(random_key()), lambda: keeper.unwrap(slot), keeper.forget):
        with pytest.raises(SurroundingsError) as caught:
            act()
        assert caught.value.code == "key_store_failed"
