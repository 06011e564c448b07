"""Channels with a duty, as people in them see it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot import limits
from bot.discord_app.client import WarmstartClient
from bot.discord_app.messages.watch import CONVERSATION_SECONDS
from bot.errors import StoreBusy
from bot.runtime import Runtime
from bot.store import Duty, GuildSettings, OptOut, ShadowCount
from tests.clock import Clock
from tests.discord_app.acting import Stage, buttons, client_of, post_in_forum, text

QUESTION = "how do I start with deep learning?"
UNSURE = "what about pytorch lessons and statistics"
OTHER = "which books should I read?"
CHATTER = "who feeds my cat next week?"


@pytest.fixture
def simcord_bot(runtime: Runtime, clock: Clock) -> WarmstartClient:
    """The bot with the message-content intent, as an operator switches it on."""
    return client_of(runtime, message_content=True, clock=clock)


@pytest.fixture
async def watched(stage: Stage, clock: Clock) -> Stage:
    """The stage after a while; its channel is watched."""
    await give(stage, Duty.WATCH)
    clock.now += CONVERSATION_SECONDS
    return stage


async def give(stage: Stage, duty: Duty, channel: Any = None, **more: Any) -> None:
    """Let an admin give a channel a duty."""
    duties = {(channel or stage.channel).id: duty}
    await stage.client.desk.guilds.change(stage.guild.id, lambda _: GuildSettings(duties, **more))


async def change(stage: Stage, **what: Any) -> None:
    """Let an admin change other settings."""
    await stage.client.desk.guilds.change(stage.guild.id, lambda now: replace(now, **what))


def answered(stage: Stage, channel: Any = None) -> bool:
    """Whether the bot has the last word."""
    last = (channel or stage.channel).last_message
    return last is not None and last.author == stage.client.user


# Question channels


async def test_in_a_question_channel_every_message_is_asked(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    asked = await stage.alice.send(stage.channel, QUESTION)
    card = stage.channel.last_message
    assert card.reference.message_id == asked.id
    assert "fast.ai" in text(card)
    assert "Dismiss" not in buttons(card)
    await stage.bob.send(stage.channel, CHATTER)
    assert "I have no answer" in text(stage.channel.last_message)


async def test_in_a_question_channel_people_may_talk_to_each_other(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    asked = await stage.alice.send(stage.channel, QUESTION)
    await stage.bob.send(stage.channel, "is fast.ai free?", reply_to=asked)
    assert not answered(stage)
    await stage.bob.send(stage.channel, f"{stage.alice.mention} is fast.ai free?")
    assert not answered(stage)


async def test_in_a_question_channel_a_reply_to_oneself_is_asked_too(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    begun = await stage.alice.send(stage.channel, "I studied biology")
    asked = await stage.alice.send(stage.channel, QUESTION, reply_to=begun)
    assert stage.channel.last_message.reference.message_id == asked.id


async def test_who_declined_is_left_alone_in_a_question_channel_too(stage: Stage) -> None:
    await give(stage, Duty.QUESTION)
    await stage.client.desk.opt_outs.set(stage.alice.id, OptOut.UNASKED, out=True)
    await stage.alice.send(stage.channel, QUESTION)
    assert not answered(stage)
    await stage.asked(QUESTION)
    assert answered(stage)


# Silent channels


async def test_a_silent_channel_stays_silent_even_when_the_bot_is_mentioned(stage: Stage) -> None:
    await give(stage, Duty.SILENT)
    await stage.asked(QUESTION)
    assert not answered(stage)


async def test_commands_answer_privately_in_a_silent_channel(stage: Stage) -> None:
    await give(stage, Duty.SILENT)
    asked = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    listed = await stage.alice.slash(stage.channel, "resources", what="books")
    drawn = await stage.alice.slash(stage.channel, "stats")
    assert asked.ephemeral
    assert drawn.ephemeral
    assert listed.ephemeral
    message = await stage.bob.send(stage.channel, QUESTION)
    helped = await stage.alice.context_menu(stage.channel, "Suggest resources", message)
    assert helped.ephemeral
    assert not answered(stage)


async def test_commands_answer_privately_while_it_is_unknown_whether_to_be_silent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database in trouble right after a start: a mention is answered all the same."""

    async def busy(_: int) -> GuildSettings:
        raise StoreBusy("the database is busy; try again")

    await give(stage, Duty.SILENT)
    await stage.restart()
    with monkeypatch.context() as trouble:
        trouble.setattr(stage.runtime.store, "guild_settings", busy)
        assert (await stage.alice.slash(stage.channel, "ask", question=QUESTION)).ephemeral
        assert not answered(stage)
        await stage.asked(QUESTION)
        assert answered(stage)


