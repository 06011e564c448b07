"""`/resources what:` courses, books and more by style, format, cost, field or name."""

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


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="resources", description=localised("cmd_resources"))
    @app_commands.describe(what=localised("cmd_resources_what"))
    async def resources(
        interaction: Interaction, what: app_commands.Range[str, 1, limits.CHOICE_NAME]
    ) -> None:
        async def work() -> ui.LayoutView:
            pen = desk.pen_for(interaction)  # of the base that answers
            return render(await desk.advisor.find(what, guild=guild_of(interaction)), pen)

        async with desk.apologising(interaction):
            await respond.send(interaction, work(), private=False)

    @resources.autocomplete("what")
    async def _choices(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return offered(desk.advisor.choices(current, limits.AUTOCOMPLETE_CHOICES))

    return resources
