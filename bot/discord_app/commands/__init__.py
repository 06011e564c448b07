"""The commands, a file each; adding one is a file and a line here."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.discord_app.commands import (
    ask,
    compare,
    help,
    knowledge,
    privacy,
    resources,
    settings,
    start,
    stats,
    suggest,
)
from bot.discord_app.desk import Desk


def install(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add every command to a tree."""
    tree.add_command(ask.command(desk))
    tree.add_command(resources.command(desk))
    tree.add_command(start.command(desk))
    tree.add_command(compare.command(desk))
    tree.add_command(stats.command(desk))
    tree.add_command(privacy.command(desk))
    tree.add_command(settings.command(desk))
    tree.add_command(help.command(desk))
    tree.add_command(suggest.menu(desk))
    if desk.reloader:
        tree.add_command(knowledge.group(desk, desk.reloader))
