"""`/help`: what the bot can do, in ten lines, privately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord_app.cards import HelpCard
from bot.discord_app.respond import Interaction

if TYPE_CHECKING:
    from bot.discord_app.client import WarmstartClient


def command(client: WarmstartClient) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="help", description=client.frame("cmd_help"))
    async def help(interaction: Interaction) -> None:
        async with client.apologising(interaction):
            await client.show_privately(interaction, HelpCard())

    return help
