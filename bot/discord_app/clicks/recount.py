"""The counts on a clicked card, brought up to date."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord import ui

from bot.discord_app.cards import frame_of
from bot.discord_app.cards.pieces import helpful_label
from bot.discord_app.desk import Desk, clicked
from bot.discord_app.respond import Interaction
from bot.discord_app.shown import unheard, voted
from bot.errors import StoreError
from bot.store.model import Tally

log = logging.getLogger(__name__)


def suggested(desk: Desk, interaction: Interaction) -> list[str]:
    """Return the suggestions of the clicked card that still exist."""
    known = desk.advisor.knowledge
    ids = (known.current_id.get(match["resource"], "") for _, match in voted(clicked(interaction)))
    return [id for id in ids if id in known.resources]


async def recounted(
    desk: Desk, interaction: Interaction, topic: str, view: ui.LayoutView | None = None
) -> ui.LayoutView:
    """Return the clicked card with the counts as they are stored now.

    `view` is the card as discord.py has read it already, if it has.
    """
    view = unheard(view) if view else clicked(interaction)
    frame = frame_of(view)
    tallies = await desk.store.tallies(topic)
    for button, match in voted(view):
        resource = desk.advisor.knowledge.current_id.get(match["resource"], "")
        button.label = helpful_label(tallies.get(resource, Tally()).helpful, frame)
    return view


async def recount(desk: Desk, interaction: Interaction, topic: str) -> None:
    """Show the counts on the clicked card, when the interaction was answered with a form.

    Discord documents no way to change the card through such an interaction; as the bot it can,
    where it may see the channel. Elsewhere the card shows its old counts until a next click.
    However many click, a card is changed at most once a second.
    """
    assert interaction.message is not None, "buttons sit on messages"
    if not await desk.recounts.turn(interaction.message.id):
        return
    try:
        with desk.bursts.one(interaction.message.id):
            view = await recounted(desk, interaction, topic)
            # discord.py adds the client's default to an edit only when it has content
            mentions = discord.AllowedMentions.none()
            await interaction.message.edit(view=view, allowed_mentions=mentions)
    except discord.HTTPException as error:
        log.info("A card could not be recounted: %s", error)


async def settle(desk: Desk, interaction: Interaction, topic: str) -> None:
    """Show the counts on the clicked card once more, if a burst of clicks ended with this one.

    It goes through the click's own answer, which reaches private cards too, and where the bot
    is no member.
    """
    assert interaction.message is not None, "buttons sit on messages"
    card = interaction.message.id
    while desk.bursts.over(card):
        if not await desk.recounts.turn(card):
            return  # who waits already will show what is stored then
        try:
            with desk.bursts.one(card):
                view = await recounted(desk, interaction, topic)
                await interaction.edit_original_response(view=view)
        except (StoreError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("A card could not be recounted after a burst: %s", error)
