"""What commands offer while one of their options is typed."""

from __future__ import annotations

from collections.abc import Iterable

from discord import app_commands

from bot import limits
from bot.advice.reply import Choice
from bot.discord_app.cards.pieces import cut


def offered(found: Iterable[Choice]) -> list[app_commands.Choice[str]]:
    """Return the choices in Discord's form: the name that people read, the key that comes back."""
    return [
        app_commands.Choice(name=cut(one.label, limits.CHOICE_NAME), value=one.key) for one in found
    ]
