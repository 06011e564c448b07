"""`stats` and `export` on a real database: what is shown is what was voted, and why."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.knowledge.model import Knowledge
from bot.store import RESOURCE_TOPIC, Voter, open_sqlite
from tests.cli.on_terminal import drawn

HOME, AWAY = 7, 8
TOPIC = "apply-to-research"  # four suggestions
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the database; returns its exit code and output."""
    monkeypatch.chdir(database.parent)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def suggested(knowledge: Knowledge) -> list[str]:
    return [one.resource for one in knowledge.topics[TOPIC].suggestions]


@pytest.fixture
async def voted(database: Path, suggested: list[str]) -> list[str]:
    """People at home and away vote on the first three; half are helped by each of them, but at
    home everybody by the third.
    """
    async with open_sqlite(database, clock=lambda: 1_700_000_000.0) as store:

        async def vote(person: int, place: int) -> None:
            guild = HOME if person < 30 else AWAY
            helpful = person % 2 == 0 if place < 2 else person < 115
            voter = Voter(person.to_bytes(16, "big"))
            await store.record_vote(TOPIC, [suggested[place]], voter, guild, helpful=helpful)

        await asyncio.gather(*(vote(*who) for who in product(range(230), range(3))))
        lone = Voter(b"l" * 16)
        await store.record_vote(RESOURCE_TOPIC, ["fast-ai-part-1"], lone, HOME, helpful=True)
        gap = await store.record_gap("=cmd|' /C calc'!A0, or @me?", "suggest", ["cost", "reading"])
        await store.record_pick(gap, "cost")
        await store.confirm_gap(gap)
    return suggested


def chart(out: str) -> list[str]:
    """Return the lines of the topic's chart."""
    return out[out.index(f"  {TOPIC} · ") :].splitlines()[1:9]


@pytest.mark.usefixtures("voted")
def test_each_suggestion_says_why_it_stands_there(run: Run) -> None:
    code, out, err = run("stats", "--topic", TOPIC)
    assert (code, err) == (0, "")
    first, why, second, _, third, tried, last, below = chart(out)
    assert first.startswith(" 1 ")
    assert "115 of 230" in first
    assert "51% (" in first
    assert why.strip() == "the maintainers' no. 1 (70% expected)"
    assert second.startswith(" 2 ")
    assert "no votes" in third
    assert "no. 4 (50% expected) · shown to become known, up to" in tried
    assert "115 of 230" in last
    assert below.strip().endswith("not on the card")


@pytest.mark.usefixtures("voted")
def test_a_server_sees_its_own_votes_first(run: Run, suggested: list[str]) -> None:
    _, out, _ = run("stats", "--guild", str(HOME), "--json")
    shown = json.loads(out)
    (board,) = [topic for topic in shown["topics"] if topic["topic"] == TOPIC]
    first = board["suggestions"][0]
    assert first["resource"] == suggested[2]
    assert (first["helpful_here"], first["helpful"]) == (30, 115)
    assert first["place"] == 1
    assert first["maintainers_place"] == 3
    elsewhere = json.loads(run("stats", "--guild", str(AWAY), "--json")[1])
    (board,) = [topic for topic in elsewhere["topics"] if topic["topic"] == TOPIC]
    assert board["suggestions"][0]["resource"] == suggested[0]


@pytest.mark.usefixtures("voted")
def test_the_table_has_a_line_for_each_suggestion(run: Run, knowledge: Knowledge) -> None:
    _, out, _ = run("stats", "--csv")
    rows = list(csv.DictReader(out.splitlines()))
    assert len(rows) == sum(len(topic.suggestions) for topic in knowledge.topics.values())
    (tried,) = [row for row in rows if row["trial"] == "true"]
    assert (tried["topic"], tried["place"], tried["on_card"]) == (TOPIC, "3", "true")
    assert all(float(r["low"]) < float(r["estimate"]) < float(r["high"]) for r in rows)


@pytest.mark.usefixtures("voted")
def test_what_helped_most_over_all_topics_comes_first(run: Run) -> None:
    _, out, _ = run("stats")
    overall, topic = out.index("Most helpful over all topics"), out.index(f"  {TOPIC} · ")
    assert overall < topic
    assert out.count("691 votes, over all servers") == 1
    assert "1 of 1" in out[overall:topic]


