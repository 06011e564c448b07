"""Helping: somebody's message is answered in a helper's name.

Where the bot is a member, the message gets a real reply if both may speak there, and the helper
a private confirmation. Where it is not, the answer is the interaction's own response, with a
link to the message. What may not be public is private.
"""

from __future__ import annotations

import asyncio
from typing import assert_never

import discord
from discord import ui

from bot.advice.reply import Answer, Detail, NoMatch, Suggest
from bot.discord_app import ids, respond
from bot.discord_app.cards import Bring, Notice, render
from bot.discord_app.clicks.buttons import Button, TopicButton
from bot.discord_app.desk import Desk, guild_of
from bot.discord_app.messages.asked import Asked
from bot.discord_app.respond import Interaction
from bot.knowledge.model import Topic

ADDRESS = "https://discord.com/channels/{guild}/{channel}/{message}"


async def suggest(desk: Desk, interaction: Interaction, message: discord.Message) -> None:
    """Answer a message that a helper chose; unsure, let the helper choose the topic."""
    frame = desk.frame_for(interaction)
    text = interaction.client.messages.text(message)
    if not text:
        await respond.say(interaction, frame("empty_message"))
        return
    advice, public = await asyncio.gather(  # each has a second, and three are all there are
        desk.advisor.advise(text, guild=guild_of(interaction)),
        _may_answer(desk, interaction, message.author.id),
    )
    reply = advice.reply
    match reply:
        case Answer():
            await _answer(desk, interaction, message, reply, public=public)
        case Suggest() if not public and respond.home_of(interaction) is None:
            await desk.show_privately(interaction, reply)  # a choice could not tell the author
        case Suggest():
            asker = desk.tag(message.author.id)
            await desk.show_privately(interaction, Bring(reply.topics, message.id, asker))
        case NoMatch() | Detail():  # the latter only answers a reply
            subject = desk.advisor.knowledge.about.subject
            await respond.say(interaction, frame("nothing_fits", subject=subject))
        case _:
            assert_never(reply)


class BringTopic(TopicButton, template=ids.BRING):
    """Answers somebody's message with the topic that a helper chose."""

    async def act_on(self, topic: Topic, desk: Desk, interaction: Interaction) -> None:
        """Read the message again, where the bot may: it may be gone.

        Elsewhere the choice was offered only where its author may be answered in public.
        """
        number = int(self.state["message"])
        if respond.home_of(interaction) is None:
            answer = await desk.advisor.answer(topic, guild=guild_of(interaction))
            await _respond_there(desk, interaction, number, self.state["asker"], answer)
            return
        await interaction.response.defer()
        answer = await desk.advisor.answer(topic, guild=guild_of(interaction))
        channel = interaction.channel  # with its server: a partial one has none to draw for
        assert isinstance(channel, discord.abc.Messageable), "buttons sit on messages"
        try:
            message = await channel.fetch_message(number)
        except (discord.NotFound, discord.Forbidden):
            await respond.say(interaction, desk.frame_for(interaction)("not_answered"))
        else:
            public = await _may_answer(desk, interaction, message.author.id)
            await _answer(desk, interaction, message, answer, public=public)


async def _answer(
    desk: Desk, interaction: Interaction, message: discord.Message, answer: Answer, *, public: bool
) -> None:
    if not public:
        pen = desk.pen_for(interaction, private=True, link=_address(interaction, message.id))
        await _show_helper(interaction, render(answer, pen))
    elif respond.home_of(interaction) is None:
        asker = desk.tag(message.author.id)
        await _respond_there(desk, interaction, message.id, asker, answer)
    else:
        await _reply(desk, interaction, message, answer)


async def _show_helper(interaction: Interaction, view: ui.LayoutView) -> None:
    """Show a card to the helper alone, in place of the choice if there was one."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def _reply(
    desk: Desk, interaction: Interaction, message: discord.Message, answer: Answer
) -> None:
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    messages = interaction.client.messages
    text = messages.text(message)
    asked = Asked(text, message, by_author=False, helper=interaction.user.id)
    told = "answered" if await messages.send(asked, answer, messages.pen(asked)) else "not_answered"
    notice = Notice(desk.frame_for(interaction)(told))
    await _show_helper(interaction, render(notice, desk.pen_for(interaction)))


async def _respond_there(
    desk: Desk, interaction: Interaction, message: int, asker: str, answer: Answer
) -> None:
    frame, link = desk.frame_for(interaction), _address(interaction, message)
    pen = desk.pen(asker, link=link, frame=frame, replies=False, helper=interaction.user.id)
    await interaction.response.send_message(view=render(answer, pen))


async def _may_answer(desk: Desk, interaction: Interaction, author: int) -> bool:
    """Whether a message may be answered in public: its author wants that, and where the bot is a
    member, it and the helper may speak here.
    """
    if respond.home_of(interaction) is None:
        return not await desk.opt_outs.declined(author)
    both = interaction.app_permissions & interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = both.send_messages_in_threads if in_thread else both.send_messages
    silent, declined = await asyncio.gather(
        respond.silent(interaction), desk.opt_outs.declined(author)
    )
    return may_send and not silent and not declined


def _address(interaction: Interaction, message: int) -> str:
    guild = interaction.guild_id or "@me"
    return ADDRESS.format(guild=guild, channel=interaction.channel_id, message=message)


ALL: tuple[type[Button], ...] = (BringTopic,)
