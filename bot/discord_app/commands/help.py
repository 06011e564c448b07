"""`/help`: what the bot can do, in ten lines, privately."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.discord_app.cards import HelpCard
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="help", description=localised("cmd_help"))
    async def help(interaction: Interaction) -> None:
        async with desk.apologising(interaction):
            await desk.show_privately(interaction, HelpCard())

    return help
