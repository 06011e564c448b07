"""Votes over real sockets: bots, many devices, and clicks that overtake each other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import limits
from bot.discord_app.client import WarmstartClient
from bot.discord_app.pacing.pace import Pace
from tests.wire.interactions import Interaction
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, buttons, texts
from tests.wire.test_bot import QUESTION, helpful, votes
from tests.wire.test_database_faults import locked


async def a_card(loopback: LoopbackDiscord) -> Json:
    return await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)


def counts(card: Json) -> list[int]:
    """Return what the Helpful toggles of a card count."""
    return [int(one["label"].partition("·")[2] or 0) for one in helpful(card)]


def button(card: Json, prefix: str) -> str:
    return next(b["custom_id"] for b in buttons(card) if b["custom_id"].startswith(prefix))


def unforgiven(clicks: list[Interaction]) -> list[Json]:
    """Return what clicks were told in private, such as an apology."""
    return [said for click in clicks for said in click.private]


@pytest.mark.parametrize("prefix", ["ws:v:", "ws:n:"])
async def test_a_vote_of_a_bot_account_does_not_count(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path, prefix: str
) -> None:
    """Neither Helpful nor "None of these helped"; a person's after it does."""
    machine = loopback.add_user("Clicker", bot=True)
    card = await a_card(loopback)
    pressed = next(b for b in buttons(card) if b["custom_id"].startswith(prefix))
    data = {"custom_id": pressed["custom_id"], "component_type": 2, "id": pressed["id"]}
    by_machine = loopback.interact(3, machine, loopback.general, data, card)
    await loopback.click(card, button(card, "ws:v:"), loopback.bob)
    assert await bot.desk.work.finish(within=5) == 0
    assert by_machine.callback is None
    assert [helped for _, _, helped in votes(database)] == [1]
    assert counts(card)[0] == 1


async def test_two_devices_on_one_suggestion_are_one_vote(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """Both presses mean "helpful": the second does not take the first one back."""
    card = await a_card(loopback)
    target = button(card, "ws:v:")
    clicks = await asyncio.gather(*(loopback.click(card, target, loopback.bob) for _ in range(2)))
    assert await bot.desk.work.finish(within=5) == 0
    assert [helped for _, _, helped in votes(database)] == [1]
    assert counts(card)[0] == 1
    assert unforgiven(clicks) == []


async def test_two_devices_on_two_cards_are_one_vote(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    cards = [await a_card(loopback), await a_card(loopback)]
    target = button(cards[0], "ws:v:")
    clicks = await asyncio.gather(*(loopback.click(card, target, loopback.bob) for card in cards))
    assert [helped for _, _, helped in votes(database)] == [1]
    assert [counts(card)[0] for card in cards] == [1, 1]
    assert unforgiven(clicks) == []


async def test_two_devices_on_different_suggestions_are_a_vote_on_each(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    card = await a_card(loopback)
    targets = [one["custom_id"] for one in helpful(card)[:2]]
    clicks = await asyncio.gather(*(loopback.click(card, id, loopback.bob) for id in targets))
    assert await bot.desk.work.finish(within=5) == 0
    assert [helped for _, _, helped in votes(database)] == [1, 1]
    assert counts(card)[:2] == [1, 1]
    assert unforgiven(clicks) == []


async def test_a_second_press_before_the_first_has_answered_is_the_same_press(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the database is slow nothing shows, and people press again; a third time, later, the
    vote is taken back.
    """
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.05)
    card = await a_card(loopback)
    target = button(card, "ws:v:")
    with locked(database, 5):
        first = asyncio.create_task(loopback.click(card, target, loopback.bob, within=8))
        await loopback.until(lambda: loopback.count("POST", "/callback$") == 1, "the deferral")
        second = asyncio.create_task(loopback.click(card, target, loopback.bob, within=8))
        await loopback.until(lambda: loopback.count("POST", "/callback$") == 2, "another")
    clicks = await asyncio.gather(first, second)
    assert [helped for _, _, helped in votes(database)] == [1]
    assert counts(card)[0] == 1
    assert unforgiven(clicks) == []
    await loopback.click(card, target, loopback.bob)
    assert votes(database) == []


async def test_two_devices_not_helped_are_one_vote_on_each_suggestion(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    card = await a_card(loopback)
    none = button(card, "ws:n:")
    clicks = await asyncio.gather(*(loopback.click(card, none, loopback.bob) for _ in range(2)))
    assert await bot.desk.work.finish(within=5) == 0
    assert [helped for _, _, helped in votes(database)] == [0] * len(helpful(card))
    assert {click.kind for click in clicks} == {9}


async def test_a_click_amid_the_recount_of_none_helped_is_counted_at_once(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Discord takes the bot's recount after the click's own answer; one more sets it right."""
    card = await a_card(loopback)
    await loopback.click(card, button(card, "ws:v:"), loopback.alice)
    slow = loopback.fail_next("PATCH", "^/channels/.*/messages/", status=502, delay=0.2)
    await loopback.click(card, button(card, "ws:n:"), loopback.alice)
    await loopback.until(lambda: not slow.times, "the recount")
    await loopback.click(card, button(card, "ws:v:"), loopback.bob)
    assert await bot.desk.work.finish(within=10) == 0
    assert counts(card)[0] == 1


async def test_the_end_of_a_burst_leaves_a_card_that_became_another_alone(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Its asker leaves the answer while the recount waits for its turn."""
    card = await a_card(loopback)
    bot.desk.recounts = Pace(0.5)
    assert await bot.desk.recounts.turn(int(card["id"]))
    target = button(card, "ws:v:")
    held = loopback.fail_next("POST", "/callback$", status=503, delay=0.3)
    first = asyncio.create_task(loopback.click(card, target, loopback.bob))
    await loopback.until(lambda: not held.times, "the first answer")
    await loopback.click(card, target, loopback.alice)
    await first
    await loopback.click(card, button(card, "ws:o:"), loopback.alice)
    offered = texts(card)
    assert helpful(card) == []
    assert await bot.desk.work.finish(within=10) == 0
    assert texts(card) == offered
    assert helpful(card) == []


@pytest.mark.parametrize("here", [True, False], ids=["private", "elsewhere"])
async def test_a_card_out_of_the_bots_reach_is_changed_through_the_clicks_token_only(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path, here: bool
) -> None:
    """As a bot it does not even try: what it may not see cannot be refused to it."""
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    options = {"question": QUESTION, "private": here}
    channel = loopback.general if here else away
    card = (await loopback.slash(loopback.bob, "ask", options, channel=channel)).message
    assert card is not None
    await loopback.click(card, button(card, "ws:v:"), loopback.bob)
    opened = await loopback.click(card, button(card, "ws:n:"), loopback.bob)
    assert await bot.desk.work.finish(within=5) == 0
    assert [helped for _, _, helped in votes(database)] == [0] * len(helpful(card))
    assert counts(card)[0] == 1
    await loopback.submit_modal(opened, {"text": ""})
    assert counts(card)[0] == 0
    tried = [loopback.count(method, "^/channels/.*/messages") for method in ("GET", "PATCH")]
    assert tried == [0, 0]
