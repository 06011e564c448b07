"""The message menu "Suggest resources": answers somebody's message.

Where the bot may speak, the message gets a real reply, if the helper may send there too, and
the helper a private confirmation. Elsewhere the answer is the interaction's own response,
with a link to the message.
"""

from __future__ import annotations

from typing import assert_never

import discord
from discord import app_commands

from bot.advice.reply import Answer, NoMatch, Suggest
from bot.discord_app import respond
from bot.discord_app.cards import render
from bot.discord_app.desk import Desk
from bot.discord_app.messages import Messages
from bot.discord_app.respond import Interaction


def menu(desk: Desk, messages: Messages) -> app_commands.ContextMenu:
    """Return the context menu."""

    async def suggest(interaction: Interaction, message: discord.Message) -> None:
        async with desk.apologising(interaction):
            await _suggest(desk, messages, interaction, message)

    return app_commands.ContextMenu(name=desk.frame("menu_suggest"), callback=suggest)


async def _suggest(
    desk: Desk, messages: Messages, interaction: Interaction, message: discord.Message
) -> None:
    question = messages.text(message)
    if not question:
        await respond.say(interaction, desk.frame("empty_message"))
        return
    advice = await desk.advisor.advise(question)
    match advice.reply:
        case Answer():
            await _answer(desk, messages, interaction, message, advice.reply)
        case Suggest():
            await desk.show_privately(interaction, advice.reply)
        case NoMatch():
            subject = desk.advisor.knowledge.about.subject
            await respond.say(interaction, desk.frame("nothing_fits", subject=subject))
        case _:
            assert_never(advice.reply)


async def _answer(
    desk: Desk,
    messages: Messages,
    interaction: Interaction,
    message: discord.Message,
    answer: Answer,
) -> None:
    asker = desk.tag(message.author.id)
    if not _both_may_speak(interaction):
        view = render(answer, desk.pen(asker, link=message.jump_url))
        await interaction.response.send_message(view=view)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    await messages.send(message, answer, pings=False)
    await interaction.edit_original_response(content=desk.frame("answered"))


def _both_may_speak(interaction: Interaction) -> bool:
    """Whether the bot is in this server, and it and the helper may send messages here."""
    if interaction.guild_id is None or interaction.client.get_guild(interaction.guild_id) is None:
        return False
    both = interaction.app_permissions & interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return both.send_messages_in_threads
    return both.send_messages
