"""`/stats`: what people found most helpful here, as a picture and a short list."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import discord
from discord import app_commands, ui

from bot.charts import Studio
from bot.discord_app import respond
from bot.discord_app.cards import Favourites, favourites, render
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised
from bot.store.model import NO_GUILD

PICTURE = "most-helpful.png"


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""
    studio = Studio()

    @app_commands.command(name="stats", description=localised("cmd_stats"))
    async def stats(interaction: Interaction) -> None:
        async with desk.apologising(interaction):
            await respond.send_pictured(interaction, _pictured(desk, studio, interaction))

    return stats


async def _pictured(
    desk: Desk, studio: Studio, interaction: Interaction
) -> tuple[ui.LayoutView, discord.File | None]:
    """Return the card and its picture; a server that the bot is no member of has no "here"."""
    pen = desk.pen_for(interaction)  # of the base that answers
    found = await desk.advisor.most_helpful(respond.home_of(interaction) or NO_GUILD)
    png = await studio.draw(favourites.chart(found, pen.frame)) if found.helped else None
    if png is None:
        return render(Favourites(found), pen), None
    alt = favourites.alt_text(found, pen.frame)
    picture = discord.File(BytesIO(png), PICTURE, description=alt)
    return render(Favourites(found, PICTURE), pen), picture
