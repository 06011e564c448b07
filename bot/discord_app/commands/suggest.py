"""The message menu "Suggest resources": answers somebody's message."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.discord_app.clicks import helping
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def menu(desk: Desk) -> app_commands.ContextMenu:
    """Return the context menu."""

    async def suggest(interaction: Interaction, message: discord.Message) -> None:
        async with desk.apologising(interaction):
            await helping.suggest(desk, interaction, message)

    return app_commands.ContextMenu(name=localised("menu_suggest"), callback=suggest)
