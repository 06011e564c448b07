"""The commands' names and descriptions in every shipped language, as Discord shows them.

See https://discord.com/developers/docs/interactions/application-commands#localization.
"""

from __future__ import annotations

from typing import Any

from discord import Locale, app_commands

from bot.frame import ENGLISH, frame


def localised(key: str) -> app_commands.locale_str:
    """Return a sentence of the frame for Discord to show in each person's language."""
    return app_commands.locale_str(frame()(key), key=key)


class Translator(app_commands.Translator):
    """Translates what `localised` made; other names stay as they are."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContext[Any, Any],  # noqa: ARG002 - discord.py's
    ) -> str | None:
        """Return the sentence in a language, or None where Discord shows the English one."""
        key, spoken = string.extras.get("key"), frame(str(locale))
        return spoken(key) if key and spoken.language != ENGLISH else None
