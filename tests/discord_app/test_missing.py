"""None of these helped: the votes count at once, and a form asks what was missing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreBusy
from bot.store import Tally
from tests.discord_app.acting import Stage, buttons, toggle_labels

QUESTION = "how do I start with deep learning?"
NONE_HELPED = "None of these helped"


async def none_helped(stage: Stage, who: Any) -> Any:
    return await who.click(
        stage.channel.last_message, custom_id=buttons(stage.channel.last_message)[NONE_HELPED]
    )


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as file:
        return file.execute(statement).fetchall()


def gaps(database: Path) -> list[tuple[Any, ...]]:
    return rows(database, "SELECT question, decision, candidates FROM gaps")


async def test_the_votes_count_when_the_form_is_dismissed(stage: Stage, database: Path) -> None:
    card = await stage.asked(QUESTION)
    await stage.bob.click(card, custom_id=buttons(card)["Helpful 1"])
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"
    shown = await none_helped(stage, stage.bob)
    assert shown.modal["title"] == "What was missing?"
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful"
    assert not shown.followups
    votes = rows(database, "SELECT resource, helpful FROM votes")
    assert len(votes) == len(toggle_labels(card))
    assert ("fast-ai-part-1", 0) in votes
    assert {helpful for _, helpful in votes} == {0}


async def test_pressing_again_is_no_vote_in_the_figures(stage: Stage) -> None:
    await stage.asked(QUESTION)
    for _ in range(3):
        await none_helped(stage, stage.bob)
    assert stage.client.desk.work.counts.votes == 1


async def test_what_was_missing_becomes_a_gap_without_its_author(
    stage: Stage, database: Path
) -> None:
    await stage.asked(QUESTION)
    shown = await none_helped(stage, stage.bob)
    text = "an audio course, ask @bob or write to bob@example.org"
    thanked = await stage.bob.submit_modal(shown, {"text": text})
    assert thanked.followups[0].ephemeral
    assert "without your name" in thanked.followups[0].content
    kept = "an audio course, ask [mention] or write to [email]"
    assert gaps(database) == [(kept, "answer", '["getting-started"]')]
    with closing(sqlite3.connect(database)) as file:
        assert str(stage.bob.id) not in "\n".join(file.iterdump())


@pytest.mark.parametrize("text", ["", "   \n "])
async def test_an_empty_form_is_thanked_for_and_keeps_nothing(
    stage: Stage, database: Path, text: str
) -> None:
    await stage.asked(QUESTION)
    shown = await none_helped(stage, stage.bob)
    thanked = await stage.bob.submit_modal(shown, {"text": text})
    assert "none of these helped" in thanked.followups[0].content
    assert gaps(database) == []


async def test_a_form_is_taken_after_a_restart(stage: Stage, database: Path) -> None:
    await stage.asked(QUESTION)
    shown = await none_helped(stage, stage.bob)
    await stage.restart()
    await stage.bob.submit_modal(shown, {"text": "something shorter"})
    assert [question for question, *_ in gaps(database)] == ["something shorter"]


async def test_two_open_forms_do_not_meet(stage: Stage, database: Path) -> None:
    await stage.asked(QUESTION)
    first, second = [await none_helped(stage, who) for who in (stage.alice, stage.bob)]
    await stage.bob.submit_modal(second, {"text": "more maths"})
    await stage.alice.submit_modal(first, {"text": "less maths"})
    assert [question for question, *_ in gaps(database)] == ["more maths", "less maths"]
    tallies = await stage.runtime.store.tallies("getting-started")
    assert tallies["fast-ai-part-1"] == Tally(0, 2)
    assert not stage.client._connection._view_store._modals


async def test_votes_that_cannot_be_stored_are_apologised_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.asked(QUESTION)

    async def busy(*_: object, **__: object) -> None:
        raise StoreBusy("the database is busy; try again")

    monkeypatch.setattr(stage.runtime.store, "record_vote", busy)
    shown = await none_helped(stage, stage.bob)
    assert shown.followups[0].ephemeral
    assert "couldn't save" in shown.followups[0].content


async def test_a_private_card_is_recounted_when_the_form_comes_in(stage: Stage) -> None:
    asked = await stage.bob.slash(stage.channel, "ask", question=QUESTION, private=True)
    await stage.bob.click(asked.response, custom_id=buttons(asked.response)["Helpful 1"])
    shown = await stage.bob.click(asked.response, custom_id=buttons(asked.response)[NONE_HELPED])
    tallies = await stage.runtime.store.tallies("getting-started")
    assert tallies["fast-ai-part-1"] == Tally(0, 1)
    sent_in = await stage.bob.submit_modal(shown, {"text": ""})
    assert toggle_labels(sent_in.response)[0] == "Helpful"
