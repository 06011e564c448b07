"""`warmstart gaps` in a real process, on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import open_sqlite
from tests.small import write_small

ROOT = Path(__file__).parents[2]


def gaps(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "gaps", "--knowledge", "knowledge", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    write_small(tmp_path / "knowledge")
    async with open_sqlite(tmp_path / "warmstart.db") as store:
        for question in ("how do I feed my cat?", "bake bread", "how do I bake bread?"):
            await store.record_gap(question, "none", [])
        number = await store.record_gap("money back for cats", "suggest", ["cost"])
        await store.record_pick(number, "cost")
        await store.confirm_gap(number)
        await store.record_gap("what does it cost", "none", [])
    return tmp_path


def test_gaps_are_listed_with_yaml_to_paste(folder: Path) -> None:
    done = gaps(cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    first, *rest = done.stdout.strip().split("\n\n")
    assert first.startswith("2 × how do I bake bread?\n    also: bake bread\n")
    assert 'phrasings:\n  - "how do I bake bread?"\n  - "bake bread"' in first
    assert "\nid: bake-bread\n" in first
    (money,) = [block for block in rest if "money" in block]
    assert "told the maintainers 1 ×; picked: cost 1 ×" in money
    assert '# the topic cost, under phrasings:\n  - "money back for cats"' in money
    assert "what does it cost" not in done.stdout


def test_json_and_the_limit(folder: Path) -> None:
    done = gaps("--json", "--limit", "1", cwd=folder)
    (first,) = json.loads(done.stdout)
    assert (first["question"], first["asked"], first["topic"]) == ("how do I bake bread?", 2, None)
    assert first["wordings"] == ["bake bread", "how do I bake bread?"]


async def test_no_gaps_is_a_sentence(tmp_path: Path) -> None:
    write_small(tmp_path / "knowledge")
    async with open_sqlite(tmp_path / "other.db"):
        pass
    done = gaps("--database", "other.db", cwd=tmp_path)
    assert done.returncode == 0
    assert "No open questions" in done.stdout


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    write_small(tmp_path / "knowledge")
    done = gaps(cwd=tmp_path)
    assert done.returncode == 1
    assert "warmstart.db: no such file" in done.stderr
    assert not (tmp_path / "warmstart.db").exists()
