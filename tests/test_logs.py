"""Logs: JSON where a machine reads them, and no secret in any of them."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.logs import HIDDEN, JsonLines, Lines

TOKEN = "planted.token.in-a-log"


def record(message: str, *values: object) -> logging.LogRecord:
    try:
        raise ValueError(f"refused {TOKEN}")
    except ValueError:
        return logging.LogRecord("bot.x", 40, __file__, 1, message, values, sys.exc_info())


@pytest.mark.parametrize("lines", [Lines(TOKEN), JsonLines(TOKEN)])
def test_a_token_in_message_values_or_traceback_is_blotted_out(lines: Lines) -> None:
    line = lines.format(record(f"said {TOKEN} to %s", {"Authorization": f"Bot {TOKEN}"}))
    assert "planted" not in line
    assert line.count(HIDDEN) >= 3


def test_json_is_one_line_with_time_level_logger_message_and_traceback() -> None:
    line = JsonLines(None).format(record("went\nwrong: %s", "ünder"))
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"]) == ("ERROR", "bot.x")
    assert told["message"] == "went\nwrong: ünder"
    assert told["traceback"].startswith("Traceback")
    assert told["time"].endswith("+00:00")


def test_text_is_read_by_people() -> None:
    plain = logging.LogRecord("bot.x", 20, __file__, 1, "Connected as %s.", ("Warmstart",), None)
    assert Lines(None).format(plain).endswith("INFO bot.x Connected as Warmstart.")
