"""`warmstart gaps` on a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.store import open_sqlite
from tests.small import write_small

Gaps = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Gaps:
    """Runs the command in a folder with a small base; returns its exit code and output."""
    write_small(tmp_path / "knowledge")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["gaps", "--knowledge", "knowledge", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
async def database(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "warmstart.db") as store:
        for question in ("how do I feed my cat?", "bake bread", "how do I bake bread?"):
            await store.record_gap(question, "none", [])
        number = await store.record_gap("money back for cats", "suggest", ["cost"])
        await store.record_pick(number, "cost")
        await store.confirm_gap(number)
        again = await store.record_gap("for cats, money back", "suggest", ["cost"])
        await store.record_pick(again, "start")
        await store.record_pick(again, "start")
        await store.record_gap("what does it cost", "none", [])
        await store.record_gap("a course about whales", "answer", ["start"])


@pytest.mark.usefixtures("database")
def test_gaps_are_listed_with_yaml_to_paste(gaps: Gaps) -> None:
    code, out, err = gaps()
    assert (code, err) == (0, "")
    first, *rest = out.strip().split("\n\n")
    assert first.startswith("2 × how do I bake bread?\n    also: bake bread\n")
    assert 'phrasings:\n  - "how do I bake bread?"\n  - "bake bread"' in first
    assert "\nid: bake-bread\n" in first
    (money,) = [block for block in rest if "money" in block]
    assert "told the maintainers 1 ×; picked: start 2 ×, cost 1 ×" in money
    assert "\n    picked for “money back for cats”: cost 1 ×\n" in money
    assert "\n    picked for “for cats, money back”: start 2 ×\n" in money
    assert '# the topic start, under phrasings:\n  - "money back for cats"' in money
    assert "what does it cost" not in out
    (whales,) = [block for block in rest if "whales" in block]
    assert "missing under: start 1 ×" in whales
    assert whales.endswith(
        "# the topic start: a suggestion for this, or a word in its answer\n"
        '#   "a course about whales"'
    )


@pytest.mark.usefixtures("database")
def test_json_and_the_limit(gaps: Gaps) -> None:
    (first,) = json.loads(gaps("--json", "--limit", "1")[1])
    assert (first["question"], first["asked"], first["topic"]) == ("how do I bake bread?", 2, None)
    (money,) = [one for one in json.loads(gaps("--json")[1]) if one["picks"]]
    assert money["picks"]["for cats, money back"] == {"start": 2}
    assert first["wordings"] == ["bake bread", "how do I bake bread?"]


async def _make_empty(path: Path) -> None:
    async with open_sqlite(path):
        pass


def test_no_gaps_is_a_sentence(gaps: Gaps, tmp_path: Path) -> None:
    asyncio.run(_make_empty(tmp_path / "other.db"))
    code, out, _ = gaps("--database", "other.db")
    assert code == 0
    assert "No open questions" in out


def test_a_database_that_is_not_there_is_not_made(gaps: Gaps, tmp_path: Path) -> None:
    code, _, err = gaps()
    assert code == 1
    assert "warmstart.db: no such file" in err
    assert not (tmp_path / "warmstart.db").exists()
