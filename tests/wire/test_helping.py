"""Helping over real sockets, on a server of which the bot is no member."""

from __future__ import annotations

import pytest

from bot.discord_app.client import WarmstartClient
from bot.store import OptOut
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, buttons, texts
from tests.wire.test_bot import cards
from tests.wire.world import EPHEMERAL

QUESTION = "how do I start with deep learning?"
UNSURE = "what about pytorch lessons and statistics"
PICKS = ("ws:t:", "ws:h:")  # a topic for oneself, or for somebody else's message
MENU = "Suggest resources"


async def asked_elsewhere(loopback: LoopbackDiscord, text: str) -> Json:
    """Let Bob ask on a server where Alice only uses the app that she installed for herself."""
    guild = loopback.add_guild("Elsewhere", has_bot=False)
    return await loopback.say(loopback.add_channel(guild, "general"), loopback.bob, text)


def shown(card: Json, question: Json) -> None:
    """Check that a card answers a message in Alice's name, for all to see."""
    said = "\n".join(texts(card))
    place = f"{question['guild_id']}/{question['channel_id']}/{question['id']}"
    assert not card["flags"] & EPHEMERAL
    assert f"https://discord.com/channels/{place}" in said
    assert "Suggested by" in said
    assert card["mentions"] == []


async def test_the_answer_is_the_interactions_own_with_a_link(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    question = await asked_elsewhere(loopback, QUESTION)
    done = await loopback.context_menu(loopback.alice, MENU, question)
    assert done.message is not None
    shown(done.message, question)


@pytest.mark.parametrize("text", [QUESTION, UNSURE])
async def test_who_declined_is_answered_to_the_helper_only(
    bot: WarmstartClient, loopback: LoopbackDiscord, text: str
) -> None:
    """Unsure, too: what the helper picks then stays theirs."""
    await bot.desk.opt_outs.set(loopback.bob.id, OptOut.UNASKED, out=True)
    question = await asked_elsewhere(loopback, text)
    done = await loopback.context_menu(loopback.alice, MENU, question)
    assert done.message is not None
    assert done.private == [done.message]
    picks = [b["custom_id"] for b in buttons(done.message) if b["custom_id"][:5] in PICKS]
    assert bool(picks) == (text == UNSURE)
    for pick in picks[:1]:
        await loopback.click(done.message, pick, loopback.alice)
    assert [m for m in cards(loopback) if m["channel_id"] == question["channel_id"]] == []


async def test_unsure_the_helper_chooses_and_may_take_it_back(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    question = await asked_elsewhere(loopback, UNSURE)
    choice = (await loopback.context_menu(loopback.alice, MENU, question)).message
    assert choice is not None
    assert choice["flags"] & EPHEMERAL
    pick = buttons(choice)[0]["custom_id"]
    card = (await loopback.click(choice, pick, loopback.alice)).message
    assert card is not None
    shown(card, question)
    dismiss = next(b["custom_id"] for b in buttons(card) if b["label"] == "Dismiss")
    await loopback.click(card, dismiss, loopback.alice)
    assert int(card["id"]) not in loopback.messages
