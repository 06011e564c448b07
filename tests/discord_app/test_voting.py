"""Voting: stored first, then the card itself is the acknowledgement."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot import limits
from bot.advice import Base
from bot.advice.advisor import NAMED
from bot.advice.reply import Reading
from bot.discord_app import ids
from bot.discord_app.reading import written
from bot.errors import StoreBusy
from bot.matching import Aspect
from tests.discord_app.acting import Stage, buttons, text, toggle_labels

QUESTION = "how do I start with deep learning?"


async def clicked(stage: Stage, who: object, card: object, label: str) -> object:
    return await who.click(card, custom_id=buttons(card)[label])


def toggles(card: object) -> list[str]:
    return [id for label, id in buttons(card).items() if label.startswith("Helpful")]


async def test_a_click_counts_on_the_card_and_in_the_file(stage: Stage, database: Path) -> None:
    card = await stage.asked(QUESTION)
    await clicked(stage, stage.bob, card, "Helpful 1")
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"
    with sqlite3.connect(database) as file:
        rows = file.execute("SELECT topic, resource, helpful FROM votes").fetchall()
    assert rows == [("getting-started", "fast-ai-part-1", 1)]


async def test_two_people_are_two_votes_and_a_second_click_takes_it_back(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    await clicked(stage, stage.alice, card, "Helpful 1")
    await clicked(stage, stage.bob, card, "Helpful 1")
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 2"
    await clicked(stage, stage.bob, card, "Helpful 1")
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"


async def test_a_servers_votes_order_its_own_cards_and_count_everywhere(stage: Stage) -> None:
    before = toggles(await stage.asked(QUESTION))
    third = before[2].removeprefix("ws:v:getting-started:")
    for person in range(20):
        voter = stage.runtime.voter(person)
        await stage.runtime.store.record_vote(
            "getting-started", [third], voter, stage.guild.id, helpful=True
        )
    here = await stage.asked(QUESTION)
    assert toggles(here)[0] == before[2]
    other = stage.env.create_guild("Elsewhere")
    hall = other.create_text_channel("hall")
    carol = other.add_member(stage.env.create_user("carol"))
    await carol.slash(hall, "ask", question=QUESTION)
    assert "Helpful · 20" in toggle_labels(hall.last_message)


async def test_a_click_says_nothing_beside_the_new_count(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    result = await clicked(stage, stage.bob, card, "Helpful 2")
    assert result.acknowledged
    assert not result.followups


async def test_an_old_card_takes_votes_after_a_restart(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    await stage.restart()
    await clicked(stage, stage.bob, card, "Helpful 1")
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"


async def test_a_suggestion_that_no_longer_exists_is_said_privately(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    advisor = stage.client.desk.advisor
    kept = {id: one for id, one in advisor.knowledge.resources.items() if id != "fast-ai-part-1"}
    smaller = replace(advisor.knowledge, resources=kept)
    advisor.base = Base(smaller, advisor.base.matcher, advisor.base.catalogue)
    result = await clicked(stage, stage.bob, card, "Helpful 1")
    assert result.ephemeral
    assert "no longer" in result.response.content
    assert not await stage.runtime.store.tallies("getting-started")


async def test_not_what_you_asked_offers_others_in_place_for_the_asker(stage: Stage) -> None:
    card = await stage.asked("is fast.ai free?")
    before = text(card)
    result = await clicked(stage, stage.bob, card, "Not what you asked?")
    assert result.ephemeral
    assert text(stage.channel.last_message) == before
    await clicked(stage, stage.alice, card, "Not what you asked?")
    others = stage.channel.last_message
    assert text(others) != before
    pick = next(iter(buttons(others)))
    await clicked(stage, stage.alice, others, pick)
    assert "None of these helped" in buttons(stage.channel.last_message)


async def test_listings_turn_pages_in_place_and_after_a_restart(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "resources", what="book")
    first = text(result.response)
    await stage.restart()
    await clicked(stage, stage.bob, result.response, "Next")
    second = stage.channel.last_message
    assert text(second) != first
    assert "Page 2" in text(second)
    await clicked(stage, stage.alice, second, "Previous")
    assert text(stage.channel.last_message) == first


async def test_slow_storing_is_deferred_and_then_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await stage.asked(QUESTION)
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.01)
    toggle = stage.runtime.store.toggle_helpful

    async def slow(*arguments: object) -> bool:
        await asyncio.sleep(0.05)
        return await toggle(*arguments)

    monkeypatch.setattr(stage.runtime.store, "toggle_helpful", slow)
    result = await clicked(stage, stage.bob, card, "Helpful 1")
    assert result.deferred
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"


async def test_a_vote_that_cannot_be_stored_is_refused_in_private(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await stage.asked(QUESTION)

    async def busy(*_: object) -> bool:
        raise StoreBusy("the database is busy; try again")

    monkeypatch.setattr(stage.runtime.store, "toggle_helpful", busy)
    result = await clicked(stage, stage.bob, card, "Helpful 1")
    assert result.ephemeral
    assert "couldn't save" in result.response.content
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful"


def test_ids_stay_within_discords_limit() -> None:
    longest = "x" * 40
    named, others = (longest,) * NAMED, (longest,) * 3
    longest_reading = Reading(longest, others, longest, named, tuple(Aspect), implied=True)
    made = [
        ids.vote(longest, longest),
        ids.none_helped(longest),
        ids.others("f" * 8, written(longest_reading)),
        ids.back("f" * 8, written(longest_reading)),
        ids.ask_on(longest, longest),
        ids.pick(longest, "f" * 8, 2**63 - 1),
        ids.open_topic(longest),
        ids.more(longest),
        ids.notes(longest),
        ids.show("x" * 80, 9999),
        ids.turn("x" * 80, 9999),
        ids.tell(2**63 - 1),
        ids.missing(longest),
    ]
    assert max(map(len, made)) <= limits.CUSTOM_ID