def test_without_votes_the_maintainers_order_is_shown(run: Run, database: Path) -> None:
    make_empty(database)
    code, out, _ = run("stats")
    assert code == 0
    assert "No votes yet" in out
    assert "█" not in out
    assert "no votes" in run("stats", "--topic", TOPIC)[1]


def test_votes_under_unknown_ids_are_told(run: Run, database: Path) -> None:
    make_empty(database, "gone-course")
    assert "gone-course" in run("stats")[1]


def make_empty(database: Path, resource: str = "") -> None:
    async def work() -> None:
        async with open_sqlite(database) as store:
            if resource:
                await store.record_vote(TOPIC, [resource], Voter(b"v" * 16), 0, helpful=True)

    asyncio.run(work())


@pytest.mark.usefixtures("voted")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["stats", "--topic", "practise"], 2, "Did you mean practice"),
        (["stats", "--csv", "--json"], 2, "one of --csv and --json"),
        (["stats", "--guild", "x"], 2, "not a whole number"),
        (["stats", "--database", "other.db"], 1, "no such file"),
        (["export", "--csv"], 2, "warmstart export votes --csv"),
        (["export", "--database", "other.db"], 1, "no such file"),
    ],
)
def test_errors_are_one_sentence(run: Run, arguments: list[str], code: int, said: str) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("voted")
def test_colours_only_on_a_terminal(run: Run, database: Path) -> None:
    assert "\x1b[" not in run("stats")[1]
    code, shown, _ = drawn("stats", on="stdout", cwd=database.parent)
    assert code == 0
    assert "\x1b[32m" in shown


# export


def exported(run: Run, *arguments: str) -> Any:
    code, out, err = run("export", *arguments)
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.usefixtures("voted")
def test_export_has_counts_and_gaps_and_nobody(run: Run, suggested: list[str]) -> None:
    everything = exported(run)
    assert everything["format"] == 1
    assert everything["votes"][0] == {
        "topic": RESOURCE_TOPIC,
        "resource": "fast-ai-part-1",
        "helpful": 1,
        "not_helpful": 0,
    }
    counts = {row["resource"]: row["helpful"] for row in everything["votes"][1:]}
    assert counts == dict(zip(suggested[:3], (115, 115, 115), strict=True))
    assert everything["gaps"] == [
        {
            "number": 1,
            "asked_at": "2023-11-14T22:13:20Z",
            "question": "=cmd|' /C calc'!A0, or [mention]?",
            "decision": "suggest",
            "candidates": ["cost", "reading"],
            "picked": {"cost": 1},
            "told": True,
        }
    ]


@pytest.mark.usefixtures("voted")
def test_export_of_one_server_or_one_kind(run: Run) -> None:
    home = exported(run, "votes", "--guild", str(HOME))
    assert home["guild"] == HOME
    assert {row["helpful"] + row["not_helpful"] for row in home["votes"]} == {1, 30}
    assert "gaps" not in home
    assert "votes" not in exported(run, "gaps")


@pytest.mark.usefixtures("voted")
def test_export_as_tables(run: Run) -> None:
    _, votes, _ = run("export", "votes", "--csv")
    assert votes.splitlines()[:2] == [
        "topic,resource,helpful,not_helpful",
        f"{RESOURCE_TOPIC},fast-ai-part-1,1,0",
    ]
    (gap,) = csv.DictReader(run("export", "gaps", "--csv")[1].splitlines())
    assert gap["candidates"] == "cost reading"
    assert gap["picked"] == "cost=1"
    assert gap["told"] == "true"


@pytest.mark.usefixtures("voted")
def test_a_spreadsheet_runs_nothing(run: Run) -> None:
    (gap,) = csv.DictReader(run("export", "gaps", "--csv")[1].splitlines())
    assert gap["question"].startswith("'=")


def test_a_server_that_nobody_voted_on_is_named(run: Run, voted: list[str]) -> None:
    assert "none was cast there: is the ID right?" in run("stats", "--guild", "99")[1]
    assert "is the ID right?" not in run("stats", "--guild", str(HOME), "--topic", "cost")[1]
