"""Settings: environment and .env, every problem at once, the token never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.settings import ROOM_PORT, environment, load_settings, shipped_knowledge


def test_defaults_need_nothing() -> None:
    settings = load_settings({})
    assert settings.token is None
    assert settings.port == ROOM_PORT
    assert settings.knowledge == shipped_knowledge()


def test_the_token_never_shows() -> None:
    settings = load_settings({"DISCORD_TOKEN": "planted-secret"}, with_token=True)
    assert settings.token == "planted-secret"
    assert "planted-secret" not in repr(settings)


def test_the_token_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  planted-secret\n")
    assert (
        load_settings({"DISCORD_TOKEN_FILE": str(file)}, with_token=True).token == "planted-secret"
    )


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({"DISCORD_TOKEN": "a b", "WARMSTART_PORT": "many"}, with_token=True)
    assert "WARMSTART_PORT" in str(caught.value)
    assert "token" in str(caught.value)
    assert "a b" not in str(caught.value)


def test_options_win_over_variables() -> None:
    settings = load_settings({"WARMSTART_PORT": "1"}, port=2, database=Path("x.db"))
    assert (settings.port, settings.database) == (2, Path("x.db"))


def test_the_process_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WARMSTART_PORT=1\nWARMSTART_DATABASE=file.db\n")
    found = environment({"WARMSTART_PORT": "2"}, tmp_path)
    assert found == {"WARMSTART_PORT": "2", "WARMSTART_DATABASE": "file.db"}


def test_an_env_file_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="readable text"):
        environment({}, tmp_path)


def test_maintainers_are_ids_with_commas_between() -> None:
    assert load_settings({}).maintainers == frozenset()
    settings = load_settings({"WARMSTART_MAINTAINERS": " 123, 456,,"})
    assert settings.maintainers == {123, 456}


@pytest.mark.parametrize("value", ["@olga", "123;456", "-1", "1" * 21])
def test_a_maintainer_who_is_no_id_is_a_sentence(value: str) -> None:
    with pytest.raises(UsageError, match="WARMSTART_MAINTAINERS"):
        load_settings({"WARMSTART_MAINTAINERS": value})


def test_a_token_that_is_not_needed_is_not_read() -> None:
    assert load_settings({"DISCORD_TOKEN": ""}).token is None


def test_a_home_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="no such home"):
        load_settings({"WARMSTART_DATABASE": "~nobody-of-that-name/x.db"})
