"""`init`: what it prints can be typed as it stands."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bot.cli import main


@pytest.mark.parametrize("name", ["mine", "my bot", "it's $mine"])
def test_the_next_command_leads_into_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = tmp_path / name
    assert main(["init", str(folder)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  cd "))
    assert shlex.split(line) == ["cd", str(folder)]
