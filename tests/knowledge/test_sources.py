"""SOURCES.md: made from the atoms in the YAML, complete, and current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import shipped_knowledge

STATEMENTS = {f"A{number:03}" for number in range(1, 101)}
NOT_CARRIED = {"A016"}  # a sentence of the post that breaks off in the middle


def test_the_committed_table_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """After a change to the atoms: warmstart sources --write."""
    assert main(["sources", "--knowledge", str(shipped_knowledge())]) == 0
    committed = (shipped_knowledge() / "SOURCES.md").read_text("utf-8")
    assert capsys.readouterr().out == committed


def test_every_statement_of_the_post_is_carried_but_for_the_slips() -> None:
    rows = re.findall(r"^\| (A\d{3}) \| (\S+) \| (.+) \|$", _table(), re.MULTILINE)
    assert {atom for atom, _, _ in rows} == STATEMENTS - NOT_CARRIED
    assert all((shipped_knowledge() / file).is_file() for _, file, _ in rows)
    assert all(5 < len(text) <= 65 for _, _, text in rows)


def _table() -> str:
    return (shipped_knowledge() / "SOURCES.md").read_text("utf-8")


def test_the_command_writes_the_table(base_copy: Path) -> None:
    path = base_copy / "SOURCES.md"
    path.unlink()
    assert main(["sources", "--write", "--knowledge", str(base_copy)]) == 0
    assert path.read_text("utf-8") == _table()


def test_a_broken_base_has_no_table(base_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (base_copy / "topics/cost.yaml").write_text("id: cost\n", "utf-8")
    assert main(["sources", "--knowledge", str(base_copy)]) == 1
    assert "cost.yaml:1:1: `title` is missing" in capsys.readouterr().err
