"""The message menu "Suggest resources": answers somebody's message.

Where the bot may speak, the message gets a real reply, if the helper may send there too, and
the helper a private confirmation. Elsewhere the answer is the interaction's own response,
with a link to the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import discord
from discord import app_commands

from bot.advice.reply import Answer, NoMatch, Suggest
from bot.discord_app import respond
from bot.discord_app.cards import render
from bot.discord_app.respond import Interaction

if TYPE_CHECKING:
    from bot.discord_app.client import WarmstartClient


def menu(client: WarmstartClient) -> app_commands.ContextMenu:
    """Return the context menu."""

    async def suggest(interaction: Interaction, message: discord.Message) -> None:
        async with client.apologising(interaction):
            await _suggest(client, interaction, message)

    return app_commands.ContextMenu(name=client.frame("menu_suggest"), callback=suggest)


async def _suggest(
    client: WarmstartClient, interaction: Interaction, message: discord.Message
) -> None:
    question = client.messages.text(message)
    if not question:
        await respond.say(interaction, client.frame("empty_message"))
        return
    advice = await client.advisor.advise(question)
    match advice.reply:
        case Answer():
            await _answer(client, interaction, message, advice.reply)
        case Suggest():
            await client.show_privately(interaction, advice.reply)
        case NoMatch():
            subject = client.advisor.knowledge.about.subject
            await respond.say(interaction, client.frame("nothing_fits", subject=subject))
        case _:
            assert_never(advice.reply)


async def _answer(
    client: WarmstartClient, interaction: Interaction, message: discord.Message, answer: Answer
) -> None:
    asker = client.tag(message.author.id)
    if not _both_may_speak(client, interaction):
        view = render(answer, client.pen(asker, link=message.jump_url))
        await interaction.response.send_message(view=view)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    await client.messages.send(message, answer, pings=False)
    await interaction.edit_original_response(content=client.frame("answered"))


def _both_may_speak(client: WarmstartClient, interaction: Interaction) -> bool:
    """Whether the bot is in this server, and it and the helper may send messages here."""
    if interaction.guild_id is None or client.get_guild(interaction.guild_id) is None:
        return False
    both = interaction.app_permissions & interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return both.send_messages_in_threads
    return both.send_messages
