"""`/resources what:` courses, books and more by style, format, cost, field or name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands, ui

from bot import limits
from bot.discord_app import respond
from bot.discord_app.cards import cut, render
from bot.discord_app.respond import Interaction

if TYPE_CHECKING:
    from bot.discord_app.client import WarmstartClient


def command(client: WarmstartClient) -> app_commands.Command[Any, ..., None]:
    """Return the command."""
    frame = client.frame

    @app_commands.command(name="resources", description=frame("cmd_resources"))
    @app_commands.describe(what=frame("cmd_resources_what"))
    async def resources(
        interaction: Interaction, what: app_commands.Range[str, 1, limits.CHOICE_NAME]
    ) -> None:
        async def work() -> ui.LayoutView:
            found = await client.advisor.find(what)
            return render(found, client.pen(client.tag(interaction.user.id)))

        async with client.apologising(interaction):
            await respond.send(interaction, work(), private=False)

    @resources.autocomplete("what")
    async def _choices(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = client.advisor.choices(current, limits.AUTOCOMPLETE_CHOICES)
        return [
            app_commands.Choice(name=cut(one.label, limits.CHOICE_NAME), value=one.key)
            for one in found
        ]

    return resources
