"""Logs: JSON where a machine reads them, and no secret in any of them."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.logs import HIDDEN, JsonLines, Lines
from bot.settings import load_settings

TOKEN = "planted.token.in-a-log"


def record(message: str, *values: object) -> logging.LogRecord:
    try:
        raise ValueError(f"refused {TOKEN}")
    except ValueError:
        return logging.LogRecord("bot.x", 40, __file__, 1, message, values, sys.exc_info())


@pytest.mark.parametrize("lines", [Lines([TOKEN]), JsonLines([TOKEN])])
def test_a_token_in_message_values_or_traceback_is_blotted_out(lines: Lines) -> None:
    line = lines.format(record(f"said {TOKEN} to %s", {"Authorization": f"Bot {TOKEN}"}))
    assert "planted" not in line
    assert line.count(HIDDEN) >= 3


@pytest.mark.parametrize("secrets", [("plan", "planted"), ("planted", "plan")])
def test_a_secret_that_begins_with_another_leaves_no_end(secrets: tuple[str, ...]) -> None:
    plain = logging.LogRecord("bot.x", 20, __file__, 1, "said planted", (), None)
    assert Lines(secrets).format(plain).endswith(f"said {HIDDEN}")


@pytest.mark.parametrize("form", [Lines, JsonLines])
def test_the_database_password_and_the_voter_key_are_blotted_out_too(form: type[Lines]) -> None:
    settings = load_settings(
        {
            "WARMSTART_DATABASE": 'postgresql://bot:pl%22an%2Fted"9@db.example/warmstart',
            "WARMSTART_VOTER_KEY": "5a" * 32,
        }
    )
    lines = form(settings.secrets)
    for leak in (settings.database, 'pl"an/ted"9', "5a" * 32, {"password": 'pl"an/ted"9'}):
        line = lines.format(record("connecting with %s", leak))
        assert HIDDEN in line
        assert "an/ted" not in line
        assert "an%2Fted" not in line
        assert "5a5a" not in line


def test_json_is_one_line_with_time_level_logger_message_and_traceback() -> None:
    line = JsonLines().format(record("went\nwrong: %s", "ünder"))
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"]) == ("ERROR", "bot.x")
    assert told["message"] == "went\nwrong: ünder"
    assert told["traceback"].startswith("Traceback")
    assert told["time"].endswith("+00:00")


def test_text_is_read_by_people() -> None:
    plain = logging.LogRecord("bot.x", 20, __file__, 1, "Connected as %s.", ("Warmstart",), None)
    assert Lines().format(plain).endswith("INFO bot.x Connected as Warmstart.")
