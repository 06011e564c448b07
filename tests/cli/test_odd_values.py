"""Values that no command can use, paths and ids, are told in a sentence, never a traceback."""

from __future__ import annotations

import pytest

from bot.cli import main

LONG = "a" * 300  # longer than any file system takes


@pytest.mark.parametrize(
    "command",
    ["check", "links", "init", "preview --against", "stats --database", "database restore"],
)
def test_an_impossible_path_is_a_sentence(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([*command.split(), LONG]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith(f"warmstart: {LONG}")
    assert "too long; name another" in said
    assert "\n" not in said


@pytest.mark.parametrize("command", ["stats", "export"])
@pytest.mark.parametrize("guild", ["0", str(2**63), "9" * 40, "here"])
def test_what_is_no_server_is_a_sentence(
    capsys: pytest.CaptureFixture[str], command: str, guild: str
) -> None:
    assert main([command, "--guild", guild]) == 2
    assert "Invalid value for '--guild'" in capsys.readouterr().err
