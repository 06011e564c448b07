"""`/start`: three questions, a plan that is kept, and the ways on from there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.advice.plan import Kind
from bot.advice.wishes import Standing, Wishes
from bot.discord_app.cards import render
from bot.discord_app.clicks.guide import as_text, from_text
from bot.store.model import Duty, GuildSettings
from tests.discord_app.acting import Stage, buttons, text, walk
from tests.discord_app.test_cards import pen

MADE = datetime(2026, 11, 2, tzinfo=UTC)


def selects(message: Any) -> dict[str, dict[str, Any]]:
    """Return the selects of a card by what they ask: way, hours, …"""
    found = (c for c in walk(message.components) if c["type"] == 3)
    return {one["custom_id"].split(":")[2]: one for one in found}


async def choose(stage: Stage, card: Any, **answers: str) -> Any:
    """Answer questions by the labels of their options; return the card as it then is."""
    for act, label in answers.items():
        select = selects(card)[act]
        value = next(o["value"] for o in select["options"] if o["label"] == label)
        acted = await stage.alice.select(card, [value], custom_id=select["custom_id"])
        card = acted.response
    return card


async def press(stage: Stage, card: Any, label: str, who: Any = None) -> Any:
    return await (who or stage.alice).click(card, custom_id=buttons(card)[label])


def plans(database: Path) -> list[tuple[bytes, str]]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute("SELECT person, plan FROM plans").fetchall()


async def test_a_newcomer_gets_a_plan_that_says_why(stage: Stage, database: Path) -> None:
    begun = await stage.alice.slash(stage.channel, "start")
    assert begun.ephemeral
    card = begun.response
    make = next(c for c in walk(card.components) if c.get("label") == "Make my plan")
    assert make["disabled"]
    card = await choose(
        stage, card, way="Book", hours="2 hours", standing="I code a little, my maths is rusty"
    )
    chosen = [o["label"] for s in selects(card).values() for o in s["options"] if o.get("default")]
    assert chosen == ["Book", "2 hours", "I code a little, my maths is rusty"]
    made = await press(stage, card, "Make my plan")
    told = text(made.response)
    assert "Because you have 2 hours a week, you chose “book” and it costs nothing." in told
    assert all(f"Week {week}" in told for week in range(1, 5))
    assert "Because it refreshes your maths." in told
    [(person, plan)] = plans(database)
    assert person == stage.client.desk.voter(stage.alice.id)
    assert {k: json.loads(plan)[k] for k in ("way", "hours", "pays")} == {
        "way": "book",
        "hours": 2,
        "pays": False,
    }


async def test_answers_can_be_changed_and_budget_and_field_asked_for(stage: Stage) -> None:
    card = (await stage.alice.slash(stage.channel, "start")).response
    card = (await press(stage, card, "Budget and field")).response
    assert set(selects(card)) == {"way", "hours", "standing", "pays", "field"}
    card = await choose(
        stage,
        card,
        way="Not sure yet",
        hours="1 hour",
        standing="I code, and school maths is fine",
        field="Weather",
        pays="I'd pay for a good course",
    )
    card = await choose(stage, card, hours="4 hours")
    told = text((await press(stage, card, "Make my plan")).response)
    assert "4 hours a week · not sure yet" in told
    assert "weather" in told
    assert "Go on with the one you liked better" in told


async def test_a_plan_outlives_a_restart_and_is_offered_again(stage: Stage) -> None:
    card = (await stage.alice.slash(stage.channel, "start")).response
    card = await choose(
        stage, card, way="Build first (top-down)", hours="2 hours", standing="I have never coded"
    )
    await stage.restart()
    made = text((await press(stage, card, "Make my plan")).response)
    assert "Because you don't code yet." in made
    again = (await stage.alice.slash(stage.channel, "start")).response
    assert "You are in week 1." in text(again)
    assert text((await press(stage, again, "Show my plan")).response) == made
    fresh = (await press(stage, again, "Start again")).response
    assert "Three questions" in text(fresh)


async def test_a_plan_asks_for_votes_on_what_was_met_and_shortens_weeks_gone_by(
    stage: Stage,
) -> None:
    wishes = Wishes("book", 4, Standing.NEW)
    offered = {}
    for week in (1, 4):
        card = await stage.runtime.advisor.guide(wishes, week)
        (shown,) = render(card, pen(stage.runtime.advisor.knowledge)).to_components()
        parts = walk([shown])
        told = "\n".join(part["content"] for part in parts if "content" in part)
        offered[week] = [part for part in parts if part.get("label") == "Helpful"]
        assert f"**Week {week}, now:**" in told
        assert ("Because you don't code yet." in told) is (week == 1)
        assert "Because what you use stays with you." in told
    first = [step for step in card.plan.steps if step.kind is Kind.FIRST]
    assert len(offered[1]) == 1
    assert len(offered[4]) == len(first) > 3


async def test_a_plan_is_shown_to_the_channel_and_can_be_voted_on(
    stage: Stage, database: Path
) -> None:
    card = (await stage.alice.slash(stage.channel, "start")).response
    card = await choose(
        stage,
        card,
        way="Build first (top-down)",
        hours="2 hours",
        standing="I code, and school maths is fine",
    )
    card = (await press(stage, card, "Make my plan")).response
    shown = await press(stage, card, "Show it to the channel")
    assert not shown.ephemeral
    public = shown.response
    assert "Start again" not in buttons(public)
    await press(stage, public, "Helpful 1", stage.bob)
    with closing(sqlite3.connect(database)) as db:
        votes = db.execute("SELECT topic, resource, helpful FROM votes").fetchall()
    assert votes == [("_resource", "fast-ai-part-1", 1)]


async def test_a_plan_is_not_shown_where_the_bot_is_to_be_silent(stage: Stage) -> None:
    silent = GuildSettings({stage.channel.id: Duty.SILENT})
    await stage.client.desk.guilds.change(stage.guild.id, lambda _: silent)
    card = (await stage.alice.slash(stage.channel, "start")).response
    card = await choose(stage, card, way="Video", hours="1 hour", standing="I have never coded")
    card = (await press(stage, card, "Make my plan")).response
    refused = await press(stage, card, "Show it to the channel")
    assert refused.ephemeral
    assert "can't show it here" in refused.response.content


async def test_a_plan_is_not_shown_where_the_person_may_not_write(stage: Stage) -> None:
    quiet = discord.PermissionOverwrite(send_messages=False)
    hall = stage.guild.create_text_channel("hall", overwrites={stage.alice: quiet})
    card = (await stage.alice.slash(hall, "start")).response
    card = await choose(stage, card, way="Video", hours="1 hour", standing="I have never coded")
    card = (await press(stage, card, "Make my plan")).response
    refused = await press(stage, card, "Show it to the channel")
    assert refused.ephemeral
    assert hall.last_message is None


async def test_deleting_ones_data_deletes_the_plan(stage: Stage, database: Path) -> None:
    card = (await stage.alice.slash(stage.channel, "start")).response
    card = await choose(stage, card, way="Video", hours="1 hour", standing="I have never coded")
    await press(stage, card, "Make my plan")
    assert len(plans(database)) == 1
    await stage.runtime.store.forget(stage.client.desk.voter(stage.alice.id))
    assert plans(database) == []
    begun = await stage.alice.slash(stage.channel, "start")
    assert "Three questions" in text(begun.response)


@pytest.mark.parametrize(("days", "week"), [(0, 1), (6, 1), (7, 2), (21, 4), (400, 4), (-3, 1)])
def test_a_kept_plan_knows_its_week(days: int, week: int) -> None:
    wishes = Wishes("book", 4, Standing.BOTH, True, "weather")
    kept = from_text(as_text(wishes, MADE), MADE + timedelta(days=days))
    assert kept is not None
    assert (kept.wishes, kept.week) == (wishes, week)


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"way": 1}', "nonsense"])
def test_a_plan_that_cannot_be_read_is_none(broken: str) -> None:
    assert from_text(broken, MADE) is None
