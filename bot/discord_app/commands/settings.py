"""`/settings`: where the bot may speak, for members with Manage Server, privately."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_app.clicks import admin
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command; Discord shows it to those only who may manage the server."""

    @app_commands.command(name="settings", description=localised("cmd_settings"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(interaction: Interaction) -> None:
        async with desk.apologising(interaction):
            await admin.show(desk, interaction)

    settings.default_permissions = discord.Permissions(manage_guild=True)
    return settings
