"""The ways out of a card that its asker did not ask for: dismiss it, or decline them all."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord import ui

from bot.advice.reply import NoMatch, Suggest
from bot.discord_app import ids, respond
from bot.discord_app.cards import Declined, Notice, render
from bot.discord_app.clicks.buttons import Button
from bot.discord_app.desk import Desk, guild_of
from bot.discord_app.messages.asked import question
from bot.discord_app.respond import Interaction
from bot.store.model import OptOut

log = logging.getLogger(__name__)


class Dismiss(Button, template=ids.DISMISS):
    """Removes the card: for its asker, who brought it, and moderators."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Remove the card, or say who may."""
        person = interaction.user.id
        own = desk.tag(person) == self.state["asker"] or person == int(self.state["helper"])
        if own or interaction.permissions.manage_messages:
            await interaction.response.defer()
            await interaction.delete_original_response()
        else:
            await respond.say(interaction, desk.frame_for(interaction)("dismiss_refused"))


class NotForMe(Button, template=ids.NOT_FOR_ME):
    """Silences unasked answers for the person who presses it, and takes their card away."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Remember it, say so in private, and offer the way back."""

        async def work() -> ui.LayoutView:
            await desk.opt_outs.set(interaction.user.id, OptOut.UNASKED, out=True)
            if desk.tag(interaction.user.id) == self.state["asker"]:
                await _take_away(interaction)
            return render(Declined(), desk.pen_for(interaction, private=True))

        await respond.send(interaction, work(), private=True)


class ForMe(Button, template=ids.FOR_ME):
    """Takes "Not for me" back."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Forget it, and say so in place."""

        async def work() -> ui.LayoutView:
            await desk.opt_outs.set(interaction.user.id, OptOut.UNASKED, out=False)
            told = Notice(desk.frame_for(interaction)("taken_back"))
            return render(told, desk.pen_for(interaction, private=True))

        await respond.replace(interaction, work())


class TellMine(Button, template=ids.TELL_MINE):
    """Keeps the message that a card answers for the maintainers; only its author may."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Read the message again, keep it as a question without a good answer, and say so.

        The card is drawn anew: from now on it names the kept question, so that a second press
        keeps no second one.
        """
        frame = desk.frame_for(interaction)
        if desk.tag(interaction.user.id) != self.state["asker"]:
            await respond.say(interaction, frame("tell_author_only"))
            return
        await interaction.response.defer()  # reading and keeping may take their time
        text = await _answered_text(interaction)
        if not text:
            await respond.say(interaction, frame("no_text"))
            return
        advice = await desk.advisor.advise(text, keep=True, guild=guild_of(interaction))
        await desk.show_in_place(interaction, advice.reply)
        if isinstance(advice.reply, Suggest | NoMatch):
            kept = await desk.store.confirm_gap(advice.reply.gap)
            await respond.say(interaction, frame("told" if kept else "not_saved"))


async def _take_away(interaction: Interaction) -> None:
    """Delete the clicked card; that it cannot be, or is gone already, changes nothing else."""
    assert interaction.message is not None, "buttons sit on messages"
    try:
        await interaction.message.delete()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("A card that its asker declined could not be deleted: %s", error)


async def _answered_text(interaction: Interaction) -> str:
    """Return what the message says to which the clicked card replies; empty when it is gone."""
    card, me = interaction.message, interaction.client.user
    assert card is not None, "buttons sit on messages"
    assert me is not None, "interactions arrive after login"
    if card.reference is None or card.reference.message_id is None:
        return ""
    try:
        return question(await card.channel.fetch_message(card.reference.message_id), me)
    except (discord.NotFound, discord.Forbidden):
        return ""


ALL: tuple[type[Button], ...] = (Dismiss, NotForMe, ForMe, TellMine)
