"""The floor: a bare discord.py bot, for `benchmarks/bot.py`.

It answers every mention with one constant card, read from the file that FLOOR_CARD names, and
acknowledges every button, showing the same card again (FLOOR_CLICK=edit, what a vote does) or
nothing (FLOOR_CLICK=defer). It reads no question and stores nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import discord
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class Floor(discord.Client):
    """As little as a bot can do that answers at all."""

    def __init__(self, card: dict[str, Any], click: str) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.data = card
        self.click = click
        self.card: ui.LayoutView | None = None

    async def on_message(self, message: discord.Message) -> None:
        if self.user in message.mentions and not message.author.bot:
            await message.reply(view=self.view(message.channel), mention_author=True)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if self.click == "defer":
            await interaction.response.defer()
        else:
            assert self.card is not None
            await interaction.response.edit_message(view=self.card)

    def view(self, channel: Any) -> ui.LayoutView:
        if self.card is None:
            message = discord.Message(state=self._connection, channel=channel, data=self.data)
            self.card = ui.LayoutView.from_message(message, timeout=None)
            self.card.stop()
        return self.card


async def main(card: dict[str, Any]) -> None:
    async with Floor(card, os.environ["FLOOR_CLICK"]) as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    Route.BASE = os.environ["LOOPBACK_REST"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["LOOPBACK_GATEWAY"])
    asyncio.run(main(json.loads(Path(os.environ["FLOOR_CARD"]).read_text())))
