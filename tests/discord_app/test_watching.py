"""Channels with a duty, as people in them see it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord_app.client import WarmstartClient
from bot.runtime import Runtime
from bot.store import Duty, GuildSettings
from tests.discord_app.acting import Stage, client_of, text

QUESTION = "how do I start with deep learning?"


@pytest.fixture
def simcord_bot(runtime: Runtime) -> WarmstartClient:
    """The bot with the message-content intent, as an operator switches it on."""
    return client_of(runtime, message_content=True)


async def give(stage: Stage, duty: Duty, channel: Any = None, **more: Any) -> None:
    """Let an admin give a channel a duty."""
    duties = {(channel or stage.channel).id: duty}
    await stage.client.desk.guilds.change(stage.guild.id, lambda _: GuildSettings(duties, **more))


def answered(stage: Stage, channel: Any = None) -> bool:
    """Whether the bot has the last word."""
    last = (channel or stage.channel).last_message
    return last is not None and last.author == stage.client.user


async def test_in_a_question_channel_every_message_is_asked(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    asked = await stage.alice.send(stage.channel, QUESTION)
    card = stage.channel.last_message
    assert card.reference.message_id == asked.id
    assert "fast.ai" in text(card)
    await stage.bob.send(stage.channel, "who feeds my cat?")
    assert "I have no answer" in text(stage.channel.last_message)


async def test_in_a_question_channel_people_may_talk_to_each_other(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    asked = await stage.alice.send(stage.channel, QUESTION)
    await stage.bob.send(stage.channel, "is fast.ai free?", reply_to=asked)
    assert not answered(stage)
    await stage.bob.send(stage.channel, f"{stage.alice.mention} is fast.ai free?")
    assert not answered(stage)


async def test_a_silent_channel_stays_silent_even_when_the_bot_is_mentioned(stage: Stage) -> None:
    await give(stage, Duty.SILENT)
    await stage.asked(QUESTION)
    assert not answered(stage)


async def test_a_server_that_the_bot_leaves_is_forgotten(stage: Stage) -> None:
    await give(stage, Duty.WATCH)
    await stage.client.get_guild(stage.guild.id).leave()
    await stage.env.settle()
    assert await stage.runtime.store.guild_settings(stage.guild.id) == GuildSettings()