# Watched channels


async def test_nothing_is_watched_until_an_admin_chooses(stage: Stage, clock: Clock) -> None:
    clock.now += CONVERSATION_SECONDS
    await stage.alice.send(stage.channel, QUESTION)
    assert not answered(stage)


async def test_a_confident_question_is_answered_without_a_ping(watched: Stage) -> None:
    asked = await watched.alice.send(watched.channel, QUESTION)
    card = watched.channel.last_message
    assert card.reference.message_id == asked.id
    assert "fast.ai" in text(card)
    assert {"Dismiss", "Not for me", "Not what you asked?"} <= set(buttons(card))
    sent = next(e for e in reversed(watched.env.http_requests) if e.path.endswith("/messages"))
    assert sent.json["allowed_mentions"] == {"parse": []}  # unsaid means: no ping


@pytest.mark.parametrize("said", [UNSURE, CHATTER, "thanks everyone!", "free?", "which one"])
async def test_what_is_not_clearly_a_question_is_left_alone_and_not_kept(
    watched: Stage, said: str
) -> None:
    await watched.alice.send(watched.channel, said)
    assert not answered(watched)
    assert await watched.runtime.store.gaps() == []


async def test_one_unasked_answer_per_person_and_cooldown(watched: Stage, clock: Clock) -> None:
    await watched.alice.send(watched.channel, QUESTION)
    await watched.alice.send(watched.channel, "is fast.ai free?")
    assert not answered(watched)
    clock.now += CONVERSATION_SECONDS
    await watched.bob.send(watched.channel, "is fast.ai free?")
    assert answered(watched)  # another person
    await change(watched, cooldown=0)
    clock.now += CONVERSATION_SECONDS
    await watched.alice.send(watched.channel, "which books should I read?")
    assert answered(watched)


async def test_nobody_butts_in_where_people_talk(watched: Stage, clock: Clock) -> None:
    await watched.bob.send(watched.channel, "good morning")
    clock.now += CONVERSATION_SECONDS - 1
    await watched.alice.send(watched.channel, QUESTION)
    assert not answered(watched)
    clock.now += 1
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


async def test_what_is_put_to_somebody_else_is_left_alone(watched: Stage, clock: Clock) -> None:
    first = await watched.bob.send(watched.channel, "good morning")
    clock.now += CONVERSATION_SECONDS
    await watched.alice.send(watched.channel, QUESTION, reply_to=first)
    assert not answered(watched)
    await watched.alice.send(watched.channel, f"{watched.bob.mention} {QUESTION}")
    assert not answered(watched)


async def test_after_a_start_it_waits_until_it_knows_who_talks(
    watched: Stage, clock: Clock
) -> None:
    await watched.env.restart_bot(client_of(watched.runtime, message_content=True, clock=clock))
    await watched.alice.send(watched.channel, QUESTION)
    assert not answered(watched)
    clock.now += CONVERSATION_SECONDS
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


async def test_a_pause_stops_it_and_ends(watched: Stage) -> None:
    await change(watched, paused=True)
    await watched.alice.send(watched.channel, QUESTION)
    assert not answered(watched)
    await watched.asked(QUESTION)
    assert answered(watched)
    await change(watched, paused=False)
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


