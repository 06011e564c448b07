"""The counts on a clicked card, brought up to date."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord import ui

from bot.discord_app.cards import frame_of
from bot.discord_app.cards.pieces import helpful_label
from bot.discord_app.desk import Desk, clicked, is_here
from bot.discord_app.respond import Interaction
from bot.discord_app.shown import view_of, voted
from bot.errors import StoreError
from bot.store.model import Tally

TROUBLE = (StoreError, discord.DiscordException, aiohttp.ClientError, OSError)

log = logging.getLogger(__name__)


def suggested(desk: Desk, interaction: Interaction) -> list[str]:
    """Return the suggestions of the clicked card that still exist."""
    known = desk.advisor.knowledge
    ids = (known.current_id.get(match["resource"], "") for _, match in voted(clicked(interaction)))
    return [id for id in ids if id in known.resources]


async def recounted(desk: Desk, topic: str, view: ui.LayoutView) -> ui.LayoutView:
    """Return a card with the counts under a topic as they are stored now."""
    frame, known = frame_of(view), desk.advisor.knowledge.current_id
    tallies = await desk.store.tallies(topic)
    for button, match in voted(view):
        if known.get(match["topic"], match["topic"]) == topic:
            resource = known.get(match["resource"], "")
            button.label = helpful_label(tallies.get(resource, Tally()).helpful, frame)
    return view


async def recount(desk: Desk, interaction: Interaction, topic: str) -> None:
    """Show the counts on the clicked card, when the interaction was answered with a form.

    Discord documents no way to change the card through such an interaction; as the bot it can,
    where it is a member. A private card, and one elsewhere, shows its old counts until the form
    comes in, or a next click. However many click, a card is changed at most once a second.
    """
    message = interaction.message
    assert message is not None, "buttons sit on messages"
    if message.flags.ephemeral or not is_here(interaction):
        return
    while await desk.recounts.turn(message.id):
        try:
            with desk.bursts.one(message.id):
                present = await _present(message)
                view = await recounted(desk, topic, view_of(present))
                # discord.py adds the client's default to an edit only when it has content
                await present.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except TROUBLE as error:
            log.info("A card could not be recounted: %s", error)
            return
        if not desk.bursts.over(message.id):
            return


async def _present(message: discord.Message) -> discord.Message:
    """Return a message as it is now; as it was clicked where the bot may not read it again."""
    try:
        return await message.fetch()
    except discord.Forbidden:
        return message


async def settle(desk: Desk, interaction: Interaction, topic: str) -> None:
    """Show the counts on the clicked card once more, if a burst of clicks ended with this one.

    It goes through the click's own answer, which reaches private cards too, and where the bot
    is no member. The card may have become another one since the click: that one stays.
    """
    assert interaction.message is not None, "buttons sit on messages"
    card = interaction.message.id
    present: discord.Message | None = None
    while desk.bursts.over(card):
        if not await desk.recounts.turn(card):
            return  # who waits already will show what is stored then
        try:
            with desk.bursts.one(card):
                present = present or await interaction.original_response()
                view = await recounted(desk, topic, view_of(present))
                present = await interaction.edit_original_response(view=view)
        except TROUBLE as error:
            log.info("A card could not be recounted after a burst: %s", error)
