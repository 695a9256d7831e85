"""The key agent of a session: private, replaceable, and gone in time."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from ebp_desktop.bootstrap import agent
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from tests.fixtures.desk import CLERK, DATA_KEY, LEAD, NINE


def charge(session: str = "s1", *, idle: bool = True) -> agent.Charge:
    return agent.new_charge(DATA_KEY, CLERK, NINE + timedelta(hours=8), session, idle=idle)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    agent.end_session(tmp_path)


def test_without_an_agent_nobody_is_signed_in(home: Path) -> None:
    assert agent.find_session(home) is None
    assert agent.end_session(home) is False
    with pytest.raises(RefusedError) as refused:
        agent.require_session(home)
    assert refused.value.code == "sign_in_required"


def test_a_session_gives_back_the_key_and_the_person(home: Path) -> None:
    agent.start_agent(home, charge())

    found = agent.require_session(home)

    assert (found.data_key, found.operator, found.session) == (DATA_KEY, CLERK, "s1")
    assert found.expires == NINE + timedelta(hours=8)


def test_its_socket_is_open_to_its_owner_alone(home: Path) -> None:
    agent.start_agent(home, charge())

    mode = (home / agent.SOCKET_NAME).stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_closing_ends_it_and_takes_the_socket_away(home: Path) -> None:
    agent.start_agent(home, charge())

    assert agent.end_session(home) is True
    assert agent.find_session(home) is None
    assert agent.end_session(home) is False


def test_a_second_session_takes_the_place_of_the_first(home: Path) -> None:
    agent.start_agent(home, charge("first"))
    agent.start_agent(home, agent.new_charge(DATA_KEY, LEAD, NINE, "second", idle=False))

    found = agent.require_session(home)

    assert (found.session, found.operator) == ("second", LEAD)


@pytest.mark.parametrize(("limit", "idle"), [("IDLE_LIMIT", True), ("SESSION_LIMIT", False)])
def test_it_goes_by_itself_when_idle_or_at_the_end_of_the_shift(
    home: Path, monkeypatch: pytest.MonkeyPatch, limit: str, idle: bool
) -> None:
    monkeypatch.setattr(agent, limit, timedelta(milliseconds=50))
    given = replace(charge(idle=idle), home=str(home))

    assert agent.main(StringIO(msgspec.json.encode(given).decode() + "\n")) == 0
    assert not (home / agent.SOCKET_NAME).exists()


def test_a_file_in_the_sockets_place_is_no_session(home: Path) -> None:
    (home / agent.SOCKET_NAME).write_text("not a socket", "utf-8")

    assert agent.find_session(home) is None


def test_a_socket_that_nobody_serves_is_no_session(home: Path) -> None:
    agent.start_agent(home, charge())
    agent.end_session(home)
    (home / agent.SOCKET_NAME).unlink(missing_ok=True)

    assert agent.find_session(home) is None


def test_a_path_too_long_for_a_socket_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.chdir("/")

    with pytest.raises(SurroundingsError) as failed:
        agent.start_agent(deep, charge())

    assert failed.value.code == "home_too_deep"
