"""`/compare first: second:` two resources side by side."""

from __future__ import annotations

from typing import Any

from discord import app_commands, ui

from bot import limits
from bot.discord_app import respond
from bot.discord_app.cards import render
from bot.discord_app.commands.choices import offered
from bot.discord_app.desk import Desk, guild_of
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised

Name = app_commands.Range[str, 1, limits.CHOICE_NAME]


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="compare", description=localised("cmd_compare"))
    @app_commands.describe(
        first=localised("cmd_compare_first"), second=localised("cmd_compare_second")
    )
    async def compare(interaction: Interaction, first: Name, second: Name) -> None:
        async def work() -> ui.LayoutView:
            pen = desk.pen_for(interaction)  # of the base that answers
            found = await desk.advisor.compare(first, second, guild=guild_of(interaction))
            return render(found, pen)

        async with desk.apologising(interaction):
            await respond.send(interaction, work(), private=False)

    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def _choices(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return offered(desk.advisor.comparable(current, limits.AUTOCOMPLETE_CHOICES))

    return compare
