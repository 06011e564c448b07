"""The message menu "Suggest resources", as helpers and those whom they help see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.store import OptOut
from tests.discord_app.acting import Stage, buttons, text

QUESTION = "how do I start with deep learning?"
UNSURE = "what about pytorch lessons and statistics"
MENU = "Suggest resources"


async def helped(stage: Stage, said: str = QUESTION) -> Any:
    """Let Alice answer what Bob says, and return what she sees."""
    asked = await stage.bob.send(stage.channel, said)
    return await stage.alice.context_menu(stage.channel, MENU, asked)


async def test_the_card_names_the_helper_and_pings_nobody(stage: Stage) -> None:
    result = await helped(stage)
    assert result.ephemeral
    assert "Done" in text(result.response)
    card = stage.channel.last_message
    assert f"Suggested by <@{stage.alice.id}>" in text(card)
    assert "Dismiss" in buttons(card)
    assert "Not for me" not in buttons(card)
    sent = next(e for e in reversed(stage.env.http_requests) if e.path.endswith("/messages"))
    assert sent.json["allowed_mentions"] == {"parse": []}


async def test_unsure_the_helper_chooses_first_and_nothing_is_posted_before(stage: Stage) -> None:
    result = await helped(stage, UNSURE)
    asked = stage.channel.last_message
    assert result.ephemeral
    assert "Which of these" in text(result.response)
    assert asked.author.id == stage.bob.id
    label, pick = next(iter(buttons(result.response).items()))
    await stage.restart()
    done = await stage.alice.click(result.response, custom_id=pick)
    card = stage.channel.last_message
    assert card.author == stage.client.user
    assert card.reference.message_id == asked.id
    assert f"Suggested by <@{stage.alice.id}>" in text(card)
    assert "Done" in text(done.response)
    assert label not in buttons(done.response)  # the choice made way: it cannot be made twice
    assert await stage.runtime.store.gaps() == []


async def test_a_card_that_the_helper_chose_is_the_servers_own_as_any_other(stage: Stage) -> None:
    link = {"link": "https://example.org/rules", "link_label": "our rules"}
    await stage.client.desk.guilds.change(stage.guild.id, lambda now: replace(now, **link))
    result = await helped(stage, UNSURE)
    await stage.alice.click(
        result.response, custom_id=next(iter(buttons(result.response).values()))
    )
    assert "our rules" in text(stage.channel.last_message)


async def test_a_choice_for_a_message_that_is_gone_is_said_privately(stage: Stage) -> None:
    result = await helped(stage, UNSURE)
    await stage.bob.delete(stage.channel.last_message)
    pick = next(iter(buttons(result.response).values()))
    done = await stage.alice.click(result.response, custom_id=pick)
    (told,) = done.followups
    assert told.flags.ephemeral
    assert "didn't take" in told.content


@pytest.mark.parametrize("who", ["alice", "bob"])
async def test_helper_and_asker_dismiss_it_after_a_restart_too(stage: Stage, who: str) -> None:
    await helped(stage)
    card = stage.channel.last_message
    await stage.restart()
    await getattr(stage, who).click(card, custom_id=buttons(card)["Dismiss"])
    assert stage.channel.last_message.author.id == stage.bob.id


async def test_others_cannot_dismiss_it_unless_they_moderate(stage: Stage) -> None:
    await helped(stage)
    card = stage.channel.last_message
    carol = stage.guild.add_member(stage.env.create_user("carol"))
    refused = await carol.click(card, custom_id=buttons(card)["Dismiss"])
    assert refused.ephemeral
    assert stage.channel.last_message.id == card.id
    rights = discord.Permissions(manage_messages=True)
    role = stage.guild.create_role("Moderator", permissions=rights)
    dave = stage.guild.add_member(stage.env.create_user("dave"), roles=[role])
    await dave.click(card, custom_id=buttons(card)["Dismiss"])
    assert stage.channel.last_message.author.id == stage.bob.id


async def test_the_way_out_stays_when_the_asker_turns_the_card(stage: Stage) -> None:
    await helped(stage)
    card = stage.channel.last_message
    await stage.bob.click(card, custom_id=buttons(card)["Not what you asked?"])
    others = stage.channel.last_message
    assert f"Suggested by <@{stage.alice.id}>" in text(others)
    await stage.alice.click(others, custom_id=buttons(others)["Dismiss"])
    assert stage.channel.last_message.author.id == stage.bob.id


async def test_a_vote_leaves_the_helper_named(stage: Stage) -> None:
    await helped(stage)
    card = stage.channel.last_message
    await stage.bob.click(card, custom_id=buttons(card)["Helpful 1"])
    assert f"Suggested by <@{stage.alice.id}>" in text(stage.channel.last_message)


async def test_who_declined_is_answered_to_the_helper_only(stage: Stage) -> None:
    await stage.client.desk.opt_outs.set(stage.bob.id, OptOut.UNASKED, out=True)
    result = await helped(stage)
    assert result.ephemeral
    assert "fast.ai" in text(result.response)
    assert "Dismiss" not in buttons(result.response)
    assert stage.channel.last_message.author.id == stage.bob.id


async def test_where_the_bot_may_not_write_the_helper_sees_the_answer(stage: Stage) -> None:
    closed = discord.PermissionOverwrite(send_messages=False)
    hall = stage.guild.create_text_channel("hall", overwrites={stage.client.user: closed})
    asked = await stage.bob.send(hall, QUESTION)
    result = await stage.alice.context_menu(hall, MENU, asked)
    assert result.ephemeral
    assert "fast.ai" in text(result.response)
    assert hall.last_message.id == asked.id


async def test_the_question_takes_the_helpers_card_along(stage: Stage) -> None:
    result = await helped(stage, UNSURE)
    asked = stage.channel.last_message
    await stage.alice.click(
        result.response, custom_id=next(iter(buttons(result.response).values()))
    )
    await stage.bob.delete(asked)
    assert stage.channel.last_message is None
