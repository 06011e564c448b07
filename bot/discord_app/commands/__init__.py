"""The commands, a file each; adding one is a file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord_app.commands import ask, help, knowledge, resources, suggest

if TYPE_CHECKING:
    from bot.discord_app.client import WarmstartClient


def install(client: WarmstartClient) -> None:
    """Add every command to the client's tree."""
    client.tree.add_command(ask.command(client))
    client.tree.add_command(resources.command(client))
    client.tree.add_command(help.command(client))
    client.tree.add_command(suggest.menu(client))
    if client.reloader:
        client.tree.add_command(knowledge.group(client, client.reloader))
