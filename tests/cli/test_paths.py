"""A path that nothing can be looked up at is told in a sentence, whatever command it is for."""

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
