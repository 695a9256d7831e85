"""Which folder is the home, what it was enrolled as, whose clock it shows, and who may read the credentials."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ebp_desktop.bootstrap.home import Identity, chosen_home, clock_of, enrolled, read_identity, write_identity
from ebp_desktop.bootstrap.sessions import read_credentials
from ebp_desktop.clock import SetClock, SystemClock
from ebp_desktop.domain.errors import BadInputError, RefusedError
from tests.fixtures.desk import NINE

IDENTITY = Identity(device="d", central="https://central.invalid", counter="003", region="150300", name="3号窗口")


def test_the_option_wins_over_the_environment_and_that_over_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert chosen_home(None) == (tmp_path / "data" / "ebp").resolve()
    monkeypatch.setenv("EBP_HOME", str(tmp_path / "named"))
    assert chosen_home(None) == (tmp_path / "named").resolve()
    assert chosen_home(str(tmp_path / "given")) == (tmp_path / "given").resolve()


def test_an_identity_is_read_back_as_written(tmp_path: Path) -> None:
    write_identity(tmp_path, IDENTITY)

    assert read_identity(tmp_path) == IDENTITY
    assert enrolled(tmp_path).window.title == "3号窗口"


def test_a_home_that_was_never_enrolled_refuses(tmp_path: Path) -> None:
    assert read_identity(tmp_path) is None
    with pytest.raises(RefusedError) as refused:
        enrolled(tmp_path)
    assert refused.value.code == "not_enrolled"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"device": 1}'])
def test_a_damaged_identity_is_said(tmp_path: Path, raw: bytes) -> None:
    write_identity(tmp_path, IDENTITY)
    (tmp_path / "counter.json").write_bytes(raw)

    with pytest.raises(BadInputError) as bad:
        read_identity(tmp_path)
    assert bad.value.code == "identity_damaged"


def test_the_set_time_counts_in_demo_homes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EBP_NOW", NINE.isoformat())

    shown = clock_of(replace(IDENTITY, demo=True))

    assert isinstance(shown, SetClock)
    assert shown.now() == NINE
    assert isinstance(clock_of(IDENTITY), SystemClock)
    assert isinstance(clock_of(None), SystemClock)


def test_a_set_time_without_an_offset_is_that_of_shanghai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EBP_NOW", "2026-03-02T09:00")

    assert clock_of(replace(IDENTITY, demo=True)).now() == NINE


def test_a_set_time_that_is_none_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EBP_NOW", "nine")

    with pytest.raises(BadInputError):
        clock_of(replace(IDENTITY, demo=True))


def test_the_systems_clock_runs_in_shanghai() -> None:
    now: datetime = SystemClock().now()

    assert now.utcoffset() == NINE.utcoffset()


def credentials(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_credentials_are_read_from_a_file_of_ones_own(tmp_path: Path) -> None:
    path = credentials(tmp_path / "me.json", '{"user": "surina", "password": "p", "otp": "123456"}')

    assert read_credentials(path).otp == "123456"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = credentials(tmp_path / "me.json", '{"user": "surina", "password": "p"}', mode)

    with pytest.raises(BadInputError) as bad:
        read_credentials(path)
    assert bad.value.code == "credentials_open"


@pytest.mark.parametrize("text", ["", "{", '{"user": "surina"}', '{"user": 1, "password": []}'])
def test_credentials_of_another_shape_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInputError) as bad:
        read_credentials(credentials(tmp_path / "me.json", text))
    assert bad.value.code == "credentials_invalid"


def test_missing_credentials_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as bad:
        read_credentials(tmp_path / "nobody.json")
    assert bad.value.code == "credentials_unreadable"
