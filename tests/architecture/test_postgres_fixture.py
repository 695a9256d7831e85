"""The private PostgreSQL that central's tests rely on."""

from __future__ import annotations

from sqlalchemy import create_engine, text


def asked(url: str, question: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        answer = str(connection.execute(text(question)).scalar_one())
    engine.dispose()
    return answer


def test_each_test_gets_an_empty_database_of_its_own(postgres_url: str) -> None:
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"

    assert asked(postgres_url, tables) == "0"


def test_the_database_speaks_the_counters_time_and_utf8(postgres_url: str) -> None:
    assert asked(postgres_url, "SHOW timezone") == "Asia/Shanghai"
    assert asked(postgres_url, "SHOW server_encoding") == "UTF8"
    assert asked(postgres_url, "SELECT '䶮㛃'") == "䶮㛃"


def test_the_server_listens_on_loopback_only(postgres_url: str) -> None:
    assert asked(postgres_url, "SHOW listen_addresses") == "127.0.0.1"
