"""`/ask`: a question in the person's own words."""

from __future__ import annotations

from typing import Any

from discord import app_commands, ui

from bot import limits
from bot.discord_app import respond
from bot.discord_app.cards import render
from bot.discord_app.desk import Desk, guild_of
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return the command."""

    @app_commands.command(name="ask", description=localised("cmd_ask"))
    @app_commands.describe(
        question=localised("cmd_ask_question"), private=localised("cmd_ask_private")
    )
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, limits.QUESTION],
        private: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        async def work() -> ui.LayoutView:
            pen = desk.pen_for(interaction, private=private)  # of the base that answers
            advice = await desk.advisor.advise(question, keep=True, guild=guild_of(interaction))
            return desk.noted(interaction, render(advice.reply, pen))

        async with desk.apologising(interaction):
            await respond.send(interaction, work(), private=private)

    return ask
