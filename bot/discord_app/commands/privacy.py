"""`/privacy`: what is kept about people, and what they can do about it, privately."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.discord_app import respond
from bot.discord_app.clicks import own_data
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="privacy", description=localised("cmd_privacy"))
    async def privacy(interaction: Interaction) -> None:
        async with desk.apologising(interaction):
            await respond.send(interaction, own_data.overview(desk, interaction), private=True)

    return privacy