async def test_where_it_may_not_write_nobodys_answer_is_used_up(
    watched: Stage, clock: Clock
) -> None:
    closed = discord.PermissionOverwrite(send_messages=False)
    hall = watched.guild.create_text_channel("hall", overwrites={watched.client.user: closed})
    await change(watched, duties={hall.id: Duty.WATCH, watched.channel.id: Duty.WATCH})
    await watched.alice.send(hall, QUESTION)
    assert not answered(watched, hall)
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


async def test_a_store_in_trouble_keeps_an_unasked_answer_back(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> bool:
        raise StoreBusy("the database is busy; try again")

    monkeypatch.setattr(watched.runtime.store, "claim_unasked", busy)
    await watched.alice.send(watched.channel, QUESTION)
    assert not answered(watched)


async def test_an_opt_out_that_cannot_be_read_keeps_an_unasked_answer_back(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody misses what they did not ask for; some have asked not to have it."""

    async def busy(_: object) -> set[OptOut]:
        raise StoreBusy("the database is busy; try again")

    with monkeypatch.context() as trouble:
        trouble.setattr(watched.runtime.store, "opted_out", busy)
        await watched.alice.send(watched.channel, QUESTION)
        assert not answered(watched)
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


@pytest.mark.parametrize(("seconds", "replaced"), [(299, True), (301, False)])
async def test_an_edit_replaces_a_card_for_five_minutes(
    watched: Stage, clock: Clock, seconds: int, replaced: bool
) -> None:
    asked = await watched.alice.send(watched.channel, f"{watched.mention} {QUESTION}")
    before = text(watched.channel.last_message)
    clock.now += seconds
    await watched.alice.edit(asked, f"{watched.mention} {OTHER}")
    assert (text(watched.channel.last_message) != before) is replaced


async def test_an_edit_takes_an_answer_away_only_for_a_better_one(watched: Stage) -> None:
    asked = await watched.alice.send(watched.channel, QUESTION)
    before = text(watched.channel.last_message)
    await watched.alice.edit(asked, CHATTER)
    assert text(watched.channel.last_message) == before
    assert await watched.runtime.store.gaps() == []


OPTED_OUT = "opted out"


@pytest.mark.parametrize("meanwhile", [Duty.SILENT, Duty.SHADOW, "paused", OPTED_OUT])
@pytest.mark.parametrize("duty", [Duty.WATCH, Duty.QUESTION])
async def test_an_edit_changes_nothing_where_the_bot_is_to_be_quiet_by_now(
    watched: Stage, duty: Duty, meanwhile: str
) -> None:
    await give(watched, duty)
    asked = await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)
    before = text(watched.channel.last_message)
    if meanwhile == "paused":
        await change(watched, paused=True)
    elif meanwhile == OPTED_OUT:
        opt_outs = watched.client.desk.opt_outs
        await opt_outs.set(watched.alice.id, OptOut.UNASKED, out=True)
    else:
        await give(watched, Duty(meanwhile))
    await watched.alice.edit(asked, OTHER)
    assert text(watched.channel.last_message) == before


async def test_an_edit_of_what_somebody_else_asked_about_heeds_its_author(stage: Stage) -> None:
    question = await stage.alice.send(stage.channel, QUESTION)
    await stage.bob.send(stage.channel, stage.mention, reply_to=question)
    before = text(stage.channel.last_message)
    assert "fast.ai" in before
    await stage.client.desk.opt_outs.set(stage.alice.id, OptOut.UNASKED, out=True)
    await stage.alice.edit(question, OTHER)
    assert text(stage.channel.last_message) == before


async def test_an_edit_of_a_mention_is_answered_though_unasked_answers_are_paused(
    watched: Stage,
) -> None:
    asked = await watched.alice.send(watched.channel, f"{watched.mention} {QUESTION}")
    before = text(watched.channel.last_message)
    await change(watched, paused=True)
    await watched.alice.edit(asked, f"{watched.mention} {OTHER}")
    assert text(watched.channel.last_message) != before


async def test_an_edit_that_cannot_be_answered_leaves_the_card(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hanging(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    asked = await watched.alice.send(watched.channel, QUESTION)
    before = text(watched.channel.last_message)
    monkeypatch.setattr(limits, "THINKING_SECONDS", 0)
    monkeypatch.setattr(watched.client.desk.advisor, "advise", hanging)
    await watched.alice.edit(asked, OTHER)
    assert text(watched.channel.last_message) == before
    assert watched.client.desk.work.counts.errors["went_wrong"] == 1
    assert await watched.client.desk.work.finish(within=0) == 0


async def test_a_thread_has_the_duty_of_its_channel(watched: Stage) -> None:
    backend = watched.env.backend
    backend.create_thread(watched.channel.id, "side talk", watched.bob.id)
    await watched.env.settle()
    thread = watched.channel.threads[0]
    await watched.alice.send(thread, QUESTION)
    assert answered(watched, thread)


async def test_without_the_intent_nothing_can_be_watched(runtime: Runtime, stage: Stage) -> None:
    await stage.env.restart_bot(client_of(runtime, clock=Clock()))
    for duty in (Duty.QUESTION, Duty.WATCH, Duty.SHADOW):
        await give(stage, duty)
        await stage.alice.send(stage.channel, QUESTION)
        assert not answered(stage)
    assert await runtime.store.shadow_counts(stage.guild.id, since=0) == []
    await stage.asked(QUESTION)
    assert answered(stage)


async def test_what_people_say_costs_no_reading_of_the_database(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    rows = watched.runtime.store._rows

    async def counted(statement: str, *parameters: Any) -> list[Any]:
        reads.append(statement)
        return await rows(statement, *parameters)

    hall = watched.guild.create_text_channel("hall")
    monkeypatch.setattr(watched.runtime.store, "_rows", counted)
    for channel in (watched.channel, hall):
        await watched.alice.send(channel, CHATTER)
    assert reads == []
    await watched.alice.send(watched.channel, QUESTION)
    assert reads != []  # the count can rise


# Suggestions, where an admin wants them


async def suggested(stage: Stage, clock: Clock) -> Any:
    await give(stage, Duty.SUGGEST)
    clock.now += CONVERSATION_SECONDS
    await stage.alice.send(stage.channel, UNSURE)
    return stage.channel.last_message


async def test_suggestions_are_made_where_they_are_wanted(stage: Stage, clock: Clock) -> None:
    card = await suggested(stage, clock)
    assert "Did you mean" in text(card)
    assert {"Dismiss", "Not for me", "Tell the maintainers"} <= set(buttons(card))
    assert await stage.runtime.store.gaps() == []
    pick = next(iter(buttons(card).values()))
    await stage.alice.click(card, custom_id=pick)
    assert {"Dismiss", "Helpful 1"} <= set(buttons(stage.channel.last_message))


async def test_only_its_author_tells_the_maintainers_and_only_once(
    stage: Stage, clock: Clock
) -> None:
    card = await suggested(stage, clock)
    refused = await stage.bob.click(card, custom_id=buttons(card)["Tell the maintainers"])
    assert refused.ephemeral
    assert await stage.runtime.store.gaps() == []
    for _ in range(2):
        card = stage.channel.last_message
        told = await stage.alice.click(card, custom_id=buttons(card)["Tell the maintainers"])
        said = told.followups[0].content if told.followups else text(told.response)
        assert "Thank you" in said
    (gap,) = await stage.runtime.store.gaps()
    assert (gap.question, gap.told) == (UNSURE, True)


# The ways out


async def test_who_asked_and_moderators_dismiss_even_after_a_restart(
    watched: Stage, clock: Clock
) -> None:
    asked = await watched.alice.send(watched.channel, QUESTION)
    card = watched.channel.last_message
    refused = await watched.bob.click(card, custom_id=buttons(card)["Dismiss"])
    assert refused.ephemeral
    assert "moderator" in refused.response.content
    assert answered(watched)
    await watched.env.restart_bot(client_of(watched.runtime, message_content=True, clock=clock))
    await watched.alice.click(card, custom_id=buttons(card)["Dismiss"])
    assert watched.channel.last_message.id == asked.id

    await change(watched, cooldown=0)
    clock.now += CONVERSATION_SECONDS
    asked = await watched.alice.send(watched.channel, QUESTION)
    card = watched.channel.last_message
    rights = discord.Permissions(manage_messages=True)
    role = watched.guild.create_role("Moderator", permissions=rights)
    user = watched.env.create_user("mod")
    await watched.guild.add_member(user, roles=[role]).click(
        card, custom_id=buttons(card)["Dismiss"]
    )
    assert watched.channel.last_message.id == asked.id


async def test_not_for_me_is_for_good_until_it_is_taken_back(watched: Stage) -> None:
    await change(watched, cooldown=0)
    await watched.alice.send(watched.channel, QUESTION)
    card = watched.channel.last_message
    told = await watched.alice.click(card, custom_id=buttons(card)["Not for me"])
    assert told.ephemeral
    assert not answered(watched)  # the card went too
    await watched.alice.send(watched.channel, QUESTION)
    assert not answered(watched)
    back = await watched.alice.click(
        told.response, custom_id=buttons(told.response)["Take that back"]
    )
    assert "Gladly" in text(back.response)
    await watched.alice.send(watched.channel, QUESTION)
    assert answered(watched)


async def test_not_for_me_of_somebody_else_leaves_the_card_to_its_asker(watched: Stage) -> None:
    await watched.alice.send(watched.channel, QUESTION)
    card = watched.channel.last_message
    await watched.bob.click(card, custom_id=buttons(card)["Not for me"])
    assert answered(watched)
    voter = watched.client.desk.voter(watched.bob.id)
    assert await watched.runtime.store.opted_out(voter) == {OptOut.UNASKED}


# Shadow


async def test_a_shadow_counts_and_says_nothing(stage: Stage, clock: Clock) -> None:
    await give(stage, Duty.SHADOW)
    clock.now += CONVERSATION_SECONDS
    for said in (QUESTION, QUESTION, UNSURE, CHATTER):
        await stage.alice.send(stage.channel, said)
        assert not answered(stage)
    counts = await stage.runtime.store.shadow_counts(stage.guild.id, since=0)
    assert counts[0] == ShadowCount("getting-started", "answer", 2)
    assert {(one.decision, bool(one.topic)) for one in counts} == {
        ("answer", True),
        ("suggest", True),
        ("none", False),
    }
    assert await stage.runtime.store.gaps() == []
    await stage.asked(QUESTION)
    assert answered(stage)


# Forums


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("How do I start with deep learning?", "I studied biology. Thanks!"),
        ("Total beginner here", "how do I start with deep learning?"),
    ],
)
async def test_the_first_message_of_a_post_is_answered_by_title_and_body(
    watched: Stage, title: str, body: str
) -> None:
    forum = watched.guild.create_forum_channel("help")
    await give(watched, Duty.WATCH, forum)
    post = await post_in_forum(watched, watched.alice, forum, title, body)
    card = post.last_message
    assert card.author == watched.client.user
    assert card.reference.message_id == post.id
    assert "fast.ai" in text(card)
    await watched.bob.send(post, QUESTION)
    assert not answered(watched, post)  # below a post, people help


async def test_a_post_in_the_middle_of_a_conversation_elsewhere_is_still_answered(
    stage: Stage,
) -> None:
    forum = stage.guild.create_forum_channel("help")
    await give(stage, Duty.SUGGEST, forum)
    post = await post_in_forum(stage, stage.alice, forum, "Worth it?", UNSURE)
    assert answered(stage, post)


# Servers that go


async def test_a_server_that_the_bot_leaves_is_forgotten(stage: Stage) -> None:
    await give(stage, Duty.WATCH)
    await stage.client.get_guild(stage.guild.id).leave()
    await stage.env.settle()
    assert await stage.runtime.store.guild_settings(stage.guild.id) == GuildSettings()
