"""`/start`: three questions, then a plan for the first four weeks, privately."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.discord_app import respond
from bot.discord_app.clicks import guide
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="start", description=localised("cmd_start"))
    async def start(interaction: Interaction) -> None:
        async with desk.apologising(interaction):
            await respond.send(interaction, guide.begin(desk, interaction), private=True)

    return start
