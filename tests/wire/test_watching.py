"""Watching over real sockets: forum posts in the order Discord sends them, and the intent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.runtime import Runtime
from bot.store import Duty, GuildSettings
from tests.wire.conftest import running
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import texts
from tests.wire.world import FORUM, MESSAGE_CONTENT_INTENT

QUESTION = "how do I start with deep learning?"


@pytest.fixture
async def reader(loopback: LoopbackDiscord, runtime: Runtime) -> AsyncIterator[WarmstartClient]:
    """Warmstart with the message-content intent, which its application was granted."""
    loopback.privileged = MESSAGE_CONTENT_INTENT
    forum = loopback.add_channel(loopback.home, "help", type=FORUM)
    desk = Desk.of(runtime)
    settings = GuildSettings({forum.id: Duty.WATCH, loopback.general.id: Duty.QUESTION})
    await desk.guilds.change(loopback.home.id, lambda _: settings)
    client = WarmstartClient(desk, message_content=True)
    async with running(client, loopback):
        yield client


async def test_a_post_is_answered_after_its_first_message_and_not_before(
    reader: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Until that message exists Discord refuses everything in the thread with 40058."""
    forum = next(channel for channel in loopback.home.channels if channel.type == FORUM)
    post = loopback.open_post(forum, loopback.alice, "Where to begin?")
    await loopback.ask(loopback.general, loopback.bob, QUESTION)  # the bot has seen the thread
    thread = reader.get_channel(post.id)
    assert isinstance(thread, discord.Thread)
    with pytest.raises(discord.HTTPException) as refused:
        await thread.send("too early")
    assert refused.value.code == 40058
    question = loopback.begin_post(post, f"Hello all. {QUESTION}")
    card = await loopback.answer_to(question)
    assert card["message_reference"]["message_id"] == str(post.id)
    assert card["mentions"] == []
    assert "fast.ai" in "\n".join(texts(card))


async def test_what_people_write_arrives_only_with_the_intent(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Without it a question channel stays quiet, and a mention there is answered."""
    settings = GuildSettings({loopback.general.id: Duty.QUESTION})
    await bot.desk.guilds.change(loopback.home.id, lambda _: settings)
    silence = await loopback.say(loopback.general, loopback.alice, QUESTION)
    await loopback.ask(loopback.general, loopback.bob, QUESTION, mention_bot=True)
    assert [card["message_reference"]["message_id"] for card in loopback.answers_to(silence)] == []
