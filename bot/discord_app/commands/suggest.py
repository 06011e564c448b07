"""The message menu "Suggest resources": answers somebody's message.

Where the bot may speak, the message gets a real reply, if the helper may send there too, and
the helper a private confirmation. Elsewhere the answer is the interaction's own response,
with a link to the message.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import discord
from discord import app_commands

from bot.advice.reply import Answer, NoMatch, Suggest
from bot.discord_app import respond
from bot.discord_app.asked import Asked
from bot.discord_app.cards import render
from bot.discord_app.desk import Desk, guild_of
from bot.discord_app.messages import Messages
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def menu(desk: Desk, messages: Messages) -> app_commands.ContextMenu:
    """Return the context menu."""

    async def suggest(interaction: Interaction, message: discord.Message) -> None:
        async with desk.apologising(interaction):
            await _suggest(desk, messages, interaction, message)

    return app_commands.ContextMenu(name=localised("menu_suggest"), callback=suggest)


async def _suggest(
    desk: Desk, messages: Messages, interaction: Interaction, message: discord.Message
) -> None:
    question = messages.text(message)
    if not question:
        await respond.say(interaction, desk.frame_for(interaction)("empty_message"))
        return
    advice = await desk.advisor.advise(question, guild=guild_of(interaction))
    match advice.reply:
        case Answer():
            await _answer(desk, messages, interaction, message, advice.reply)
        case Suggest():
            await desk.show_privately(interaction, advice.reply)
        case NoMatch():
            subject = desk.advisor.knowledge.about.subject
            await respond.say(
                interaction, desk.frame_for(interaction)("nothing_fits", subject=subject)
            )
        case _:
            assert_never(advice.reply)


async def _answer(
    desk: Desk,
    messages: Messages,
    interaction: Interaction,
    message: discord.Message,
    answer: Answer,
) -> None:
    present = _bot_is_here(interaction)
    public = (
        present
        and _both_may_speak(interaction)
        and not await desk.opt_outs.silenced(message.author.id)
    )
    frame = desk.frame_in(interaction.guild) if public else desk.frame_for(interaction)
    pen = desk.pen(desk.tag(message.author.id), link=message.jump_url, frame=frame, replies=public)
    if not public:
        # where the bot is a member, the answer is public only if the helper may send it there
        await interaction.response.send_message(view=render(answer, pen), ephemeral=present)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    asked = Asked(messages.text(message), message, by_author=False)
    sent = await messages.send(asked, answer, replace(pen, link=None))
    told = "answered" if sent else "not_answered"
    await interaction.edit_original_response(content=desk.frame_for(interaction)(told))


def _bot_is_here(interaction: Interaction) -> bool:
    """Whether the bot is a member of the server, not only an app of the helper's."""
    guild = interaction.guild_id
    return guild is not None and interaction.client.get_guild(guild) is not None


def _both_may_speak(interaction: Interaction) -> bool:
    """Whether the bot and the helper may send messages here."""
    both = interaction.app_permissions & interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return both.send_messages_in_threads
    return both.send_messages
