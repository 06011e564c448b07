"""Answering an interaction in time: at once when it is quick, deferred when it is not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import aiohttp
import discord
from discord import ui

from bot import limits
from bot.discord_app.connection.work import place
from bot.discord_app.messages.asked import parent_of
from bot.discord_app.messages.watch import duty_in
from bot.store.model import Duty

if TYPE_CHECKING:
    from bot.discord_app.client import WarmstartClient

log = logging.getLogger(__name__)
T = TypeVar("T")

Interaction: TypeAlias = "discord.Interaction[WarmstartClient]"


async def send(interaction: Interaction, work: Awaitable[ui.LayoutView], *, private: bool) -> None:
    """Answer with a new card as soon as `work` has it; show "thinking" when that takes long.

    Where the bot keeps silent, only the person sees the card.
    """
    begun = time.monotonic()
    private = private or await silent(interaction)
    view = await _within(
        work, lambda: interaction.response.defer(ephemeral=private, thinking=True), begun
    )
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=private)


async def send_pictured(
    interaction: Interaction, work: Awaitable[tuple[ui.LayoutView, discord.File | None]]
) -> None:
    """Answer in public with a new card and the picture that it shows, as `send` does."""
    begun = time.monotonic()
    private = await silent(interaction)
    view, picture = await _within(
        work, lambda: interaction.response.defer(ephemeral=private, thinking=True), begun
    )
    if interaction.response.is_done():
        files = [picture] if picture else []
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        file = picture or discord.utils.MISSING
        await interaction.response.send_message(view=view, file=file, ephemeral=private)


async def silent(interaction: Interaction) -> bool:
    """Whether the bot says nothing in public where a person acts, by the server's settings."""
    await interaction.client.desk.guilds.of(home_of(interaction))
    return known_silent(interaction)


def known_silent(interaction: Interaction) -> bool:
    """The same by what is known of the server by heart, as `silent` has just looked.

    Where that could not be read, the channel may be one that is to be silent.
    """
    guilds, home = interaction.client.desk.guilds, home_of(interaction)
    if home is not None and not guilds.knows(home):
        return True
    settings = guilds.known(home)
    channel, parent = interaction.channel_id or 0, parent_of(interaction.channel)
    return duty_in(settings, channel, parent) is Duty.SILENT


def home_of(interaction: Interaction) -> int | None:
    """Return the server in which a person acts, where the bot is a member of it too."""
    guild = interaction.guild_id
    return guild if guild and interaction.client.get_guild(guild) else None


async def replace(interaction: Interaction, work: Awaitable[ui.LayoutView]) -> None:
    """Replace the card that was clicked; it shows no change while `work` takes long."""
    view = await _within(work, interaction.response.defer, time.monotonic())
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
    else:
        await interaction.response.edit_message(view=view)


async def say(interaction: Interaction, text: str) -> None:
    """Tell the person one private line."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


async def _within(work: Awaitable[T], defer: Callable[[], Awaitable[object]], begun: float) -> T:
    """Wait for work; defer the interaction when the limit since `begun` is over before it ends."""
    task = asyncio.ensure_future(work)
    left = begun + limits.DEFER_AFTER_SECONDS - time.monotonic()
    try:
        done, _ = await asyncio.wait({task}, timeout=max(left, 0.0))
        if not done:
            await _deferred(task, defer)
        return await task
    except BaseException:
        if not task.done():
            log.warning("Given up, in the middle of this:\n%s", place(task))
        task.cancel()
        raise


async def _deferred(task: asyncio.Future[Any], defer: Callable[[], Awaitable[object]]) -> None:
    """Defer an interaction; where Discord does not take that, its work is finished all the same.

    A write may already be on its way to the disk, and who is told of an error does it again.
    """
    try:
        await defer()
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()):
            log.warning("What an interaction was for failed, too: %s", error)
        raise
